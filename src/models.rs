//! The networks on disk: where they lie, what they are, and that they are whole.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::error::{Cure, Error, ErrorKind, Result};
use crate::memory;
use crate::runtime::{Candidates, module_folder};

/// Names the folder of the networks.
const ENVIRONMENT_VARIABLE: &str = "IMPASTO_MODELS";
const MANIFEST: &str = "manifest.toml";
/// The cure where a shipped network is not as it should be.
const CURE: &str = "install it again";

/// What a network is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Task {
    /// A style picture to its code.
    StyleCode,
    /// A picture, a code and controls to the painted picture and its normalisation.
    Stylize,
    /// A picture and a normalisation to the painted picture.
    Render,
    /// A picture to the painted picture, in the one style it was trained for.
    PerStyle,
    /// Features of pictures for the optimise method.
    Features,
    /// A picture to its faces.
    Faces,
}

/// The order of a network's colour channels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ChannelOrder {
    /// Red first.
    Rgb,
    /// Blue first.
    Bgr,
}

/// What a manifest says of a network.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Description {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub task: Task,
    /// Its file, relative to the manifest.
    pub file: PathBuf,
    /// The file's SHA-256 in hexadecimal.
    pub sha256: String,
    /// The values of black and white in its pictures.
    pub value_range: [f32; 2],
    /// The order of its colour channels.
    pub channel_order: ChannelOrder,
    /// Its pictures' sides are multiples of this.
    pub size_multiple: u32,
    /// Its licence.
    pub licence: String,
    /// Where it comes from.
    pub source: String,
}

impl Description {
    /// Whether it gives features of pictures for the optimise method.
    pub fn is_features(&self) -> bool {
        self.task == Task::Features
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Manifest {
    network: Vec<Description>,
}

/// A folder of networks with its manifest.
#[derive(Debug, Clone)]
pub struct Models {
    folder: PathBuf,
    descriptions: BTreeMap<String, Description>,
}

impl Models {
    /// Opens the folder `explicit`, else the environment's, else the one beside our own library
    /// or in its install prefix.
    ///
    /// # Errors
    /// `Model` where there is none or its manifest cannot be understood.
    pub fn open(explicit: Option<&Path>) -> Result<Self> {
        let folder = locate(explicit)?;
        let descriptions = read_manifest(&folder.join(MANIFEST))
            .map_err(damaged)?
            .into_iter()
            .map(|description| (description.name.clone(), description))
            .collect();
        Ok(Self { folder, descriptions })
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// All networks by name.
    pub fn descriptions(&self) -> impl Iterator<Item = &Description> {
        self.descriptions.values()
    }

    /// Reads the network `name` and checks that it is the one described.
    ///
    /// # Errors
    /// `Model`: not in the manifest, missing, truncated, altered or another file.
    pub fn load(&self, name: &str) -> Result<Vec<u8>> {
        let description = self.known(name)?;
        read_checked(&self.folder.join(&description.file), &description.sha256).map_err(damaged)
    }

    /// What the manifest says of the network `name`, which must be in it.
    pub(crate) fn known(&self, name: &str) -> Result<&Description> {
        self.description(name).ok_or_else(|| {
            let manifest = self.folder.join(MANIFEST);
            let what = format!("cannot find the network '{name}' in '{}'", manifest.display());
            damaged(Error::new(ErrorKind::Model, what))
        })
    }

    /// What the manifest says of the network `name`.
    pub fn description(&self, name: &str) -> Option<&Description> {
        self.descriptions.get(name)
    }

    /// The SHA-256 of the network `name` as its manifest states it.
    pub fn sha256(&self, name: &str) -> Option<&str> {
        self.descriptions.get(name).map(|description| description.sha256.as_str())
    }
}

/// Reads the descriptions in a manifest.
///
/// # Errors
/// `Model` where it cannot be read or holds anything unknown.
pub fn read_manifest(path: &Path) -> Result<Vec<Description>> {
    let refuse = |e: Box<dyn std::error::Error + Send + Sync>| {
        let what = format!("cannot read the manifest '{}'", path.display());
        Error::caused(ErrorKind::Model, what, e)
    };
    let text = std::fs::read_to_string(path).map_err(|e| refuse(e.into()))?;
    let manifest: Manifest = toml::from_str(&text).map_err(|e| refuse(e.into()))?;
    Ok(manifest.network)
}

/// The most bytes that an ONNX file can have; no network of any zoo for pictures comes near.
const MAX_BYTES: u64 = 1 << 31;

/// Reads the file of a network.
///
/// # Errors
/// `Model` where it is missing, no file, or larger than any network; `Memory` where it does not fit.
pub(crate) fn read_network(path: &Path) -> Result<Vec<u8>> {
    let refuse = |e: io::Error| {
        let what = format!("cannot read the network '{}'", path.display());
        Error::caused(ErrorKind::Model, what, e)
    };
    // Before it is opened: a pipe may never be.
    let metadata = fs::metadata(path).map_err(refuse)?;
    if !metadata.is_file() {
        return Err(refuse(io::Error::other("it is not a file")));
    }
    if metadata.len() > MAX_BYTES {
        return Err(refuse(io::Error::other("it has more than 2 GiB")));
    }
    let mut bytes = memory::reserved(metadata.len() as usize, "the network's file")?;
    let file = File::open(path).map_err(refuse)?;
    file.take(MAX_BYTES).read_to_end(&mut bytes).map_err(refuse)?;
    Ok(bytes)
}

/// Reads a file whose SHA-256 is known.
///
/// # Errors
/// `Model` where it is missing, or another file than the one described.
pub fn read_checked(path: &Path, sha256: &str) -> Result<Vec<u8>> {
    let bytes = read_network(path)?;
    let found = sha256_hex(&bytes);
    if !found.eq_ignore_ascii_case(sha256) {
        let what = format!(
            "cannot use the network '{}': it is truncated, altered or another file (SHA-256 \
             {found}, its manifest says {sha256})",
            path.display()
        );
        return Err(Error::new(ErrorKind::Model, what));
    }
    Ok(bytes)
}

/// The SHA-256 of some bytes in hexadecimal.
pub fn sha256_hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What went wrong with a shipped network.
fn damaged(error: Error) -> Error {
    match error.kind() {
        ErrorKind::Model => error.cured(Cure::Installation, CURE),
        _ => error,
    }
}

fn locate(explicit: Option<&Path>) -> Result<PathBuf> {
    let variable = || std::env::var_os(ENVIRONMENT_VARIABLE).filter(|path| !path.is_empty());
    let named = explicit.map(Path::to_owned).or_else(|| Some(variable()?.into()));
    let is_named = named.is_some();
    let candidates = Candidates::new(match named {
        Some(named) => vec![named],
        None => module_folder()
            .into_iter()
            .flat_map(|folder| {
                let shared = folder.parent().map(|prefix| prefix.join("share/impasto/models"));
                [Some(folder.join("models")), shared]
            })
            .flatten()
            .collect(),
    });
    candidates.find(|folder| folder.join(MANIFEST).is_file()).ok_or_else(|| {
        let what = format!("cannot find the networks: no {MANIFEST} in {candidates}");
        let cure = format!(
            "name their folder with the engine's option models_path or the variable \
             {ENVIRONMENT_VARIABLE}"
        );
        if is_named {
            return Error::new(ErrorKind::Model, format!("{what}; {cure}"));
        }
        Error::new(ErrorKind::Model, what).cured(Cure::Installation, cure)
    })
}
