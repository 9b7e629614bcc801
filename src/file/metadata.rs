//! What a file says about its pixels.

use image::metadata::Orientation;

use super::{orientation, profile};
use crate::error::Result;
use crate::image::{ColorSpace, Picture};

/// Profile, EXIF block and orientation as they stand in a file.
#[derive(Default)]
pub(super) struct Metadata {
    pub icc: Option<Vec<u8>>,
    pub exif: Option<Vec<u8>>,
    /// Of the format's own, beside the EXIF block.
    pub orientation: Option<Orientation>,
}

impl Metadata {
    /// Gives the decoded pixels their colour space and EXIF block and turns them upright.
    pub fn apply(self, mut picture: Picture) -> Result<Picture> {
        if let Some(icc) = self.icc {
            match profile::fitting(&icc, picture.format().channels) {
                Ok(_) => picture.set_color_space(ColorSpace::Icc(icc.into())),
                Err(reason) => log::warn!("the picture's colour profile is ignored: {reason}"),
            }
        }
        let (exif, exif_orientation) = match self.exif.map(without_prefix) {
            Some(mut exif) => {
                let orientation = Orientation::remove_from_exif_chunk(&mut exif);
                (Some(exif), orientation)
            }
            None => (None, None),
        };
        picture.set_exif(exif.filter(|exif| !exif.is_empty()));
        match self.orientation.or(exif_orientation) {
            Some(orientation) => orientation::upright(picture, orientation),
            None => Ok(picture),
        }
    }
}

/// Some writers put JPEG's segment name before the TIFF structure in other formats too.
fn without_prefix(exif: Vec<u8>) -> Vec<u8> {
    match exif.strip_prefix(b"Exif\0\0") {
        Some(tiff) => tiff.to_vec(),
        None => exif,
    }
}
