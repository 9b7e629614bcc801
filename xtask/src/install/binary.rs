//! Programs and libraries as they are passed on: without symbols, and without the paths of the
//! machine that made them.

use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::replace;

/// What stands where a path began. Compilers know the length of a text, so the rest is filled with
/// slashes, of which a path may have many.
const INSTEAD: &[u8] = b"/cargo";

/// Copies what Cargo made. The compiler's own options for this (`strip`, `--remap-path-prefix`)
/// would have everything built a second time, apart from what the tests use.
pub fn put(from: &Path, destination: &Path, is_program: bool) -> io::Result<()> {
    replace::changed(from, destination, is_program, |copy| {
        if cfg!(target_os = "linux") {
            strip(copy)?;
        }
        let mut bytes = fs::read(copy)?;
        if let Some(sources) = sources() {
            cover(&mut bytes, sources.as_os_str().as_encoded_bytes());
        }
        fs::write(copy, bytes)
    })
}

/// Where Cargo unpacks the sources of libraries, whose panics name their files.
pub fn sources() -> Option<PathBuf> {
    let below_home = || Some(env::home_dir()?.join(".cargo"));
    let home = env::var_os("CARGO_HOME").map(PathBuf::from).or_else(below_home)?;
    Some(std::path::absolute(home).ok()?.join("registry/src"))
}

/// With the tool of the linker that Rust calls.
fn strip(binary: &Path) -> io::Result<()> {
    let output = Command::new("strip").arg("--strip-unneeded").arg(binary).output();
    let output = output.map_err(|error| io::Error::other(format!("strip: {error}")))?;
    if output.status.success() {
        return Ok(());
    }
    Err(io::Error::other(format!("strip: {}", String::from_utf8_lossy(&output.stderr).trim())))
}

fn cover(bytes: &mut [u8], path: &[u8]) {
    if path.len() < INSTEAD.len() {
        return;
    }
    let mut rest = bytes;
    while let Some(at) = find(rest, path) {
        let (found, after) = rest[at..].split_at_mut(path.len());
        found.fill(b'/');
        found[..INSTEAD.len()].copy_from_slice(INSTEAD);
        rest = after;
    }
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_path_is_covered_and_all_else_stays() {
        let text = |place: &str| format!("a{place}/b.rs|{place}/c.rs/home/y").into_bytes();
        let mut bytes = text("/home/x/registry/src");
        cover(&mut bytes, b"/home/x/registry/src");
        assert_eq!(bytes, text("/cargo//////////////"));
        cover(&mut bytes, b"/b");
        assert_eq!(bytes, text("/cargo//////////////"), "too short to be told from others");
    }
}
