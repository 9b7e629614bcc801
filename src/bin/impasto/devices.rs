//! `impasto devices`.

use impasto::{Engine, Result};
use serde_json::json;

use crate::{JsonArgument, output};

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
            .map(|d| json!({"device": d.device.to_string(), "available": d.unavailable.is_none(), "why_not": d.unavailable}))
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
        let answer = status.unavailable.map_or("yes".to_owned(), |why| format!("no: {why}"));
        output::line(format_args!("  {:<12} {answer}", status.device.to_string()))?;
    }
    Ok(())
}
