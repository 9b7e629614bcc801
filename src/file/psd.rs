//! Photoshop's files: the flat picture that stands beside the layers.

use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace as Stored;
use zune_jpeg::zune_core::options::DecoderOptions;
use zune_jpeg::zune_core::result::DecodingResult;
use zune_psd::PSDDecoder;
use zune_psd::errors::PSDDecodeErrors;

use super::claim;
use super::failure::{damaged, truncated};
use crate::error::{Error, Result};
use crate::image::{Channels, ColorSpace, Picture, PixelFormat, SampleType, check_size};

pub(super) fn read(bytes: &[u8]) -> Result<Picture> {
    let options = DecoderOptions::default().set_max_width(usize::MAX).set_max_height(usize::MAX);
    let mut decoder = PSDDecoder::new_with_options(ZCursor::new(bytes), options);
    decoder.decode_headers().map_err(decoding_error)?;
    let (width, height) = decoder.dimensions().ok_or_else(truncated)?;
    let [width, height] = [width, height].map(|side| u32::try_from(side).unwrap_or(u32::MAX));
    check_size(width, height)?;
    claim::check_pixels([width, height], bytes.len(), claim::most_pixels::PSD)?;
    let pixels = decoder.decode().map_err(decoding_error)?;
    let channels = match decoder.colorspace() {
        Some(Stored::Luma) => Channels::Gray,
        Some(Stored::LumaA) => Channels::GrayAlpha,
        Some(Stored::RGB) => Channels::Rgb,
        Some(Stored::RGBA) => Channels::Rgba,
        other => return Err(damaged(format!("pixels of kind {other:?} are not read"))),
    };
    let (sample, bytes) = match pixels {
        DecodingResult::U8(values) => (SampleType::U8, values),
        DecodingResult::U16(values) => {
            (SampleType::U16, values.into_iter().flat_map(u16::to_ne_bytes).collect())
        }
        _ => return Err(damaged("floats are not read")),
    };
    let format = PixelFormat::new(channels, sample);
    let mut picture = Picture::new(width, height, format, ColorSpace::Srgb)?;
    let to = picture.data_mut();
    let from = bytes.get(..to.len()).ok_or_else(truncated)?;
    to.copy_from_slice(from);
    Ok(picture)
}

fn decoding_error(error: PSDDecodeErrors) -> Error {
    damaged(format!("{error:?}"))
}
