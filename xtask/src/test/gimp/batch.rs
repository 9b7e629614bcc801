//! GIMP without windows.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};

use super::compare;
use super::session::{data, in_root, judge};
use crate::repo::Repo;
use crate::root_folder::RootFolder;

const RUNTIME: &str = "libonnxruntime.so";

/// Cases in GIMP's Python, and README's lines.
pub fn run(repo: &Repo, root: &RootFolder, shared: &Path, version: &str) -> Result<()> {
    let folder = shared.join("batch");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir(&folder)?;
    let data = data(shared);
    // While GIMP asks the filter what it is, ONNX Runtime is away; the script brings it back.
    fs::rename(data.join(RUNTIME), folder.join(RUNTIME))?;
    let console = format!("gimp-console-{version}");
    let script = "exec(open('/shared/batch.py').read())";
    let output = in_root(
        root,
        shared,
        &[&console, "-n", "-i", "-d", "--batch-interpreter=python-fu-eval", "-b", script, "--quit"],
    )?;
    for line in String::from_utf8_lossy(&output.stderr).lines() {
        if line.starts_with("impasto-gimp: asked") {
            println!("{line}");
        }
    }
    judge(&folder.join("results.txt"), &output)?;
    compare::all(&folder, &data)?;
    readme(repo, root, shared, &console)
}

/// README's lines for scripts, as they stand there.
fn readme(repo: &Repo, root: &RootFolder, shared: &Path, console: &str) -> Result<()> {
    let readme = fs::read_to_string(repo.root().join("README.md"))?;
    for (fence, interpreter, picture) in [
        ("```scheme\n", "plug-in-script-fu-eval", "scheme.png"),
        ("```py\n", "python-fu-eval", "python.png"),
    ] {
        let (_, rest) = readme.split_once(fence).context("README.md has no line for scripts")?;
        let (line, _) = rest.split_once("```").context("README.md's block has no end")?;
        let line = line
            .replace("photo.jpg", "/shared/photo.png")
            .replace("painting.png", &format!("/shared/{picture}"));
        let arguments = ["-n", "-i", "-d", "--batch-interpreter", interpreter, "-b", &line];
        let output = in_root(root, shared, &[&[console][..], &arguments, &["--quit"]].concat())?;
        let (photo, painting) = (shared.join("photo.png"), shared.join(picture));
        if !painting.is_file() {
            eprint!("{}", String::from_utf8_lossy(&output.stderr));
            bail!("README's line for {interpreter} wrote no picture");
        }
        ensure!(fs::read(&photo)? != fs::read(&painting)?, "README's line painted nothing");
        fs::remove_file(painting)?;
    }
    Ok(())
}
