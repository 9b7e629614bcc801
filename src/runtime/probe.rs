//! Asks a library what it is before it is trusted with the process.
#![allow(unsafe_code)]

use std::ffi::{CStr, c_char, c_void};
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::ptr;

use super::library::{CURE, RuntimeVersion};
use super::{open, want};
use crate::error::{Cure, Error, ErrorKind, Result};

/// The head of `OrtApiBase`, unchanged since ONNX Runtime 1.0.
#[repr(C)]
struct ApiBase {
    get_api: unsafe extern "C" fn(version: u32) -> *const c_void,
    get_version_string: unsafe extern "C" fn() -> *const c_char,
}

/// What onnxruntime.dll needs and Windows does not bring.
const NEEDS: &str = if cfg!(windows) {
    "; it needs Microsoft's Visual C++ Redistributable, and its other libraries beside it"
} else {
    ""
};

/// Opens the library at `path`, reads its version and refuses what the engine cannot use. One that
/// is not refused stays: who opens it again gets this one, with what it needs.
pub(super) fn probe(path: &Path) -> Result<RuntimeVersion> {
    let refuse = |why: String| {
        let what = format!("cannot load ONNX Runtime: '{}' {why}", path.display());
        Error::new(ErrorKind::Runtime, what).cured(Cure::Installation, CURE)
    };
    let no_memory = |why: &str| {
        let path = path.display();
        let what =
            format!("no memory to load ONNX Runtime from '{path}' ({why}): end other programs");
        Error::new(ErrorKind::Memory, what)
    };
    if path.is_dir() {
        return Err(refuse("is a folder, not a library".into()));
    }
    File::open(path).map_err(|e| refuse(format!("cannot be read ({e})")))?;

    if is_truncated(path) {
        return Err(refuse("is truncated".into()));
    }

    // SAFETY: running a library's constructors is what loading means; the path comes from the
    // user or from our own installation, as any plug-in's does.
    let library = unsafe { open::library(path) }.map_err(|e| {
        let why = std::error::Error::source(&e).map_or(e.to_string(), ToString::to_string);
        match want::is_of_memory(&why) {
            true => no_memory(&why),
            false => refuse(format!("is not a library that can be loaded here ({why}{NEEDS})")),
        }
    })?;
    // SAFETY: ONNX Runtime has exported this function with this signature since 1.0, and no other
    // library uses the name.
    let get_api_base =
        unsafe { library.get::<unsafe extern "C" fn() -> *const ApiBase>(b"OrtGetApiBase") }
            .map_err(|_| refuse("is not ONNX Runtime (it has no OrtGetApiBase)".into()))?;
    // SAFETY: the function takes nothing and returns a pointer to a static table or null.
    let base = unsafe { get_api_base().as_ref() };
    let text = base.map_or(ptr::null(), |base| {
        // SAFETY: the function is in the table's head, takes nothing and returns static text or
        // null.
        unsafe { (base.get_version_string)() }
    });
    if text.is_null() {
        return Err(refuse("does not tell its version".into()));
    }
    // SAFETY: it is not null, so it is the library's static text.
    let version = unsafe { CStr::from_ptr(text) }.to_string_lossy();

    let known = RuntimeVersion::parse(&version)
        .ok_or_else(|| refuse(format!("tells a version that is none: '{version}'")))?;
    if known < RuntimeVersion::OLDEST {
        let needed = RuntimeVersion::OLDEST;
        return Err(refuse(format!("is ONNX Runtime {known}, {needed} or later is needed")));
    }
    std::mem::forget(library);
    Ok(known)
}

/// Whether an ELF file ends before its table of sections, which linkers put last. The loader maps
/// such a file and dies of a bus error.
pub(super) fn is_truncated(path: &Path) -> bool {
    let mut header = [0; 64];
    let read = File::open(path).and_then(|mut file| {
        file.read_exact(&mut header)?;
        Ok(file.metadata()?.len())
    });
    let Ok(length) = read else { return false };
    // 64-bit little-endian ELF (System V ABI, figure 4-3): e_shoff, e_shentsize, e_shnum.
    if header[..6] != *b"\x7fELF\x02\x01" {
        return false;
    }
    let offset = header[0x28..0x30].iter().rev().fold(0, |n, &b| n << 8 | u64::from(b));
    let half = |at: usize| u64::from(u16::from_le_bytes([header[at], header[at + 1]]));
    offset.saturating_add(half(0x3a) * half(0x3c)) > length
}

/// Keeps ONNX Runtime from sending usage data home: official builds do so by default, and the
/// switch in its interface comes after the first event.
pub(super) fn forbid_telemetry() {
    const SWITCH: &str = "ORT_DISABLE_TELEMETRY";
    if std::env::var_os(SWITCH).is_none() {
        // SAFETY: called once a process, before ONNX Runtime's threads exist. Rust's readers of
        // the environment share a lock with this; a host's C threads that read it at this very
        // moment could see a moved table, a window of nanoseconds that is accepted for privacy.
        unsafe { std::env::set_var(SWITCH, "1") };
    }
}
