//! Log messages on standard error.

use log::{LevelFilter, Log, Metadata, Record};

struct StandardError;

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
    }

    fn flush(&self) {}
}
