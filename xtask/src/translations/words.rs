//! The words to translate: in the source of the filter and of its layer effect those in calls of
//! functions for that, of the engine the table of settings, the titles of the styles that have no
//! painter, and what it says that it is doing.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use impasto_client::{Place, SettingKind};
use proc_macro2::{TokenStream, TokenTree};
use syn::Lit;
use walkdir::WalkDir;

use crate::cargo::Built;
use crate::effect_table;
use crate::repo::Repo;

/// Functions of the two files called `words.rs`, which take a text first.
const CALLS: [&str; 4] = ["msgid", "tr", "tr_with", "tr_named"];
/// How the engine says what it is doing: in a call of this, or in a constant of this name.
const STEP: &str = "step";
const PHASE: &str = "PHASE";
/// Painter of the styles whose titles are words and no names.
const OWN_PAINTER: &str = "Drawn for Impasto";

/// A text and where it stands.
pub struct Word {
    pub text: String,
    pub sources: Vec<String>,
}

pub fn all(repo: &Repo, built: &Built) -> Result<Vec<Word>> {
    let mut words = Words::default();
    for folder in ["plugin-gimp/src", "plugin-gegl/src"] {
        words.of_sources(repo, folder, &|before, _| CALLS.contains(&before))?;
    }
    words.of_sources(repo, "src", &|before, name| before == STEP || name == PHASE)?;
    words.of_engine(repo, built)?;
    Ok(words.0)
}

#[derive(Default)]
struct Words(Vec<Word>);

impl Words {
    fn add(&mut self, text: &str, source: &str) {
        if text.is_empty() {
            return;
        }
        let known = self.0.iter().position(|word| word.text == text);
        let place = known.unwrap_or_else(|| {
            self.0.push(Word { text: text.to_owned(), sources: Vec::new() });
            self.0.len() - 1
        });
        let sources = &mut self.0[place].sources;
        if !sources.iter().any(|known| known == source) {
            sources.push(source.to_owned());
        }
    }

    fn of_sources(
        &mut self,
        repo: &Repo,
        folder: &str,
        is_wanted: &dyn Fn(&str, &str) -> bool,
    ) -> Result<()> {
        let entries = WalkDir::new(repo.root().join(folder)).sort_by_file_name();
        for entry in entries {
            let entry = entry?;
            if entry.path().extension().is_none_or(|ending| ending != "rs") {
                continue;
            }
            let relative = entry.path().strip_prefix(repo.root()).unwrap_or(entry.path());
            let source = relative.to_string_lossy().replace('\\', "/");
            for text in texts(entry.path(), is_wanted).with_context(|| source.clone())? {
                self.add(&text, &source);
            }
        }
        Ok(())
    }

    fn of_engine(&mut self, repo: &Repo, built: &Built) -> Result<()> {
        let (library, engine) = effect_table::engine(repo, built)?;
        for setting in library.settings().iter().filter(|s| s.place != Place::Programs) {
            let source = format!("setting {}", setting.name);
            self.add(setting.label, &source);
            self.add(setting.help, &source);
            match &setting.kind {
                SettingKind::Float { zero: Some(word), .. }
                | SettingKind::Integer { zero: Some(word), .. }
                | SettingKind::Text { empty: Some(word), .. } => self.add(word, &source),
                SettingKind::Choice { choices, .. } => {
                    choices.iter().for_each(|choice| self.add(choice.label, &source));
                }
                _ => {}
            }
        }
        for setting in effect_table::settings(&library) {
            self.add(&effect_table::help(&setting), &format!("setting {}", setting.name));
        }
        for style in engine.styles()?.iter().filter(|style| style.painter == OWN_PAINTER) {
            let source = format!("style {}", style.name);
            self.add(&style.title, &source);
            self.add(&style.painter, &source);
        }
        Ok(())
    }
}

/// The texts of a source file that `is_wanted`, by the name of the function that takes one first,
/// or the name of the constant that is one.
fn texts(path: &Path, is_wanted: &dyn Fn(&str, &str) -> bool) -> Result<Vec<String>> {
    let tokens: TokenStream =
        fs::read_to_string(path)?.parse().map_err(|error| anyhow!("it is no Rust: {error}"))?;
    let mut found = Vec::new();
    search(tokens, is_wanted, &mut found);
    Ok(found)
}

fn search(tokens: TokenStream, is_wanted: &dyn Fn(&str, &str) -> bool, found: &mut Vec<String>) {
    let (mut before, mut constant) = (String::new(), String::new());
    for token in tokens {
        match token {
            TokenTree::Group(group) => {
                let first = group.stream().into_iter().next();
                if let Some(TokenTree::Literal(literal)) = first
                    && is_wanted(&before, "")
                {
                    found.extend(text(literal));
                }
                search(group.stream(), is_wanted, found);
                before.clear();
            }
            TokenTree::Ident(name) => {
                if before == "const" {
                    constant = name.to_string();
                }
                before = name.to_string();
            }
            TokenTree::Literal(literal) => {
                if is_wanted("", &constant) {
                    found.extend(text(literal));
                }
                before.clear();
            }
            TokenTree::Punct(punct) => {
                if punct.as_char() == ';' {
                    constant.clear();
                }
                before.clear();
            }
        }
    }
}

fn text(literal: proc_macro2::Literal) -> Option<String> {
    match Lit::new(literal) {
        Lit::Str(text) => Some(text.value()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_found_in_calls_macros_and_constants() {
        let source = r#"
            const PHASE: &str = "Painting";
            const OTHER: &str = "other";
            fn f() {
                job.step("Looking", 0.5);
                g(format!("{}: {}", tr("A long \
                    text"), tr_with("%s \"left\"", "no")));
            }"#;
        let wanted =
            |before: &str, name: &str| before == "step" || name == PHASE || CALLS.contains(&before);
        let mut found = Vec::new();
        search(source.parse().unwrap(), &wanted, &mut found);
        assert_eq!(found, ["Painting", "Looking", "A long text", "%s \"left\""]);
    }
}
