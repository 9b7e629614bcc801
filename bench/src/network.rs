//! A network of the fast method alone: neither margin nor pixels, its input on the device already.

use std::time::Instant;

use impasto::fast::{CODE_LENGTH, Network};
use impasto::graph::{Form, in_half};
use impasto::job::Cancel;
use impasto::runtime::{self, Halve, Input};
use impasto::{Engine, Error, ErrorKind, Job, Result, Settings};
use impasto_cli::{output, style};
use serde_json::json;

use crate::peak::Peak;
use crate::reported::{REPORTED, one_number_of};
use crate::roofline::Roofline;
use crate::spread::Spread;
use crate::{BenchArguments, drawn};

/// Sides are multiples of this.
const MULTIPLE: u32 = 4;

/// The networks of the fast method.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Fast {
    Render,
    Statistics,
}

pub fn run(
    engine: &Engine,
    arguments: &BenchArguments,
    which: Fast,
    settings: &Settings,
    cancel: &Cancel,
) -> Result<()> {
    let [width, height] = arguments.size;
    if width % MULTIPLE != 0 || height % MULTIPLE != 0 || width.min(height) < 32 {
        let what = format!(
            "cannot run the network alone at {width}x{height}: give sides that are multiples of \
             {MULTIPLE}, from 32 on"
        );
        return Err(Error::new(ErrorKind::Argument, what));
    }
    let shape = [1, 3, i64::from(height), i64::from(width)];
    let count = 3 * width as usize * height as usize;
    let values: Vec<f32> = (0..count).map(|k| 0.5 + 0.4 * (k as f32 * 0.01).sin()).collect();
    let mut inputs = vec![Input { name: "image", shape: &shape, values: &values }];
    if which == Fast::Statistics {
        let code =
            Input { name: "code", shape: &[1, CODE_LENGTH as i64], values: &[0.1; CODE_LENGTH] };
        inputs.extend([code, Input { name: "control", shape: &[1, 2], values: &[0.0; 2] }]);
    }
    let Alone { name, onnx, for_cpu, in_half, result } = match which {
        Fast::Statistics => statistics(engine)?,
        Fast::Render => render(engine, arguments, settings, cancel)?,
    };
    let reported = |graph: &[u8]| one_number_of(graph, result.0, result.1);
    let (reported_onnx, reported_for_cpu) = (reported(&onnx)?, reported(&for_cpu)?);
    let network = runtime::Network {
        for_cpu: Some(&reported_for_cpu),
        in_half,
        ..runtime::Network::from(&reported_onnx)
    };
    let (device, threads) = (engine.device(), engine.threads());
    let session = engine.runtime()?.session(name, network, device, threads)?;
    let mut bound = session.bind(&inputs, &[], REPORTED)?;
    bound.run(cancel)?;
    let mut seconds = Vec::new();
    for _ in 0..arguments.runs {
        let started = Instant::now();
        bound.run(cancel)?;
        seconds.push(started.elapsed().as_secs_f64());
    }
    let spread = Spread::of(seconds);
    let device = bound.device().clone();
    let peak = Peak::on(&device);
    drop(bound);
    let dims = |name: &str| {
        inputs.iter().find(|input| input.name == name).map(|input| input.shape.to_vec())
    };
    let roofline = Roofline::of(engine, &device, arguments.instruction_set(), &onnx, dims)?;
    if arguments.json {
        let result = json!({
            "name": name,
            "size": [width, height],
            "seconds": spread.as_json(),
            "roofline": roofline.as_json(),
            "device": device.to_string(),
            "peak_rss_bytes": peak.resident,
            "peak_device_bytes": peak.on_device,
        });
        return output::line(json!({"results": [result]}));
    }
    let Spread { least, median, most } = spread;
    output::line(format_args!(
        "{name} {width}x{height} on {device}: {median:.4} s (least {least:.4}, most {most:.4}, {} \
         runs), peak memory {peak}; {roofline}",
        arguments.runs,
    ))
}

/// A network of the fast method, in the forms that the engine runs.
struct Alone {
    name: &'static str,
    onnx: Vec<u8>,
    for_cpu: Vec<u8>,
    in_half: Option<Halve>,
    /// An output and its number of dimensions.
    result: (&'static str, usize),
}

fn statistics(engine: &Engine) -> Result<Alone> {
    let network = Network::parse("stylize.onnx", &engine.models()?.load("stylize")?)?;
    Ok(Alone {
        name: "statistics",
        onnx: network.statistics_graph(Form::Onnx)?,
        for_cpu: network.statistics_graph(Form::Cpu)?,
        in_half: None,
        result: ("affine", 2),
    })
}

fn render(
    engine: &Engine,
    arguments: &BenchArguments,
    settings: &Settings,
    cancel: &Cancel,
) -> Result<Alone> {
    // Numbers change nothing of the work, so any look does.
    let job = Job::silent(cancel);
    let style = style::resolve(engine, &arguments.style, job)?;
    let seen = drawn([256, 256])?;
    let look = engine.look_of_picture(&seen, &style, settings, job)?;
    let network = Network::parse("render.onnx", &engine.models()?.load("render")?)?;
    Ok(Alone {
        name: "render",
        onnx: network.render_graph(look.affine(), Form::Onnx)?,
        for_cpu: network.render_graph(look.affine(), Form::Cpu)?,
        in_half: Some(in_half),
        result: ("painted", 4),
    })
}
