//! Measures how fast Impasto paints: both methods, and their networks alone.

mod cost;
mod fast;
mod losses;
mod network;
mod optimize;
mod peak;
mod registers;
mod reported;
mod roof;
mod roofline;
mod spread;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, CommandFactory, FromArgMatches, Parser, ValueEnum};
use impasto::file;
use impasto::image::{Channels, ColorSpace, Picture, PixelFormat, SampleType};
use impasto::runtime::operators::{self, InstructionSet};
use impasto::settings::{self, Method, Place, SETTINGS};
use impasto::{Limits, Result, Settings, memory};
use impasto_cli::outcome::{self, EXIT_CODES};
use impasto_cli::setting_options::{Given, with_settings};
use impasto_cli::{EngineArguments, cancel, logger};

/// Measure how fast this machine paints.
#[derive(Parser)]
#[command(name = "impasto-bench", version, after_help = EXIT_CODES)]
struct Cli {
    #[command(flatten)]
    engine: EngineArguments,
    #[command(flatten)]
    bench: BenchArguments,
}

#[derive(Args)]
struct BenchArguments {
    /// Size of the picture: 1024, or 6000x4000
    #[arg(long, default_value = "1024", value_parser = parse_size)]
    size: [u32; 2],
    /// What differs from one run of the fast method to the next: the picture, or a setting, as in a
    /// live preview
    #[arg(long, value_name = "WHAT", default_value = "picture")]
    changing: Changing,
    /// Timed runs after one that is not counted; of the optimise method, steps
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=1000))]
    runs: u32,
    /// The picture to paint, at its own size; by default one drawn by formula
    #[arg(long, value_name = "PICTURE")]
    content: Option<PathBuf>,
    /// A style by name, or a picture
    #[arg(long, short, default_value = "great-wave")]
    style: Vec<String>,
    /// One network alone, on an input of just that size that is on the device already, beside the
    /// least time that its operations and its memory traffic take here
    #[arg(long, value_name = "NETWORK", conflicts_with_all = ["content", "losses_of", "method"])]
    network: Option<NetworkAlone>,
    /// Paint nothing: print the losses of this painting of the content in the style of a picture
    #[arg(long, value_name = "PICTURE", requires = "content", conflicts_with = "method")]
    losses_of: Option<PathBuf>,
    /// Keep our own operators on the CPU to an instruction set that is not this processor's widest,
    /// to see what an older one would do. ONNX Runtime's own operators still use the widest. The
    /// most that the processor can do is then measured in that instruction set, too
    #[arg(long, value_name = "SET")]
    instructions: Option<Instructions>,
    /// Run ONNX Runtime's operators alone, to see what ours gain
    #[arg(long, conflicts_with = "instructions")]
    without_own_operators: bool,
    /// Print the result for programs as JSON
    #[arg(long)]
    json: bool,
}

impl BenchArguments {
    /// What our operators are kept to.
    fn instruction_set(&self) -> Option<InstructionSet> {
        self.instructions.map(InstructionSet::from)
    }

    /// The picture of the style; none for a style by name, or for several.
    fn style_picture(&self) -> Result<Option<Picture>> {
        match &self.style[..] {
            [path] if Path::new(path).is_file() => file::read(Path::new(path)).map(Some),
            _ => Ok(None),
        }
    }
}

/// Of those that our operators are written for, the ones that one machine may have both of.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Instructions {
    /// With FMA
    Avx2,
    /// With F, CD, BW, DQ and VL
    Avx512,
}

impl From<Instructions> for InstructionSet {
    fn from(instructions: Instructions) -> Self {
        match instructions {
            Instructions::Avx2 => Self::Avx2,
            Instructions::Avx512 => Self::Avx512,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Changing {
    Picture,
    Turbulence,
    Opacity,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum NetworkAlone {
    /// The fast method's, which paints; sides are multiples of 4
    Render,
    /// The fast method's, which takes the statistics of features; sides are multiples of 4
    Statistics,
    /// A step of the optimise method, with the margin around the picture
    Step,
}

fn main() -> ExitCode {
    let of_paintings = SETTINGS.iter().filter(|setting| setting.place != Place::Programs);
    let matches = with_settings(Cli::command(), of_paintings).get_matches();
    let cli = match Cli::from_arg_matches(&matches) {
        Ok(cli) => cli,
        Err(e) => e.exit(),
    };
    logger::install(cli.engine.verbose);
    let settings = Given::of(&matches).and_then(|mut given| {
        let method = settings::find("method");
        if let (Some(NetworkAlone::Step), Some(method)) = (cli.bench.network, method) {
            given.set(method, method.parse("optimize")?)?;
        }
        given.into_settings()
    });
    outcome::exit_code("impasto-bench", settings.and_then(|settings| run(&cli, &settings)))
}

fn run(Cli { engine: options, bench: arguments }: &Cli, settings: &Settings) -> Result<()> {
    if arguments.without_own_operators {
        operators::leave_out()?;
    }
    if let Some(set) = arguments.instruction_set() {
        operators::keep_to(set)?;
    }
    let engine = &options.engine();
    let cancel = &cancel::on_interrupt();
    let held = memory::resident_bytes().unwrap_or(0);
    let memory = options.memory.map(|limit| limit.saturating_sub(held));
    let limits = Limits { memory, cancel };
    let alone = |which| network::run(engine, arguments, which, settings, cancel);
    match arguments.network {
        Some(NetworkAlone::Render) => return alone(network::Fast::Render),
        Some(NetworkAlone::Statistics) => return alone(network::Fast::Statistics),
        Some(NetworkAlone::Step) | None => (),
    }
    let picture = match &arguments.content {
        Some(path) => file::read(path)?,
        None => drawn(arguments.size)?,
    };
    if let Some(painted) = &arguments.losses_of {
        return losses::run(engine, arguments, &picture, &file::read(painted)?, limits);
    }
    if settings.method == Method::Optimize {
        return optimize::run(engine, arguments, settings, &picture, limits);
    }
    fast::run(engine, arguments, settings, &picture, limits)
}

/// Rings and waves at many scales in 8-bit sRGB: what a photograph asks of the network.
fn drawn([width, height]: [u32; 2]) -> Result<Picture> {
    let format = PixelFormat::new(Channels::Rgb, SampleType::U8);
    let mut picture = Picture::new(width, height, format, ColorSpace::Srgb)?;
    let mut row = vec![[0.0, 0.0, 0.0, 1.0]; width as usize];
    for y in 0..height {
        for (x, pixel) in row.iter_mut().enumerate() {
            let (x, y) = (x as f32, y as f32);
            let rings = ((x * x + y * y) / 9000.0).sin();
            let waves = (x / 37.0 + (y / 23.0).sin()).sin();
            let fine = (x * 1.3).sin() * (y * 0.9).cos();
            pixel[0] = 0.5 + 0.25 * rings + 0.2 * waves;
            pixel[1] = 0.5 + 0.3 * waves + 0.1 * fine;
            pixel[2] = 0.5 + 0.3 * rings - 0.1 * fine;
        }
        picture.view_mut().write_row(y, 0, &row);
    }
    Ok(picture)
}

fn parse_size(text: &str) -> Result<[u32; 2], String> {
    let side = |text: &str| text.parse().map_err(|_| "a size such as 1024 or 6000x4000".to_owned());
    match text.split_once('x') {
        Some((width, height)) => Ok([side(width)?, side(height)?]),
        None => side(text).map(|side| [side, side]),
    }
}
