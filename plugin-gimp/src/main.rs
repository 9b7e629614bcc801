//! Impasto as a filter of GIMP 3: Filters > Artistic > Neural Style Transfer.
//!
//! GIMP starts this program twice over: once to ask what it is, and for every painting. It holds
//! no image maths: pixels in, a call of `libimpasto`, pixels out.

// GIMP would else open a console window for it on Windows.
#![cfg_attr(windows, windows_subsystem = "windows")]

mod arguments;
mod dialog;
#[cfg(target_os = "linux")]
mod effect;
mod ffi;
mod filter;
#[cfg(target_os = "linux")]
mod helper;
mod installation;
mod kept_style;
mod labels;
mod mnemonics;
mod order;
mod picture;
mod recent;
mod target;
mod times;
mod watch;
mod whole_file;
mod words;

use std::process::ExitCode;

use impasto_client::{Engine, Library, Log, LogLevel};

use arguments::{SECOND_STYLE_FILE, STYLE_FILE};
use ffi::{Call, Drawable, Outcome, PlugIn, RunMode};
use filter::Stop;
use order::{LONGEST_STYLE_SIDE, Order};
use times::Times;

fn main() -> ExitCode {
    #[cfg(target_os = "linux")]
    if std::env::args().nth(1).as_deref() == Some(impasto_gegl::HELPER_ARGUMENT) {
        return helper::run();
    }
    let mut times = Times::begin();
    if let Err(why) = ffi::load_gimp() {
        eprintln!("impasto-gimp is a plug-in that GIMP starts: {why}");
        return ExitCode::FAILURE;
    }
    let code = ffi::start(PlugIn {
        type_name: c"Impasto",
        procedure: c"plug-in-impasto",
        describe: arguments::describe,
        run,
    });
    if std::env::args().any(|argument| argument == "-query") {
        times.lap("asked what it is, in all");
        times.print();
    }
    if code == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn run(call: &Call) -> Outcome {
    match paint(call) {
        Ok(()) => Outcome::Success,
        Err(Stop::Cancelled) => Outcome::Cancelled,
        Err(Stop::Failed(why)) => Outcome::Failed(why),
    }
}

fn paint(call: &Call) -> Result<(), Stop> {
    let mut times = Times::begin();
    let chosen = target::chosen(call)?;
    let library = installation::library()?;
    let say = |_, message: &str| eprintln!("impasto-gimp: {message}");
    library.set_log(Some(Log::new(LogLevel::Warning, say)));
    times.lap("library");
    let engine = match call.mode {
        RunMode::Interactive => {
            // A repeat says which of them is lost; a dialog opens without it.
            for name in [STYLE_FILE, SECOND_STYLE_FILE] {
                call.config.want_open_file(name);
            }
            let [first, ..] = chosen.as_slice() else { return Ok(()) };
            dialog::ask(call, first, library)?
        }
        RunMode::NonInteractive | RunMode::WithLastValues => None,
    };
    times.lap("dialog");
    #[cfg(target_os = "linux")]
    effect::prepare(call);
    let order = Order::read(&call.config, &library, LONGEST_STYLE_SIDE)?;
    let engine = match engine {
        Some(engine) => engine,
        None => order.engine(library)?,
    };
    // The dialog may have changed what is painted.
    let chosen = target::chosen(call)?;
    let window = (call.mode == RunMode::Interactive).then_some(&library);
    carry_out(call, &chosen, &order, (&engine, window), &mut times)?;
    if call.mode == RunMode::Interactive {
        for file in order.style.files() {
            recent::remember(file);
        }
    }
    times.print();
    Ok(())
}

fn carry_out(
    call: &Call,
    chosen: &[Drawable],
    order: &Order,
    (engine, window): (&Engine, Option<&Library>),
    times: &mut Times,
) -> Result<(), Stop> {
    #[cfg(target_os = "linux")]
    if effect::is_wanted(call) {
        return effect::add(call, chosen, order, engine);
    }
    filter::paint(call, chosen, order, engine, window, times)
}
