//! The values of all settings.

use crate::canvas::Finishing;
use crate::fast::FastOptions;
use crate::optimize::OptimizeOptions;

/// What a painting is told: which method, and what each is told. Ranges are those of
/// [`SETTINGS`](super::SETTINGS).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Settings {
    /// Which method paints.
    pub method: Method,
    /// Varies the swirls of the fast method and the noise that the optimise method may start from.
    pub seed: u64,
    /// How the painting is laid over the photograph.
    pub finishing: Finishing,
    /// What the fast method is told.
    pub fast: FastOptions,
    /// What the optimise method is told.
    pub optimize: OptimizeOptions,
}

/// Which method paints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Method {
    /// One network for any style: a fraction of a second.
    #[default]
    Fast,
    /// The picture itself is optimised: minutes.
    Optimize,
    /// A small composition is optimised, and painted out by the network: half a minute.
    Studio,
}

/// All defaults but the fast method's options.
impl From<FastOptions> for Settings {
    fn from(fast: FastOptions) -> Self {
        Self { fast, ..Self::default() }
    }
}

/// The optimise method with its options, and all other defaults.
impl From<OptimizeOptions> for Settings {
    fn from(optimize: OptimizeOptions) -> Self {
        Self { method: Method::Optimize, optimize, ..Self::default() }
    }
}
