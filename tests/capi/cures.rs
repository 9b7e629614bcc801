//! What helps against a failure, for hosts that say it in words of their own.

use std::ffi::CStr;
use std::fs;
use std::path::PathBuf;
use std::ptr;

use crate::abi::{self, checked};
use crate::common::scratch;
use crate::fixtures;

const NONE: i32 = 0;
const INSTALLATION: i32 = 1;
const DEVICE: i32 = 2;

/// The last failure: its words without the cure, and the cure.
fn told() -> (String, i32) {
    // SAFETY: the library's string is valid until the next failure on this thread.
    let failure = unsafe { CStr::from_ptr(abi::impasto_last_error_failure()) };
    // SAFETY: the function takes nothing.
    (failure.to_str().unwrap().to_owned(), unsafe { abi::impasto_last_error_cure() })
}

/// The status of an engine with these networks on this device that gets ready.
fn ready(models: Option<&PathBuf>, device: &CStr) -> i32 {
    let models = models.map(|folder| fixtures::path(folder));
    let mut options = fixtures::engine_options();
    options.models_path = models.as_ref().map_or(ptr::null(), |folder| folder.as_ptr());
    options.device = device.as_ptr();
    let mut engine = ptr::null_mut();
    // SAFETY: the strings live until the calls have returned; the engine is freed once.
    unsafe {
        let made = checked(abi::impasto_engine_new(&options, &mut engine));
        assert_eq!(made, abi::OK, "{}", abi::last_error());
        let status = checked(abi::impasto_engine_prepare(engine));
        abi::impasto_engine_free(&mut engine);
        status
    }
}

#[test]
fn a_missing_network_is_installed_again() {
    let models = scratch().join("models-without-networks");
    fs::create_dir_all(&models).unwrap();
    let manifest = crate::common::root().join("models/manifest.toml");
    fs::copy(manifest, models.join("manifest.toml")).unwrap();

    assert_eq!(ready(Some(&models), c"cpu"), abi::MODEL);
    let message = abi::last_error();
    let (failure, cure) = told();
    assert_eq!(cure, INSTALLATION, "{message}");
    assert_eq!(message, format!("{failure}; install it again"));
    assert!(failure.contains("models-without-networks"), "{failure}");
}

#[test]
fn a_device_that_is_not_set_up_is_another_cure() {
    assert_eq!(ready(None, c"cuda"), 7);
    let message = abi::last_error();
    let (failure, cure) = told();
    assert_eq!(cure, DEVICE, "{message}");
    assert!(message.starts_with(&failure) && message.contains("onnxruntime-gpu"), "{message}");
    assert!(!failure.contains("onnxruntime-gpu"), "{failure}");
}

#[test]
fn where_the_message_says_all_it_is_whole() {
    // SAFETY: a name that ends with NUL, room for a handle.
    let status = unsafe {
        let mut style = ptr::null_mut();
        abi::impasto_style_from_name(fixtures::engine(), c"no-such-style".as_ptr(), &mut style)
    };
    assert_ne!(checked(status), abi::OK);
    assert_eq!(told(), (abi::last_error(), NONE));
}
