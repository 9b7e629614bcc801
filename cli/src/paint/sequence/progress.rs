//! What a person sees of a shot that is painted: one bar, which counts frames.

use std::cell::{Cell, RefCell};
use std::io::IsTerminal;
use std::path::Path;

use indicatif::{HumanDuration, ProgressBar, ProgressStyle};

/// The bar.
pub struct ShotProgress {
    bar: ProgressBar,
    painted: Cell<u64>,
    /// Notes are told once for a shot.
    told: RefCell<Vec<String>>,
}

impl ShotProgress {
    /// With a bar on standard error, if that is a terminal and `has_bar`.
    pub fn new(name: &str, count: usize, has_bar: bool) -> Self {
        let bar = match has_bar && std::io::stderr().is_terminal() {
            true => ProgressBar::new(count as u64),
            false => ProgressBar::hidden(),
        };
        let form = "{prefix} {wide_bar} {pos} of {len} frames {msg}";
        if let Ok(style) = ProgressStyle::with_template(form) {
            bar.set_style(style);
        }
        bar.set_prefix(name.to_owned());
        Self { bar, painted: Cell::new(0), told: RefCell::default() }
    }

    /// A frame is begun.
    pub fn begin(&self, frame: i64) {
        let left = match self.painted.get() {
            0 => String::new(),
            _ => format!(", {} left", HumanDuration(self.bar.eta())),
        };
        self.bar.set_message(format!("(frame {frame}{left})"));
    }

    /// It is done.
    pub fn end(&self) {
        self.painted.set(self.painted.get() + 1);
        self.bar.inc(1);
    }

    /// Says something on standard error.
    pub fn say(&self, words: &str) {
        self.bar.suspend(|| eprintln!("impasto: {words}"));
    }

    /// Tells notes of a frame.
    pub fn tell(&self, output: &Path, notes: &[String]) {
        let mut told = self.told.borrow_mut();
        for note in notes {
            if !told.contains(note) {
                told.push(note.clone());
                self.bar.suspend(|| log::warn!("{}: {note}", output.display()));
            }
        }
    }
}

impl Drop for ShotProgress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
