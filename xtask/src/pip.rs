//! Calling pip, and saying clearly why it failed.

use std::ffi::OsStr;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use anyhow::{Context, Result, anyhow, bail};

/// The Python that pip is asked of.
pub const PYTHON: &str = "python3";

/// Downloads the wheel into `folder`, the same one whatever version `python` has.
pub fn download(
    python: &str,
    package: &str,
    version: &str,
    platform: &str,
    folder: &Path,
) -> Result<PathBuf> {
    let mut pip = pip(python, "download");
    pip.args(["--no-deps", "--only-binary=:all:"])
        .args(["--platform", platform])
        .args(["--python-version", "3.12", "--implementation", "cp", "--abi", "cp312"])
        .arg("--dest")
        .arg(folder)
        .arg(format!("{package}=={version}"));
    finish(python, pip)?;

    let entries = fs::read_dir(folder).context("cannot list what pip downloaded")?;
    let file = entries.filter_map(Result::ok).map(|entry| entry.path());
    file.into_iter()
        .find(|path| path.extension() == Some(OsStr::new("whl")))
        .ok_or_else(|| anyhow!("pip reported success but left no wheel. Update pip, and try again"))
}

/// Installs `requirements` into `folder`, apart from whatever else `python` has.
pub fn install(python: &str, requirements: &[&str], folder: &Path) -> Result<()> {
    let mut pip = pip(python, "install");
    pip.args(["--only-binary=:all:", "--no-warn-script-location"])
        .arg("--target")
        .arg(folder)
        .args(requirements);
    finish(python, pip)
}

/// What `python` calls itself: packages are built for one version.
pub fn python_version(python: &str) -> Result<String> {
    let mut command = Command::new(python);
    command.arg("--version");
    let output = start(python, &mut command)?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn pip(python: &str, verb: &str) -> Command {
    let mut pip = Command::new(python);
    pip.args(["-m", "pip", verb, "--quiet", "--disable-pip-version-check", "--no-input"]);
    pip
}

fn finish(python: &str, mut pip: Command) -> Result<()> {
    let output = start(python, &mut pip)?;
    if output.status.success() {
        return Ok(());
    }
    let words = String::from_utf8_lossy(&output.stderr);
    if words.contains("No module named pip") {
        bail!("`{python}` has no pip. Install it: `apt-get install python3-pip`");
    }
    bail!(
        "pip failed ({}). Check the network connection and the space on the disk, and try again",
        reason(&words)
    )
}

fn start(python: &str, command: &mut Command) -> Result<Output> {
    command.stdin(Stdio::null()).output().map_err(|error| match error.kind() {
        ErrorKind::NotFound => anyhow!(
            "the program `{python}` was not found. Install it with pip: \
             `apt-get install python3 python3-pip`"
        ),
        _ => anyhow!(
            "the program `{python}` could not be started ({error}). \
             Check that it runs: `{python} -m pip --version`"
        ),
    })
}

/// pip's last line with `ERROR`: warnings and advice stand before and after it.
fn reason(words: &str) -> &str {
    let mut lines = words.lines().map(str::trim).filter(|line| !line.is_empty()).rev();
    let error = lines.clone().find_map(|line| line.strip_prefix("ERROR: "));
    error.or_else(|| lines.next()).unwrap_or("it gave no reason")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(python: &str) -> String {
        let folder = tempfile::tempdir().unwrap();
        let error = download(python, "onnxruntime", "1.0", "any", folder.path()).unwrap_err();
        format!("{error:#}")
    }

    #[test]
    fn a_missing_python_says_what_to_install() {
        let message = failure("no-such-python");
        assert!(message.contains("no-such-python"), "{message}");
        assert!(message.ends_with("`apt-get install python3 python3-pip`"), "{message}");
    }

    #[test]
    #[cfg(unix)]
    fn a_python_without_pip_says_what_to_install() {
        use std::os::unix::fs::PermissionsExt;

        let folder = tempfile::tempdir().unwrap();
        let python = folder.path().join("python");
        fs::write(&python, "#!/bin/sh\necho \"$0: No module named pip\" >&2\nexit 1\n").unwrap();
        fs::set_permissions(&python, fs::Permissions::from_mode(0o755)).unwrap();

        let message = failure(&python.to_string_lossy());
        assert!(message.ends_with("`apt-get install python3-pip`"), "{message}");
    }

    #[test]
    fn the_reason_is_the_error_and_not_the_advice() {
        let words = "WARNING: Retrying\nERROR: No matching distribution\n\n[notice] update\n";
        assert_eq!(reason(words), "No matching distribution");
        assert_eq!(reason("Killed\n"), "Killed");
        assert_eq!(reason(""), "it gave no reason");
    }
}
