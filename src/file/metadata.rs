//! What a file says about its pixels.

use image::metadata::Orientation;

use super::{exif, orientation, profile, warning, xmp};
use crate::color::Encoding;
use crate::error::Result;
use crate::image::{CodePoints, ColorSpace, Metadata, Picture, Resolution};

/// What was found in a file beside the pixels, as it stands there.
#[derive(Default)]
pub(super) struct Found {
    pub icc: Option<Vec<u8>>,
    /// They go before a profile.
    pub code_points: Option<CodePoints>,
    /// Of the format's own, beside the EXIF block and the XMP packet.
    pub orientation: Option<Orientation>,
    pub metadata: Metadata,
}

impl Found {
    /// Gives the decoded pixels their colour space, turns them upright, and gives them what else
    /// was said, corrected.
    pub fn apply(self, mut picture: Picture) -> Result<Picture> {
        let Self { icc, code_points, orientation, mut metadata } = self;
        let coded = code_points.filter(|points| match Encoding::coded(points) {
            Ok(_) => true,
            Err(e) => {
                warning::say(format!("the picture's code points are ignored: {e}"));
                false
            }
        });
        if let Some(points) = coded {
            picture.set_color_space(ColorSpace::Coded(points));
        } else if let Some(icc) = icc {
            match profile::usable(icc, picture.format().channels) {
                Ok(space) => picture.set_color_space(space),
                Err(reason) => {
                    warning::say(format!("the picture's colour profile is ignored: {reason}"))
                }
            }
        }
        metadata.exif = metadata.exif.map(without_prefix).filter(|exif| !exif.is_empty());
        let exif = metadata.exif.as_mut();
        let in_exif = exif.and_then(|exif| Orientation::remove_from_exif_chunk(exif));
        let in_xmp = metadata.xmp.as_deref().and_then(xmp::orientation);
        if let Some(orientation) = orientation.or(in_exif).or(in_xmp) {
            picture = orientation::upright(picture, orientation)?;
            if orientation::is_turn(orientation) {
                metadata.resolution = metadata.resolution.map(Resolution::turned);
            }
        }
        if let Some(exif) = &mut metadata.exif {
            exif::correct(exif, [picture.width(), picture.height()]);
        }
        if let Some(packet) = &mut metadata.xmp {
            xmp::correct(packet);
        }
        *picture.metadata_mut() = metadata;
        Ok(picture)
    }
}

/// Some writers put JPEG's segment name before the TIFF structure in other formats too.
fn without_prefix(exif: Vec<u8>) -> Vec<u8> {
    match exif.strip_prefix(b"Exif\0\0") {
        Some(tiff) => tiff.to_vec(),
        None => exif,
    }
}
