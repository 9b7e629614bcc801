//! The command line of Impasto.

mod arguments;
mod bench;
mod cancel;
mod devices;
mod graph;
mod logger;
mod models;
mod optimize;
mod output;
mod paint;
mod progress;
mod size;
mod style;
mod styles;

use std::process::ExitCode;

use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand};
use impasto::ErrorKind;

/// Paint one picture in the style of another.
#[derive(Parser)]
#[command(
    name = "impasto",
    version,
    subcommand_required = true,
    arg_required_else_help = true,
    after_help = "Exit codes: 0 all done, 1 something failed, 2 wrong command line, 130 \
                  interrupted (nothing is left half-written)."
)]
struct Cli {
    #[command(flatten)]
    engine: arguments::EngineArguments,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Paint pictures in a style.
    Paint(paint::PaintArguments),
    /// List the styles, show them all on one picture, add or remove your own.
    Styles(styles::StylesArguments),
    /// Write one step of the optimise method as an ONNX file.
    Graph(graph::GraphArguments),
    /// List the networks, check that they are whole, import feature networks.
    Models(models::ModelsArguments),
    /// List the devices, with the reason where one cannot be used.
    Devices(devices::DevicesArguments),
    /// Measure how fast this machine paints.
    Bench(bench::BenchArguments),
}

fn main() -> ExitCode {
    let command = Cli::command()
        .mut_subcommand("paint", arguments::with_parameters)
        .mut_subcommand("graph", arguments::with_graph_parameters)
        .mut_subcommand("bench", arguments::with_parameters);
    let matches = command.get_matches();
    let cli = match Cli::from_arg_matches(&matches) {
        Ok(cli) => cli,
        Err(e) => e.exit(),
    };
    logger::install(cli.engine.verbose);
    let engine = cli.engine.engine();
    let result = match &cli.command {
        Command::Paint(arguments) => paint::run(&engine, &cli.engine, arguments, &matches),
        Command::Styles(arguments) => styles::run(&engine, arguments),
        Command::Graph(arguments) => graph::run(&engine, arguments, &matches),
        Command::Models(arguments) => models::run(&engine, arguments),
        Command::Devices(arguments) => devices::run(&engine, arguments),
        Command::Bench(arguments) => bench::run(&engine, &cli.engine, arguments, &matches),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) if e.kind() == ErrorKind::Cancelled => {
            eprintln!("impasto: interrupted");
            ExitCode::from(130)
        }
        Err(e) => {
            eprintln!("impasto: {}", e.full_message());
            ExitCode::from(if e.kind() == ErrorKind::Argument { 2 } else { 1 })
        }
    }
}

/// Arguments that make the output a report for programs.
#[derive(Args)]
struct JsonArgument {
    /// Print a report for programs as JSON.
    #[arg(long)]
    json: bool,
}
