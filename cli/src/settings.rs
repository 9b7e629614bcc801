//! `impasto settings`.

use clap::{Args, ValueEnum};
use impasto::Result;
use impasto::settings::{Kind, Place, SETTINGS, Setting};
use impasto_cli::output;
use impasto_cli::setting_options::{default, range, values};
use serde_json::{Value, json};

use crate::JsonArgument;

#[derive(Args)]
pub struct SettingsArguments {
    #[command(flatten)]
    json: JsonArgument,
    /// Print a table for a README: of the fast method and of both, of the optimise method alone,
    /// or of long work
    #[arg(long, value_name = "METHOD", conflicts_with = "json")]
    markdown: Option<Part>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    Fast,
    Optimize,
    Programs,
}

pub fn run(arguments: &SettingsArguments) -> Result<()> {
    if arguments.json.json {
        return output::line(json!(SETTINGS.iter().map(as_json).collect::<Vec<_>>()));
    }
    match arguments.markdown {
        Some(part) => table(part),
        None => list(),
    }
}

fn list() -> Result<()> {
    SETTINGS.iter().try_for_each(|setting| {
        output::line(format_args!("{} [{}]", setting.name, values(setting)))?;
        output::line(format_args!("    {}", setting.help))
    })
}

fn table(part: Part) -> Result<()> {
    output::line("| option | range | default | what it does |\n|---|---|---|---|")?;
    SETTINGS.iter().filter(|setting| Part::of(setting) == part).try_for_each(|setting| {
        output::line(format_args!(
            "| `--{}` | {} | {} | {} |",
            setting.name,
            range(setting),
            default(setting),
            setting.help,
        ))
    })
}

impl Part {
    /// Each setting stands in one table.
    fn of(setting: &Setting) -> Self {
        match setting.place {
            Place::Programs => Self::Programs,
            _ if setting.methods.fast => Self::Fast,
            _ => Self::Optimize,
        }
    }
}

fn as_json(setting: &Setting) -> Value {
    let methods = [
        (setting.methods.fast, "fast"),
        (setting.methods.optimize, "optimize"),
        (setting.methods.studio, "studio"),
    ];
    let methods = methods.into_iter().filter(|(has, _)| *has).map(|(_, name)| name);
    let (kind, limits, choices) = match setting.kind {
        Kind::Float { least, most, .. } => ("float", json!([least, most]), Value::Null),
        Kind::Integer { least, most, .. } => ("integer", json!([least, most]), Value::Null),
        Kind::Choice(values) => {
            let names: Vec<_> = values.iter().map(|(name, _)| name).collect();
            ("choice", Value::Null, json!(names))
        }
        Kind::Text { .. } => ("text", Value::Null, Value::Null),
    };
    json!({
        "name": setting.name,
        "label": setting.label,
        "help": setting.help,
        "methods": methods.collect::<Vec<_>>(),
        "kind": kind,
        "range": setting.range(),
        "limits": limits,
        "choices": choices,
        "unit": setting.unit,
        "default": default(setting),
    })
}
