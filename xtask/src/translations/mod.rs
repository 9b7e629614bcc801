//! The GIMP filter's words in other languages: gettext catalogues in `plugin-gimp/po`, whose list of
//! words comes from the filter's source and from the engine.

mod catalogue;
mod faults;
mod words;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::cargo::Built;
use crate::replace;
use crate::repo::Repo;
use words::Word;

/// Of the catalogues, as the filter asks gettext for them.
const DOMAIN: &str = "impasto-gimp";

/// The languages, as gettext names them.
pub const LANGUAGES: [&str; 5] = ["de", "es", "fr", "ja", "zh_CN"];

/// Where they lie in the checkout.
const FOLDER: &str = "plugin-gimp/po";

/// Writes the list of words, and puts new ones into all catalogues and takes old ones out; or with
/// `check` fails where something is to be written, is missing or is amiss.
pub fn update(repo: &Repo, built: &Built, check: bool) -> Result<()> {
    let words = words::all(repo, built)?;
    write(repo, &format!("{FOLDER}/{DOMAIN}.pot"), &catalogue::template(&words)?, check)?;
    let mut faults = Vec::new();
    for language in LANGUAGES {
        let name = format!("{FOLDER}/{language}.po");
        let path = repo.root().join(&name);
        let old = path.is_file().then(|| catalogue::read(&path)).transpose()?;
        let merged = catalogue::merged(old.as_ref(), language, &words);
        write(repo, &name, &catalogue::text(&merged)?, check)?;
        let found = faults::find(&merged);
        faults.extend(found.into_iter().map(|fault| format!("{name}: {fault}")));
    }
    if check && !faults.is_empty() {
        bail!("correct these translations:\n{}", faults.join("\n"));
    }
    println!("{} words in {} languages: {} faults", words.len(), LANGUAGES.len(), faults.len());
    for fault in &faults {
        println!("{fault}");
    }
    Ok(())
}

fn write(repo: &Repo, name: &str, text: &str, check: bool) -> Result<()> {
    let path = repo.root().join(name);
    let is_current = fs::read_to_string(&path).is_ok_and(|found| found == text);
    match (is_current, check) {
        (true, _) => Ok(()),
        (false, true) => {
            bail!("the words in {name} are not those of the filter: run `cargo xtask options`")
        }
        (false, false) => replace::text(text, &path).with_context(|| format!("writing {name}")),
    }
}

/// The catalogues as programs read them, made from those in the checkout: each with its place below
/// the folder of catalogues.
pub fn compiled(repo: &Repo) -> Result<Vec<(PathBuf, PathBuf)>> {
    LANGUAGES
        .iter()
        .map(|language| {
            let place = Path::new(language).join("LC_MESSAGES").join(format!("{DOMAIN}.mo"));
            let from = repo.root().join(FOLDER).join(format!("{language}.po"));
            let to = repo.target().join("catalogues").join(&place);
            fs::create_dir_all(to.parent().unwrap_or(&to))?;
            catalogue::compile(&from, &to)
                .with_context(|| format!("compiling {}", from.display()))?;
            Ok((to, place))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn catalogues_are_whole() {
        for language in LANGUAGES {
            let path = Repo::find().root().join(FOLDER).join(format!("{language}.po"));
            let faults = faults::find(&catalogue::read(&path).unwrap());
            assert!(faults.is_empty(), "{language}:\n{}", faults.join("\n"));
        }
    }
}
