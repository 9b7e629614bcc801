//! The least time that a network's operations and its memory traffic take on a device.

use std::fmt;

use impasto::runtime::operators::InstructionSet;
use impasto::runtime::{Device, Precision};
use impasto::{Engine, Result};
use serde_json::{Value, json};

use crate::cost::Cost;
use crate::roof::Roof;

/// What a run of a network needs, and what its device gives.
pub struct Roofline {
    operations: u64,
    bytes: u64,
    roof: Roof,
}

impl Roofline {
    /// Of an ONNX file with its inputs' dimensions (see [`Cost::of`]); measures the device.
    pub fn of(
        engine: &Engine,
        device: &Device,
        instructions: Option<InstructionSet>,
        onnx: &[u8],
        dims: impl Fn(&str) -> Option<Vec<i64>>,
    ) -> Result<Self> {
        let cost = Cost::of(onnx, dims, engine.runtime()?)?;
        let bytes_of_a_number = match device {
            Device::OpenVino(Precision::Bf16) => 2,
            _ => 4,
        };
        let (operations, bytes) = (cost.operations, cost.numbers * bytes_of_a_number);
        Ok(Self { operations, bytes, roof: Roof::of(engine, device, instructions)? })
    }

    /// The least seconds for the operations, and for the memory traffic.
    fn floor(&self) -> [f64; 2] {
        [
            self.operations as f64 / self.roof.operations_per_second,
            self.bytes as f64 / self.roof.bytes_per_second,
        ]
    }

    pub fn as_json(&self) -> Value {
        let [operations, bytes] = self.floor();
        json!({
            "operations": self.operations,
            "bytes": self.bytes,
            "operations_per_second": self.roof.operations_per_second,
            "bytes_per_second": self.roof.bytes_per_second,
            "least_seconds": {"operations": operations, "bytes": bytes},
        })
    }
}

impl fmt::Display for Roofline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [operations, bytes] = self.floor();
        let billions = |value: f64| value / 1e9;
        write!(
            f,
            "{:.1} billion operations, {:.2} GB: at {:.0} billion operations and {:.1} GB a second \
             not less than {operations:.3} s and {bytes:.3} s",
            billions(self.operations as f64),
            billions(self.bytes as f64),
            billions(self.roof.operations_per_second),
            billions(self.roof.bytes_per_second),
        )
    }
}
