//! `impasto models`.

use impasto::{Engine, Error, ErrorKind, Result};
use serde_json::json;

use crate::{JsonArgument, output};

#[derive(clap::Args)]
pub struct ModelsArguments {
    #[command(flatten)]
    json: JsonArgument,
}

pub fn run(engine: &Engine, arguments: &ModelsArguments) -> Result<()> {
    let models = engine.models()?;
    let mut damaged = None;
    let mut rows = Vec::new();
    for description in models.descriptions() {
        let state = match models.load(&description.name) {
            Ok(_) => "whole".to_owned(),
            Err(e) => {
                let words = e.full_message();
                damaged = Some(words.clone());
                words
            }
        };
        rows.push((description, state));
    }
    if arguments.json.json {
        let rows: Vec<_> = rows
            .iter()
            .map(|(d, state)| json!({"name": d.name, "file": d.file, "licence": d.licence, "source": d.source, "sha256": d.sha256, "state": state}))
            .collect();
        output::line(json!({"folder": models.folder(), "networks": rows}))?;
    } else {
        output::line(format_args!("{}", models.folder().display()))?;
        for (description, state) in &rows {
            let file = description.file.display().to_string();
            output::line(format_args!(
                "  {:<8} {:<27} {:<57} {}",
                description.name, file, description.licence, state
            ))?;
        }
    }
    match damaged {
        Some(words) => Err(Error::new(ErrorKind::Model, words)),
        None => Ok(()),
    }
}
