//! What a painting took.

/// What a painting took.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Report {
    /// The device that really did the work: `cpu`; of a plug-in provider the library's file name.
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
    /// How often tiles had to be made smaller, or the CPU taken, for want of memory.
    pub retries: u32,
    /// Steps of an optimisation; 0 of the fast method.
    pub steps: u32,
    /// Whether a request to stop ended an optimisation early, and its painting was kept.
    pub stopped: bool,
    /// The content loss of an optimisation's last step; 0 of the fast method.
    pub content_loss: f32,
    /// The style loss of an optimisation's last step; 0 of the fast method.
    pub style_loss: f32,
    /// What the user should know: another device than the best was taken and why, memory was
    /// short. Empty in the usual case.
    pub note: String,
    /// All that is known of the painting, each size of an optimisation included: a JSON object.
    pub json: String,
}
