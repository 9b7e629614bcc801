//! `impasto devices`.

use impasto::{Engine, Result};
use impasto_cli::{cures, output};
use serde_json::json;

use crate::JsonArgument;

#[derive(clap::Args)]
pub struct DevicesArguments {
    #[command(flatten)]
    json: JsonArgument,
}

pub fn run(engine: &Engine, arguments: &DevicesArguments) -> Result<()> {
    let runtime = engine.runtime()?;
    let devices = engine.devices()?;
    if arguments.json.json {
        let devices: Vec<_> = devices
            .iter()
            .map(|d| {
                let why_not = d.unavailable.as_deref().map(cures::with_options);
                let available = why_not.is_none();
                json!({"device": d.device.to_string(), "available": available, "why_not": why_not})
            })
            .collect();
        let version = runtime.version().to_string();
        output::line(json!({"runtime": runtime.path(), "version": version, "devices": devices}))?;
        return Ok(());
    }
    output::line(format_args!(
        "ONNX Runtime {} from {}",
        runtime.version(),
        runtime.path().display()
    ))?;
    for status in devices {
        let why_not = status.unavailable.as_deref().map(cures::with_options);
        let answer = why_not.map_or("yes".to_owned(), |why| format!("no: {why}"));
        output::line(format_args!("  {:<12} {answer}", status.device.to_string()))?;
    }
    Ok(())
}
