//! A shot in files, frame by frame.

mod frames;
mod pattern;
mod progress;
mod shot;

use std::fs;
use std::path::Path;
use std::rc::Rc;
use std::time::Instant;

use clap::Args;
use impasto::file::{self, FileFormat};
use impasto::image::Picture;
use impasto::{Error, ErrorKind, Report, Result, check_file, make_folder};
use impasto_cli::cures;
use serde_json::{Value, json};

use super::look::{LookChoice, parse_look};
use super::painting::{Painting, failed};
use super::{PaintArguments, Painter, rescue};
use frames::{Frames, parse_frames, words};
use pattern::Pattern;
use progress::ShotProgress;
use shot::{Known, Shot};

/// The most frames to each side that a painting is averaged with.
const MOST_STEADY: i64 = 3;

/// Frames of a shot.
#[derive(Args)]
#[command(next_help_heading = "Sequences (shot.####.exr, shot.%04d.exr)")]
pub struct SequenceArguments {
    /// The frames to paint, such as 1001-1100, 1-99x2 or 1,5,9; all that are there by default
    #[arg(long, value_name = "FRAMES", value_parser = parse_frames, allow_hyphen_values = true)]
    frames: Option<Frames>,
    /// What the frames share so that they do not flicker: smoothed[:N], the mean of N frames
    /// around; the number of one frame; each, nothing; or a file of `impasto look` or a picture,
    /// which single pictures take, too [default: smoothed]
    #[arg(long, value_name = "LOOK", value_parser = parse_look, allow_hyphen_values = true)]
    pub look: Option<LookChoice>,
    /// How many frames to each side a painting is averaged with, along the motion, 0 to 3
    /// [default: 1]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(i64).range(0..=MOST_STEADY))]
    steady: Option<i64>,
    /// Leave frames out whose painting is there
    #[arg(long)]
    skip_existing: bool,
    /// Go on with a shot: as --skip-existing, but paintings that are damaged or older than their
    /// frame are made again
    #[arg(long, conflicts_with = "skip_existing")]
    resume: bool,
}

impl SequenceArguments {
    /// The option that was given and is of use with sequences alone.
    pub fn given(&self) -> Option<&'static str> {
        [
            (self.frames.is_some(), "--frames"),
            (!matches!(self.look, None | Some(LookChoice::File(_))), "--look"),
            (self.steady.is_some(), "--steady"),
            (self.skip_existing, "--skip-existing"),
            (self.resume, "--resume"),
        ]
        .into_iter()
        .find_map(|(is_given, name)| is_given.then_some(name))
    }
}

/// A shot's frames and where their paintings go.
pub struct Sequence<'a> {
    input: Pattern,
    output: Pattern,
    frames: Vec<i64>,
    arguments: &'a PaintArguments,
}

/// Where to paint.
enum Mask {
    Everywhere,
    /// The same in all frames.
    One(Rc<Picture>),
    /// A picture for each frame.
    Each(Pattern),
}

impl Mask {
    /// Of the file or the sequence that a path names.
    ///
    /// # Errors
    /// What went wrong with the file.
    fn read(path: Option<&Path>) -> Result<Self> {
        Ok(match path.map(|path| (path, Pattern::of(path))) {
            None => Self::Everywhere,
            Some((_, Some(pattern))) => Self::Each(pattern),
            Some((path, None)) => Self::One(Rc::new(file::read(path)?)),
        })
    }

    fn of(&self, frame: i64) -> Result<Option<Rc<Picture>>> {
        match self {
            Self::Everywhere => Ok(None),
            Self::One(mask) => Ok(Some(Rc::clone(mask))),
            Self::Each(pattern) => file::read(&pattern.file(frame)).map(|mask| Some(Rc::new(mask))),
        }
    }
}

/// What became of a sequence's frames.
pub struct Painted {
    pub reports: Vec<Value>,
    pub count: usize,
    pub failed: Vec<i64>,
}

impl<'a> Sequence<'a> {
    /// The sequence that inputs and output name; `None` for single pictures. What cannot be written
    /// is told here.
    ///
    /// # Errors
    /// `Argument` for what does not fit together, `File` for paintings that cannot be written.
    pub fn of(arguments: &'a PaintArguments) -> Result<Option<Self>> {
        let PaintArguments { inputs, sequence, target, .. } = arguments;
        let Some(input) = inputs.iter().find_map(|input| Pattern::of(input)) else {
            return match sequence.given() {
                None => Ok(None),
                Some(option) => refuse(format!(
                    "cannot use {option} with single pictures: name a sequence, such as \
                     shot.####.exr"
                )),
            };
        };
        let output = target.out.as_deref().and_then(Pattern::of);
        let Some(output) = output.filter(|_| inputs.len() == 1) else {
            return refuse(format!(
                "cannot paint the sequence '{input}': name one sequence, and in --out a file with \
                 a place for the frame's number, too, such as painted.####.png"
            ));
        };
        let frames = match &sequence.frames {
            Some(Frames(frames)) => frames.iter().copied().collect(),
            None => Vec::from_iter(input.existing()),
        };
        let Some(first) = frames.first() else {
            return refuse(format!("cannot paint the sequence '{input}': there are no frames"));
        };
        if input.file(*first) == output.file(*first) {
            return refuse("cannot paint a sequence over itself: name other files in --out");
        }
        FileFormat::for_writing(&output.file(*first))?;
        make_folder(output.file(*first).parent().unwrap_or(Path::new("")))?;
        frames.iter().try_for_each(|frame| check_file(&output.file(*frame)))?;
        Ok(Some(Self { input, output, frames, arguments }))
    }

