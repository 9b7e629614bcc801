//! What a painting took.

use std::cell::RefCell;
use std::ffi::{CString, c_char};
use std::ptr;

use super::fence::fenced;
use super::sized::{self, Growing};
use super::status::impasto_status;
use crate::memory::peak_resident_bytes;
use crate::report::Report;
use crate::runtime::Device;

/// What a painting took. Initialise it with `impasto_report_init`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct impasto_report {
    /// The size of this struct in the caller's version.
    pub struct_size: usize,
    /// The device that really did the work: "cpu"; of a plug-in provider the library's file name.
    /// Ends with NUL; what is too long is cut.
    pub device: [c_char; 32],
    /// Seconds in all.
    pub seconds: f64,
    /// Seconds for the statistics of the picture.
    pub statistics_seconds: f64,
    /// Seconds in the network that paints.
    pub network_seconds: f64,
    /// The most memory that the process has held so far, in bytes; 0 where unknown.
    pub peak_bytes: u64,
    /// How many tiles were painted.
    pub tiles: u32,
    /// How often tiles had to be made smaller, or the CPU taken, for want of memory.
    pub retries: u32,
    /// Optimise: steps that were taken.
    pub steps: u32,
    /// Optimise: 1 if a request to stop ended it early.
    pub stopped: i32,
    /// Optimise: the content loss of the last step; 0 otherwise.
    pub content_loss: f32,
    /// Optimise: the style loss of the last step; 0 otherwise.
    pub style_loss: f32,
    /// What the user should know, for people: another device than the best was taken and why,
    /// memory was short. Empty in the usual case. Ends with NUL; what is too long is cut.
    pub note: [c_char; 512],
    /// All that is known of the painting, each size of an optimisation included, as JSON. It
    /// belongs to the library and is valid until the next painting on the same thread.
    pub json: *const c_char,
}

// SAFETY: `repr(C)`, begins with its size, without padding; numbers and a pointer.
unsafe impl Growing for impasto_report {
    fn defaults() -> Self {
        Self {
            struct_size: size_of::<Self>(),
            device: [0; 32],
            seconds: 0.0,
            statistics_seconds: 0.0,
            network_seconds: 0.0,
            peak_bytes: 0,
            tiles: 0,
            retries: 0,
            steps: 0,
            stopped: 0,
            content_loss: 0.0,
            style_loss: 0.0,
            note: [0; 512],
            json: ptr::null(),
        }
    }
}

impl impasto_report {
    pub(super) fn of(report: &Report) -> Self {
        let losses = report.losses();
        let peak = peak_resident_bytes();
        Self {
            device: device(&report.device),
            seconds: report.seconds.total.as_secs_f64(),
            statistics_seconds: report.seconds.statistics.as_secs_f64(),
            network_seconds: report.seconds.network.as_secs_f64(),
            peak_bytes: peak.unwrap_or(0),
            tiles: report.tiles as u32,
            retries: report.retries,
            steps: report.steps(),
            stopped: report.stopped.into(),
            content_loss: losses.map_or(0.0, |losses| losses.content),
            style_loss: losses.map_or(0.0, |losses| losses.style),
            note: letters(&report.notes.join("; ")),
            json: kept_json(report, peak),
            ..Self::defaults()
        }
    }
}

/// The report as JSON, lent until the next one on this thread.
fn kept_json(report: &Report, peak: Option<u64>) -> *const c_char {
    thread_local! {
        static LAST: RefCell<CString> = RefCell::default();
    }
    let mut json = report.to_json();
    json["peak_memory_bytes"] = peak.into();
    let text = CString::new(json.to_string()).unwrap_or_default();
    // A thread that is being torn down has nowhere to keep it.
    LAST.try_with(|last| last.replace(text)).ok();
    LAST.try_with(|last| last.borrow().as_ptr()).unwrap_or(c"".as_ptr())
}

fn device(device: &Device) -> [c_char; 32] {
    match device {
        Device::Plugin(path) => letters(&path.file_name().unwrap_or_default().to_string_lossy()),
        named => letters(&named.to_string()),
    }
}

/// As much of `text` as there is room for, ending with NUL; a letter is never cut in two.
fn letters<const N: usize>(text: &str) -> [c_char; N] {
    let mut letters = [0; N];
    let text = &text[..text.floor_char_boundary(N - 1)];
    for (to, from) in letters.iter_mut().zip(text.bytes()) {
        *to = from as c_char;
    }
    letters
}

/// Fills a report with zeros and its size.
///
/// @param report receives the zeros
/// @param struct_size `sizeof(impasto_report)`
/// @return `ARGUMENT` for NULL or a size that no version of the struct has
///
/// # Safety
/// `report` is NULL or has room for `struct_size` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn impasto_report_init(
    report: *mut impasto_report,
    struct_size: usize,
) -> impasto_status {
    // SAFETY: the caller guarantees room for `struct_size` bytes, which is all that is written.
    fenced(|| unsafe { sized::write(report, struct_size, Growing::defaults(), "report") })
}
