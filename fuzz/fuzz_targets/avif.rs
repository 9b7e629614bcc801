#![no_main]

#[path = "../bodies/picture.rs"]
mod body;

use impasto::file::FileFormat;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| body::run(FileFormat::Avif, bytes));
