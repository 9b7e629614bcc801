//! GIMP's progress bar and its messages.

use std::time::{Duration, Instant};

use super::object::c_text;
use super::tables::gimp;

/// Between two messages to GIMP, which waits for neither of us.
const PAUSE: Duration = Duration::from_millis(40);

/// GIMP's progress bar while this lives. GIMP offers to cancel beside it, and then ends this
/// program.
#[derive(Debug)]
pub struct Progress {
    text: String,
    told: Instant,
}

impl Progress {
    /// Shows an empty bar.
    pub fn begin(text: &str) -> Self {
        // SAFETY: the text ends with NUL.
        unsafe { (gimp().gimp_progress_init)(c_text(text).as_ptr()) };
        Self { text: text.to_owned(), told: Instant::now() }
    }

    /// Shows the part that is done, 0 to 1, and what is being done.
    pub fn tell(&mut self, fraction: f32, text: &str) {
        if text != self.text {
            text.clone_into(&mut self.text);
            // SAFETY: the text ends with NUL.
            unsafe { (gimp().gimp_progress_set_text)(c_text(text).as_ptr()) };
        } else if self.told.elapsed() < PAUSE {
            return;
        }
        self.told = Instant::now();
        // SAFETY: it takes any number.
        unsafe { (gimp().gimp_progress_update)(fraction.clamp(0.0, 1.0).into()) };
    }
}

/// Shows words that ask for no answer where GIMP shows its own.
pub fn message(text: &str) {
    // SAFETY: the text ends with NUL.
    unsafe { (gimp().gimp_message)(c_text(text).as_ptr()) };
}

impl Drop for Progress {
    fn drop(&mut self) {
        // SAFETY: it takes nothing.
        unsafe { (gimp().gimp_progress_end)() };
    }
}
