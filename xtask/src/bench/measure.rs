//! Measuring, each time in a process of its own.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, anyhow, bail};
use serde_json::Value;

use super::peers::{Needs, Peers};
use super::plan::{Contender, How, Turn, rounds, turns};
use super::row::{Peak, Row, Work};
use crate::alone::{self, Alone};
use crate::environment;
use crate::pictures;
use crate::pip;
use crate::repo::Repo;

const CONTENT: &str = "examples/photo.png";
pub const STYLE: &str = "examples/styles/mosaic.png";

/// Seconds after which a peer is stopped.
pub const PATIENCE: u32 = 300;

/// Where and on what is measured.
pub struct Bench<'a> {
    pub repo: &'a Repo,
    /// `impasto`, which paints.
    pub program: &'a Path,
    /// `impasto-bench`, which measures.
    pub bench: &'a Path,
    pub device: Option<&'a str>,
    pub peers: Option<&'a Peers>,
    /// For pictures.
    pub work: &'a Path,
}

/// What one process found.
struct Found {
    size: [u64; 2],
    cold: Option<f64>,
    warm: Option<f64>,
    tiles: Option<u64>,
    peak: Peak,
    losses: [Option<f64>; 2],
    device: String,
}

impl Bench<'_> {
    /// The rows, and a note for each peer that failed.
    pub fn rows(&self, is_quick: bool) -> Result<(Vec<Row>, Vec<String>)> {
        let (mut rows, mut notes) = (Vec::new(), Vec::new());
        for Turn { work, side, contenders } in turns(is_quick, self.peers.is_some()) {
            let rounds = if self.peers.is_some() { rounds(work, side, is_quick) } else { 1 };
            let mut found: Vec<Vec<Found>> = contenders.iter().map(|_| Vec::new()).collect();
            let mut failed = vec![false; contenders.len()];
            for round in 0..rounds {
                for (place, (contender, runs)) in contenders.iter().enumerate() {
                    if failed[place] || !self.has(contender) {
                        continue;
                    }
                    let (name, work) = (contender.name, work.name());
                    eprintln!("{work} at {side}, {name}, round {} of {rounds} ...", round + 1);
                    match self.measure(contender, side, *runs) {
                        Ok(each) => found[place].push(each),
                        Err(error) if contender.is_peer() => {
                            notes.push(format!("{name} at {side}: {error:#}"));
                            failed[place] = true;
                        }
                        Err(error) => {
                            return Err(error.context(format!("measuring {name}, {work}, {side}")));
                        }
                    }
                }
            }
            for ((contender, _), found) in contenders.iter().zip(found) {
                rows.extend(row(contender, found));
            }
        }
        Ok((rows, notes))
    }

    fn has(&self, contender: &Contender) -> bool {
        let Some(peers) = self.peers else { return !contender.is_peer() };
        match contender.how {
            How::Impasto(_) | How::Trial(_) => true,
            How::Script { needs, .. } => peers.packages(needs).is_some(),
            How::Gmic => peers.has_gmic(),
        }
    }

    fn measure(&self, contender: &Contender, side: u32, runs: u32) -> Result<Found> {
        let content = self.content(side)?;
        match (&contender.how, contender.work) {
            (How::Impasto(args), Work::Schedule) => self.schedule(args, &content),
            (How::Impasto(args), work) => self.impasto(args, work, runs, &content),
            (How::Trial(args), _) => {
                Ok(Found { losses: [None; 2], ..self.warm(args, runs, &content)? })
            }
            (How::Script { file, needs, args, has_style }, work) => {
                self.script(file, *needs, args, *has_style, work, runs, &content)
            }
            (How::Gmic, _) => self.gmic(&content),
        }
    }

    fn impasto(&self, args: &[&str], work: Work, runs: u32, content: &Path) -> Result<Found> {
        let cold = match work {
            Work::Fast => Some(self.cold(args, content)?),
            _ => None,
        };
        Ok(Found { cold, ..self.warm(args, runs, content)? })
    }

    fn warm(&self, args: &[&str], runs: u32, content: &Path) -> Result<Found> {
        let mut bench = self.measuring();
        bench.args(["--json", "--style", STYLE, "--content"]).arg(content).args(args);
        bench.args(["--runs", &runs.to_string()]);
        let found = json(&output(bench)?)?;
        let result = &found["results"][0];
        Ok(Found {
            size: size(result)?,
            cold: None,
            warm: Some(number(&result["seconds"]["median"])?),
            tiles: result["tiles"].as_u64(),
            peak: peak(result)?,
            losses: losses(result),
            device: result["device"].as_str().unwrap_or_default().to_owned(),
        })
    }

    /// From the start of the program to the written picture, with an empty cache.
    fn cold(&self, args: &[&str], content: &Path) -> Result<f64> {
        let cache = tempfile::tempdir_in(self.work)?;
        let mut paint = self.painting();
        paint.arg(content).args(["--quiet", "--style", STYLE, "--out"]);
        paint.arg(cache.path().join("painted.png")).args(args);
        paint.env("XDG_CACHE_HOME", cache.path());
        let started = Instant::now();
        output(paint)?;
        Ok(started.elapsed().as_secs_f64())
    }

    fn schedule(&self, args: &[&str], content: &Path) -> Result<Found> {
        let mut paint = self.painting();
        paint.arg(content).args(["--json", "--style", STYLE, "--out"]);
        paint.arg(self.work.join("painted.png")).args(args);
        let started = Instant::now();
        let found = json(&output(paint)?)?;
        let cold = started.elapsed().as_secs_f64();
        let picture = &found["pictures"][0];
        let scales = picture["scales"].as_array().context("it told no scales")?;
        let scale = scales.last().context("it told no scales")?;
        let bytes = found["peak_memory_bytes"].as_u64().context("it told no peak memory")?;
        Ok(Found {
            size: size(scale)?,
            cold: Some(cold),
            warm: None,
            tiles: scale["tiles"].as_u64(),
            peak: Peak { bytes, is_on_device: false },
            losses: losses(scale),
            device: picture["device"].as_str().unwrap_or_default().to_owned(),
        })
    }

    #[allow(clippy::too_many_arguments, reason = "what a script is started with")]
    fn script(
        &self,
        file: &str,
        needs: Needs,
        args: &[&str],
        has_style: bool,
        work: Work,
        runs: u32,
        content: &Path,
    ) -> Result<Found> {
        let painted = self.work.join("painted.png");
        let start = |runs: u32| {
            let mut words = vec![pip::PYTHON.into(), self.script_at(file).into_os_string()];
            words.extend(["--content".into(), content.into(), "--style".into(), STYLE.into()]);
            words.extend(["--runs".into(), runs.to_string().into()]);
            if work == Work::Fast {
                words.extend(["--out".into(), painted.clone().into_os_string()]);
            }
            words.extend(args.iter().map(Into::into));
            words
        };
        let packages = self.peers.and_then(|peers| peers.packages(needs));
        let (alone, printed) = self.alone(&start(runs), packages)?;
        let found = json(&printed)?;
        let seconds = found["seconds"].as_array().context("it told no times")?;
        let seconds = seconds.iter().map(number).collect::<Result<Vec<_>>>()?;
        let (losses, cold) = match work {
            Work::Fast => {
                let [content, style] = self.losses_of(content, &painted)?;
                let cold = self.alone(&start(0), packages)?.0.seconds;
                ([content, style.filter(|_| has_style)], Some(cold))
            }
            Work::Step => (losses(&found), None),
            Work::Schedule => (losses(&found), Some(alone.seconds)),
        };
        Ok(Found {
            size: size(&found)?,
            cold,
            warm: median(seconds),
            tiles: None,
            peak: Peak { bytes: alone.peak_bytes, is_on_device: false },
            losses,
            device: "cpu".to_owned(),
        })
    }

    fn gmic(&self, content: &Path) -> Result<Found> {
        let painted = self.work.join("painted.png");
        let words = ["gmic".into(), content.as_os_str().to_owned(), STYLE.into()]
            .into_iter()
            .chain(["stylize[0]", "[1]", "output[0]"].map(Into::into))
            .chain([painted.clone().into_os_string()]);
        let (alone, _) = self.alone(&words.collect::<Vec<_>>(), None)?;
        let made = pictures::read(&painted).context("reading its painting")?;
        Ok(Found {
            size: [made.width.into(), made.height.into()],
            cold: Some(alone.seconds),
            warm: None,
            tiles: None,
            peak: Peak { bytes: alone.peak_bytes, is_on_device: false },
            losses: self.losses_of(content, &painted)?,
            device: "cpu".to_owned(),
        })
    }

    /// Content and style loss, by one measure for all programs.
    fn losses_of(&self, content: &Path, painted: &Path) -> Result<[Option<f64>; 2]> {
        // Wherever it was painted: one measure for all.
        let mut bench = Bench { device: None, ..*self }.measuring();
        bench.args(["--json", "--style", STYLE]);
        bench.arg("--content").arg(content).arg("--losses-of").arg(painted);
        Ok(losses(&json(&output(bench)?)?["results"][0]))
    }

    /// The example with its longest side at `side`.
    fn content(&self, side: u32) -> Result<PathBuf> {
        let path = self.work.join(format!("{side}.png"));
        if !path.exists() {
            let whole = pictures::read(&self.repo.root().join(CONTENT))?;
            let [width, height] = [whole.width, whole.height].map(|length| {
                let longest = whole.width.max(whole.height);
                (u64::from(length) * u64::from(side)).div_ceil(u64::from(longest)) as u32
            });
            whole.resized(width, height)?.write(&path)?;
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

    /// `impasto paint` on the device.
    fn painting(&self) -> Command {
        let mut paint = self.on_device(self.program);
        paint.arg("paint");
        paint
    }

    /// `impasto-bench` on the device.
    pub fn measuring(&self) -> Command {
        self.on_device(self.bench)
    }

    fn on_device(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir(self.repo.root());
        if let Some(device) = self.device {
            command.args(["--device", device]);
        }
        environment::give(&mut command, self.repo);
        command
    }

    fn script_at(&self, file: &str) -> PathBuf {
        self.repo.root().join("tests/peer").join(file)
    }

    /// Runs a peer; returns what that took, and what the peer printed.
    fn alone(&self, words: &[OsString], packages: Option<&Path>) -> Result<(Alone, String)> {
        alone::run(self.repo, words, packages, PATIENCE, self.work)
    }
}

/// The medians over the rounds.
fn row(contender: &Contender, found: Vec<Found>) -> Option<Row> {
    let over =
        |value: &dyn Fn(&Found) -> Option<f64>| median(found.iter().filter_map(value).collect());
    let (cold, warm) = (over(&|each| each.cold), over(&|each| each.warm));
    let bytes = over(&|each| Some(each.peak.bytes as f64))?;
    let last = found.into_iter().next_back()?;
    let [content_loss, style_loss] = last.losses;
    Some(Row {
        work: contender.work,
        program: contender.name,
        size: last.size,
        cold,
        warm,
        tiles: last.tiles,
        peak: Peak { bytes: bytes as u64, ..last.peak },
        content_loss,
        style_loss,
        device: last.device,
    })
}

/// The middle one; `None` of none.
fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}

