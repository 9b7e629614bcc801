//! What a painting took.

/// What a painting took.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Report {
    /// The device that really did the work: `cpu`.
    pub device: String,
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
    /// How often tiles had to be made smaller for want of memory.
    pub retries: u32,
}
