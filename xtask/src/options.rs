//! `cargo xtask options`: writes README's tables of options as `impasto settings` prints them, the
//! properties of the layer effect, the node's descriptions for Kdenlive and Shotcut and the words to
//! translate, or checks that they are those.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use impasto_client::Place;
use impasto_ofx::descriptions::{kdenlive, shotcut_controls, shotcut_meta};

use crate::cargo::{self, Built};
use crate::effect_table;
use crate::replace;
use crate::repo::Repo;
use crate::translations;

/// Lines around a table: which settings it is of follows the first words.
const START: &str = "<!-- settings: ";
const END: &str = "<!-- end -->";

/// Writes the tables, or with `check` fails where they differ.
pub fn options(repo: &Repo, check: bool) -> Result<()> {
    let built = cargo::build(repo)?;
    write(repo, "README.md", check, |found| {
        with_tables(found, |part| table(&built.program, part))
    })?;
    write(repo, effect_table::FILE, check, |_| effect_table::text(repo, &built))?;
    describe_node(repo, &built, check)?;
    translations::update(repo, &built, check)
}

/// Writes the node's descriptions for video editors, with the styles that come with the engine.
fn describe_node(repo: &Repo, built: &Built, check: bool) -> Result<()> {
    let (library, engine) = effect_table::engine(repo, built)?;
    let styles = engine.styles()?;
    let mut settings = library.settings();
    settings.retain(|setting| setting.place != Place::Programs);
    for (file, describe) in [
        ("kdenlive/impasto.xml", kdenlive as fn(&_, &_) -> _),
        ("shotcut/meta.qml", shotcut_meta),
        ("shotcut/controls.js", shotcut_controls),
    ] {
        write(repo, &format!("packaging/{file}"), check, |_| Ok(describe(&settings, &styles)))?;
    }
    Ok(())
}

/// Writes a file anew as `make` makes it of what is there.
fn write(
    repo: &Repo,
    name: &str,
    check: bool,
    make: impl FnOnce(&str) -> Result<String>,
) -> Result<()> {
    let path = repo.root().join(name);
    let found = fs::read_to_string(&path).with_context(|| format!("reading {name}"))?;
    let text = make(&found)?;
    if found == text {
        println!("the options in {name} are up to date");
        return Ok(());
    }
    if check {
        bail!("the options in {name} are not those of the engine: run `cargo xtask options`");
    }
    replace::text(&text, &path).with_context(|| format!("writing {name}"))?;
    println!("wrote the options in {name}");
    Ok(())
}

fn table(program: &Path, part: &str) -> Result<String> {
    let printed = Command::new(program).args(["settings", "--markdown", part]).output();
    let printed = printed.with_context(|| format!("starting {}", program.display()))?;
    if !printed.status.success() {
        let words = String::from_utf8_lossy(&printed.stderr);
        bail!("impasto settings --markdown {part} failed: {}", words.trim());
    }
    String::from_utf8(printed.stdout).context("the table is not UTF-8")
}

/// The text with every table between its marks anew.
fn with_tables(text: &str, table: impl Fn(&str) -> Result<String>) -> Result<String> {
    let mut made = String::new();
    let mut lines = text.split_inclusive('\n');
    while let Some(line) = lines.next() {
        made += line;
        let Some(part) = line.strip_prefix(START) else { continue };
        let part = part.trim_end().trim_end_matches("-->").trim_end();
        if !lines.by_ref().any(|line| line.trim_end() == END) {
            bail!("README.md has no line '{END}' behind the options called '{part}'");
        }
        made += &format!("\n{}\n{END}\n", table(part)?);
    }
    Ok(made)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_between_the_marks_is_written_anew() {
        let text = "before\n<!-- settings: fast -->\n| old |\n<!-- end -->\nafter\n";
        let table = |part: &str| Ok(format!("| {part} |\n"));
        let expected = "before\n<!-- settings: fast -->\n\n| fast |\n\n<!-- end -->\nafter\n";
        let made = with_tables(text, table).unwrap();
        assert_eq!(made, expected);
        assert_eq!(with_tables(&made, table).unwrap(), expected);
        assert!(with_tables("<!-- settings: fast -->\n| old |\n", table).is_err());
    }
}
