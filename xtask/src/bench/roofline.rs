//! Networks alone, beside the least time that their work takes on the device.

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::measure::{Bench, number, output, size};
use crate::devices;

/// A network on a device. Times are in seconds.
pub struct Measured {
    pub network: String,
    pub device: String,
    pub size: [u64; 2],
    pub operations: f64,
    pub bytes: f64,
    pub operations_per_second: f64,
    pub bytes_per_second: f64,
    pub reached: f64,
}

/// A time that the project wants to reach with the network that paints.
struct Target {
    size: [u64; 2],
    /// How the device's name begins.
    device: &'static str,
    place: &'static str,
    seconds: f64,
    /// What the device needs.
    needs: &'static str,
}

const TARGETS: [Target; 4] = [
    Target {
        size: [1024, 1024],
        device: "cpu",
        place: "two processor cores in f32",
        seconds: 0.45,
        needs: "`--device cpu`",
    },
    Target {
        size: [1024, 1024],
        device: "openvino:bf16",
        place: "two processor cores in bf16",
        seconds: 0.12,
        needs: "OpenVINO (`cargo xtask setup --openvino`) and a processor with bf16",
    },
    Target {
        size: [1920, 1088],
        device: "cuda",
        place: "an H100",
        seconds: 0.005,
        needs: "`--device cuda` and the GPU",
    },
    Target {
        size: [3840, 2176],
        device: "cuda",
        place: "an H100",
        seconds: 0.020,
        needs: "`--device cuda` and the GPU",
    },
];

/// What is measured: the network, its size and how often. The first is that of a target.
const CASES: [(&str, &str, u32); 5] = [
    ("render", "1024x1024", 5),
    ("render", "1920x1088", 3),
    ("render", "3840x2176", 2),
    ("statistics", "448x448", 7),
    ("step", "480x480", 2),
];

/// What older processors do, and what the engine's own operators gain: the options and their name.
const TRIALS: [(&[&str], &str); 2] = [
    (&["--instructions", "avx2"], "own operators in AVX2"),
    (&["--without-own-operators"], "without own operators"),
];

const BF16: &str = "openvino:bf16";

impl Bench<'_> {
    /// Of the chosen device; of the processor in bf16, too, where that is set up.
    pub fn roofline(&self, is_quick: bool) -> Result<(Vec<Measured>, Vec<String>)> {
        let (mut found, mut notes) = (Vec::new(), Vec::new());
        let cases = &CASES[..if is_quick { 4 } else { 5 }];
        for &(network, size, runs) in cases {
            eprintln!("network {network} at {size} ...");
            found.push(
                self.alone_on(self.device, network, size, runs, &[])
                    .with_context(|| format!("measuring the network {network} at {size}"))?,
            );
        }
        let is_processor = self.device.is_none_or(|device| device == "cpu");
        if is_processor && !is_quick {
            for (words, name) in TRIALS {
                for (network, size, runs) in [CASES[0], CASES[4]] {
                    eprintln!("network {network} at {size}, {name} ...");
                    match self.alone_on(self.device, network, size, runs, words) {
                        Ok(each) => {
                            found.push(Measured {
                                device: format!("{}, {name}", each.device),
                                ..each
                            });
                        }
                        Err(error) => notes.push(format!("{network}, {name}: {error:#}")),
                    }
                }
            }
        }
        if is_processor && devices::OPENVINO.is_set_up(self.repo) {
            for &(network, size, runs) in &cases[..if is_quick { 1 } else { cases.len() }] {
                eprintln!("network {network} at {size} on {BF16} ...");
                match self.alone_on(Some(BF16), network, size, runs, &[]) {
                    Ok(each) => found.push(each),
                    Err(error) => {
                        notes.push(format!("networks on {BF16}: {error:#}"));
                        break;
                    }
                }
            }
        }
        share_roofs(&mut found);
        Ok((found, notes))
    }

    fn alone_on(
        &self,
        device: Option<&str>,
        network: &str,
        size: &str,
        runs: u32,
        words: &[&str],
    ) -> Result<Measured> {
        let mut bench = Bench { device, ..*self }.measuring();
        bench.args(["--json", "--network", network, "--size", size, "--runs", &runs.to_string()]);
        bench.args(words);
        Measured::read(network, &super::measure::json(&output(bench)?)?["results"][0])
    }
}

impl Measured {
    fn read(network: &str, result: &Value) -> Result<Self> {
        let roofline = &result["roofline"];
        Ok(Self {
            network: network.to_owned(),
            device: result["device"].as_str().unwrap_or_default().to_owned(),
            size: size(result)?,
            operations: number(&roofline["operations"])?,
            bytes: number(&roofline["bytes"])?,
            operations_per_second: number(&roofline["operations_per_second"])?,
            bytes_per_second: number(&roofline["bytes_per_second"])?,
            reached: number(&result["seconds"]["median"])?,
        })
    }

    /// The least time for the operations.
    pub fn for_operations(&self) -> f64 {
        self.operations / self.operations_per_second
    }

    /// The least time for the memory traffic.
    pub fn for_bytes(&self) -> f64 {
        self.bytes / self.bytes_per_second
    }

    pub fn floor(&self) -> f64 {
        self.for_operations().max(self.for_bytes())
    }

    pub fn as_json(&self) -> Value {
        json!({
            "network": self.network,
            "device": self.device,
            "size": self.size,
            "operations": self.operations,
            "bytes": self.bytes,
            "operations_per_second": self.operations_per_second,
            "bytes_per_second": self.bytes_per_second,
            "least_seconds": {"operations": self.for_operations(), "bytes": self.for_bytes()},
            "seconds": self.reached,
        })
    }
}

