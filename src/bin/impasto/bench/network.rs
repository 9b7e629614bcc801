//! A network of the fast method alone: neither margin nor pixels, its input on the device already.

use std::time::Instant;

use impasto::fast::{CODE_LENGTH, FastNetwork, FastOptions, NetworkForms};
use impasto::job::Job;
use impasto::runtime::Input;
use impasto::{Engine, Error, ErrorKind, Result};
use serde_json::json;

use super::peak::Peak;
use super::reported::{REPORTED, one_number_of};
use super::roofline::Roofline;
use super::spread::Spread;
use super::{BenchArguments, NetworkAlone, drawn};
use crate::{output, style};

/// Sides are multiples of this.
const MULTIPLE: u32 = 4;

pub fn run(
    engine: &Engine,
    arguments: &BenchArguments,
    which: NetworkAlone,
    options: &FastOptions,
    job: Job<'_>,
) -> Result<()> {
    let [width, height] = arguments.size;
    if width % MULTIPLE != 0 || height % MULTIPLE != 0 || width.min(height) < 32 {
        let what = format!(
            "cannot run the network alone at {width}x{height}: give sides that are multiples of \
             {MULTIPLE}, from 32 on"
        );
        return Err(Error::new(ErrorKind::Argument, what));
    }
    // Numbers change nothing of the work, so any look does.
    let style = style::resolve(engine, &arguments.style, job)?;
    let seen = drawn([256, 256])?;
    let look = engine.look_fast(seen.view(), seen.color_space(), &style, options, job)?;
    let shape = [1, 3, i64::from(height), i64::from(width)];
    let count = 3 * width as usize * height as usize;
    let values: Vec<f32> = (0..count).map(|k| 0.5 + 0.4 * (k as f32 * 0.01).sin()).collect();
    let mut inputs = vec![Input { name: "image", shape: &shape, values: &values }];
    let (name, which, result) = match which {
        NetworkAlone::Statistics => {
            inputs.extend([
                Input {
                    name: "code",
                    shape: &[1, CODE_LENGTH as i64],
                    values: &[0.1; CODE_LENGTH],
                },
                Input { name: "control", shape: &[1, 2], values: &[0.0; 2] },
            ]);
            ("statistics", FastNetwork::Statistics, ("affine", 2))
        }
        NetworkAlone::Render | NetworkAlone::Step => {
            ("render", FastNetwork::Render, ("painted", 4))
        }
    };
    let NetworkForms { onnx, for_cpu, in_half } = engine.fast_network(which, &look)?;
    let reported = |graph: &[u8]| one_number_of(graph, result.0, result.1);
    let network = NetworkForms { onnx: reported(&onnx)?, for_cpu: reported(&for_cpu)?, in_half };
    let mut bound = engine.fast_session(name, &network)?.bind(&inputs, &[], REPORTED)?;
    bound.run(job.cancel)?;
    let mut seconds = Vec::new();
    for _ in 0..arguments.runs {
        let started = Instant::now();
        bound.run(job.cancel)?;
        seconds.push(started.elapsed().as_secs_f64());
    }
    let spread = Spread::of(seconds);
    let device = bound.device().clone();
    let peak = Peak::on(&device);
    drop(bound);
    let dims = |name: &str| {
        inputs.iter().find(|input| input.name == name).map(|input| input.shape.to_vec())
    };
    let roofline = Roofline::of(engine, &device, &onnx, dims)?;
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
