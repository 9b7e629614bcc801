//! Arguments that several commands share, and those that the engine's table describes.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Arg, ArgMatches, Args, Command};
use impasto::parameters::{Method, PARAMETERS, Parameter, ParameterKind, Settings};
use impasto::runtime::Device;
use impasto::{Engine, EngineOptions, Error, ErrorKind, Result};

use crate::size::parse_bytes;

/// Where things are and what may be used.
#[derive(Args)]
#[command(next_help_heading = "Engine")]
pub struct EngineArguments {
    /// Processor: auto, cpu, cuda[:N], cuda[:N]:fp16 and openvino:bf16 (faster, a little
    /// different), directml[:N], openvino, or the path of a plug-in provider's library; `impasto
    /// devices` lists them
    #[arg(long, global = true, default_value = "auto", value_name = "DEVICE")]
    device: Device,
    /// Threads; one for each core by default
    #[arg(long, global = true, value_name = "N")]
    threads: Option<NonZeroUsize>,
    /// Memory that the program may take, such as 1G; pictures are then painted in smaller tiles
    #[arg(long, global = true, value_name = "AMOUNT", value_parser = parse_bytes)]
    pub memory: Option<u64>,
    /// ONNX Runtime's library
    #[arg(long, global = true, value_name = "FILE")]
    runtime: Option<PathBuf>,
    /// Folder of the networks
    #[arg(long, global = true, value_name = "FOLDER")]
    models: Option<PathBuf>,
    /// Say more; twice or three times for more still
    #[arg(long, short, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
}

impl EngineArguments {
    /// The engine that was asked for.
    pub fn engine(&self) -> Engine {
        Engine::new(EngineOptions {
            runtime: self.runtime.clone(),
            models: self.models.clone(),
            device: self.device.clone(),
            threads: self.threads,
            ..EngineOptions::default()
        })
    }
}

/// Adds an option for each of the engine's parameters.
pub fn with_parameters(command: Command) -> Command {
    with(command, |_| true)
}

/// Adds the parameters that change what the step graph computes.
pub fn with_graph_parameters(command: Command) -> Command {
    with(command, |parameter| parameter.name == "pooling")
}

fn with(command: Command, wanted: impl Fn(&Parameter) -> bool) -> Command {
    let wanted = PARAMETERS.iter().filter(|parameter| wanted(parameter));
    wanted.fold(command, |command, parameter| {
        let heading = match (parameter.methods.fast, parameter.methods.optimize) {
            (true, true) => "Painting",
            (true, false) => "Fast method",
            _ => "Optimise method",
        };
        command.next_help_heading(heading).arg(
            Arg::new(parameter.name)
                .long(parameter.name)
                .help(format!("{} [{}]", parameter.help.trim_end_matches('.'), values(parameter)))
                .value_name(placeholder(parameter))
                .allow_hyphen_values(true),
        )
    })
}

/// The settings given to the subcommand over the defaults. One that the chosen method does not
/// have is an error: it would do nothing.
pub fn settings(matches: &ArgMatches) -> Result<Settings> {
    let (settings, given) = given(matches)?;
    for parameter in given {
        let (has, other) = match settings.method {
            Method::Fast => (parameter.methods.fast, "optimize"),
            Method::Optimize => (parameter.methods.optimize, "fast"),
        };
        if !has {
            let what = format!("cannot use --{} without --method {other}", parameter.name);
            return Err(Error::new(ErrorKind::Argument, what));
        }
    }
    Ok(settings)
}

/// The settings that are given over the defaults, and which are.
pub fn given(matches: &ArgMatches) -> Result<(Settings, Vec<&'static Parameter>)> {
    let mut settings = Settings::default();
    let mut given = Vec::new();
    let Some((_, matches)) = matches.subcommand() else { return Ok((settings, given)) };
    for parameter in PARAMETERS {
        // Not every command has every parameter.
        if let Ok(Some(text)) = matches.try_get_one::<String>(parameter.name) {
            settings.set(parameter.name, parameter.parse(text)?)?;
            given.push(parameter);
        }
    }
    Ok((settings, given))
}

fn placeholder(parameter: &Parameter) -> &'static str {
    match parameter.kind {
        ParameterKind::Float { .. } | ParameterKind::Integer { .. } => "NUMBER",
        ParameterKind::Choice { .. } => "HOW",
    }
}

fn values(parameter: &Parameter) -> String {
    match parameter.kind {
        ParameterKind::Float { least, most, default, .. } => {
            format!("{least} to {most}; default {default}")
        }
        ParameterKind::Integer { default, .. } => format!("default {default}"),
        ParameterKind::Choice { values, default } => {
            let names: Vec<_> = values.iter().map(|(name, _)| *name).collect();
            format!("{}; default {}", names.join(", "), names[default])
        }
    }
}
