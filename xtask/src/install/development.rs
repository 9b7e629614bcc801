//! What programs in C and C++ are built with: the library, its headers, and the descriptions that
//! pkg-config and CMake read.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::item::{Item, What};
use crate::interface;
use crate::repo::Repo;

/// The engine's version; the workspace has but one.
const VERSION: &str = env!("CARGO_PKG_VERSION");

pub fn development(repo: &Repo, library: &Path) -> Result<Vec<Item>> {
    let mut items = named(library)?;
    for header in ["impasto.h", "impasto.hpp"] {
        let header = Path::new("include").join(header);
        items.push(Item::file(repo.root().join(&header), header));
    }
    if cfg!(target_os = "linux") {
        for (template, to) in [
            ("impasto.pc.in", "lib/pkgconfig/impasto.pc"),
            ("impasto-config.cmake.in", "lib/cmake/impasto/impasto-config.cmake"),
            ("impasto-config-version.cmake.in", "lib/cmake/impasto/impasto-config-version.cmake"),
        ] {
            let path = repo.root().join("packaging").join(template);
            let text = fs::read_to_string(&path)
                .with_context(|| format!("cannot read {}", path.display()))?;
            items.push(Item::new(What::Text(filled(&text)), to));
        }
    }
    Ok(items)
}

/// The library under the names by which Linux keeps versions apart: programs are linked by the
/// first, ask for the second when they start, and find the third.
fn named(library: &Path) -> Result<Vec<Item>> {
    let name = library.file_name().and_then(|name| name.to_str());
    let name = name.context("the C library has no name")?;
    let lib = Path::new("lib");
    if cfg!(not(target_os = "linux")) {
        return Ok(vec![Item::library(library, lib.join(name))]);
    }
    let with_line = format!("{name}.{}", interface::line());
    let with_version = format!("{name}.{VERSION}");
    Ok(vec![
        Item::new(What::Link(with_line.clone()), lib.join(name)),
        Item::new(What::Link(with_version.clone()), lib.join(with_line)),
        Item::library(library, lib.join(with_version)),
    ])
}

fn filled(template: &str) -> String {
    template.replace("@VERSION@", VERSION).replace("@LINE@", &interface::line())
}
