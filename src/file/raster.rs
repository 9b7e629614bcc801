//! What the codecs of crate `image` have in common.

use image::{ColorType, ImageDecoder, ImageEncoder};

use super::failure::{damaged, decoding_error};
use super::{note, profile};
use crate::error::Result;
use crate::image::{Channels, ColorSpace, Picture, PixelFormat, SampleType};

/// Decodes into a picture of the decoder's own format, called sRGB.
pub(super) fn decode(decoder: impl ImageDecoder) -> Result<Picture> {
    let (width, height) = decoder.dimensions();
    let format = match decoder.color_type() {
        ColorType::L8 => PixelFormat::new(Channels::Gray, SampleType::U8),
        ColorType::La8 => PixelFormat::new(Channels::GrayAlpha, SampleType::U8),
        ColorType::Rgb8 => PixelFormat::new(Channels::Rgb, SampleType::U8),
        ColorType::Rgba8 => PixelFormat::new(Channels::Rgba, SampleType::U8),
        ColorType::L16 => PixelFormat::new(Channels::Gray, SampleType::U16),
        ColorType::La16 => PixelFormat::new(Channels::GrayAlpha, SampleType::U16),
        ColorType::Rgb16 => PixelFormat::new(Channels::Rgb, SampleType::U16),
        ColorType::Rgba16 => PixelFormat::new(Channels::Rgba, SampleType::U16),
        other => return Err(damaged(format!("pixels of kind {other:?} are not read"))),
    };
    let mut picture = Picture::new(width, height, format, ColorSpace::Srgb)?;
    decoder.read_image(picture.data_mut()).map_err(decoding_error)?;
    Ok(picture)
}

/// Hands an encoder the picture's profile and EXIF block.
pub(super) fn describe(
    encoder: &mut impl ImageEncoder,
    picture: &Picture,
    notes: &mut Vec<String>,
) {
    if let ColorSpace::Icc(icc) = picture.color_space() {
        let kept = profile::fitting(icc, picture.format().channels)
            .and_then(|_| encoder.set_icc_profile(icc.to_vec()).map_err(|e| e.to_string()));
        if let Err(reason) = kept {
            notes.push(note::profile_left_out(&reason));
        }
    }
    if let Some(exif) = picture.exif()
        && let Err(reason) = encoder.set_exif_metadata(exif.to_vec())
    {
        notes.push(format!("The EXIF data were left out: {reason}."));
    }
}
