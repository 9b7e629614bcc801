//! The suite that cross-compiles for Windows and tries the result under Wine, with the CPU: the
//! program against the same painting on Linux, the C library, and the OpenFX node.
//!
//! DirectML stays untried: its shader that adds two values exists in DXIL alone, whatever shader
//! model the device names, and Wine 10 reads DXBC alone (E_FAIL from CreateComputePipelineState).

use std::fs::{self, File};
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use super::ran::Ran;
use crate::install::ofx::BUNDLE;
use crate::install::windows;
use crate::repo::Repo;
use crate::root_folder::{RootFolder, SHARED, WINDOWS, limited};
use crate::{cargo, environment};

/// Longer than anything takes; ends what hangs.
const PATIENCE: Duration = Duration::from_secs(600);

/// A name that Windows has to take in its own characters.
const FOLDER: &str = "Impasto für Windows";

/// Both are of 8 bits, and the two ONNX Runtimes are of different versions.
const MOST: u8 = 1;

/// Of the strict host.
const CASES: [&str; 3] = ["pixels", "failures", "threads"];

pub fn run(repo: &Repo) -> Result<Ran> {
    if let Some(why) = RootFolder::obstacle() {
        return Ok(Ran::Skipped(format!("{why}: nothing was tried for Windows")));
    }
    let made = windows::make(repo)?;
    let root = RootFolder::provide(repo, &WINDOWS)?;
    let work = tempfile::tempdir().context("making a temporary folder. Check TMPDIR")?;
    // Copied elsewhere: nothing in it may know where it was made.
    let copied = work.path().join(FOLDER);
    copy(&made, &copied)?;

    paint(repo, &root, work.path())?;
    use_library(repo, &root, work.path())?;
    use_node(repo, &root, work.path())?;
    start_gimp_filter(&root, work.path())?;
    Ok(Ran::Whole)
}

/// The same picture with the same options must come out as on Linux, also over an older file.
fn paint(repo: &Repo, root: &RootFolder, work: &Path) -> Result<()> {
    fs::copy(repo.root().join("examples/photo.png"), work.join("photo.png"))?;
    let painting = work.join("painting.png");
    fs::write(&painting, "an older file")?;
    let options = ["paint", "photo.png", "--style", "great-wave", "--device", "cpu", "--out"];

    let program = format!("{SHARED}/{FOLDER}/impasto.exe");
    must(wine(root, work, &program, &[&options[..], &["painting.png"]].concat())?)?;

    let mut linux = Command::new(cargo::build(repo)?.program);
    linux.args(options).arg("linux.png").current_dir(work);
    environment::give(&mut linux, repo);
    environment::give_home(&mut linux, work);
    must(linux.output().context("the program for Linux could not be started")?)?;

    let (windows, linux) = (samples(&painting)?, samples(&work.join("linux.png"))?);
    ensure!(windows.len() == linux.len(), "the painting for Windows has another size");
    let differences = windows.iter().zip(&linux).map(|(a, b)| a.abs_diff(*b));
    let differing = differences.clone().filter(|difference| *difference > 0).count();
    let most = differences.max().unwrap_or(0);
    println!(
        "Wine and Linux differ by {most}/255 at most, in {differing} of {} samples",
        linux.len()
    );
    keep(repo, &painting)?;
    ensure!(most <= MOST, "the paintings of Wine and Linux differ by {most}/255");
    Ok(())
}

/// Builds the program in C that uses all of the interface, with what a user would get.
fn use_library(repo: &Repo, root: &RootFolder, work: &Path) -> Result<()> {
    fs::copy(repo.root().join("tests/hosts/paint.c"), work.join("paint.c"))?;
    let compiler = "x86_64-w64-mingw32-gcc";
    let mut compile = root.command(work, compiler);
    compile
        .args(["-std=c99", "-Wall", "-Wextra", "-Werror", "-O1", "-static", "-pthread", "paint.c"]);
    compile.args(["-I", &format!("{FOLDER}/include"), "-o", &format!("{FOLDER}/paint.exe")]);
    compile.arg(format!("{FOLDER}/lib/libimpasto.dll.a"));
    must(compile.output().with_context(|| format!("{compiler} could not be started"))?)?;
    must(wine(root, work, &format!("{SHARED}/{FOLDER}/paint.exe"), &[])?)
}

