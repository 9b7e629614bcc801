//! Options of the engine, whatever it is to do.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::Args;
use impasto::runtime::Device;
use impasto::{Engine, EngineOptions};

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
