//! Pictures of the host: their layout, checked, and their bytes.

use std::ops::Range;

use impasto_client::Sample;
use openfx::sys::generic::core::{
    OfxPropertySetHandle, OfxStatus, kOfxBitDepthByte, kOfxBitDepthFloat, kOfxBitDepthHalf,
    kOfxBitDepthShort,
};
use openfx::sys::image_effect_v1::image_effect::{
    kOfxImageComponentAlpha, kOfxImageComponentRGB, kOfxImageComponentRGBA,
    kOfxImageEffectPropComponents, kOfxImageEffectPropPixelDepth,
    kOfxImageEffectPropPreMultiplication, kOfxImagePreMultiplied, kOfxImagePropBounds,
    kOfxImagePropData, kOfxImagePropPixelAspectRatio, kOfxImagePropRowBytes,
    kOfxImagePropUniqueIdentifier, kOfxImageUnPreMultiplied,
};

use super::properties::Properties;

/// The channels of a pixel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Components {
    Rgba,
    Rgb,
    Alpha,
}

/// Whether colours are multiplied by alpha.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Premultiplication {
    Premultiplied,
    /// Also where the host calls the picture opaque.
    Straight,
}

/// Pixels from `x1` up to but not `x2`; y counts upwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rectangle {
    pub x1: i32,
    pub y1: i32,
    pub x2: i32,
    pub y2: i32,
}

/// A picture that the host lends; it is given back when this is dropped.
pub struct Image {
    properties: Properties,
    release: Option<unsafe extern "C" fn(OfxPropertySetHandle) -> OfxStatus>,
    layout: Result<Layout, String>,
}

#[derive(Clone, Copy)]
struct Layout {
    bounds: Rectangle,
    sample: Sample,
    components: Components,
    row_bytes: isize,
    /// The lowest address.
    start: *mut u8,
    length: usize,
}

impl Components {
    pub fn count(self) -> usize {
        match self {
            Self::Rgba => 4,
            Self::Rgb => 3,
            Self::Alpha => 1,
        }
    }
}

impl Rectangle {
    pub fn new([x1, y1, x2, y2]: [i32; 4]) -> Self {
        Self { x1, y1, x2, y2 }
    }

    pub fn is_empty(self) -> bool {
        self.x2 <= self.x1 || self.y2 <= self.y1
    }

    /// 0 where empty.
    pub fn width(self) -> usize {
        usize::try_from(i64::from(self.x2) - i64::from(self.x1)).unwrap_or(0)
    }

    /// 0 where empty.
    pub fn height(self) -> usize {
        usize::try_from(i64::from(self.y2) - i64::from(self.y1)).unwrap_or(0)
    }

    pub fn within(self, other: Self) -> Self {
        Self {
            x1: self.x1.max(other.x1),
            y1: self.y1.max(other.y1),
            x2: self.x2.min(other.x2),
            y2: self.y2.min(other.y2),
        }
    }
}

impl Image {
    pub(super) fn new(
        properties: Properties,
        release: Option<unsafe extern "C" fn(OfxPropertySetHandle) -> OfxStatus>,
    ) -> Self {
        Self { properties, release, layout: Layout::read(properties) }
    }

    /// Why the pixels cannot be used, for people.
    pub fn check(&self) -> Result<(), String> {
        self.layout.as_ref().map(drop).map_err(Clone::clone)
    }

    pub fn bounds(&self) -> Rectangle {
        self.layout.as_ref().map_or(Rectangle::new([0; 4]), |layout| layout.bounds)
    }

    pub fn sample(&self) -> Sample {
        self.layout.as_ref().map_or(Sample::U8, |layout| layout.sample)
    }

    pub fn components(&self) -> Components {
        self.layout.as_ref().map_or(Components::Alpha, |layout| layout.components)
    }

    /// Bytes from a row to the one above it.
    pub fn row_bytes(&self) -> isize {
        self.layout.as_ref().map_or(0, |layout| layout.row_bytes)
    }

    /// Bytes of one pixel.
    pub fn pixel_bytes(&self) -> usize {
        self.components().count() * sample_bytes(self.sample())
    }

    /// As far as the host tells.
    pub fn premultiplication(&self) -> Option<Premultiplication> {
        let told = self.properties.text(kOfxImageEffectPropPreMultiplication)?;
        let is = |name: &std::ffi::CStr| name.to_bytes() == told.as_bytes();
        Some(match is(kOfxImagePreMultiplied) {
            true => Premultiplication::Premultiplied,
            false if is(kOfxImageUnPreMultiplied) => Premultiplication::Straight,
            // Opaque: its alpha, if it has one, is 1.
            false => Premultiplication::Straight,
        })
    }

    /// How much wider than high a pixel is shown; 1 where the host does not tell.
    pub fn pixel_aspect_ratio(&self) -> f64 {
        let told = self.properties.number(kOfxImagePropPixelAspectRatio);
        told.filter(|ratio| (0.01..=100.0).contains(ratio)).unwrap_or(1.0)
    }

    /// Another for each picture, as far as the host gives them any.
    pub fn identifier(&self) -> Option<String> {
        let told = self.properties.text(kOfxImagePropUniqueIdentifier);
        told.filter(|identifier| !identifier.is_empty())
    }

