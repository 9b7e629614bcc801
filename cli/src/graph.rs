//! `impasto graph`.

use std::path::PathBuf;

use clap::{ArgMatches, Args};
use impasto::settings::{SETTINGS, Setting};
use impasto::{Engine, Error, Result, check_file};
use impasto_cli::output;
use impasto_cli::setting_options::Given;

#[derive(Args)]
pub struct GraphArguments {
    /// The ONNX file to write
    #[arg(long, short, value_name = "FILE")]
    out: PathBuf,
    /// Masks that guide styles; 0 for styles everywhere
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u8).range(0..=16))]
    masks: u8,
}

/// The settings that change what the step graph computes.
pub fn settings() -> impl Iterator<Item = &'static Setting> {
    let names = ["pooling", "content-layers", "style-layers", "features"];
    SETTINGS.iter().filter(move |setting| names.contains(&setting.name))
}

pub fn run(engine: &Engine, arguments: &GraphArguments, matches: &ArgMatches) -> Result<()> {
    let out = &arguments.out;
    let options = Given::of(matches)?.into_any().optimize;
    let refused = |e: Error| {
        Error::caused(e.kind(), format!("cannot write the graph to '{}'", out.display()), e)
    };
    check_file(out).map_err(refused)?;
    let graph = engine.step_graph(&options, usize::from(arguments.masks))?;
    impasto::write_file(out, &graph).map_err(refused)?;
    output::line(format_args!("{}: {:.1} MB", out.display(), graph.len() as f64 / 1e6))
}