pub fn size(result: &Value) -> Result<[u64; 2]> {
    let side = |value: &Value| value.as_u64().context("a size is missing");
    Ok([side(&result["size"][0])?, side(&result["size"][1])?])
}

pub fn number(value: &Value) -> Result<f64> {
    value.as_f64().context("a number is missing")
}

fn peak(result: &Value) -> Result<Peak> {
    let of =
        |name: &str, is_on_device| result[name].as_u64().map(|bytes| Peak { bytes, is_on_device });
    of("peak_device_bytes", true)
        .or_else(|| of("peak_rss_bytes", false))
        .ok_or_else(|| anyhow!("the peak memory is missing"))
}

fn losses(result: &Value) -> [Option<f64>; 2] {
    ["content", "style"].map(|name| result["losses"][name].as_f64())
}

pub fn json(text: &str) -> Result<Value> {
    serde_json::from_str(text).context("reading what it printed")
}

pub fn output(mut command: Command) -> Result<String> {
    let program = command.get_program().display().to_string();
    let found = command.output().with_context(|| format!("starting {program}"))?;
    if !found.status.success() {
        bail!("{program} failed: {}", String::from_utf8_lossy(&found.stderr).trim());
    }
    Ok(String::from_utf8_lossy(&found.stdout).into_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_median_is_a_value_that_was_measured() {
        assert_eq!(median(vec![3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(vec![]), None);
    }

    #[test]
    fn memory_of_the_device_comes_first() {
        let both = json!({"peak_device_bytes": 5, "peak_rss_bytes": 7});
        assert!(peak(&both).is_ok_and(|peak| peak.is_on_device && peak.bytes == 5));
        let resident = json!({"peak_device_bytes": null, "peak_rss_bytes": 7});
        assert!(peak(&resident).is_ok_and(|peak| !peak.is_on_device && peak.bytes == 7));
        assert!(peak(&json!({})).is_err());
    }

    #[test]
    fn losses_that_are_not_told_are_none() {
        assert_eq!(losses(&json!({"losses": {"content": 0.5}})), [Some(0.5), None]);
        assert_eq!(losses(&json!({"losses": null})), [None, None]);
    }
}