    /// All rows from the lowest address to the highest; what lies in gaps, too.
    pub fn bytes(&self) -> &[u8] {
        let Ok(layout) = &self.layout else { return &[] };
        // SAFETY: `Layout::read` derived start and length from the host's own bounds and row bytes,
        // and a length within `isize`; the host lends that memory until `drop` releases it, and
        // writes no picture that it has lent. Every pattern of bits is a byte.
        unsafe { std::slice::from_raw_parts(layout.start, layout.length) }
    }

    /// As [`Image::bytes`], to write.
    pub fn bytes_mut(&mut self) -> &mut [u8] {
        let Ok(layout) = &self.layout else { return &mut [] };
        // SAFETY: `Layout::read` derived start and length from the host's own bounds and row bytes;
        // only the output's picture is written, which the host lends for that. Where the source
        // lies in the same memory, its pixels were copied, and no slice of it is alive.
        unsafe { std::slice::from_raw_parts_mut(layout.start, layout.length) }
    }

    /// Where the pixels of a row lie in [`Image::bytes`]. The columns and the row are within the
    /// bounds.
    pub fn place(&self, y: i32, columns: Range<i32>) -> Range<usize> {
        let bounds = self.bounds();
        let from_bottom = (y - bounds.y1) as usize;
        let row = match self.row_bytes() >= 0 {
            true => from_bottom,
            false => bounds.height() - 1 - from_bottom,
        };
        let row = row * self.row_bytes().unsigned_abs();
        let at = |x: i32| row + (x - bounds.x1) as usize * self.pixel_bytes();
        at(columns.start)..at(columns.end)
    }

    /// Whether two pictures share memory, which the standard does not foresee.
    pub fn overlaps(&self, other: &Self) -> bool {
        let (Ok(a), Ok(b)) = (&self.layout, &other.layout) else { return false };
        let end = |layout: &Layout| layout.start as usize + layout.length;
        (a.start as usize) < end(b) && (b.start as usize) < end(a)
    }
}

impl Drop for Image {
    fn drop(&mut self) {
        if let Some(release) = self.release {
            // SAFETY: `clipGetImage` gave this handle to this `Image` alone, which cannot be copied
            // and is dropped once; no slice of its memory outlives it.
            unsafe { release(self.properties.handle()) };
        }
    }
}

impl Layout {
    fn read(image: Properties) -> Result<Self, String> {
        let missing = |what: &str| format!("the host does not tell the {what} of a picture");
        let depth = image.text(kOfxImageEffectPropPixelDepth).ok_or_else(|| missing("depth"))?;
        let sample = [
            (kOfxBitDepthByte, Sample::U8),
            (kOfxBitDepthShort, Sample::U16),
            (kOfxBitDepthHalf, Sample::F16),
            (kOfxBitDepthFloat, Sample::F32),
        ]
        .into_iter()
        .find(|(name, _)| name.to_bytes() == depth.as_bytes())
        .ok_or_else(|| format!("a picture has the depth {depth}, which is not supported"))?
        .1;
        let given =
            image.text(kOfxImageEffectPropComponents).ok_or_else(|| missing("components"))?;
        let components = [
            (kOfxImageComponentRGBA, Components::Rgba),
            (kOfxImageComponentRGB, Components::Rgb),
            (kOfxImageComponentAlpha, Components::Alpha),
        ]
        .into_iter()
        .find(|(name, _)| name.to_bytes() == given.as_bytes())
        .ok_or_else(|| format!("a picture has the components {given}, which are not supported"))?
        .1;
        let bounds = image.integers(kOfxImagePropBounds).ok_or_else(|| missing("bounds"))?;
        let bounds = Rectangle::new(bounds);
        if bounds.is_empty() {
            return Err("a picture is empty".to_owned());
        }
        let data = image.pointer(kOfxImagePropData).ok_or_else(|| missing("memory"))?.cast::<u8>();
        let row = bounds.width() * components.count() * sample_bytes(sample);
        let row_bytes = image.integer(kOfxImagePropRowBytes).unwrap_or(0) as isize;
        // Of a single row nothing depends on it.
        let row_bytes =
            if row_bytes == 0 || bounds.height() == 1 { row as isize } else { row_bytes };
        if row_bytes.unsigned_abs() < row {
            return Err(format!("a picture has {row_bytes} bytes for each row, but needs {row}"));
        }
        let gaps = row_bytes.unsigned_abs().checked_mul(bounds.height() - 1);
        let length = gaps
            .and_then(|gaps| gaps.checked_add(row))
            .filter(|&length| isize::try_from(length).is_ok())
            .ok_or("a picture is larger than memory")?;
        let below = if row_bytes < 0 { length - row } else { 0 };
        let start = data.wrapping_sub(below);
        Ok(Self { bounds, sample, components, row_bytes, start, length })
    }
}

pub fn sample_bytes(sample: Sample) -> usize {
    match sample {
        Sample::U8 => 1,
        Sample::U16 | Sample::F16 => 2,
        Sample::F32 => 4,
    }
}
