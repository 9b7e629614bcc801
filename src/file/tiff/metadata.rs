//! What the tags say beside the samples.

use tiff::tags::Tag;

use super::directory::Directory;
use super::{IPTC, XMP};
use crate::error::Result;
use crate::image::{Metadata, Resolution, Unit};

pub(super) fn metadata(tags: &Directory<'_>) -> Result<Metadata> {
    let bytes = |tag| Ok::<_, crate::Error>(tags.bytes(tag)?.map(<[u8]>::to_vec));
    let text = |tag| {
        let text = bytes(tag)?.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        Ok::<_, crate::Error>(
            text.map(|text| text.trim_end_matches('\0').to_owned()).filter(|text| !text.is_empty()),
        )
    };
    Ok(Metadata {
        xmp: bytes(XMP)?,
        iptc: bytes(IPTC)?,
        artist: text(Tag::Artist)?,
        copyright: text(Tag::Copyright)?,
        resolution: resolution(tags)?,
        ..Metadata::default()
    })
}

fn resolution(tags: &Directory<'_>) -> Result<Option<Resolution>> {
    let (x, y) = (tags.fraction(Tag::XResolution), tags.fraction(Tag::YResolution));
    let unit = match tags.number::<u64>(Tag::ResolutionUnit)? {
        Some(1) => Unit::Unknown,
        Some(3) => Unit::Centimetre,
        _ => Unit::Inch,
    };
    let says = |&(x, y): &(f64, f64)| unit != Unit::Unknown || x != y;
    Ok(x.zip(y).filter(says).map(|(x, y)| Resolution { x, y, unit }))
}
