//! `impasto models`.

use std::path::PathBuf;

use impasto::{Engine, Error, ErrorKind, Result};
use impasto_cli::output;
use serde_json::json;

use crate::JsonArgument;

#[derive(clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct ModelsArguments {
    #[command(subcommand)]
    action: Option<Action>,
    #[command(flatten)]
    json: JsonArgument,
}

#[derive(clap::Subcommand)]
enum Action {
    /// Take over a VGG16 or VGG19 for `paint --features NAME`.
    ///
    /// Takes .safetensors files with the names of torchvision or timm (features.0.weight), of
    /// Keras (block1_conv1/kernel:0) or our own. What is no convolution is left out.
    Import {
        /// The .safetensors file
        file: PathBuf,
        /// What to call it; by default the file's name
        #[arg(long)]
        name: Option<String>,
    },
    /// Remove an imported network.
    Remove {
        /// What it is called
        name: String,
    },
}

pub fn run(engine: &Engine, arguments: &ModelsArguments) -> Result<()> {
    match &arguments.action {
        Some(Action::Import { file, name }) => {
            let stem = || file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let name = name.clone().unwrap_or_else(stem);
            let written = engine.feature_networks()?.import(file, &name)?;
            output::line(format_args!("{name}: {}", written.display()))
        }
        Some(Action::Remove { name }) => engine.feature_networks()?.remove(name),
        None => list(engine, arguments),
    }
}

fn list(engine: &Engine, arguments: &ModelsArguments) -> Result<()> {
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
    let imported = engine.feature_networks()?.imported();
    if arguments.json.json {
        let rows: Vec<_> = rows
            .iter()
            .map(|(d, state)| json!({"name": d.name, "file": d.file, "licence": d.licence, "source": d.source, "sha256": d.sha256, "state": state}))
            .collect();
        let imported: Vec<_> =
            imported.iter().map(|(name, file)| json!({"name": name, "file": file})).collect();
        output::line(json!({"folder": models.folder(), "networks": rows, "imported": imported}))?;
    } else {
        output::line(format_args!("{}", models.folder().display()))?;
        for (description, state) in &rows {
            let file = description.file.display().to_string();
            output::line(format_args!(
                "  {:<10} {:<27} {:<57} {}",
                description.name, file, description.licence, state
            ))?;
        }
        for (name, file) in &imported {
            output::line(format_args!("  {name:<10} {} (imported)", file.display()))?;
        }
    }
    match damaged {
        Some(words) => Err(Error::new(ErrorKind::Model, words)),
        None => Ok(()),
    }
}