/// Builds the strict host of OpenFX and runs what of it is no matter of speed or of one system.
fn use_node(repo: &Repo, root: &RootFolder, work: &Path) -> Result<()> {
    copy(&repo.root().join("tests/hosts/ofx"), &work.join("host"))?;
    copy(&repo.root().join("tests/hosts/windows"), &work.join("dlfcn"))?;
    let compile = "exec x86_64-w64-mingw32-g++ -std=c++17 -O1 -static -I dlfcn -I \"$1/include\" \
                   host/*.cpp -o ofx_host.exe";
    let mut compile_in = root.command(work, "sh");
    compile_in.args(["-c", compile, "sh", FOLDER]);
    must(compile_in.output().context("the root folder could not be entered")?)?;
    let bundle = format!("{FOLDER}/{BUNDLE}");
    must(wine(root, work, "./ofx_host.exe", &[&[&bundle, "photo.ppm"], &CASES[..]].concat())?)
}

/// Without GIMP it can only say so.
fn start_gimp_filter(root: &RootFolder, work: &Path) -> Result<()> {
    let program = format!("{SHARED}/{FOLDER}/impasto-gimp/impasto-gimp.exe");
    let output = wine(root, work, &program, &[])?;
    let words = String::from_utf8_lossy(&output.stderr);
    ensure!(
        output.status.code() == Some(1) && words.contains("libgimp-3.0-0.dll"),
        "the GIMP filter should say what it misses, but ended with {}: {words}",
        output.status
    );
    Ok(())
}

/// A program for Windows, in the shared folder.
fn wine(root: &RootFolder, shared: &Path, program: &str, arguments: &[&str]) -> Result<Output> {
    let mut inside = root.command(shared, "env");
    inside.args([&format!("HOME={SHARED}"), "WINEDEBUG=-all", "WINEDLLOVERRIDES=mscoree,mshtml="]);
    inside.args(["wine", program]).args(arguments);
    let start = Instant::now();
    let output = limited(&inside, PATIENCE).output().context("timeout could not be started")?;
    let name = program.rsplit('/').next().unwrap_or(program);
    println!("{name} took {:.0} s under Wine", start.elapsed().as_secs_f64());
    Ok(output)
}

/// What a program said is shown only where it failed.
fn must(output: Output) -> Result<()> {
    if output.status.success() {
        return Ok(());
    }
    for stream in [&output.stdout, &output.stderr] {
        eprint!("{}", String::from_utf8_lossy(stream));
    }
    bail!("the program failed ({}). Correct what it says above", output.status)
}

/// For whoever wants to look at it.
fn keep(repo: &Repo, painting: &Path) -> Result<PathBuf> {
    let kept = repo.target().join("windows-painting.png");
    fs::copy(painting, &kept).context("keeping the painting")?;
    println!("the painting is {}", kept.display());
    Ok(kept)
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    for entry in walkdir::WalkDir::new(from) {
        let entry = entry?;
        let to = to.join(entry.path().strip_prefix(from)?);
        match entry.file_type().is_dir() {
            true => fs::create_dir_all(&to)?,
            false => fs::copy(entry.path(), &to).map(drop)?,
        }
    }
    Ok(())
}

fn samples(path: &Path) -> Result<Vec<u8>> {
    let attempt = || format!("reading {}", path.display());
    let mut decoder = png::Decoder::new(BufReader::new(File::open(path).with_context(attempt)?));
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().with_context(attempt)?;
    let mut samples = vec![0; reader.output_buffer_size().context("too large")?];
    let info = reader.next_frame(&mut samples).with_context(attempt)?;
    samples.truncate(info.buffer_size());
    Ok(samples)
}
