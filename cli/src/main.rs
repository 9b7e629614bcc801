//! The command line of Impasto.

mod devices;
mod graph;
mod hints;
mod look;
mod models;
mod paint;
mod settings;
mod styles;

use std::process::ExitCode;

use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand};
use impasto::Result;
use impasto::settings::SETTINGS;
use impasto_cli::outcome::EXIT_CODES;
use impasto_cli::setting_options::with_settings;
use impasto_cli::{EngineArguments, logger, outcome};

use hints::with_hint;

/// Paint one picture in the style of another.
#[derive(Parser)]
#[command(
    name = "impasto",
    version,
    subcommand_required = true,
    arg_required_else_help = true,
    after_help = EXIT_CODES
)]
struct Cli {
    #[command(flatten)]
    engine: EngineArguments,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Paint pictures in a style.
    Paint(Box<paint::PaintArguments>),
    /// Write the look of a picture to a file, for the frames of a shot on any machine.
    Look(look::LookArguments),
    /// List the styles, show them all on one picture, add or remove your own.
    Styles(styles::StylesArguments),
    /// List the settings of a painting.
    Settings(settings::SettingsArguments),
    /// Write one step of the optimise method as an ONNX file.
    Graph(graph::GraphArguments),
    /// List the networks, check that they are whole, import feature networks.
    Models(models::ModelsArguments),
    /// List the devices, with the reason where one cannot be used.
    Devices(devices::DevicesArguments),
}

fn main() -> ExitCode {
    let command = Cli::command()
        .mut_subcommand("paint", |paint| with_settings(paint, SETTINGS))
        .mut_subcommand("look", |look| with_settings(look, look::settings()))
        .mut_subcommand("graph", |graph| with_settings(graph, graph::settings()));
    let matches = match command.try_get_matches() {
        Ok(matches) => matches,
        Err(e) => with_hint(e).exit(),
    };
    let cli = match Cli::from_arg_matches(&matches) {
        Ok(cli) => cli,
        Err(e) => e.exit(),
    };
    logger::install(cli.engine.verbose);
    let matches = matches.subcommand().map_or(&matches, |(_, matches)| matches);
    outcome::exit_code("impasto", run(&cli, matches))
}

fn run(cli: &Cli, matches: &clap::ArgMatches) -> Result<()> {
    let engine = cli.engine.engine();
    match &cli.command {
        Command::Paint(arguments) => paint::run(&engine, &cli.engine, arguments, matches),
        Command::Look(arguments) => look::run(&engine, arguments, matches),
        Command::Styles(arguments) => styles::run(&engine, arguments),
        Command::Settings(arguments) => settings::run(arguments),
        Command::Graph(arguments) => graph::run(&engine, arguments, matches),
        Command::Models(arguments) => models::run(&engine, arguments),
        Command::Devices(arguments) => devices::run(&engine, arguments),
    }
}

/// Arguments that make the output a report for programs.
#[derive(Args)]
struct JsonArgument {
    /// Print a report for programs as JSON.
    #[arg(long)]
    json: bool,
}
