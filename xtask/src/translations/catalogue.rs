//! Catalogues in gettext's format.

use std::io::BufWriter;
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use polib::catalog::Catalog;
use polib::message::Message;
use polib::metadata::CatalogMetadata;
use polib::{mo_file, po_file};

use super::Word;

/// The list of words without translations.
pub fn template(words: &[Word]) -> Result<String> {
    text(&merged(None, "", words))
}

pub fn read(path: &Path) -> Result<Catalog> {
    po_file::parse(path).map_err(|error| anyhow!("reading {}: {error}", path.display()))
}

/// The words with the translations that `old` has of them, and its notes of translators.
pub fn merged(old: Option<&Catalog>, language: &str, words: &[Word]) -> Catalog {
    let mut new = Catalog::new(metadata(language));
    for word in words {
        let mut message = Message::build_singular();
        message.with_msgid(word.text.clone()).with_source(word.sources.join("\n"));
        if let Some(old) = old.and_then(|old| old.find_message(None, &word.text, None)) {
            message
                .with_msgstr(old.msgstr().unwrap_or_default().to_owned())
                .with_flags(old.flags().clone())
                .with_translator_comments(old.translator_comments().to_owned());
        }
        new.append_or_update(message.done());
    }
    new
}

fn metadata(language: &str) -> CatalogMetadata {
    let mut metadata = CatalogMetadata::new();
    metadata.project_id_version = "Impasto".to_owned();
    metadata.mime_version = "1.0".to_owned();
    metadata.content_type = "text/plain; charset=UTF-8".to_owned();
    metadata.content_transfer_encoding = "8bit".to_owned();
    language.clone_into(&mut metadata.language);
    metadata
}

/// The text of its file.
pub fn text(catalogue: &Catalog) -> Result<String> {
    let mut writer = BufWriter::new(Vec::new());
    po_file::write(catalogue, &mut writer)?;
    let bytes = writer.into_inner().map_err(|error| error.into_error())?;
    let text = String::from_utf8(bytes).context("a catalogue is not UTF-8")?;
    Ok(format!("{}\n", text.trim_end()))
}

/// Writes the catalogue `from` as programs read it.
pub fn compile(from: &Path, to: &Path) -> Result<()> {
    Ok(mo_file::write(&read(from)?, to)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(text: &str) -> Word {
        Word { text: text.to_owned(), sources: vec!["src/a.rs".to_owned()] }
    }

    #[test]
    fn translations_stay_new_words_come_and_old_ones_go() {
        let mut old = merged(None, "de", &[word("Layer"), word("Gone")]);
        let layer = Message::build_singular()
            .with_msgid("Layer".to_owned())
            .with_msgstr("Ebene".to_owned())
            .done();
        old.append_or_update(layer);
        let new = merged(Some(&old), "de", &[word("New"), word("Layer")]);
        let pairs: Vec<_> = new.messages().map(|m| (m.msgid(), m.msgstr().unwrap())).collect();
        assert_eq!(pairs, [("New", ""), ("Layer", "Ebene")]);

        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("de.po");
        std::fs::write(&path, text(&new).unwrap()).unwrap();
        let read = read(&path).unwrap();
        assert_eq!(text(&merged(Some(&read), "de", &[word("New"), word("Layer")])).unwrap(), {
            text(&new).unwrap()
        });
    }
}
