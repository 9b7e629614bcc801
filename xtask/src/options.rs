//! `cargo xtask options`: writes README's tables of options as `impasto settings` prints them, or
//! checks that they are those.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::cargo;
use crate::replace;
use crate::repo::Repo;

/// Lines around a table: which settings it is of follows the first words.
const START: &str = "<!-- settings: ";
const END: &str = "<!-- end -->";

/// Writes the tables, or with `check` fails where they differ.
pub fn options(repo: &Repo, check: bool) -> Result<()> {
    let program = cargo::build(repo)?.program;
    let path = repo.root().join("README.md");
    let found = fs::read_to_string(&path).context("reading README.md")?;
    let text = with_tables(&found, |part| table(&program, part))?;
    if found == text {
        println!("the options in README.md are up to date");
        return Ok(());
    }
    if check {
        bail!("README.md's options are not those of the settings: run `cargo xtask options`");
    }
    replace::text(&text, &path).context("writing README.md")?;
    println!("wrote the options in README.md");
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
