//! Log messages on standard error.

use std::sync::{Mutex, PoisonError};

use log::{Level, LevelFilter, Log, Metadata, Record};

/// What warnings of the modules that read picture files begin with.
const OF_FILES: &str = "impasto::file";

struct StandardError;

/// Warnings about the picture file that is read, for its report.
static OF_FILE: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// The warnings about picture files since the last call.
pub fn of_file() -> Vec<String> {
    std::mem::take(&mut OF_FILE.lock().unwrap_or_else(PoisonError::into_inner))
}

/// Shows warnings; with each `--verbose` more.
pub fn install(verbose: u8) {
    static LOGGER: StandardError = StandardError;
    let level = match verbose {
        0 => LevelFilter::Warn,
        1 => LevelFilter::Info,
        2 => LevelFilter::Debug,
        _ => LevelFilter::Trace,
    };
    if log::set_logger(&LOGGER).is_ok() {
        log::set_max_level(level);
    }
}

impl Log for StandardError {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("impasto") || metadata.target() == "onnxruntime"
    }

    fn log(&self, record: &Record<'_>) {
        if self.enabled(record.metadata()) {
            eprintln!("impasto: {}", record.args());
        }
        if record.level() == Level::Warn && record.target().starts_with(OF_FILES) {
            let mut heard = OF_FILE.lock().unwrap_or_else(PoisonError::into_inner);
            heard.push(record.args().to_string());
        }
    }

    fn flush(&self) {}
}
