//! A shot in files or a video, frame by frame.

mod frames;
mod latest;
mod pattern;
mod progress;
mod shot;
mod source;
mod target;
mod video;

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::Instant;

use clap::Args;
use impasto::file;
use impasto::image::Picture;
use impasto::settings::Method;
use impasto::{Error, ErrorKind, Report, Result, check_file};
use impasto_cli::cures;
use serde_json::{Value, json};

use super::look::{LookChoice, parse_look};
use super::painting::{Painting, failed};
use super::{PaintArguments, Painter};
use frames::{Frames, parse_frames, words};
use pattern::Pattern;
use progress::ShotProgress;
use shot::{Known, Shot, reach};
use source::Source;
use target::Target;
use video::{Clip, Decoder, Encoding, FIRST, is_video};

/// Frames a second of a video that is made of pictures.
const USUAL_RATE: [u32; 2] = [24, 1];

/// The most frames to each side that a painting is averaged with.
const MOST_STEADY: i64 = 3;

/// Frames of a shot.
#[derive(Args)]
#[command(next_help_heading = "Sequences (shot.####.exr, shot.%04d.exr) and videos")]
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
    /// With --method studio, where a frame's composition starts from that of the frame before:
    /// compose every Nth frame of the shot afresh, so that a farm's chunks that begin there need no
    /// frames before them [default: at cuts alone]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(i64).range(1..))]
    key_every: Option<i64>,
    /// Leave frames out whose painting is there
    #[arg(long)]
    skip_existing: bool,
    /// Go on with a shot: as --skip-existing, but paintings that are damaged or older than their
    /// frame are made again
    #[arg(long, conflicts_with = "skip_existing")]
    resume: bool,
    /// Frames a second of a video that is made of pictures, such as 25 or 24000/1001 [default: 24]
    #[arg(long, value_name = "RATE", value_parser = parse_rate)]
    fps: Option<[u32; 2]>,
    /// How ffmpeg writes a video, such as "-c:v prores_ks -profile:v 3"
    #[arg(long, value_name = "OPTIONS", allow_hyphen_values = true)]
    ffmpeg: Option<String>,
}

impl SequenceArguments {
    /// The option that was given and is of use with sequences alone.
    pub fn given(&self) -> Option<&'static str> {
        [
            (self.frames.is_some(), "--frames"),
            (!matches!(self.look, None | Some(LookChoice::File(_))), "--look"),
            (self.steady.is_some(), "--steady"),
            (self.key_every.is_some(), "--key-every"),
            (self.skip_existing, "--skip-existing"),
            (self.resume, "--resume"),
            (self.fps.is_some(), "--fps"),
            (self.ffmpeg.is_some(), "--ffmpeg"),
        ]
        .into_iter()
        .find_map(|(is_given, name)| is_given.then_some(name))
    }
}

/// A shot's frames and where their paintings go.
pub struct Sequence<'a> {
    input: Input,
    target: Target,
    arguments: &'a PaintArguments,
}

enum Input {
    Files {
        pattern: Pattern,
        frames: Vec<i64>,
    },
    /// Of all its frames where none are named.
    Video {
        clip: Clip,
        frames: Option<Vec<i64>>,
    },
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
#[derive(Default)]
pub struct Painted {
    pub reports: Vec<Value>,
    pub count: usize,
    pub failed: Vec<i64>,
}

impl<'a> Sequence<'a> {
    /// The sequence or the video that inputs and output name; `None` for single pictures. What
    /// cannot be written is told here.
    ///
    /// # Errors
    /// `Argument` for what does not fit together, `File` for what cannot be read or written.
    pub fn of(arguments: &'a PaintArguments) -> Result<Option<Self>> {
        let PaintArguments { inputs, sequence, target, .. } = arguments;
        let is_shot = |path: &PathBuf| is_video(path) || Pattern::of(path).is_some();
        let Some(path) = inputs.iter().find(|input| is_shot(input)) else {
            return match sequence.given() {
                None => Ok(None),
                Some(option) => refuse(format!(
                    "cannot use {option} with single pictures: name a sequence, such as \
                     shot.####.exr, or a video"
                )),
            };
        };
        let out = target.out.as_ref().filter(|out| inputs.len() == 1 && is_shot(out));
        let Some(out) = out else {
            return refuse(format!(
                "cannot paint '{}': name one sequence or video, and in --out a video or a file \
                 with a place for the frame's number, such as painted.####.png",
                path.display()
            ));
        };
        let input = Input::open(path, sequence)?;
        let output = Pattern::of(out);
        if input.is_written_over(out, output.as_ref()) {
            return refuse("cannot paint a sequence over itself: name other files in --out");
        }
        let target = match output {
            Some(pattern) => Target::files(pattern, input.frames())?,
            None => {
                check_file(out)?;
                Target::Video(input.encoding(out, sequence)?)
            }
        };
        for (is_given, option) in
            [(sequence.skip_existing, "--skip-existing"), (sequence.resume, "--resume")]
        {
            if is_given && matches!(target, Target::Video(_)) {
                return refuse(format!(
                    "cannot use {option} where a video is written: write pictures, such as \
                     painted.####.png, and make a video of them at the end"
                ));
            }
        }
        Ok(Some(Self { input, target, arguments }))
    }

