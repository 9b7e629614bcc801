//! `impasto graph`.

use std::path::PathBuf;

use clap::{ArgMatches, Args};
use impasto::{Engine, Error, ErrorKind, Result};

use crate::arguments::given;
use crate::optimize::ModelArguments;
use crate::output;

#[derive(Args)]
pub struct GraphArguments {
    /// The ONNX file to write
    #[arg(long, short, value_name = "FILE")]
    out: PathBuf,
    /// Masks that guide styles; 0 for styles everywhere
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u8).range(0..=16))]
    masks: u8,
    #[command(flatten)]
    model: ModelArguments,
}

pub fn run(engine: &Engine, arguments: &GraphArguments, matches: &ArgMatches) -> Result<()> {
    let mut options = given(matches)?.0.optimize;
    arguments.model.apply(&mut options);
    let graph = engine.step_graph(&options, usize::from(arguments.masks))?;
    impasto::write_file(&arguments.out, &graph).map_err(|e| {
        let what = format!("cannot write the graph to '{}'", arguments.out.display());
        Error::caused(ErrorKind::File, what, e)
    })?;
    output::line(format_args!("{}: {:.1} MB", arguments.out.display(), graph.len() as f64 / 1e6))
}
