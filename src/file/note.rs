//! Sentences on what a format could not keep.

use super::profile;
use crate::image::{ColorSpace, Metadata};

pub(super) fn rounded(format: &str, bits: u8) -> String {
    format!(
        "{format} holds integers: the picture was rounded to {bits} bits a channel and clipped to \
         the range from black to white."
    )
}

/// Where a format for integers is given sRGB in place of the picture's own numbers.
pub(super) fn encoded_srgb(format: &str, space: &ColorSpace) -> Option<String> {
    match space {
        ColorSpace::Coded(points) if !profile::can_say(points) => Some(format!(
            "{format} was given sRGB: the picture was converted to it from the colours of its \
             code points, and light above white was clipped."
        )),
        _ if space.is_linear() => Some(format!(
            "{format} was given sRGB: the picture's linear light was encoded as such."
        )),
        _ => None,
    }
}

pub(super) fn made_linear(format: &str, from: &str) -> String {
    format!("{format} was given linear sRGB: the picture was converted to it from {from}.")
}

/// One for each of these that the picture has.
pub(super) fn left_out(format: &str, metadata: &Metadata, lost: &[&str]) -> Vec<String> {
    let Metadata { exif, xmp, iptc, artist, copyright, resolution } = metadata;
    let said = [
        (EXIF, exif.is_some()),
        (XMP, xmp.is_some()),
        (IPTC, iptc.is_some()),
        (ARTIST, artist.is_some()),
        (COPYRIGHT, copyright.is_some()),
        (RESOLUTION, resolution.is_some()),
    ];
    said.into_iter()
        .filter(|(what, is_there)| *is_there && lost.contains(what))
        .map(|(what, _)| format!("{format} is written without {what}: that was left out."))
        .collect()
}

pub(super) const EXIF: &str = "EXIF data";
pub(super) const XMP: &str = "XMP data";
pub(super) const IPTC: &str = "IPTC data";
pub(super) const ARTIST: &str = "artist";
pub(super) const COPYRIGHT: &str = "copyright";
pub(super) const RESOLUTION: &str = "resolution";

pub(super) fn too_long(format: &str, what: &str) -> String {
    format!("The {what} are too long for {format}: they were left out.")
}

pub(super) fn profile_left_out(reason: &str) -> String {
    format!("The colour profile was left out: {reason}.")
}