    /// Paints all frames. One that cannot be painted does not end the others, unless a video is
    /// written.
    ///
    /// # Errors
    /// `Argument` for what the method does not have, `Cancelled`, and what ends a video.
    pub fn paint(self, painting: &Painting<'_>) -> Result<Painted> {
        let Self { input, target, arguments } = self;
        let (look, steady) = sharing(arguments, painting)?;
        let key_every = arguments.sequence.key_every;
        if key_every.is_some() && painting.settings.method != Method::Studio {
            return refuse("cannot use --key-every with this method: it is for --method studio");
        }
        let mask = Mask::read(arguments.mask.as_deref())?;
        let (name, count) = (input.name(), input.count());
        let named = input.frames().map(<[i64]>::to_vec);
        let source = input.into_source(arguments, &look, steady);
        let progress = ShotProgress::new(&name, count, !arguments.quiet);
        let mut targets = target.open(arguments)?;
        let (source, look, progress) = (&source, &look, &progress);
        let known = Known::default();
        let mut shot = Shot { source, painting, look, steady, key_every, progress, known };
        let mut is_prepared = false;
        let mut painted = Painted::default();
        let mut frames = named.map(Vec::into_iter);
        let mut next = FIRST;
        loop {
            let frame = match &mut frames {
                Some(frames) => frames.next(),
                None => source.has(next)?.then_some(next),
            };
            let Some(frame) = frame else { break };
            next = frame + 1;
            painted.count += 1;
            if targets.is_done(frame, source) {
                painted.reports.push(json!({
                    "frame": frame, "output": targets.name(frame), "skipped": true
                }));
                progress.end();
                continue;
            }
            if !is_prepared {
                shot.prepare()?;
                is_prepared = true;
            }
            progress.begin(frame);
            let started = Instant::now();
            let made = mask.of(frame).and_then(|mask| shot.paint(frame, mask.as_deref()));
            let made = made.map_err(|e| failed(&source.name(frame), e));
            let written = made.and_then(|(picture, mut report)| {
                if !report.stopped {
                    painting.cancel.check()?;
                }
                report.notes.extend(targets.put(frame, &picture)?);
                Ok(report)
            });
            match written {
                Ok(report) => {
                    progress.tell(&targets.name(frame), &report.notes);
                    let names = [source.name(frame), targets.name(frame)];
                    painted.reports.push(told(frame, names, report, started));
                }
                Err(e) if e.kind() == ErrorKind::Cancelled || targets.is_video() => {
                    return Err(targets.broken_off(frame, e));
                }
                Err(e) => {
                    let words = cures::with_options(&e.full_message());
                    progress.say(&words);
                    let input = source.name(frame);
                    painted.reports.push(json!({"frame": frame, "input": input, "error": words}));
                    painted.failed.push(frame);
                }
            }
            progress.end();
        }
        targets.finish()?;
        Ok(painted)
    }
}

impl Input {
    fn open(path: &Path, sequence: &SequenceArguments) -> Result<Self> {
        let chosen = sequence.frames.as_ref().map(|Frames(frames)| frames.iter().copied());
        let Some(pattern) = Pattern::of(path) else {
            let clip = Clip::open(path)?;
            return Ok(Self::Video { clip, frames: chosen.map(Iterator::collect) });
        };
        let frames = chosen.map_or_else(|| Vec::from_iter(pattern.existing()), Iterator::collect);
        if frames.is_empty() {
            return refuse(format!("cannot paint the sequence '{pattern}': there are no frames"));
        }
        Ok(Self::Files { pattern, frames })
    }

    fn is_written_over(&self, out: &Path, output: Option<&Pattern>) -> bool {
        match (self, output) {
            (Self::Files { pattern, frames }, Some(output)) => {
                frames.first().is_some_and(|first| pattern.file(*first) == output.file(*first))
            }
            (Self::Video { clip, .. }, None) => {
                let [read, written] = [clip.path.as_path(), out].map(Path::canonicalize);
                matches!((read, written), (Ok(read), Ok(written)) if read == written)
            }
            _ => false,
        }
    }

