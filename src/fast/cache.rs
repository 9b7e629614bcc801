//! Codes of style pictures seen before, on disk, by the content of the picture.

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::style::Style;
use crate::error::Result;
use crate::image::{ColorSpace, Picture};
use crate::whole_file;

/// A name for a picture's content under one network.
pub(super) fn key(picture: &Picture, network: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(network);
    hash.update(picture.width().to_le_bytes());
    hash.update(picture.height().to_le_bytes());
    hash.update(format!("{:?}", picture.format()));
    match picture.color_space() {
        ColorSpace::Srgb => hash.update([0]),
        ColorSpace::LinearSrgb => hash.update([1]),
        ColorSpace::Linear(primaries) => hash.update(format!("{primaries:?}")),
        ColorSpace::Coded(points) => hash.update(format!("{points:?}")),
        ColorSpace::Icc(profile) => hash.update(profile),
    }
    hash.update(picture.data());
    // Of square pixels it is as it was before they had a shape.
    let aspect = picture.metadata().pixel_aspect();
    if aspect != 1.0 {
        hash.update(aspect.to_le_bytes());
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The style kept under `key`; one that is damaged counts as none.
pub(super) fn load(folder: Option<&Path>, key: &str, network: &str) -> Option<Style> {
    let style = Style::from_file(&file(folder, key)?).ok()?;
    (style.network == network).then_some(style)
}

/// Keeps a style. Several programs may do so at once: each file appears whole. A cache that cannot
/// be written is only slower.
pub(super) fn store(folder: Option<&Path>, key: &str, style: &Style) {
    let Some(file) = file(folder, key) else {
        return;
    };
    let stored: Result<()> = whole_file::make_folder(file.parent().unwrap_or(Path::new("")))
        .and_then(|()| whole_file::write_bytes(&file, style.to_text().as_bytes()));
    if let Err(e) = stored {
        log::debug!("the style is not kept: {}", e.full_message());
    }
}

fn file(folder: Option<&Path>, key: &str) -> Option<PathBuf> {
    let folder = match folder {
        Some(folder) => folder.to_owned(),
        None => dirs::cache_dir()?.join("impasto"),
    };
    Some(folder.join("codes").join(format!("{key}.toml")))
}
