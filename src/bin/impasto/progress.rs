//! Progress on a terminal; nothing in a pipe.

use std::fmt::Write as _;
use std::io::IsTerminal;

use impasto::job::Progress;
use indicatif::{HumanDuration, ProgressBar, ProgressStyle};

const STEPS: u64 = 1000;

/// A bar on standard error, if that is a terminal.
pub fn bar(name: &str, wanted: bool) -> ProgressBar {
    if !wanted || !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(STEPS);
    if let Ok(style) = ProgressStyle::with_template("{prefix} {wide_bar} {percent:>3}% {msg}") {
        bar.set_style(style);
    }
    bar.set_prefix(name.to_owned());
    bar
}

/// Shows progress on a bar.
pub fn show(bar: &ProgressBar, progress: Progress) {
    bar.set_position((progress.fraction * STEPS as f32) as u64);
    let mut words = progress.phase.to_owned();
    if let Some(losses) = progress.losses {
        let _ = write!(words, ", content {:.3}, style {:.4}", losses.content, losses.style);
    }
    if let Some(remaining) = progress.remaining {
        let _ = write!(words, ", {} left", HumanDuration(remaining));
    }
    bar.set_message(words);
}
