//! README's examples are run as they stand there.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::build;
use super::process::{must, start};
use crate::environment::give_home;
use crate::interface;
use crate::repo::Repo;

/// A photograph of 64x48, all one gradient.
fn photo() -> Vec<u8> {
    let (width, height) = (64u8, 48u8);
    let mut ppm = format!("P6\n{width} {height}\n255\n").into_bytes();
    for y in 0..height {
        ppm.extend((0..width).flat_map(|x| [4 * x, 5 * y, 128]));
    }
    ppm
}

/// Paints with the example in Python, which gets its library, picture and output as arguments.
pub fn run_python(repo: &Repo, prefix: &Path, work: &Path) -> Result<()> {
    let readme = fs::read_to_string(repo.root().join("README.md")).context("reading README.md")?;
    let example = fenced(&readme, "python").context("README.md has no example in Python")?;
    ensure!(example.lines().count() <= 40, "README.md's example in Python is too long");

    let folder = tempfile::tempdir_in(work)?;
    let at = |name| folder.path().join(name);
    fs::write(at("paint.py"), example)?;
    fs::write(at("photo.ppm"), photo())?;
    let mut python = Command::new(crate::pip::PYTHON);
    give_home(&mut python, folder.path());
    must(
        python
            .arg("paint.py")
            .arg(prefix.join("lib").join(interface::library_name()))
            .args(["photo.ppm", "great-wave", "painting.ppm"])
            .current_dir(folder.path())
            .env_remove("IMPASTO_ONNXRUNTIME")
            .env_remove("IMPASTO_MODELS"),
    )?;
    let painting = fs::read(at("painting.ppm")).context("the example wrote no painting")?;
    let photo = photo();
    ensure!(painting.len() == photo.len(), "the example's painting has another size");
    ensure!(painting != photo, "the example painted nothing");
    Ok(())
}

/// Builds and runs the example in C.
pub fn run_c(repo: &Repo, prefix: &Path, compiler: &str, work: &Path) -> Result<()> {
    let readme = fs::read_to_string(repo.root().join("README.md")).context("reading README.md")?;
    let example = fenced(&readme, "c").context("README.md has no example in C")?;
    let (source, program) = (work.join("readme.c"), work.join("readme"));
    fs::write(&source, example)?;
    build::compile(compiler, &["-std=c99"], &source, &build::flags(prefix)?, &program)?;
    start(&program, work)
}

/// What stands between the first fences of a language.
fn fenced<'a>(text: &'a str, language: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(&format!("\n```{language}\n"))?;
    rest.split_once("```\n").map(|(example, _)| example)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_fence_of_a_language_is_found() {
        let text = "a\n```sh\nls\n```\nb\n```c\nint a;\nint b;\n```\n```c\nint c;\n```\n";
        assert_eq!(fenced(text, "c"), Some("int a;\nint b;\n"));
        assert_eq!(fenced(text, "python"), None);
    }
}
