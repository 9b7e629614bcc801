//! Words for the user.

use std::ffi::{CString, c_char};
use std::io::{self, Write};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use super::properties::c_text;
use super::tables::{Int, Raw, gegl};

/// The domain whose messages GIMP shows to its user.
const DOMAIN: &std::ffi::CStr = c"GEGL";
/// `G_LOG_LEVEL_MESSAGE`
const MESSAGE: Int = 1 << 5;
/// `G_PRIORITY_DEFAULT_IDLE`
const WHEN_IDLE: Int = 200;

/// The same words are told once for all the times that an effect is asked for in a row.
const PAUSE: Duration = Duration::from_secs(5);

/// Tells the user, once the host does nothing else: a dialog in the midst of drawing would draw
/// again.
pub fn tell(words: &str) {
    static LAST: Mutex<Option<(String, Instant)>> = Mutex::new(None);
    let Some(gegl) = gegl() else { return };
    if let Ok(mut last) = LAST.lock() {
        if last.as_ref().is_some_and(|(told, when)| told == words && when.elapsed() < PAUSE) {
            return;
        }
        *last = Some((words.to_owned(), Instant::now()));
    }
    // SAFETY: takes nothing.
    if unsafe { (gegl.g_main_depth)() } == 0 {
        // Perhaps nobody comes to be idle.
        print(words);
    }
    let text = c_text(words).into_raw().cast();
    let (show, free) = (show as *const () as Raw, free as *const () as Raw);
    // SAFETY: the function takes the text, which `free` takes back.
    unsafe { (gegl.g_idle_add_full)(WHEN_IDLE, show, text, free) };
}

/// On standard error, which may be closed.
pub fn print(words: &str) {
    let _ = writeln!(io::stderr(), "{words}");
}

extern "C" fn show(text: Raw) -> Int {
    const ONCE: Int = 0;
    if let Some(gegl) = gegl() {
        // SAFETY: two texts that end with NUL, and a format that takes the second.
        unsafe {
            (gegl.g_log)(DOMAIN.as_ptr(), MESSAGE, c"%s".as_ptr(), text.cast::<c_char>());
        }
    }
    ONCE
}

extern "C" fn free(text: Raw) {
    if !text.is_null() {
        // SAFETY: it came from `into_raw`, and is not used again.
        drop(unsafe { CString::from_raw(text.cast()) });
    }
}
