//! What a person sees of a shot that is painted: one bar, which counts frames.

use std::cell::RefCell;

use indicatif::{HumanDuration, ProgressBar};

use crate::paint::watch::bar;

/// The bar.
pub struct ShotProgress {
    bar: ProgressBar,
    /// Notes are told once for a shot.
    told: RefCell<Vec<String>>,
}

impl ShotProgress {
    /// With a bar on standard error, if that is a terminal and `has_bar`.
    pub fn new(name: &str, count: u64, has_bar: bool) -> Self {
        let template = "{prefix} {wide_bar} {pos} of {len} frames {msg}";
        Self { bar: bar(name, count, template, has_bar), told: RefCell::default() }
    }

    /// A frame is begun.
    pub fn begin(&self, frame: i64) {
        let left = match self.bar.position() {
            0 => String::new(),
            _ => format!(", {} left", HumanDuration(self.bar.eta())),
        };
        self.bar.set_message(format!("(frame {frame}{left})"));
    }

    /// On the way to a frame, one that it goes on from is composed; at last the frame itself.
    pub fn compose(&self, composed: i64, frame: i64) {
        match composed == frame {
            true => self.begin(frame),
            false => self.bar.set_message(format!("(frame {frame}: composing {composed})")),
        }
    }

    /// It is done.
    pub fn end(&self) {
        self.bar.inc(1);
    }

    /// Says something on standard error.
    pub fn say(&self, words: &str) {
        self.bar.suspend(|| eprintln!("impasto: {words}"));
    }

    /// Tells notes of a frame.
    pub fn tell(&self, output: &str, notes: &[String]) {
        let mut told = self.told.borrow_mut();
        for note in notes {
            if !told.contains(note) {
                told.push(note.clone());
                self.bar.suspend(|| log::warn!("{output}: {note}"));
            }
        }
    }
}

impl Drop for ShotProgress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
