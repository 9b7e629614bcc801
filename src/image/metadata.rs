//! What a picture's file says beside its pixels and their colours.

use std::sync::Arc;

use super::OpenExr;

/// What a picture's file says beside its pixels and their colours, to be carried into another file.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Metadata {
    /// The EXIF block (CIPA DC-008): a TIFF structure whose orientation has been applied.
    pub exif: Option<Vec<u8>>,
    /// The XMP packet (ISO 16684-1).
    pub xmp: Option<Vec<u8>>,
    /// The IPTC records (IIM 4).
    pub iptc: Option<Vec<u8>>,
    /// Who made the picture.
    pub artist: Option<String>,
    /// Whose the picture is.
    pub copyright: Option<String>,
    /// How large its pixels are.
    pub resolution: Option<Resolution>,
    /// What else its OpenEXR file holds.
    pub openexr: Option<Arc<OpenExr>>,
}

/// How many pixels there are to a length.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Resolution {
    /// Across.
    pub x: f64,
    /// Down.
    pub y: f64,
    /// The length.
    pub unit: Unit,
}

/// A length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// None: only the shape of a pixel is said.
    Unknown,
    /// 25.4 millimetres.
    Inch,
    /// 10 millimetres.
    Centimetre,
}

impl Metadata {
    /// How much wider than high a pixel is shown, 0.01 to 100: OpenEXR's `pixelAspectRatio`, and the
    /// densities without a unit of JFIF, PNG and TIFF. Those with one are for printers: 1.
    pub fn pixel_aspect(&self) -> f64 {
        let shape = self.resolution.filter(|resolution| resolution.unit == Unit::Unknown);
        let aspect = shape.map(|Resolution { x, y, .. }| y / x);
        aspect.filter(|aspect| (0.01..=100.0).contains(aspect)).unwrap_or(1.0)
    }
}

impl Resolution {
    /// With another unit of length; one that is unknown stays so.
    pub fn per(self, unit: Unit) -> Self {
        let factor = match (self.unit, unit) {
            (Unit::Inch, Unit::Centimetre) => 1.0 / 2.54,
            (Unit::Centimetre, Unit::Inch) => 2.54,
            (Unit::Unknown, _) => return self,
            _ => 1.0,
        };
        Self { x: self.x * factor, y: self.y * factor, unit }
    }

    /// Of the picture lying on a side.
    pub const fn turned(self) -> Self {
        Self { x: self.y, y: self.x, unit: self.unit }
    }
}
