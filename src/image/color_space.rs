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
    /// Code points of ITU-T H.273, as PNG's cICP chunk has them: HDR, Display P3.
    Coded(CodePoints),
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

/// What numbers mean, by the code points of ITU-T H.273.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CodePoints {
    /// The number of the primaries: 1 is Rec. 709, 9 Rec. 2020, 12 Display P3.
    pub primaries: u8,
    /// The number of the transfer characteristics: 8 is linear, 13 sRGB, 16 PQ, 18 HLG.
    pub transfer: u8,
    /// Which number of 0..1 black is: 0, but for what video calls narrow range.
    pub black: f32,
    /// Which number white is, or the brightest light: 1, but for narrow range.
    pub white: f32,
}

impl ColorSpace {
    /// Whether the numbers are amounts of light.
    pub const fn is_linear(&self) -> bool {
        matches!(self, Self::LinearSrgb | Self::Linear(_))
    }
}

impl CodePoints {
    /// Of numbers that use their whole range.
    pub const fn full_range(primaries: u8, transfer: u8) -> Self {
        Self { primaries, transfer, black: 0.0, white: 1.0 }
    }

    /// Whether black is 0 and white is 1.
    pub const fn is_full_range(&self) -> bool {
        self.black == 0.0 && self.white == 1.0
    }

    /// Whether light brighter than white has numbers: PQ (SMPTE ST 2084), HLG (ARIB STD-B67).
    pub const fn is_hdr(&self) -> bool {
        matches!(self.transfer, 16 | 18)
    }
}

impl Primaries {
    /// Those of Rec. 709, which are sRGB's.
    pub const REC_709: Self =
        Self { red: [0.64, 0.33], green: [0.3, 0.6], blue: [0.15, 0.06], white: [0.3127, 0.329] };

    /// Whether nobody would tell these from others.
    pub fn are_near(&self, other: &Self) -> bool {
        let numbers = |p: &Self| [p.red, p.green, p.blue, p.white];
        let (own, other) = (numbers(self), numbers(other));
        own.as_flattened().iter().zip(other.as_flattened()).all(|(a, b)| (a - b).abs() < 0.005)
    }
}
