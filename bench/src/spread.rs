//! The least, the middle and the most of some times.

use serde_json::{Value, json};

/// Seconds.
pub struct Spread {
    pub least: f64,
    pub median: f64,
    pub most: f64,
}

impl Spread {
    pub fn of(mut seconds: Vec<f64>) -> Self {
        seconds.sort_by(f64::total_cmp);
        let at = |k: usize| seconds.get(k).copied().unwrap_or(f64::NAN);
        Self {
            least: at(0),
            median: at(seconds.len() / 2),
            most: at(seconds.len().saturating_sub(1)),
        }
    }

    pub fn as_json(&self) -> Value {
        json!({"median": self.median, "min": self.least, "max": self.most})
    }
}