    /// Paints all frames. One that cannot be painted does not end the others.
    ///
    /// # Errors
    /// `Argument` for what the method does not have, `Cancelled`.
    pub fn paint(&self, painting: &Painting<'_>) -> Result<Painted> {
        let Self { arguments, .. } = self;
        let (look, steady) = self.sharing(painting)?;
        let mask = Mask::read(arguments.mask.as_deref())?;
        let (done, left): (Vec<i64>, _) =
            self.frames.iter().partition(|frame| self.is_done(**frame));
        let progress = ShotProgress::new(&self.input.to_string(), left.len(), !arguments.quiet);
        let mut shot = Shot {
            pattern: &self.input,
            existing: self.input.existing(),
            reading: arguments.reading(),
            painting,
            look: &look,
            steady,
            known: Known::default(),
        };
        let skipped = done.iter().map(|frame| {
            let output = self.output.file(*frame);
            json!({"frame": frame, "output": output.to_string_lossy(), "skipped": true})
        });
        let reports = skipped.collect();
        let mut painted = Painted { reports, count: self.frames.len(), failed: Vec::new() };
        if !left.is_empty() {
            shot.prepare()?;
        }
        for frame in left {
            let (input, output) = (self.input.file(frame), self.output.file(frame));
            progress.begin(frame);
            let started = Instant::now();
            let made = mask.of(frame).and_then(|mask| shot.paint(frame, mask.as_deref()));
            let made = made.map_err(|e| failed(&input, e));
            let written = made.and_then(|(picture, mut report)| {
                if !report.stopped {
                    painting.cancel.check()?;
                }
                report.notes.extend(rescue::write(&picture, &output, arguments.quality)?);
                Ok(report)
            });
            match written {
                Ok(report) => {
                    progress.tell(&output, &report.notes);
                    painted.reports.push(told(frame, &input, &output, report, started));
                }
                Err(e) if e.kind() == ErrorKind::Cancelled => return Err(e),
                Err(e) => {
                    let words = cures::with_options(&e.full_message());
                    progress.say(&words);
                    let input = input.to_string_lossy();
                    painted.reports.push(json!({"frame": frame, "input": input, "error": words}));
                    painted.failed.push(frame);
                }
            }
            progress.end();
        }
        Ok(painted)
    }

    /// What the frames share. Only the fast method's paintings have looks, and are steadied.
    fn sharing(&self, painting: &Painting<'_>) -> Result<(LookChoice, i64)> {
        let SequenceArguments { look, steady, .. } = &self.arguments.sequence;
        for (is_given, option) in [(look.is_some(), "--look"), (steady.is_some(), "--steady")] {
            if is_given {
                painting.style_for(option)?;
            }
        }
        if !matches!(painting.painter, Painter::Style(_)) {
            return Ok((LookChoice::Each, 0));
        }
        let look = look.clone().unwrap_or(LookChoice::USUAL);
        match (&look, steady) {
            (LookChoice::Each, Some(1..)) => {
                refuse("cannot steady frames that each have a look of their own: leave --look out")
            }
            (LookChoice::Each, _) => Ok((look, 0)),
            (_, steady) => Ok((look, steady.unwrap_or(1))),
        }
    }

    fn is_done(&self, frame: i64) -> bool {
        let (input, output) = (&self.input.file(frame), &self.output.file(frame));
        if self.arguments.sequence.skip_existing {
            return output.is_file();
        }
        let written = |path: &Path| fs::metadata(path).and_then(|about| about.modified()).ok();
        self.arguments.sequence.resume
            && output.is_file()
            && written(output) >= written(input)
            && file::read(output).is_ok()
    }
}

impl Painted {
    /// # Errors
    /// `Picture` where frames were not painted.
    pub fn check(&self) -> Result<()> {
        if self.failed.is_empty() {
            return Ok(());
        }
        let what = format!(
            "{} of {} frames were not painted: {}",
            self.failed.len(),
            self.count,
            words(&self.failed)
        );
        Err(Error::new(ErrorKind::Picture, what))
    }
}

fn told(frame: i64, input: &Path, output: &Path, mut report: Report, started: Instant) -> Value {
    report.seconds.total = started.elapsed();
    let mut told = report.to_json();
    told["frame"] = json!(frame);
    told["input"] = json!(input.to_string_lossy());
    told["output"] = json!(output.to_string_lossy());
    told
}

fn refuse<T>(what: impl Into<String>) -> Result<T> {
    Err(Error::new(ErrorKind::Argument, what.into()))
}
