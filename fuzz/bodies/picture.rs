//! Bytes as a picture file: read, or refused as a file that is damaged.
//!
//! Decoders may panic over what is damaged, which the reader catches; its own code may not.

use impasto::ErrorKind;
use impasto::file::{FileFormat, detect, read_bytes};
use log::{LevelFilter, Log, Metadata, Record};

pub fn run(format: FileFormat, bytes: &[u8]) {
    // Another one is there already but for the first time.
    if log::set_logger(&PanicsOfOurs).is_ok() {
        log::set_max_level(LevelFilter::Debug);
    }
    // Other formats have targets of their own.
    if detect(bytes) != Some(format) {
        return;
    }
    match read_bytes(bytes, "memory") {
        Ok(picture) => {
            let pixels = picture.width() as usize * picture.height() as usize;
            assert_eq!(picture.data().len(), pixels * picture.format().bytes());
        }
        Err(error) => assert_eq!(error.kind(), ErrorKind::Picture, "{}", error.full_message()),
    }
}

struct PanicsOfOurs;

impl Log for PanicsOfOurs {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &Record<'_>) {
        let words = record.args().to_string();
        if words.contains("panicked at") && !words.contains(".cargo/registry") {
            eprintln!("{words}");
            std::process::abort();
        }
    }

    fn flush(&self) {}
}
