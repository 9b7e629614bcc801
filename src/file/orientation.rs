//! Turning pictures upright.

use image::metadata::Orientation;
use rayon::prelude::*;

use crate::error::Result;
use crate::image::Picture;

/// Rows of the result that are filled together, so that the columns they come from are read in
/// runs and not pixel by pixel.
const BAND: usize = 32;

/// Applies an orientation. Mirroring and half turns are done in place.
pub(super) fn upright(mut picture: Picture, orientation: Orientation) -> Result<Picture> {
    match orientation {
        Orientation::NoTransforms => {}
        Orientation::FlipHorizontal => mirror_rows(&mut picture),
        Orientation::FlipVertical => reverse_rows(&mut picture),
        Orientation::Rotate180 => {
            reverse_rows(&mut picture);
            mirror_rows(&mut picture);
        }
        Orientation::Rotate90FlipH => return transpose(&picture),
        Orientation::Rotate90 => {
            picture = transpose(&picture)?;
            mirror_rows(&mut picture);
        }
        Orientation::Rotate270 => {
            picture = transpose(&picture)?;
            reverse_rows(&mut picture);
        }
        Orientation::Rotate270FlipH => {
            picture = transpose(&picture)?;
            reverse_rows(&mut picture);
            mirror_rows(&mut picture);
        }
    }
    Ok(picture)
}

/// Whether width and height change places.
pub(super) fn is_turn(orientation: Orientation) -> bool {
    match orientation {
        Orientation::Rotate90
        | Orientation::Rotate270
        | Orientation::Rotate90FlipH
        | Orientation::Rotate270FlipH => true,
        Orientation::NoTransforms
        | Orientation::Rotate180
        | Orientation::FlipHorizontal
        | Orientation::FlipVertical => false,
    }
}

/// Left to right.
fn mirror_rows(picture: &mut Picture) {
    let (width, pixel) = (picture.width() as usize, picture.format().bytes());
    picture.data_mut().par_chunks_exact_mut(width * pixel).for_each(|row| {
        // The pixels' order turned round and every pixel's bytes turned back.
        row.reverse();
        row.chunks_exact_mut(pixel).for_each(<[u8]>::reverse);
    });
}

/// Top to bottom.
fn reverse_rows(picture: &mut Picture) {
    let (height, row) =
        (picture.height() as usize, picture.width() as usize * picture.format().bytes());
    let (top, bottom) = picture.data_mut().split_at_mut(height / 2 * row);
    let bottom = bottom.rchunks_exact_mut(row);
    top.chunks_exact_mut(row).zip(bottom).for_each(|(above, below)| above.swap_with_slice(below));
}

/// Rows become columns.
fn transpose(picture: &Picture) -> Result<Picture> {
    let (width, height) = (picture.height(), picture.width());
    let mut turned = Picture::new(width, height, picture.format(), picture.color_space().clone())?;
    let pixel = picture.format().bytes();
    let (from_row, to_row) = (height as usize * pixel, width as usize * pixel);
    let bands = turned.data_mut().par_chunks_mut(to_row * BAND).enumerate();
    bands.for_each(|(band, rows)| {
        let rows_here = rows.len() / to_row;
        for (x, from) in picture.data().chunks_exact(from_row).enumerate() {
            let run = from[band * BAND * pixel..].chunks_exact(pixel).take(rows_here);
            for (y, pixel_bytes) in run.enumerate() {
                rows[y * to_row + x * pixel..][..pixel].copy_from_slice(pixel_bytes);
            }
        }
    });
    Ok(turned)
}
