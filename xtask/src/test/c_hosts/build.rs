//! Building the programs of tests/hosts as their authors would.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::compilers::Compiler;
use super::process::must;
use crate::repo::Repo;

const WARNINGS: [&str; 4] = ["-Wall", "-Wextra", "-Wpedantic", "-Werror"];

pub fn with_pkg_config(
    repo: &Repo,
    prefix: &Path,
    compiler: &Compiler,
    folder: &Path,
) -> Result<()> {
    fs::create_dir_all(folder)?;
    let flags = flags(prefix)?;
    for (host, program, dialect) in [
        ("header_alone.c", "header_alone_c", &["-std=c99"][..]),
        ("paint.c", "paint_c", &["-std=c99"]),
        ("limits.c", "limits_c", &["-std=c99"]),
        ("fork.c", "fork_c", &["-std=c99"]),
        ("header_alone.cpp", "header_alone_cpp", &["-std=c++17", "-Wconversion"]),
        ("paint.cpp", "paint_cpp", &["-std=c++17"]),
        ("paint.cpp", "paint_cpp_returning", &["-std=c++17", "-fno-exceptions"]),
    ] {
        let compiler = if host.ends_with(".c") { compiler.c } else { compiler.cpp };
        compile(compiler, dialect, &hosts(repo).join(host), &flags, &folder.join(program))?;
    }
    Ok(())
}

pub fn compile(
    compiler: &str,
    dialect: &[&str],
    source: &Path,
    flags: &[OsString],
    program: &Path,
) -> Result<()> {
    let mut command = Command::new(compiler);
    command.args(dialect).args(WARNINGS).args(["-g", "-pthread", "-o"]).arg(program);
    must(command.arg(source).args(flags))
}

/// What pkg-config says, and where the program finds the library when it starts, which pkg-config
/// leaves to the system.
pub fn flags(prefix: &Path) -> Result<Vec<OsString>> {
    let output = Command::new("pkg-config")
        .args(["--cflags", "--libs", "impasto"])
        .env("PKG_CONFIG_PATH", prefix.join("lib/pkgconfig"))
        .output()
        .context("pkg-config could not be started")?;
    if !output.status.success() {
        bail!("pkg-config: {}", String::from_utf8_lossy(&output.stderr));
    }
    let text = String::from_utf8(output.stdout).context("pkg-config's answer is not UTF-8")?;
    let mut run_path = OsString::from("-Wl,-rpath,");
    run_path.push(prefix.join("lib"));
    Ok(text.split_whitespace().map(OsString::from).chain([run_path]).collect())
}

pub fn with_cmake(repo: &Repo, prefix: &Path, compiler: &Compiler, folder: &Path) -> Result<()> {
    must(
        Command::new("cmake")
            .arg("-S")
            .arg(hosts(repo))
            .arg("-B")
            .arg(folder)
            .arg(format!("-DCMAKE_C_COMPILER={}", compiler.c))
            .arg(format!("-DCMAKE_CXX_COMPILER={}", compiler.cpp))
            .arg(format!("-DCMAKE_PREFIX_PATH={}", prefix.display())),
    )?;
    must(Command::new("cmake").arg("--build").arg(folder))
}

/// Which versions CMake takes for which requests.
pub fn versions(repo: &Repo, work: &Path) -> Result<()> {
    let folder = tempfile::tempdir_in(work)?;
    let template = repo.root().join("packaging/impasto-config-version.cmake.in");
    must(
        Command::new("cmake")
            .arg(format!("-DTEMPLATE={}", template.display()))
            .arg("-P")
            .arg(hosts(repo).join("versions.cmake"))
            .current_dir(folder.path()),
    )
}

pub fn hosts(repo: &Repo) -> PathBuf {
    repo.root().join("tests/hosts")
}
