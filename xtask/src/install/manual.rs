//! The manual page of the GIMP filter, as a browser shows it.

use std::fs;

use anyhow::{Context, Result};
use pulldown_cmark::{Options, Parser, html};

use crate::repo::Repo;

/// In the repository.
const PAGE: &str = "docs/GIMP.md";

/// The page's name where it is installed, which the filter opens.
pub const NAME: &str = "GIMP.html";

/// The page as HTML.
pub fn page(repo: &Repo) -> Result<String> {
    let path = repo.root().join(PAGE);
    let text = fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
    let mut body = String::new();
    html::push_html(&mut body, Parser::new_ext(&text, Options::ENABLE_TABLES));
    Ok(format!("{HEAD}{body}</body></html>\n"))
}

const HEAD: &str = "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">\
    <title>Impasto in GIMP</title><style>\
    body{font:16px/1.5 sans-serif;max-width:44em;margin:2em auto;padding:0 1em}\
    table{border-collapse:collapse}td,th{border:1px solid #aaa;padding:.3em .6em;text-align:left}\
    code{background:#8882;padding:0 .2em}</style></head><body>\n";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_and_headings_become_html() {
        let page = page(&Repo::find()).unwrap();
        assert!(page.contains("<h1>Impasto in GIMP</h1>"), "{page}");
        assert!(page.contains("<table>") && page.ends_with("</html>\n"));
    }
}
