//! What is painted: one photograph of each kind that is hard in its own way.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use super::packages;
use crate::bundle::{Bundle, Wheel};
use crate::repo::Repo;

/// A photograph, and what the page says of it.
pub struct Photograph {
    /// Of its file, and for `--only`.
    pub name: &'static str,
    pub title: &'static str,
    pub what: &'static str,
    pub licence: &'static str,
    /// Painted with `--quick`, too.
    pub is_quick: bool,
}

pub const PHOTOGRAPHS: [Photograph; 6] = [
    Photograph {
        name: "portrait",
        title: "Portrait",
        what: "the astronaut Eileen Collins",
        licence: "NASA; public domain. `examples/portrait.png`",
        is_quick: true,
    },
    Photograph {
        name: "town",
        title: "Town with sky",
        what: "a tower over trees and a lake",
        licence: "Daniel Büchele, [CC BY 2.0](https://creativecommons.org/licenses/by/2.0/). From \
                  scikit-learn 1.9.1 (`china.jpg`); painted and made smaller here",
        is_quick: true,
    },
    Photograph {
        name: "product",
        title: "Product on white",
        what: "a cup, cut out and laid on white",
        licence: "Rachel Michetti, courtesy of Pikolo Espresso Bar; CC0. `examples/photo.png`",
        is_quick: false,
    },
    Photograph {
        name: "dark",
        title: "Lamps in the dark",
        what: "a rocket before its launch at night, made darker; in place of a concert",
        licence: "SpaceX; CC0. From scikit-image 0.26.0 (`rocket.jpg`)",
        is_quick: false,
    },
    Photograph {
        name: "landscape",
        title: "Landscape",
        what: "mountains, a lake and a meadow, computed from noise: no photograph",
        licence: "`tests/looks/photographs.py`; under Impasto's own licence",
        is_quick: false,
    },
    Photograph {
        name: "drawing",
        title: "Line drawing",
        what: "a house and a tree in ink, drawn by a script",
        licence: "`tests/looks/photographs.py`; under Impasto's own licence",
        is_quick: true,
    },
];

/// The photographs that packages ship.
const FETCHED: Bundle = Bundle {
    name: "photographs from PyPI",
    folder: "looks-fetched",
    wheels: &[
        Wheel {
            package: "scikit-learn",
            version: "1.9.1",
            platform: "manylinux_2_28_x86_64",
            sha256: "e5d7b18a5b9dca241a74695f3275fa4c895a9dadc72b3d8df5fa9d1083c9b83e",
            folders: ["sklearn/datasets/images", ""],
            members: &["china.jpg"],
            renamed: &[],
        },
        Wheel {
            package: "scikit-image",
            version: "0.26.0",
            platform: "manylinux_2_28_x86_64",
            sha256: "7df650e79031634ac90b11e64a9eedaf5a5e06fcd09bcd03a34be01745744466",
            folders: ["skimage/data", ""],
            members: &["rocket.jpg"],
            renamed: &[],
        },
    ],
};

/// Fetches and makes all; returns the folder with a PNG file of each name.
pub fn provide(repo: &Repo) -> Result<PathBuf> {
    FETCHED.setup(repo)?;
    let folder = repo.target().join("looks/photographs");
    let mut python: Command = packages::python(repo, "photographs.py")?;
    python.arg(repo.root().join("examples")).arg(FETCHED.folder_in(repo)).arg(&folder);
    packages::output(python).context("making the photographs")?;
    Ok(folder)
}
