//! Steps of the optimise method at the picture's own size, margin included.

use std::sync::Mutex;
use std::time::Instant;

use impasto::canvas::Canvas;
use impasto::image::Picture;
use impasto::job::Progress;
use impasto::optimize::{ScaleIterations, StylePart};
use impasto::settings::Method;
use impasto::vgg::{AUTO, WHOLE};
use impasto::{Engine, Limits, Observer, Request, Result, Settings};
use impasto_cli::output;
use serde_json::json;

use crate::peak::Peak;
use crate::roofline::Roofline;
use crate::spread::Spread;
use crate::{BenchArguments, drawn};

/// When each step was done, in seconds from the start.
struct Steps {
    started: Instant,
    times: Mutex<Vec<f64>>,
}

impl Observer for Steps {
    fn progress(&self, progress: Progress) {
        if progress.losses.is_some()
            && let Ok(mut times) = self.times.lock()
        {
            times.push(self.started.elapsed().as_secs_f64());
        }
    }
}

pub fn run(
    engine: &Engine,
    arguments: &BenchArguments,
    settings: &Settings,
    picture: &Picture,
    limits: Limits<'_>,
) -> Result<()> {
    let style = match arguments.style_picture()? {
        Some(style) => style,
        // Of a style by name there is no picture.
        None => drawn([picture.width(), picture.height()])?,
    };
    let style = StylePart::from(&style);
    let side = picture.width().max(picture.height());
    let steps = ScaleIterations { side, iterations: arguments.runs + 1 };
    let mut settings = Settings { method: Method::Optimize, ..settings.clone() };
    settings.optimize.schedule = vec![steps];
    // A step goes through one network: of two the whole one's is measured.
    if settings.optimize.features == AUTO {
        WHOLE.clone_into(&mut settings.optimize.features);
    }
    let (width, height) = (picture.width(), picture.height());
    let space = picture.color_space().clone();
    let mut painted = Picture::new(width, height, picture.format(), space)?;
    let canvas = Canvas {
        input: picture.view(),
        color_space: picture.color_space(),
        mask: None,
        output: &mut painted.view_mut(),
    };
    let styles = [style];
    let mut request = Request::new(canvas, styles[..].into(), &settings, limits.cancel);
    request.limits = limits;
    let steps = Steps { started: Instant::now(), times: Mutex::default() };
    let report = engine.paint(request, &steps)?;
    let times = steps.times.into_inner().unwrap_or_default();
    let setup = times.first().copied().unwrap_or(0.0);
    let spread = Spread::of(times.windows(2).map(|pair| pair[1] - pair[0]).collect());
    let Some(scale) = report.scales.first() else { return Ok(()) };
    let peak = Peak::on(&report.device);
    let roofline = match arguments.network {
        Some(_) => {
            let onnx = engine.step_graph(&settings.optimize, 0)?;
            let dims = |input: &str| dims(input, scale.size);
            let set = arguments.instruction_set();
            Some(Roofline::of(engine, &report.device, set, &onnx, dims)?)
        }
        None => None,
    };
    if arguments.json {
        let mut result = json!({
            "name": "optimize",
            "size": scale.size,
            "tiles": scale.tiles,
            "seconds": spread.as_json(),
            "setup_and_first_step_seconds": setup,
            "losses": scale.losses,
            "device": report.device.to_string(),
            "peak_rss_bytes": peak.resident,
            "peak_device_bytes": peak.on_device,
        });
        if let Some(roofline) = roofline {
            result["roofline"] = roofline.as_json();
        }
        return output::line(json!({"results": [result]}));
    }
    let Spread { least, median, most } = spread;
    let [width, height] = scale.size;
    output::line(format_args!(
        "optimise step {width}x{height}: {median:.3} s (least {least:.3}, most {most:.3}, {} steps), {:.3} s a \
         megapixel, {} tiles, targets and first step {setup:.1} s, peak memory {peak}{}",
        arguments.runs,
        median / (f64::from(width) * f64::from(height) / 1e6),
        scale.tiles,
        roofline.map_or_else(String::new, |roofline| format!("; {roofline}")),
    ))
}

/// The dimensions of the step graph's inputs for a picture of some size, of which the file tells the
/// channels; `None` for those that do not depend on it.
fn dims(input: &str, [width, height]: [u32; 2]) -> Option<Vec<i64>> {
    let of_blocks = input.strip_prefix("content_block").and_then(|rest| rest.split_once('_'));
    let halvings = match (input, of_blocks) {
        ("image" | "moment1" | "moment2", _) => 0,
        (_, Some((block, _))) => block.parse::<u32>().ok()?.checked_sub(1)?,
        _ => return None,
    };
    Some(vec![1, 3, i64::from(height >> halvings), i64::from(width >> halvings)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn features_are_halved_with_each_block() {
        let dims = |input| dims(input, [64, 32]).map(|dims| [dims[2], dims[3]]);
        assert_eq!(dims("moment1"), Some([32, 64]));
        assert_eq!(dims("content_block1_conv2"), Some([32, 64]));
        assert_eq!(dims("content_block4_conv2"), Some([4, 8]));
        assert_eq!(dims("content_coefficients"), None);
        assert_eq!(dims("gram_0_block1_conv1"), None);
    }
}