/// A device has one roof: the highest that any of the processes met on it. What else the machine
/// does can only make one look lower.
fn share_roofs(found: &mut [Measured]) {
    for k in 0..found.len() {
        let device = found[k].device.clone();
        let same = || found.iter().filter(|each| each.device == device);
        let operations = same().map(|each| each.operations_per_second).fold(0.0, f64::max);
        let bytes = same().map(|each| each.bytes_per_second).fold(0.0, f64::max);
        (found[k].operations_per_second, found[k].bytes_per_second) = (operations, bytes);
    }
}

/// What became of each target, a sentence each.
pub fn verdicts(measured: &[Measured]) -> Vec<String> {
    TARGETS.iter().map(|target| target.verdict(measured)).collect()
}

impl Target {
    fn verdict(&self, measured: &[Measured]) -> String {
        let [width, height] = self.size;
        let found = measured.iter().find(|each| {
            each.network == "render" && each.size == self.size && self.is_on(&each.device)
        });
        let outcome = match found {
            None => format!("not measured: it needs {}", self.needs),
            Some(found) => self.outcome(found),
        };
        let most = milliseconds(self.seconds);
        format!("`render` at {width}x{height} on {} in at most {most}: {outcome}.", self.place)
    }

    fn is_on(&self, device: &str) -> bool {
        // A GPU has a number.
        device.split_once(':').is_some_and(|(kind, _)| kind == self.device) || device == self.device
    }

    fn outcome(&self, found: &Measured) -> String {
        let (reached, floor) = (milliseconds(found.reached), milliseconds(found.floor()));
        if found.reached <= self.seconds {
            return format!("met, {reached}");
        }
        if found.floor() <= self.seconds {
            return format!("missed, {reached}; the floor is {floor}");
        }
        let why = if found.for_operations() > self.seconds {
            "its operations alone take"
        } else {
            "without merging operations, its memory traffic alone takes"
        };
        format!("cannot be met on this machine, where {why} {floor}; reached {reached}")
    }
}

fn milliseconds(seconds: f64) -> String {
    match seconds * 1e3 {
        few @ ..10.0 => format!("{few:.1} ms"),
        many => format!("{many:.0} ms"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `render` at 1024x1024 on the processor, whose floors and time these are.
    fn measured(for_operations: f64, for_bytes: f64, reached: f64) -> Measured {
        Measured {
            network: "render".to_owned(),
            device: "cpu".to_owned(),
            size: [1024, 1024],
            operations: for_operations * 1e11,
            bytes: for_bytes * 1e10,
            operations_per_second: 1e11,
            bytes_per_second: 1e10,
            reached,
        }
    }

    fn verdict(for_operations: f64, for_bytes: f64, reached: f64) -> String {
        verdicts(&[measured(for_operations, for_bytes, reached)]).swap_remove(0)
    }

    #[test]
    fn a_device_has_its_highest_roof_everywhere() {
        let mut found = [measured(0.5, 0.4, 1.0), measured(0.5, 0.4, 1.0), measured(0.5, 0.4, 1.0)];
        found[1].operations_per_second *= 2.0;
        found[2].device = BF16.to_owned();
        found[2].bytes_per_second *= 4.0;
        share_roofs(&mut found);
        let floors = found.map(|each| (each.for_operations(), each.for_bytes()));
        assert_eq!(floors, [(0.25, 0.4), (0.25, 0.4), (0.5, 0.1)]);
    }

    #[test]
    fn a_target_is_judged_by_the_floor() {
        let most = "`render` at 1024x1024 on two processor cores in f32 in at most 450 ms: ";
        let is = |found: String, outcome: &str| assert_eq!(found, format!("{most}{outcome}."));
        is(verdict(0.3, 0.1, 0.42), "met, 420 ms");
        is(verdict(0.3, 0.1, 0.5), "missed, 500 ms; the floor is 300 ms");
        let cannot = "cannot be met on this machine, where";
        is(
            verdict(0.53, 0.1, 0.6),
            &format!("{cannot} its operations alone take 530 ms; reached 600 ms"),
        );
        is(
            verdict(0.3, 0.5, 0.6),
            &format!(
                "{cannot} without merging operations, its memory traffic alone takes 500 ms; \
                 reached 600 ms"
            ),
        );
        // Fewer multiplications than direct convolutions may be faster than their floor.
        is(verdict(0.53, 0.1, 0.4), "met, 400 ms");
    }

    #[test]
    fn a_target_of_another_device_is_not_judged() {
        for verdict in &verdicts(&[])[..] {
            assert!(verdict.contains("not measured"), "{verdict}");
        }
        let gpu = &TARGETS[3];
        assert!(gpu.is_on("cuda:0") && !gpu.is_on("cpu"));
        assert!(TARGETS[1].is_on("openvino:bf16") && !TARGETS[1].is_on("openvino"));
    }

    #[test]
    fn what_the_program_prints_is_read() {
        let result = json!({
            "size": [64, 32], "device": "cpu", "seconds": {"median": 2.0},
            "roofline": {
                "operations": 10_u64, "bytes": 6_u64,
                "operations_per_second": 5.0, "bytes_per_second": 2.0,
            },
        });
        let found = Measured::read("render", &result).unwrap();
        assert_eq!((found.for_operations(), found.for_bytes(), found.floor()), (2.0, 3.0, 3.0));
        assert!(Measured::read("render", &json!({})).is_err());
    }
}
