//! The page with the figures.

use std::fmt::Write;
use std::fs;
use std::thread::available_parallelism;

use super::Request;
use super::measure::{OPTIMIZE, Row};

/// `BENCH.md`.
pub fn page(rows: &[Row], request: &Request<'_>, [program, runtime]: &[String; 2]) -> String {
    let mut page = String::from("# How fast it is\n\n");
    let mut line = |text: &str| {
        page.push_str(text);
        page.push('\n');
    };
    line(&format!("Written by `{}` on {}.\n", command(request), machine()));
    line(&format!("{program}, {runtime}.\n"));
    line("![Seconds by megapixels](docs/bench.svg)\n");
    line(
        "*Warm* is the median of a picture in memory to a picture in memory, networks loaded; of \
         the optimise method a step, with the margin around the picture. *Cold* is a process from \
         its start to the written PNG file, with a style picture that it has not seen before. \
         *Peak* is the process's largest resident memory. The losses are those of the optimise \
         method, relative, less is better: of a fast painting at 512 pixels, of an optimised one \
         after the steps that were timed, which is far from done. Content is \
         `examples/photo.png`, enlarged, the style `examples/styles/mosaic.png`.\n",
    );
    line("| method | size | warm | cold | peak | tiles | content loss | style loss | device |");
    line("|---|---|---|---|---|---|---|---|---|");
    for row in rows {
        line(&format!(
            "| {} | {}x{} | {} | {} | {} MB | {} | {:.2} | {:.2} | {} |",
            row.method,
            row.width,
            row.height,
            seconds(row.seconds),
            row.cold.map_or_else(String::new, seconds),
            row.peak_bytes / 1_000_000,
            row.tiles,
            row.content_loss,
            row.style_loss,
            row.device,
        ));
    }
    if rows.iter().any(|row| row.method == OPTIMIZE && row.tiles > 1) {
        line("\nIn tiles: with `--memory 2G`.");
    }
    page
}

fn command(request: &Request<'_>) -> String {
    let mut command = String::from("cargo xtask bench");
    if let Some(device) = request.device {
        // Writing to a string does not fail.
        let _ = write!(command, " --device {device}");
    }
    if request.is_quick {
        command.push_str(" --quick");
    }
    command
}

fn seconds(seconds: f64) -> String {
    match seconds {
        ..1.0 => format!("{seconds:.3} s"),
        ..10.0 => format!("{seconds:.2} s"),
        _ => format!("{seconds:.0} s"),
    }
}

fn machine() -> String {
    let cores = available_parallelism().map_or(0, |cores| cores.get());
    let model = fs::read_to_string("/proc/cpuinfo").ok().and_then(|text| {
        let line = text.lines().find(|line| line.starts_with("model name"))?;
        Some(line.split_once(':')?.1.trim().to_owned())
    });
    let model = model.unwrap_or_else(|| std::env::consts::ARCH.to_owned());
    format!("{cores} cores of {model}, {}", std::env::consts::OS)
}