    fn name(&self) -> String {
        match self {
            Self::Files { pattern, .. } => pattern.to_string(),
            Self::Video { clip, .. } => clip.path.display().to_string(),
        }
    }

    /// Those that are known.
    fn frames(&self) -> Option<&[i64]> {
        match self {
            Self::Files { frames, .. } => Some(frames),
            Self::Video { frames, .. } => frames.as_deref(),
        }
    }

    /// How many frames there are, as far as is known.
    fn count(&self) -> u64 {
        match (self.frames(), self) {
            (Some(frames), _) => frames.len() as u64,
            (None, Self::Video { clip, .. }) => clip.frames.unwrap_or(0),
            (None, Self::Files { .. }) => 0,
        }
    }

    /// How a video of these frames is written.
    fn encoding(&self, output: &Path, sequence: &SequenceArguments) -> Result<Encoding> {
        let options = sequence.ffmpeg.as_deref().unwrap_or_default();
        let options = options.split_whitespace().map(str::to_owned).collect();
        match self {
            Self::Files { .. } => {
                Ok(Encoding::of_pictures(output, sequence.fps.unwrap_or(USUAL_RATE), options))
            }
            Self::Video { .. } if sequence.fps.is_some() => {
                refuse("cannot use --fps with a video, which has a rate of its own")
            }
            Self::Video { clip, frames } => {
                let is_row = |frames: &Vec<i64>| frames.windows(2).all(|two| two[1] == two[0] + 1);
                if frames.as_ref().is_some_and(|frames| !is_row(frames)) {
                    return refuse(
                        "cannot write a video with gaps: name --frames that follow each other, or \
                         write pictures, such as painted.####.png",
                    );
                }
                Ok(Encoding::of_clip(output, clip, frames.as_deref(), options))
            }
        }
    }

    fn into_source(self, arguments: &PaintArguments, look: &LookChoice, steady: i64) -> Source {
        match self {
            Self::Files { pattern, .. } => Source::Files {
                existing: pattern.existing(),
                pattern,
                reading: arguments.reading(),
            },
            Self::Video { clip, .. } => {
                // What is looked at before a frame, the frame itself, and those behind it.
                let kept = reach(look) + 2 * steady + 3;
                let path = clip.path.clone();
                let decoder = RefCell::new(Decoder::new(clip, usize::try_from(kept).unwrap_or(3)));
                Source::Video { path, decoder }
            }
        }
    }
}

/// What the frames share. Only the fast method's paintings have looks; they and the studio method's
/// are steadied.
fn sharing(arguments: &PaintArguments, painting: &Painting<'_>) -> Result<(LookChoice, i64)> {
    let SequenceArguments { look, steady, .. } = &arguments.sequence;
    if painting.settings.method == Method::Studio && look.is_none() {
        return Ok((LookChoice::Each, steady.unwrap_or(1)));
    }
    if look.is_some() {
        painting.style_for("--look")?;
    }
    if steady.is_some() && !matches!(painting.painter, Painter::Style(_)) {
        return refuse(
            "cannot use --steady with this method or network: only the fast and the studio method \
             have it",
        );
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

fn told(frame: i64, names: [String; 2], mut report: Report, started: Instant) -> Value {
    report.seconds.total = started.elapsed();
    let [input, output] = names;
    let mut told = report.to_json();
    told["frame"] = json!(frame);
    told["input"] = json!(input);
    told["output"] = json!(output);
    told
}

/// `25`, `23.976` or `24000/1001`.
fn parse_rate(text: &str) -> Result<[u32; 2], String> {
    let whole = |text: &str| text.parse::<u32>().ok().filter(|number| *number > 0);
    let rate = match text.split_once('/') {
        Some((over, under)) => whole(over).zip(whole(under)).map(|(over, under)| [over, under]),
        None => match (whole(text), text.parse::<f64>()) {
            (Some(rate), _) => Some([rate, 1]),
            (None, Ok(rate)) if (0.1..1000.0).contains(&rate) => Some(known_rate(rate)),
            _ => None,
        },
    };
    rate.ok_or_else(|| "a rate such as 25, 23.976 or 24000/1001 is expected".to_owned())
}

/// Of a rounded rate of television the true one.
fn known_rate(rate: f64) -> [u32; 2] {
    let of_television = [24, 30, 48, 60, 120]
        .into_iter()
        .find(|whole| (f64::from(*whole) * 1000.0 / 1001.0 - rate).abs() < 0.006);
    match of_television {
        Some(whole) => [whole * 1000, 1001],
        None => [(rate * 1000.0).round() as u32, 1000],
    }
}

fn refuse<T>(what: impl Into<String>) -> Result<T> {
    Err(Error::new(ErrorKind::Argument, what.into()))
}
