//! What a painting took.

use std::time::Duration;

use serde::{Serialize, Serializer};

use crate::job::Losses;
use crate::runtime::Device;

/// What a painting took, by whatever method.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// What painted: "fast", "optimize", or "network" for one of the user's own.
    pub method: &'static str,
    /// The device that did the work.
    #[serde(serialize_with = "as_text")]
    pub device: Device,
    /// Columns and rows of the picture.
    pub size: [u32; 2],
    /// How many tiles were painted; of the optimise method, tiles of a step at the last size.
    pub tiles: usize,
    /// What took how long.
    pub seconds: Seconds,
    /// How often tiles had to be made smaller, or the processor taken, for want of memory.
    pub retries: u32,
    /// What the caller should know: another device, smaller tiles, where the work went on.
    pub notes: Vec<String>,
    /// Each size of an optimisation, from coarse to fine, and the last once more where it ended
    /// through another feature network; empty for other methods.
    pub scales: Vec<ScaleReport>,
    /// Whether a request to stop ended an optimisation early, and its painting was kept.
    pub stopped: bool,
}

/// What took how long.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Seconds {
    /// For what is taken from the whole picture before its tiles are painted.
    #[serde(serialize_with = "as_seconds")]
    pub statistics: Duration,
    /// In the network that paints; of the optimise method, targets and steps.
    #[serde(serialize_with = "as_seconds")]
    pub network: Duration,
    /// For everything else: reading, converting and writing pixels.
    #[serde(serialize_with = "as_seconds")]
    pub pixels: Duration,
    /// In all.
    #[serde(serialize_with = "as_seconds")]
    pub total: Duration,
}

/// What was done at one size of an optimisation through one feature network.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ScaleReport {
    /// Columns and rows, with the margin around the picture.
    pub size: [u32; 2],
    /// The feature network.
    pub features: String,
    /// Steps.
    pub steps: u32,
    /// Tiles of each step.
    pub tiles: usize,
    /// Of targets and steps.
    #[serde(serialize_with = "as_seconds")]
    pub seconds: Duration,
    /// The losses of the last step.
    pub losses: Option<Losses>,
}

impl Report {
    /// Of work that begins: nothing is done yet.
    pub(crate) fn new(method: &'static str, device: &Device, size: [u32; 2]) -> Self {
        Self {
            method,
            device: device.clone(),
            size,
            tiles: 0,
            seconds: Seconds::default(),
            retries: 0,
            notes: Vec::new(),
            scales: Vec::new(),
            stopped: false,
        }
    }

    /// Steps that were taken at all sizes.
    pub fn steps(&self) -> u32 {
        self.scales.iter().map(|scale| scale.steps).sum()
    }

    /// The losses of the last step, of an optimisation.
    pub fn losses(&self) -> Option<Losses> {
        self.scales.last().and_then(|scale| scale.losses)
    }

    /// The report as JSON, the same for every face: the fields by their names, durations in
    /// seconds.
    pub fn to_json(&self) -> serde_json::Value {
        // Names are text and numbers finite or null: it does not fail.
        serde_json::to_value(self).unwrap_or_default()
    }
}

fn as_text<S: Serializer>(device: &Device, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(device)
}

fn as_seconds<S: Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(duration.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_has_the_fields_by_their_names() {
        let losses = Losses { content: 1.0, style: 0.5, variation: 0.25, total: 2.0 };
        let mut report = Report::new("optimize", &Device::Cuda(1), [3, 2]);
        report.seconds.network = Duration::from_millis(1500);
        report.scales.push(ScaleReport {
            size: [32, 32],
            features: "vgg16".to_owned(),
            steps: 7,
            tiles: 1,
            seconds: Duration::from_secs(1),
            losses: Some(losses),
        });
        let json = report.to_json();
        assert_eq!(json["device"], "cuda:1");
        assert_eq!(json["seconds"]["network"], 1.5);
        assert_eq!(json["scales"][0]["losses"]["style"], 0.5);
        assert_eq!(json["stopped"], false);
        assert_eq!((report.steps(), report.losses()), (7, Some(losses)));
    }
}
