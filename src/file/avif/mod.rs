//! AVIF: AV1 pictures in boxes (ISO/IEC 23008-12, AOM's AV1 Image File Format). Read, of a sequence
//! the first picture; a picture in tiles is put together.

mod container;
mod decoder;
mod pixels;
mod planes;

use image::metadata::Orientation;

use self::container::{Colors, Container, Item, Property};
use self::planes::{Coding, Planes};
use super::failure::damaged;
use super::metadata::Found;
use super::{frames, warning};
use crate::error::{Error, Result};
use crate::image::{CodePoints, Metadata, Picture};

pub(super) fn read(bytes: &[u8]) -> Result<Picture> {
    let file = Container::read(bytes)?;
    let item = file.primary();
    let mut color = Planes::read(&file, item)?;
    if let Some(said) = coding(&file, item) {
        color.coding = said;
    }
    let alpha = file.alpha(item);
    let is_premultiplied = alpha.is_some_and(|alpha| file.is_premultiplied(item, alpha));
    let alpha = alpha.map(|alpha| Planes::read(&file, alpha)).transpose()?;
    let picture = pixels::picture(&color, alpha.as_ref(), is_premultiplied)?;
    drop(alpha);
    frames::tell_of(file.frames());
    let icc = icc(&file, item);
    let code_points = if icc.is_some() { None } else { code_points(&color.coding) };
    let metadata = Metadata { exif: file.exif(item)?, xmp: file.xmp(item)?, ..Metadata::default() };
    // That of an EXIF block counts for nothing here.
    let upright = metadata.exif.as_ref().map(|_| Orientation::NoTransforms);
    let orientation = orientation(&file, item).or(upright);
    Found { icc, code_points, orientation, metadata }.apply(picture)
}

/// The error for what this reader has no way with.
fn not_read(what: impl std::fmt::Display) -> Error {
    damaged(format!(
        "{what} not read: convert it, for example with `avifdec picture.avif picture.png`"
    ))
}

/// What the file says of the numbers goes before what their stream says.
fn coding(file: &Container<'_>, item: Item) -> Option<Coding> {
    file.properties(item).find_map(|property| match property {
        Property::Colors(Colors::Coded(coding)) => Some(*coding),
        _ => None,
    })
}

fn icc(file: &Container<'_>, item: Item) -> Option<Vec<u8>> {
    file.properties(item).find_map(|property| match property {
        Property::Colors(Colors::Icc(profile)) => Some(profile.clone()),
        _ => None,
    })
}

/// None for sRGB, which what is not specified is taken for.
fn code_points(coding: &Coding) -> Option<CodePoints> {
    const UNSPECIFIED: u8 = 2;
    let or = |number, usual| if number == UNSPECIFIED { usual } else { number };
    let points = CodePoints::full_range(or(coding.primaries, 1), or(coding.transfer, 13));
    (points != CodePoints::full_range(1, 13)).then_some(points)
}

/// Quarter turns against the clock come before mirroring.
fn orientation(file: &Container<'_>, item: Item) -> Option<Orientation> {
    let (mut turns, mut mirrored) = (None, None);
    for property in file.properties(item) {
        match property {
            Property::Turned(quarters) => turns = Some(*quarters),
            Property::Mirrored { sideways } => mirrored = Some(*sideways),
            Property::Cropped => {
                warning::say("the file crops its picture: the whole is taken");
            }
            _ => {}
        }
    }
    if turns.is_none() && mirrored.is_none() {
        return None;
    }
    Some(match (turns.unwrap_or(0), mirrored) {
        (0, None) => Orientation::NoTransforms,
        (1, None) => Orientation::Rotate270,
        (2, None) => Orientation::Rotate180,
        (_, None) => Orientation::Rotate90,
        (0, Some(true)) | (2, Some(false)) => Orientation::FlipHorizontal,
        (0, Some(false)) | (2, Some(true)) => Orientation::FlipVertical,
        (1, Some(true)) | (3, Some(false)) => Orientation::Rotate270FlipH,
        (_, Some(_)) => Orientation::Rotate90FlipH,
    })
}
