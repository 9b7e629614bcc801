#![no_main]

#[path = "../../tests/capi/abi.rs"]
mod abi;
#[path = "../bodies/pixels.rs"]
mod body;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| body::run(bytes));
