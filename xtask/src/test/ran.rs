//! What suites return.

/// A suite that failed is an error.
pub enum Ran {
    Whole,
    /// With what was left out, and why.
    Partly(String),
    /// With the reason.
    Skipped(String),
}
