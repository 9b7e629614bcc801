//! How one pixel lies in memory.

use half::f16;

/// The number type of one channel. Integers span 0..1, floats hold the value itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SampleType {
    /// 8-bit unsigned, 255 is 1.
    U8,
    /// 16-bit unsigned, 65535 is 1.
    U16,
    /// IEEE 754 half precision.
    F16,
    /// IEEE 754 single precision.
    F32,
}

/// Which channels a pixel has, in memory order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Channels {
    /// Luminance.
    Gray,
    /// Luminance, alpha.
    GrayAlpha,
    /// Red, green, blue.
    Rgb,
    /// Red, green, blue, alpha.
    Rgba,
    /// Blue, green, red, alpha.
    Bgra,
}

/// Whether colours are stored multiplied by alpha.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AlphaMode {
    /// Colours are independent of alpha.
    Straight,
    /// Colours are stored multiplied by alpha (compositors, half-transparent video).
    Premultiplied,
}

/// The layout of interleaved pixels: native-endian samples, channels side by side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PixelFormat {
    /// The channels and their order.
    pub channels: Channels,
    /// The number type of every channel.
    pub sample: SampleType,
    /// How colour relates to alpha; without an alpha channel it means nothing.
    pub alpha: AlphaMode,
}

impl SampleType {
    /// Bytes of one sample.
    pub const fn bytes(self) -> usize {
        match self {
            Self::U8 => 1,
            Self::U16 | Self::F16 => 2,
            Self::F32 => 4,
        }
    }

    /// Whether samples are floating point and may lie outside 0..1.
    pub const fn is_float(self) -> bool {
        matches!(self, Self::F16 | Self::F32)
    }

    /// Reads one sample from its native-endian bytes.
    #[inline]
    pub(crate) fn read(self, bytes: &[u8]) -> f32 {
        match self {
            Self::U8 => f32::from(bytes[0]) / 255.0,
            Self::U16 => f32::from(u16::from_ne_bytes([bytes[0], bytes[1]])) / 65535.0,
            Self::F16 => f16::from_ne_bytes([bytes[0], bytes[1]]).to_f32(),
            Self::F32 => f32::from_ne_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]),
        }
    }

    /// Writes one sample as native-endian bytes; integers are clamped and rounded to nearest.
    #[inline]
    pub(crate) fn write(self, value: f32, bytes: &mut [u8]) {
        match self {
            Self::U8 => bytes[0] = (value.clamp(0.0, 1.0) * 255.0 + 0.5) as u8,
            Self::U16 => bytes[..2]
                .copy_from_slice(&((value.clamp(0.0, 1.0) * 65535.0 + 0.5) as u16).to_ne_bytes()),
            Self::F16 => bytes[..2].copy_from_slice(&f16::from_f32(value).to_ne_bytes()),
            Self::F32 => bytes[..4].copy_from_slice(&value.to_ne_bytes()),
        }
    }
}

impl Channels {
    /// How many there are.
    pub const fn count(self) -> usize {
        match self {
            Self::Gray => 1,
            Self::GrayAlpha => 2,
            Self::Rgb => 3,
            Self::Rgba | Self::Bgra => 4,
        }
    }

    /// Whether the last one is alpha.
    pub const fn has_alpha(self) -> bool {
        matches!(self, Self::GrayAlpha | Self::Rgba | Self::Bgra)
    }

    /// Whether there is one luminance channel instead of three colours.
    pub const fn is_gray(self) -> bool {
        matches!(self, Self::Gray | Self::GrayAlpha)
    }
}

impl PixelFormat {
    /// Straight-alpha pixels of these channels and this number type.
    pub const fn new(channels: Channels, sample: SampleType) -> Self {
        Self { channels, sample, alpha: AlphaMode::Straight }
    }

    /// Whether colours are stored multiplied by an alpha that is there.
    pub const fn is_premultiplied(self) -> bool {
        self.channels.has_alpha() && matches!(self.alpha, AlphaMode::Premultiplied)
    }

    /// Bytes of one pixel.
    pub const fn bytes(self) -> usize {
        self.channels.count() * self.sample.bytes()
    }
}
