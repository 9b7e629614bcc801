//! Devices.

/// A device, and whether it can be used.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Device {
    /// As [`EngineOptions::device`](crate::EngineOptions::device) takes it: `cuda:0`.
    pub name: String,
    /// Why it cannot be used, for people; `None` if it can.
    pub unavailable: Option<String>,
}
