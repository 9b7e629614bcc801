//! `impasto paint`.

mod files;
mod look;
mod one;
mod optimize_styles;
mod own_network;
mod painting;
mod rescue;
mod sequence;
mod targets;
mod watch;
mod working_memory;

use std::path::PathBuf;
use std::time::Instant;

use clap::{ArgGroup, ArgMatches, Args};
use impasto::fast::{Look, PerStyle, Style};
use impasto::file::ReadOptions;
use impasto::image::Picture;
use impasto::job::Cancel;
use impasto::optimize::{Enlarging, StylePart};
use impasto::settings::{self, Method};
use impasto::{Engine, Error, ErrorKind, Job, Result, Settings, Styles, check_file, file, memory};
use impasto_cli::setting_options::{Given, refused};
use impasto_cli::size::parse_bytes;
use impasto_cli::{EngineArguments, cancel, cures, output, style};
use serde_json::{Value, json};

use files::is_standard;
use look::LookChoice;
use one::One;
use optimize_styles::{OptimizeArguments, OptimizeStyles};
use own_network::NetworkArguments;
use painting::Painting;
use sequence::{Sequence, SequenceArguments};
use targets::{TargetArguments, targets};
use watch::PreviewArguments;

#[derive(Args)]
#[group(skip)]
#[command(group = ArgGroup::new("target").required(true))]
pub struct PaintArguments {
    /// Pictures to paint: PNG, JPEG, TIFF, WebP or OpenEXR; - for standard input; or a sequence of
    /// them, such as shot.####.exr
    #[arg(required = true, value_name = "PICTURE")]
    inputs: Vec<PathBuf>,
    /// A style by name (see `impasto styles`) or a picture; :WEIGHT mixes several
    #[arg(long, short, value_name = "STYLE[:WEIGHT]", required_unless_present = "network")]
    style: Vec<String>,
    #[command(flatten)]
    target: TargetArguments,
    /// Paint only where this picture is white; it is scaled to fit. For a sequence a sequence, too
    #[arg(long, value_name = "PICTURE")]
    mask: Option<PathBuf>,
    /// Quality of written JPEG files
    #[arg(long, value_name = "1-100", default_value_t = 92, value_parser = clap::value_parser!(u8).range(1..=100))]
    quality: u8,
    /// The most that the file of a picture may hold, such as 8G
    #[arg(long, value_name = "AMOUNT", default_value = "4G", value_parser = parse_bytes)]
    max_input: u64,
    /// The layer of OpenEXR files, such as ViewLayer.Combined
    #[arg(long, value_name = "NAME")]
    layer: Option<String>,
    /// Print a report for programs as JSON
    #[arg(long)]
    json: bool,
    /// Show no progress
    #[arg(long, short)]
    quiet: bool,
    #[command(flatten)]
    network: NetworkArguments,
    #[command(flatten)]
    optimize: OptimizeArguments,
    #[command(flatten)]
    sequence: SequenceArguments,
    #[command(flatten)]
    preview: PreviewArguments,
    /// What `--on-cancel keep` was called
    #[arg(long, hide = true, conflicts_with = ON_CANCEL)]
    keep_on_interrupt: bool,
}

impl PaintArguments {
    /// How the pictures to paint are read.
    fn reading(&self) -> ReadOptions {
        ReadOptions { max_bytes: self.max_input, layer: self.layer.clone() }
    }
}

const ON_CANCEL: &str = "on-cancel";

/// What paints: a style for our network, a network of the user's own, or an optimisation.
enum Painter {
    Style(Style),
    Network(PerStyle),
    /// The studio method takes the code, too, and the optimise method for what is finer.
    Optimize {
        styles: OptimizeStyles,
        start: Option<Picture>,
        code: Option<Style>,
    },
}

impl Painter {
    /// The styles of an optimisation, for [`Painter::styles`].
    fn parts(&self) -> Vec<StylePart<'_>> {
        match self {
            Self::Optimize { styles, .. } => styles.as_parts(),
            Self::Style(_) | Self::Network(_) => Vec::new(),
        }
    }

    fn styles<'a>(&'a self, parts: &'a [StylePart<'a>]) -> Styles<'a> {
        match self {
            Self::Style(style) => Styles::from(style),
            Self::Network(network) => Styles::from(network),
            Self::Optimize { code, .. } => Styles { code: code.as_ref(), ..Styles::from(parts) },
        }
    }

    fn start(&self) -> Option<&Picture> {
        match self {
            Self::Optimize { start, .. } => start.as_ref(),
            Self::Style(_) | Self::Network(_) => None,
        }
    }
}

