//! What a device can do at most, measured through the same runtime that runs our networks.

use std::time::{Duration, Instant};

use impasto::graph::{Attribute, GraphBuilder};
use impasto::job::Cancel;
use impasto::runtime::operators::InstructionSet;
use impasto::runtime::{Device, Input, Precision};
use impasto::{Engine, Result};

use crate::registers;
use crate::reported::{REPORTED, one_number_of};

/// How long each measurement goes on.
pub const PATIENCE: Duration = Duration::from_millis(400);

/// The most that was reached.
pub struct Roof {
    /// Multiplications and additions.
    pub operations_per_second: f64,
    /// Read and written.
    pub bytes_per_second: f64,
}

impl Roof {
    /// Of the device in its own precision. Every measurement leaves its result on the device. Where
    /// operators are kept to an instruction set, what the processor can do in that one.
    pub fn of(
        engine: &Engine,
        device: &Device,
        instructions: Option<InstructionSet>,
    ) -> Result<Self> {
        let is_processor = matches!(device, Device::Cpu | Device::OpenVino(_));
        // A GPU is done with small ones before it has begun.
        let large = if is_processor { 1 } else { 4 };
        let mut products = vec![
            matrices(1024 * large),
            matrices(2048 * large),
            convolutions(128, 256 * large, 1),
            convolutions(512, 128 * large, 1),
        ];
        if is_processor {
            // They reuse more of what they read. On a GPU they may take fewer multiplications.
            products.extend([convolutions(64, 256, 3), convolutions(128, 256, 3)]);
        }
        // Memory is one and the same in every precision; only these numbers have a known size.
        let in_memory = match device {
            Device::OpenVino(Precision::Bf16) => &Device::OpenVino(Precision::F32),
            other => other,
        };
        let length = (1 << 25) * large;
        let passes = [scaled(length), added(length)];
        Ok(Self {
            operations_per_second: match instructions.and_then(InstructionSet::arch) {
                Some(arch) if *device == Device::Cpu => {
                    registers::operations_per_second(arch, engine.threads())
                }
                _ => best(engine, device, &products)?,
            },
            bytes_per_second: best(engine, in_memory, &passes)?,
        })
    }
}

/// A network of one result, and what a run of it amounts to.
struct Task {
    onnx: Vec<u8>,
    result: String,
    inputs: Vec<(&'static str, Vec<i64>)>,
    amount: f64,
}

/// The largest amount a second.
fn best(engine: &Engine, device: &Device, tasks: &[Task]) -> Result<f64> {
    let mut best = 0.0_f64;
    for task in tasks {
        let threads = engine.threads();
        let rank = task.inputs[0].1.len();
        let onnx = one_number_of(&task.onnx, &task.result, rank)?;
        let session = engine.runtime()?.session("measured", &onnx, device, threads)?;
        let values: Vec<Vec<f32>> = task
            .inputs
            .iter()
            .map(|(_, shape)| vec![0.5; shape.iter().product::<i64>() as usize])
            .collect();
        let inputs = task.inputs.iter().zip(&values);
        let inputs: Vec<_> =
            inputs.map(|((name, shape), values)| Input { name, shape, values }).collect();
        let mut bound = session.bind(&inputs, &[], REPORTED)?;
        let cancel = Cancel::new();
        bound.run(&cancel)?;
        let started = Instant::now();
        while started.elapsed() < PATIENCE {
            let run = Instant::now();
            bound.run(&cancel)?;
            best = best.max(task.amount / run.elapsed().as_secs_f64());
        }
    }
    Ok(best)
}

/// A product of two square matrices.
fn matrices(side: usize) -> Task {
    let mut g = GraphBuilder::new("product");
    let dims = [Some(side as i64); 2];
    g.input("a", &dims);
    g.input("b", &dims);
    let result = g.node("MatMul", "product", &["a", "b"], &[]);
    let inputs = ["a", "b"].map(|name| (name, vec![side as i64; 2])).to_vec();
    Task { onnx: g.finish(), result, inputs, amount: 2.0 * (side as f64).powi(3) }
}

/// Convolutions one after the other, so that runtimes' own order of channels costs little.
fn convolutions(channels: usize, side: usize, kernel: usize) -> Task {
    const COUNT: usize = 4;
    let mut g = GraphBuilder::new("convolutions");
    let shape = [1, channels as i64, side as i64, side as i64];
    g.input("x0", &shape.map(Some));
    let taps = channels * kernel * kernel;
    let kernels = vec![1.0 / taps as f32; channels * taps];
    let weights = g.constant("weights", &[channels, channels, kernel, kernel], &kernels);
    let settings = [
        ("kernel_shape", Attribute::Ints(&[kernel as i64; 2])),
        ("pads", Attribute::Ints(&[kernel as i64 / 2; 4])),
    ];
    let mut x = "x0".to_owned();
    for k in 1..=COUNT {
        x = g.node("Conv", &format!("x{k}"), &[&x, &weights], &settings);
    }
    let amount = 2.0 * (COUNT * side * side * channels * taps) as f64;
    Task { onnx: g.finish(), result: x, inputs: vec![("x0", shape.to_vec())], amount }
}

/// One array read, one written.
fn scaled(length: usize) -> Task {
    let mut g = GraphBuilder::new("scaled");
    g.input("x", &[Some(length as i64)]);
    let factor = g.constant("factor", &[1], &[0.5]);
    let result = g.node("Mul", "y", &["x", &factor], &[]);
    Task {
        onnx: g.finish(),
        result,
        inputs: vec![("x", vec![length as i64])],
        amount: 8.0 * length as f64,
    }
}

/// Two arrays read, one written.
fn added(length: usize) -> Task {
    let mut g = GraphBuilder::new("added");
    for name in ["a", "b"] {
        g.input(name, &[Some(length as i64)]);
    }
    let result = g.node("Add", "y", &["a", "b"], &[]);
    let inputs = ["a", "b"].map(|name| (name, vec![length as i64])).to_vec();
    Task { onnx: g.finish(), result, inputs, amount: 12.0 * length as f64 }
}
