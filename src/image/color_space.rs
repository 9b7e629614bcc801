//! What the colour numbers of a picture mean.

use std::sync::Arc;

/// What the colour numbers of a picture mean.
#[derive(Debug, Clone, PartialEq)]
pub enum ColorSpace {
    /// sRGB (IEC 61966-2-1), encoded.
    Srgb,
    /// The primaries of sRGB with linear light: OpenEXR, compositors.
    LinearSrgb,
    /// Linear light of other primaries: ACES, CIE XYZ.
    Linear(Primaries),
    /// An ICC profile (ISO 15076-1): its bytes.
    Icc(Arc<[u8]>),
}

/// Which colours red, green and blue alone are, and which they are together: CIE 1931 x and y each.
#[derive(Debug, Clone, Copy, PartialEq)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Primaries {
    pub red: [f32; 2],
    pub green: [f32; 2],
    pub blue: [f32; 2],
    pub white: [f32; 2],
}

impl ColorSpace {
    /// Whether the numbers are amounts of light.
    pub const fn is_linear(&self) -> bool {
        matches!(self, Self::LinearSrgb | Self::Linear(_))
    }
}

impl Primaries {
    /// Those of Rec. 709, which are sRGB's.
    pub const REC_709: Self =
        Self { red: [0.64, 0.33], green: [0.3, 0.6], blue: [0.15, 0.06], white: [0.3127, 0.329] };
}
