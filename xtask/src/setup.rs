//! `cargo xtask setup`: ONNX Runtime in its place, whole or not at all.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};

use crate::pip;
use crate::replace;
use crate::repo::Repo;
use crate::runtime::{Runtime, Wheel};
use crate::stamp::Stamp;
use crate::unpack::unpack;

/// Puts the runtime in its place under `target/`, or does nothing where it is there already.
/// Says what it does on standard error: standard output belongs to the program that is run next.
pub fn setup(runtime: &Runtime, repo: &Repo) -> Result<()> {
    let try_it = || {
        let wheel = runtime.wheel()?;
        place_runtime(runtime, wheel, &runtime.folder_in(repo), |folder| {
            let Runtime { package, version, .. } = runtime;
            eprintln!("downloading {package} {version} with pip ...");
            pip::download(pip::PYTHON, package, version, wheel.platform, folder)
        })
    };
    try_it().with_context(|| format!("setting up ONNX Runtime {}", runtime.version))
}

fn place_runtime(
    runtime: &Runtime,
    wheel: &Wheel,
    destination: &Path,
    fetch: impl FnOnce(&Path) -> Result<PathBuf>,
) -> Result<()> {
    place(
        destination,
        || is_in_place(wheel, destination),
        |work, made| unpack(&fetch(work)?, wheel.sha256, runtime, made),
    )
}

/// Makes a folder with `fill`, given one for its own work and the new one, unless it is in place.
pub fn place(
    destination: &Path,
    is_in_place: impl Fn() -> bool,
    fill: impl FnOnce(&Path, &Path) -> Result<()>,
) -> Result<()> {
    if is_in_place() {
        return Ok(());
    }
    let parent = destination.parent().context("the destination has no parent folder")?;
    let unwritable = |error| {
        anyhow!("cannot write in {} ({error}). Make that folder writable", parent.display())
    };
    fs::create_dir_all(parent).map_err(unwritable)?;
    // Beside the destination, so that the last step is a rename; removed when dropped.
    let work =
        tempfile::Builder::new().prefix(".onnxruntime-").tempdir_in(parent).map_err(unwritable)?;
    let made = work.path().join("made");
    fs::create_dir(&made).map_err(unwritable)?;
    fill(work.path(), &made)?;
    replace::folder(&made, destination, &work.path().join("old"))
        .or_else(|error| {
            // Another setup may have been faster.
            if is_in_place() { Ok(()) } else { Err(error) }
        })
        .map_err(|error| {
            anyhow!(
                "cannot rename the new folder to {} ({error}). Remove what is there, and try again",
                destination.display()
            )
        })
}

fn is_in_place(wheel: &Wheel, destination: &Path) -> bool {
    Stamp::read(destination).is_some_and(|stamp| stamp.wheel_sha256 == wheel.sha256)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runtime::LIBRARY;
    use crate::sha256;
    use crate::unpack::small_wheel;

    const SMALL: Runtime = Runtime {
        package: "onnxruntime",
        version: "9.9.9",
        library: "onnxruntime/capi/libonnxruntime.so.9.9.9",
        folder: "onnxruntime",
        wheels: &[],
    };
    const WRONG: &str = "0000000000000000000000000000000000000000000000000000000000000000";

    fn pinned(sha256: String) -> Wheel {
        Wheel { arch: "any", platform: "any", sha256: sha256.leak() }
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn the_second_setup_fetches_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let source = small_wheel(folder.path(), &[SMALL.library, "onnxruntime/LICENSE", "other"]);
        let wheel = pinned(sha256::of_file(&source).unwrap());
        let target = folder.path().join("target");
        let destination = target.join("onnxruntime");

        place_runtime(&SMALL, &wheel, &destination, |_| Ok(source)).unwrap();
        assert_eq!(names(&target), ["onnxruntime"]);
        assert_eq!(names(&destination), ["LICENSE", LIBRARY, "stamp.toml"]);
        assert_eq!(fs::read_to_string(destination.join(LIBRARY)).unwrap(), SMALL.library);
        place_runtime(&SMALL, &wheel, &destination, |_| panic!("fetched again")).unwrap();
    }

    #[test]
    fn a_damaged_library_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let source = small_wheel(folder.path(), &[SMALL.library]);
        let wheel = pinned(sha256::of_file(&source).unwrap());
        let target = folder.path().join("target");
        let destination = target.join("onnxruntime");

        place_runtime(&SMALL, &wheel, &destination, |_| Ok(source.clone())).unwrap();
        fs::write(destination.join(LIBRARY), "cut").unwrap();
        place_runtime(&SMALL, &wheel, &destination, |_| Ok(source)).unwrap();
        assert_eq!(fs::read_to_string(destination.join(LIBRARY)).unwrap(), SMALL.library);
        assert_eq!(names(&target), ["onnxruntime"]);
    }

    #[test]
    fn a_wrong_hash_leaves_nothing_and_names_both() {
        let folder = tempfile::tempdir().unwrap();
        let source = small_wheel(folder.path(), &[SMALL.library]);
        let found = sha256::of_file(&source).unwrap();
        let target = folder.path().join("target");

        let wheel = pinned(WRONG.to_owned());
        let error =
            place_runtime(&SMALL, &wheel, &target.join("onnxruntime"), |_| Ok(source)).unwrap_err();
        let message = format!("{error:#}");
        assert!(message.contains(&found) && message.contains(WRONG), "{message}");
        assert!(names(&target).is_empty());
    }

    #[test]
    fn a_failed_update_keeps_what_was_there() {
        let folder = tempfile::tempdir().unwrap();
        let source = small_wheel(folder.path(), &["onnxruntime/LICENSE"]);
        let wheel = pinned(sha256::of_file(&source).unwrap());
        let target = folder.path().join("target");
        let destination = target.join("onnxruntime");
        fs::create_dir_all(&destination).unwrap();
        fs::write(destination.join(LIBRARY), "old").unwrap();

        let error = place_runtime(&SMALL, &wheel, &destination, |_| Ok(source)).unwrap_err();
        assert!(error.to_string().contains(SMALL.library), "{error}");
        assert_eq!(fs::read_to_string(destination.join(LIBRARY)).unwrap(), "old");
        assert_eq!(names(&target), ["onnxruntime"]);
    }

    #[test]
    fn a_failed_download_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("target");
        let wheel = pinned(WRONG.to_owned());

        let cut = |work: &Path| {
            fs::write(work.join("part"), "half")?;
            Err(anyhow!("the connection was cut"))
        };
        place_runtime(&SMALL, &wheel, &target.join("onnxruntime"), cut).unwrap_err();
        assert!(names(&target).is_empty());
    }
}
