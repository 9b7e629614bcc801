//! Formats whose decoders are those of crate `image`, or like them; of an animation the first
//! picture.

use image::metadata::Orientation;
use image::{ColorType, ImageDecoder, ImageResult, Limits};

use super::claim;
use super::failure::{damaged, decoding_error};
use super::metadata::Found;
use crate::error::Result;
use crate::image::{Channels, ColorSpace, Metadata, Picture, PixelFormat, SampleType, check_size};

/// What a decoder may take beside the pixels.
const MAX_WORKING_BYTES: u64 = 1 << 29;

/// The picture, with all that its decoder knows of it. A byte of the file, which has `stored` of
/// them, can become `most` pixels.
pub(super) fn read<D: ImageDecoder>(
    decoder: ImageResult<D>,
    stored: usize,
    most: u64,
) -> Result<Picture> {
    let mut decoder = decoder.map_err(decoding_error)?;
    let (width, height) = decoder.dimensions();
    check_size(width, height)?;
    claim::check_pixels([width, height], stored, most)?;
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(decoder.total_bytes().saturating_add(MAX_WORKING_BYTES));
    decoder.set_limits(limits).map_err(decoding_error)?;
    let icc = decoder.icc_profile().map_err(decoding_error)?;
    let mut exif = decoder.exif_metadata().ok().flatten();
    if let Some(exif) = &mut exif {
        // JPEG XL, the only one of them with such a block, has its own orientation, which the
        // decoder applies.
        let _ = Orientation::remove_from_exif_chunk(exif);
    }
    let xmp = decoder.xmp_metadata().ok().flatten();
    let metadata = Metadata { exif, xmp, ..Metadata::default() };
    let upright = Some(Orientation::NoTransforms);
    Found { icc, orientation: upright, metadata, ..Found::default() }.apply(decode(decoder)?)
}

/// Decodes into a picture of the decoder's own format: integers are called sRGB, floats linear.
pub(super) fn decode(decoder: impl ImageDecoder) -> Result<Picture> {
    let (width, height) = decoder.dimensions();
    let (channels, sample) = match decoder.color_type() {
        ColorType::L8 => (Channels::Gray, SampleType::U8),
        ColorType::La8 => (Channels::GrayAlpha, SampleType::U8),
        ColorType::Rgb8 => (Channels::Rgb, SampleType::U8),
        ColorType::Rgba8 => (Channels::Rgba, SampleType::U8),
        ColorType::L16 => (Channels::Gray, SampleType::U16),
        ColorType::La16 => (Channels::GrayAlpha, SampleType::U16),
        ColorType::Rgb16 => (Channels::Rgb, SampleType::U16),
        ColorType::Rgba16 => (Channels::Rgba, SampleType::U16),
        ColorType::Rgb32F => (Channels::Rgb, SampleType::F32),
        ColorType::Rgba32F => (Channels::Rgba, SampleType::F32),
        other => return Err(damaged(format!("pixels of kind {other:?} are not read"))),
    };
    let space = if sample.is_float() { ColorSpace::LinearSrgb } else { ColorSpace::Srgb };
    let mut picture = Picture::new(width, height, PixelFormat::new(channels, sample), space)?;
    decoder.read_image(picture.data_mut()).map_err(decoding_error)?;
    Ok(picture)
}
