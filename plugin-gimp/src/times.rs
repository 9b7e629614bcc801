//! How long the parts of a painting take, for those who want to know.

use std::time::Instant;

/// Prints the times on standard error where this variable is set.
const ENVIRONMENT_VARIABLE: &str = "IMPASTO_GIMP_TIMES";

/// The times of the parts of a painting.
#[derive(Debug)]
pub struct Times {
    last: Instant,
    laps: Vec<(&'static str, f64)>,
}

impl Times {
    /// Begins the first part.
    pub fn begin() -> Self {
        Self { last: Instant::now(), laps: Vec::new() }
    }

    /// Ends a part and begins the next.
    pub fn lap(&mut self, name: &'static str) {
        let now = Instant::now();
        self.laps.push((name, (now - self.last).as_secs_f64()));
        self.last = now;
    }

    /// Adds a time that was taken within a part.
    pub fn note(&mut self, name: &'static str, seconds: f64) {
        self.laps.push((name, seconds));
    }

    /// One line with all parts in milliseconds, if that is wanted.
    pub fn print(&self) {
        print(&self.laps);
    }
}

/// One line with the times of parts in milliseconds, if that is wanted.
pub fn print(laps: &[(&str, f64)]) {
    if std::env::var_os(ENVIRONMENT_VARIABLE).is_some() {
        let ms = |(name, seconds): &(&str, f64)| format!("{name} {:.1} ms", seconds * 1000.0);
        let parts: Vec<_> = laps.iter().map(ms).collect();
        eprintln!("impasto-gimp: {}", parts.join(", "));
    }
}
