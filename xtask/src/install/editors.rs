//! The node's descriptions for Kdenlive and Shotcut, beside which they show its controls as they
//! should be: in the bundle, and among the data where the editors look.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::Place;
use super::item::Item;
use super::ofx::STANDARD_FOLDER;
use crate::repo::Repo;

/// The folder of the descriptions in the checkout, theirs in a bundle, and where among a user's or
/// the system's data an editor looks for them.
struct Editor {
    name: &'static str,
    folder: &'static str,
    data: &'static str,
    files: &'static [&'static str],
    /// Whether it looks among the system's data, too.
    is_for_everybody: bool,
}

const EDITORS: [Editor; 2] = [
    Editor {
        name: "Kdenlive",
        folder: "kdenlive",
        data: "kdenlive/effects",
        files: &["impasto.xml"],
        is_for_everybody: true,
    },
    Editor {
        name: "Shotcut",
        folder: "shotcut",
        data: "Meltytech/Shotcut/extensions/filters/impasto",
        files: &["meta.qml", "ui.qml", "controls.js"],
        is_for_everybody: false,
    },
];

const LIST: &str = "impasto/editors-install-manifest.txt";

/// Whose editors see the node.
pub enum Whose {
    Everybody(PathBuf),
    Users(PathBuf),
}

impl Whose {
    /// Of a node in this folder; `None` where the editors look elsewhere for descriptions.
    pub fn of(folder: &Path) -> Option<Self> {
        if cfg!(not(target_os = "linux")) {
            return None;
        }
        if folder == Path::new(STANDARD_FOLDER) {
            return Some(Self::Everybody("/usr/local/share".into()));
        }
        let own = env::var_os("XDG_DATA_HOME").map(PathBuf::from).filter(|p| p.is_absolute());
        let home = || Some(PathBuf::from(env::var_os("HOME")?).join(".local/share"));
        own.or_else(home).map(Self::Users)
    }

    fn place(&self, stage: Option<&Path>) -> Result<PathBuf> {
        match self {
            Self::Everybody(data) | Self::Users(data) => super::staged(stage, data),
        }
    }

    fn has(&self, editor: &Editor) -> bool {
        matches!(self, Self::Users(_)) || editor.is_for_everybody
    }
}

/// Puts the descriptions where the editors look, and returns what is left to do for those that look
/// nowhere for everybody.
pub fn install(repo: &Repo, whose: &Whose, stage: Option<&Path>) -> Result<Vec<String>> {
    let data = whose.place(stage)?;
    let items: Vec<_> = EDITORS
        .iter()
        .filter(|editor| whose.has(editor))
        .flat_map(|editor| editor.items(repo, editor.data.as_ref()))
        .collect();
    Place { folder: &data, list: LIST }.put(&items).with_context(|| {
        format!("installing the descriptions for Kdenlive and Shotcut into {}", data.display())
    })?;
    let left = EDITORS.iter().filter(|editor| !whose.has(editor)).map(|editor| {
        let Editor { name, folder, data, .. } = editor;
        format!("For {name}, copy Contents/Resources/{folder} out of it to ~/.local/share/{data}")
    });
    Ok(left.collect())
}

/// Removes them, where they were installed.
pub fn uninstall(whose: &Whose, stage: Option<&Path>) -> Result<()> {
    let data = whose.place(stage)?;
    if !data.join(LIST).is_file() {
        return Ok(());
    }
    Place { folder: &data, list: LIST }.remove_all().with_context(|| {
        format!("removing the descriptions for Kdenlive and Shotcut from {}", data.display())
    })
}

/// As they are among the resources of a bundle.
pub fn in_a_bundle(repo: &Repo, resources: &Path) -> Vec<Item> {
    let items = |editor: &Editor| editor.items(repo, &resources.join(editor.folder));
    EDITORS.iter().flat_map(items).collect()
}

impl Editor {
    fn items(&self, repo: &Repo, to: &Path) -> Vec<Item> {
        let from = repo.root().join("packaging").join(self.folder);
        let item = |file: &&str| Item::file(from.join(file), to.join(file));
        self.files.iter().map(item).collect()
    }
}
