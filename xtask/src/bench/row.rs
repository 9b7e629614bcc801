//! A line of the page's table.

use serde_json::{Value, json};

/// Of the painting that both programs do from coarse to fine.
pub const SCHEDULE: &str = "128:60,256:40,512:20";

/// What was done.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub enum Work {
    /// A painting by the fast method, or by a program like it.
    Fast,
    /// A step of the optimise method.
    Step,
    /// A painting by the optimise method, from coarse to fine.
    Schedule,
}

/// Who did what, how fast and how well.
pub struct Row {
    pub work: Work,
    pub program: &'static str,
    pub size: [u64; 2],
    /// From the start of the program to the written picture, with empty caches.
    pub cold: Option<f64>,
    /// A picture in memory to a picture in memory, networks loaded; or a step.
    pub warm: Option<f64>,
    pub tiles: Option<u64>,
    pub peak: Peak,
    pub content_loss: Option<f64>,
    pub style_loss: Option<f64>,
    pub device: String,
}

/// The most memory that a process took.
#[derive(Clone, Copy)]
pub struct Peak {
    pub bytes: u64,
    /// In a GPU's memory instead of the machine's.
    pub is_on_device: bool,
}

impl Work {
    pub fn name(self) -> String {
        match self {
            Self::Fast => "fast".to_owned(),
            Self::Step => "optimise, a step".to_owned(),
            Self::Schedule => format!("optimise, `--schedule {}`", SCHEDULE),
        }
    }
}

impl Row {
    pub fn megapixels(&self) -> f64 {
        self.size[0] as f64 * self.size[1] as f64 / 1e6
    }

    pub fn as_json(&self) -> Value {
        let [resident, on_device] = match self.peak {
            Peak { bytes, is_on_device: false } => [Some(bytes), None],
            Peak { bytes, is_on_device: true } => [None, Some(bytes)],
        };
        json!({
            "method": self.work.name(),
            "program": self.program,
            "size": self.size,
            "cold_seconds": self.cold,
            "seconds": self.warm,
            "tiles": self.tiles,
            "peak_rss_bytes": resident,
            "peak_device_bytes": on_device,
            "losses": {"content": self.content_loss, "style": self.style_loss},
            "device": self.device,
        })
    }
}
