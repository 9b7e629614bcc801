//! Putting something new where something old may be, in one step.

use std::fs;
use std::io;
use std::path::Path;

/// Renames the folder `made` to `destination`. A folder can be renamed over an empty one only:
/// what is there steps aside first, and comes back if the new one cannot take its place.
pub fn folder(made: &Path, destination: &Path, aside: &Path) -> io::Result<()> {
    let replaces = destination.symlink_metadata().is_ok();
    if replaces {
        fs::rename(destination, aside)?;
    }
    fs::rename(made, destination).inspect_err(|_| {
        if replaces {
            // The first error is the one to report.
            let _ = fs::rename(aside, destination);
        }
    })
}

/// Copies `from` to `destination`, readable by everybody whatever the mask was when it was made.
pub fn file(from: &Path, destination: &Path, executable: bool) -> io::Result<()> {
    changed(from, destination, executable, |_| Ok(()))
}

/// As [`file()`]; `change` may first do something to the copy.
pub fn changed(
    from: &Path,
    destination: &Path,
    executable: bool,
    change: impl FnOnce(&Path) -> io::Result<()>,
) -> io::Result<()> {
    beside(destination, |new| {
        fs::copy(from, new)?;
        change(new)?;
        give_mode(new, executable)
    })
}

/// Makes the folder and those above it that are missing, open to everybody whatever the mask is.
pub fn make_folder(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    if let Some(parent) = folder.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        make_folder(parent)?;
    }
    match fs::create_dir(folder) {
        // Another program was faster.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && folder.is_dir() => Ok(()),
        made => made.and_then(|()| give_mode(folder, true)),
    }
}

/// Writes `text` to `destination`, readable by everybody.
pub fn text(text: &str, destination: &Path) -> io::Result<()> {
    beside(destination, |new| {
        fs::write(new, text)?;
        give_mode(new, false)
    })
}

/// Makes `destination` a symbolic link to `name` in its own folder.
#[cfg(unix)]
pub fn link(name: &str, destination: &Path) -> io::Result<()> {
    let folder = destination.parent().unwrap_or(Path::new("."));
    let make = |path: &Path| std::os::unix::fs::symlink(name, path);
    let new = tempfile::Builder::new().prefix(".impasto-").make_in(folder, make)?;
    new.into_temp_path().persist(destination)?;
    Ok(())
}

#[cfg(not(unix))]
pub fn link(_: &str, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

fn beside(destination: &Path, write: impl FnOnce(&Path) -> io::Result<()>) -> io::Result<()> {
    let folder = destination.parent().unwrap_or(Path::new("."));
    let new = tempfile::Builder::new().prefix(".impasto-").tempfile_in(folder)?;
    write(new.path())?;
    new.persist(destination)?;
    Ok(())
}

#[cfg(unix)]
fn give_mode(path: &Path, executable: bool) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;

    let mode = if executable { 0o755 } else { 0o644 };
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn give_mode(_: &Path, _: bool) -> io::Result<()> {
    Ok(())
}