pub fn run(
    engine: &Engine,
    engine_arguments: &EngineArguments,
    arguments: &PaintArguments,
    matches: &ArgMatches,
) -> Result<()> {
    let settings = settings(arguments, matches)?;
    let sequence = Sequence::of(arguments)?;
    check_long_work(arguments, &settings, sequence.is_some())?;
    let targets = match sequence {
        None => targets(&arguments.inputs, &arguments.target)?,
        Some(_) => Vec::new(),
    };
    let cancel = cancel::on_interrupt();
    let started = Instant::now();
    let painter = painter(engine, &settings, arguments, &cancel)?;
    let style_seconds = started.elapsed().as_secs_f64();

    let painting = Painting {
        engine,
        settings: &settings,
        painter: &painter,
        cancel: &cancel,
        memory: engine_arguments.memory,
    };
    if let Some(sequence) = sequence {
        let painted = sequence.paint(&painting)?;
        if arguments.json {
            tell(arguments, style_seconds, &painted.reports)?;
        }
        return painted.check();
    }
    let mask = arguments.mask.as_deref().map(file::read).transpose()?;
    let look = single_look(&painting, arguments)?;
    let one = One { painting: &painting, mask: mask.as_ref(), look: look.as_ref(), arguments };
    let mut reports = Vec::new();
    let mut failures = 0;
    let count = targets.len();
    for (input, output) in targets {
        match output.and_then(|output| one.paint(&input, &output)) {
            Ok(report) => reports.push(report),
            Err(e) if e.kind() == ErrorKind::Cancelled => return Err(e),
            // A single picture's error ends the program below, with its words.
            Err(e) if count == 1 => return Err(e),
            Err(e) => {
                failures += 1;
                let words = cures::with_options(&e.full_message());
                eprintln!("impasto: {words}");
                reports.push(json!({"input": input.to_string_lossy(), "error": words}));
            }
        }
    }
    if arguments.json {
        tell(arguments, style_seconds, &reports)?;
    }
    if failures > 0 {
        let what = format!("{failures} of {count} pictures were not painted");
        return Err(Error::new(ErrorKind::Picture, what));
    }
    Ok(())
}

/// Prints the report for programs.
fn tell(arguments: &PaintArguments, style_seconds: f64, reports: &[Value]) -> Result<()> {
    let report = json!({
        "style_seconds": style_seconds,
        "pictures": reports,
        "peak_memory_bytes": memory::peak_resident_bytes(),
    });
    // With the picture on standard output the report goes to standard error.
    if arguments.target.out.as_deref().is_some_and(is_standard) {
        eprintln!("{report}");
        return Ok(());
    }
    output::line(format_args!("{report}"))
}

/// The look of a file that single pictures are to be painted in.
fn single_look(painting: &Painting<'_>, arguments: &PaintArguments) -> Result<Option<Look>> {
    let Some(LookChoice::File(path)) = &arguments.sequence.look else { return Ok(None) };
    let (style, job) = (painting.style_for("--look")?, Job::silent(painting.cancel));
    painting.engine.look_of_file(path, style, painting.settings, job).map(Some)
}

/// The settings that were given. One that would do nothing is an error.
fn settings(arguments: &PaintArguments, matches: &ArgMatches) -> Result<Settings> {
    let mut given = Given::of(matches)?;
    if let Some(setting) = settings::find(ON_CANCEL).filter(|_| arguments.keep_on_interrupt) {
        given.set(setting, setting.parse("keep")?)?;
    }
    arguments.network.check(&given)?;
    let has_checkpoint = given.has("checkpoint");
    let has_pace = given.has("checkpoint-every");
    let settings = given.into_settings()?;
    if has_pace && !has_checkpoint {
        let what = "cannot use --checkpoint-every without --checkpoint";
        return Err(Error::new(ErrorKind::Argument, what));
    }
    if settings.method == Method::Fast {
        let option = arguments.optimize.given().or(arguments.preview.given());
        if let Some(option) = option {
            return Err(refused(option, Method::Optimize));
        }
    }
    Ok(settings)
}

/// Whether the files of long work can be written is told before the work, not after it.
fn check_long_work(
    arguments: &PaintArguments,
    settings: &Settings,
    is_sequence: bool,
) -> Result<()> {
    arguments.preview.check()?;
    if let Some(option) = arguments.preview.given().filter(|_| is_sequence) {
        let what = format!("cannot use {option} with a sequence: look at the frames that are done");
        return Err(Error::new(ErrorKind::Argument, what));
    }
    let Some(checkpoint) = &settings.optimize.checkpoint else { return Ok(()) };
    if arguments.inputs.len() > 1 || is_sequence {
        let what = "cannot keep one checkpoint for several pictures";
        return Err(Error::new(ErrorKind::Argument, what));
    }
    check_file(checkpoint)
}

fn painter(
    engine: &Engine,
    settings: &Settings,
    arguments: &PaintArguments,
    cancel: &Cancel,
) -> Result<Painter> {
    let code = || style::resolve(engine, &arguments.style, Job::silent(cancel));
    if settings.method != Method::Fast {
        if arguments.network.is_given() {
            let what = "cannot use --network with this method: see --features";
            return Err(Error::new(ErrorKind::Argument, what));
        }
        let styles = arguments.optimize.styles(engine, &arguments.style)?;
        let code = match (settings.method, settings.optimize.enlarge) {
            (Method::Studio, _) => Some(code()?),
            (_, Enlarging::Paint) => match code() {
                Err(e) if e.kind() != ErrorKind::Cancelled => {
                    log::warn!(
                        "a painting smaller than its picture will only be enlarged: {}",
                        e.full_message()
                    );
                    None
                }
                code => Some(code?),
            },
            (_, Enlarging::Plain) => None,
        };
        return Ok(Painter::Optimize { styles, start: arguments.optimize.start()?, code });
    }
    match arguments.network.open(engine)? {
        Some(network) => Ok(Painter::Network(network)),
        None => Ok(Painter::Style(code()?)),
    }
}
