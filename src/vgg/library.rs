//! Feature networks by name: the shipped one, and those that the user imported.

use std::path::{Path, PathBuf};

use super::network::FeatureNetwork;
use crate::error::{Error, ErrorKind, Result};
use crate::models::{Models, read_network};
use crate::whole_file;

const ENDING: &str = "safetensors";

/// The shipped VGG16's name.
pub const WHOLE: &str = "vgg16";

/// The name of the shipped slim network that stands for it.
pub(crate) const SLIM: &str = "vgg16-slim";

/// What stands for the slim network, and the whole one for the last steps.
pub const AUTO: &str = "auto";

/// The networks that the user imported, one file each, beside those of the manifest.
#[derive(Debug, Clone)]
pub struct FeatureLibrary {
    models: Models,
    user: Option<PathBuf>,
}

impl FeatureLibrary {
    /// A library over the shipped networks and the user's folder, by default the one in the user's
    /// data folder.
    pub fn new(models: Models, user: Option<PathBuf>) -> Self {
        let user = user.or_else(|| Some(dirs::data_dir()?.join("impasto").join("networks")));
        Self { models, user }
    }

    /// The names and files of the imported networks.
    pub fn imported(&self) -> Vec<(String, PathBuf)> {
        let mut found: Vec<(String, PathBuf)> = self
            .user
            .iter()
            .filter_map(|folder| std::fs::read_dir(folder).ok())
            .flatten()
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| path.extension().is_some_and(|ending| ending == ENDING))
            .filter_map(|path| Some((path.file_stem()?.to_str()?.to_owned(), path)))
            .collect();
        found.sort();
        found
    }

    /// The network called `name`: an imported one, the shipped one, or a `.safetensors` file.
    ///
    /// # Errors
    /// `Model` where there is none or it cannot be used.
    pub fn find(&self, name: &str) -> Result<FeatureNetwork> {
        let imported = self.imported().into_iter().find(|(known, _)| known == name);
        let path = match imported {
            Some((_, path)) => Some(path),
            None => Path::new(name)
                .extension()
                .is_some_and(|ending| ending == ENDING)
                .then(|| PathBuf::from(name)),
        };
        let Some(path) = path else {
            let known = self.models.description(name).is_some_and(|known| known.is_features());
            if !known {
                let what = format!(
                    "cannot find the feature network '{name}': name a .safetensors file, or import \
                     a feature network under this name"
                );
                return Err(Error::new(ErrorKind::Model, what));
            }
            return FeatureNetwork::parse(&self.models.load(name)?);
        };
        read(&path)
    }

    /// Takes a network over from a file of another program, as half floats under our names.
    ///
    /// # Errors
    /// `Model` for a file that is none, `Argument` for a name that is no file name or taken,
    /// `File` where it cannot be written.
    pub fn import(&self, path: &Path, name: &str) -> Result<PathBuf> {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        if name.is_empty() || name.starts_with('.') || !name.chars().all(is_plain) {
            let what = format!(
                "cannot call a network '{name}': letters, digits, '-', '_' and '.' are allowed"
            );
            return Err(Error::new(ErrorKind::Argument, what));
        }
        if name == AUTO {
            let what = format!("cannot call a network '{name}': it stands for two shipped ones");
            return Err(Error::new(ErrorKind::Argument, what));
        }
        if self.models.description(name).is_some() {
            let what = format!("cannot call a network '{name}': a shipped one is called so");
            return Err(Error::new(ErrorKind::Argument, what));
        }
        let network = read(path)?;
        let folder = self.folder()?;
        whole_file::make_folder(folder)?;
        let to = folder.join(format!("{name}.{ENDING}"));
        whole_file::write_bytes(&to, &network.to_bytes()?)?;
        Ok(to)
    }

    /// Removes an imported network.
    ///
    /// # Errors
    /// `Model` where there is none of that name, `File` where it cannot be removed.
    pub fn remove(&self, name: &str) -> Result<()> {
        let found = self.imported().into_iter().find(|(known, _)| known == name);
        let Some((_, path)) = found else {
            let what = format!("cannot remove the network '{name}': none was imported as that");
            return Err(Error::new(ErrorKind::Model, what));
        };
        std::fs::remove_file(&path).map_err(|e| {
            let what = format!("cannot remove '{}'", path.display());
            Error::caused(ErrorKind::File, what, e)
        })
    }

    fn folder(&self) -> Result<&Path> {
        self.user.as_deref().ok_or_else(|| {
            let what = "cannot import a network: this user has no data folder";
            Error::new(ErrorKind::File, what)
        })
    }
}

fn read(path: &Path) -> Result<FeatureNetwork> {
    let refuse = |e: Box<dyn std::error::Error + Send + Sync>| {
        let what = format!("cannot use '{}' as a feature network", path.display());
        Error::caused(ErrorKind::Model, what, e)
    };
    let bytes = read_network(path)?;
    FeatureNetwork::parse(&bytes).map_err(|e| refuse(e.into()))
}
