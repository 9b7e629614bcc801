//! `impasto devices`.

use impasto::{Engine, Result};
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
            .map(|d| json!({"device": d.device.to_string(), "available": d.unavailable.is_none(), "why_not": d.unavailable}))
            .collect();
        let version = runtime.version().to_string();
        println!("{}", json!({"runtime": runtime.path(), "version": version, "devices": devices}));
        return Ok(());
    }
    println!("ONNX Runtime {} from {}", runtime.version(), runtime.path().display());
    for status in devices {
        let answer = status.unavailable.map_or("yes".to_owned(), |why| format!("no: {why}"));
        println!("  {:<12} {answer}", status.device.to_string());
    }
    Ok(())
}
