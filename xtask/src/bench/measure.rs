//! What is measured, each time in a process of its own.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::environment;
use crate::repo::Repo;

const CONTENT: &str = "examples/photo.png";
const STYLE: &str = "examples/styles/mosaic.png";

/// One line of the page.
pub struct Row {
    pub method: &'static str,
    pub width: u64,
    pub height: u64,
    /// From the start of the program to the written picture, without a cache; of the fast method.
    pub cold: Option<f64>,
    /// The median of a picture in memory to a picture in memory, networks loaded; or of a step.
    pub seconds: f64,
    pub tiles: u64,
    pub peak_bytes: u64,
    pub content_loss: f64,
    pub style_loss: f64,
    pub device: String,
}

pub const FAST: &str = "fast";
pub const FAST_SMALL_BRUSH: &str = "fast, `--brush-size 1`";
pub const OPTIMIZE: &str = "optimise, a step";

/// Where and on what is measured.
pub struct Bench<'a> {
    pub repo: &'a Repo,
    pub program: &'a Path,
    pub device: Option<&'a str>,
    /// For the pictures that cold runs write.
    pub work: &'a Path,
}

/// What one row is measured with.
struct Case {
    method: &'static str,
    side: u32,
    runs: u32,
    args: &'static [&'static str],
}

const BRUSH: &[&str] = &["--brush-size", "1"];
const METHOD: &[&str] = &["--method", "optimize"];
/// What 4096x4096 takes as a whole is more than most machines have.
const METHOD_IN_TILES: &[&str] = &["--method", "optimize", "--memory", "2G"];

/// The longest sides. An optimised picture gets a margin of a thirty-second part: 480 becomes 512.
const CASES: [Case; 14] = [
    Case { method: FAST, side: 512, runs: 9, args: &[] },
    Case { method: FAST, side: 1024, runs: 7, args: &[] },
    Case { method: FAST, side: 2048, runs: 5, args: &[] },
    Case { method: FAST, side: 4096, runs: 3, args: &[] },
    Case { method: FAST, side: 6000, runs: 3, args: &[] },
    Case { method: FAST_SMALL_BRUSH, side: 512, runs: 9, args: BRUSH },
    Case { method: FAST_SMALL_BRUSH, side: 1024, runs: 5, args: BRUSH },
    Case { method: FAST_SMALL_BRUSH, side: 2048, runs: 3, args: BRUSH },
    Case { method: FAST_SMALL_BRUSH, side: 4096, runs: 1, args: BRUSH },
    Case { method: FAST_SMALL_BRUSH, side: 6000, runs: 1, args: BRUSH },
    Case { method: OPTIMIZE, side: 480, runs: 5, args: METHOD },
    Case { method: OPTIMIZE, side: 960, runs: 3, args: METHOD },
    Case { method: OPTIMIZE, side: 1920, runs: 1, args: METHOD },
    Case { method: OPTIMIZE, side: 3856, runs: 1, args: METHOD_IN_TILES },
];

impl Bench<'_> {
    pub fn rows(&self, is_quick: bool) -> Result<Vec<Row>> {
        let is_wanted = |case: &&Case| !is_quick || case.method == FAST || case.side <= 1024;
        CASES
            .iter()
            .filter(is_wanted)
            .map(|case| {
                eprintln!("{} at {} ...", case.method, case.side);
                self.row(case)
                    .with_context(|| format!("measuring {} at {}", case.method, case.side))
            })
            .collect()
    }

    fn row(&self, case: &Case) -> Result<Row> {
        let mut bench = self.command("bench");
        let content = self.content(case.side)?;
        bench.args(["--json", "--style", STYLE, "--content"]).arg(&content).args(case.args);
        bench.args(["--runs", &case.runs.to_string()]);
        let found = output(bench)?;
        let found: Value = serde_json::from_str(&found).context("reading what it printed")?;
        let row = &found["results"][0];
        let integer = |value: &Value| value.as_u64().context("a number is missing");
        let number = |value: &Value| value.as_f64().context("a number is missing");
        Ok(Row {
            method: case.method,
            width: integer(&row["size"][0])?,
            height: integer(&row["size"][1])?,
            cold: if case.method == OPTIMIZE { None } else { Some(self.cold(case, &content)?) },
            seconds: number(&row["seconds"]["median"])?,
            tiles: integer(&row["tiles"])?,
            peak_bytes: integer(&row["peak_rss_bytes"])?,
            content_loss: number(&row["losses"]["content"])?,
            style_loss: number(&row["losses"]["style"])?,
            device: row["device"].as_str().unwrap_or_default().to_owned(),
        })
    }

    /// From the start of the program to the written picture, with an empty cache.
    fn cold(&self, case: &Case, content: &Path) -> Result<f64> {
        let cache = tempfile::tempdir_in(self.work)?;
        let mut paint = self.command("paint");
        paint.arg(content).args(["--quiet", "--style", STYLE, "--out"]);
        paint.arg(cache.path().join("painted.png")).args(case.args);
        paint.env("XDG_CACHE_HOME", cache.path());
        let started = Instant::now();
        output(paint)?;
        Ok(started.elapsed().as_secs_f64())
    }

    /// The example with its longest side at `side`.
    fn content(&self, side: u32) -> Result<PathBuf> {
        let path = self.work.join(format!("{side}.png"));
        if !path.exists() {
            let whole = image::open(self.repo.root().join(CONTENT))?.into_rgb8();
            let filter = image::imageops::FilterType::CatmullRom;
            let [width, height] = [whole.width(), whole.height()].map(|length| {
                let longest = whole.width().max(whole.height());
                (u64::from(length) * u64::from(side)).div_ceil(u64::from(longest)) as u32
            });
            image::imageops::resize(&whole, width, height, filter).save(&path)?;
        }
        Ok(path)
    }

    /// Of the program and of ONNX Runtime.
    pub fn versions(&self) -> Result<[String; 2]> {
        let mut program = Command::new(self.program);
        program.arg("--version");
        let mut devices = Command::new(self.program);
        devices.arg("devices");
        environment::give(&mut devices, self.repo);
        let runtime = output(devices)?;
        let runtime = runtime.lines().next().and_then(|line| line.split(" from ").next());
        Ok([output(program)?.trim().to_owned(), runtime.unwrap_or_default().to_owned()])
    }

    fn command(&self, verb: &str) -> Command {
        let mut command = Command::new(self.program);
        command.current_dir(self.repo.root()).arg(verb);
        if let Some(device) = self.device {
            command.args(["--device", device]);
        }
        environment::give(&mut command, self.repo);
        command
    }
}

impl Row {
    pub fn megapixels(&self) -> f64 {
        self.width as f64 * self.height as f64 / 1e6
    }

    pub fn as_json(&self) -> Value {
        json!({
            "method": self.method,
            "size": [self.width, self.height],
            "cold_seconds": self.cold,
            "seconds": self.seconds,
            "tiles": self.tiles,
            "peak_rss_bytes": self.peak_bytes,
            "losses": {"content": self.content_loss, "style": self.style_loss},
            "device": self.device,
        })
    }
}

fn output(mut command: Command) -> Result<String> {
    let program = command.get_program().display().to_string();
    let found = command.output().with_context(|| format!("starting {program}"))?;
    if !found.status.success() {
        bail!("{program} failed: {}", String::from_utf8_lossy(&found.stderr).trim());
    }
    Ok(String::from_utf8_lossy(&found.stdout).into_owned())
}
