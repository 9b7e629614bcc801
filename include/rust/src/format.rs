//! The layout and the meaning of pixels.

/// Which channels a pixel has, in memory order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(i32)]
pub enum Channels {
    /// Red, green, blue, alpha.
    Rgba = 0,
    /// Blue, green, red, alpha.
    Bgra = 1,
    /// Red, green, blue.
    Rgb = 2,
    /// Luminance.
    Gray = 3,
    /// Luminance, alpha.
    GrayAlpha = 4,
}

/// The number type of one channel, native-endian. Integers span 0 to 1; floats may lie outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(i32)]
pub enum Sample {
    /// 8-bit unsigned.
    U8 = 0,
    /// 16-bit unsigned.
    U16 = 1,
    /// IEEE 754 half precision.
    F16 = 2,
    /// IEEE 754 single precision.
    F32 = 3,
}

/// Whether colours are stored multiplied by alpha.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(i32)]
pub enum Alpha {
    /// Colours are independent of alpha.
    Straight = 0,
    /// Colours are multiplied by alpha, as the numbers stand.
    Premultiplied = 1,
}

/// What the colour numbers mean. The primaries are those of sRGB (Rec. 709).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(i32)]
pub enum Curve {
    /// Encoded by the curve of sRGB (IEC 61966-2-1).
    Srgb = 0,
    /// Linear light.
    Linear = 1,
}

/// The layout and the meaning of interleaved pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PixelFormat {
    /// The channels and their order.
    pub channels: Channels,
    /// The number type of every channel.
    pub sample: Sample,
    /// How colour relates to alpha; without an alpha channel it means nothing.
    pub alpha: Alpha,
    /// What the colour numbers mean.
    pub curve: Curve,
}

impl PixelFormat {
    /// 8-bit sRGB with straight alpha.
    pub const RGBA_U8: Self = Self::new(Channels::Rgba, Sample::U8);
    /// Single-precision sRGB with straight alpha.
    pub const RGBA_F32: Self = Self::new(Channels::Rgba, Sample::F32);

    /// Straight alpha, sRGB.
    pub const fn new(channels: Channels, sample: Sample) -> Self {
        Self { channels, sample, alpha: Alpha::Straight, curve: Curve::Srgb }
    }

    /// Bytes of one pixel.
    pub const fn bytes(self) -> usize {
        let channels = match self.channels {
            Channels::Gray => 1,
            Channels::GrayAlpha => 2,
            Channels::Rgb => 3,
            Channels::Rgba | Channels::Bgra => 4,
        };
        let sample = match self.sample {
            Sample::U8 => 1,
            Sample::U16 | Sample::F16 => 2,
            Sample::F32 => 4,
        };
        channels * sample
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pixels_have_the_bytes_of_their_format() {
        assert_eq!(PixelFormat::RGBA_F32.bytes(), 16);
        assert_eq!(PixelFormat::new(Channels::Gray, Sample::U8).bytes(), 1);
        assert_eq!(PixelFormat::new(Channels::GrayAlpha, Sample::F16).bytes(), 4);
        assert_eq!(PixelFormat::new(Channels::Rgb, Sample::U16).bytes(), 6);
    }
}
