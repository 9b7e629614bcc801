//! What the tags say beside the samples.

use tiff::TiffResult;
use tiff::decoder::ifd::Value;
use tiff::tags::Tag;

use super::layout::Tags;
use super::{IPTC, XMP};
use crate::image::{Metadata, Resolution, Unit};

pub(super) fn metadata(tags: &mut Tags<'_>) -> TiffResult<Metadata> {
    let mut bytes = |tag| -> TiffResult<Option<Vec<u8>>> {
        Ok(tags.find_tag(tag)?.and_then(|value| match value {
            // Photoshop says numbers of 32 bits and means bytes.
            Value::List(values) => values
                .into_iter()
                .map(bytes_of)
                .collect::<Option<Vec<_>>>()
                .map(|parts| parts.concat()),
            Value::Ascii(text) => Some(text.into_bytes()),
            other => other.into_u8_vec().ok(),
        }))
    };
    let (xmp, iptc) = (bytes(XMP)?, bytes(IPTC)?);
    let mut text = |tag| -> TiffResult<Option<String>> {
        let text = bytes(tag)?.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        Ok(text.map(|text| text.trim_end_matches('\0').to_owned()).filter(|text| !text.is_empty()))
    };
    let (artist, copyright) = (text(Tag::Artist)?, text(Tag::Copyright)?);
    let resolution = resolution(tags)?;
    Ok(Metadata { xmp, iptc, artist, copyright, resolution, ..Metadata::default() })
}

fn bytes_of(value: Value) -> Option<Vec<u8>> {
    match value {
        Value::Byte(byte) => Some(vec![byte]),
        Value::Unsigned(word) => Some(word.to_le_bytes().to_vec()),
        _ => None,
    }
}

fn resolution(tags: &mut Tags<'_>) -> TiffResult<Option<Resolution>> {
    let mut number = |tag| -> TiffResult<Option<f64>> {
        Ok(tags.find_tag(tag)?.and_then(|value| match value {
            Value::Rational(n, d) if n > 0 && d > 0 => Some(f64::from(n) / f64::from(d)),
            _ => None,
        }))
    };
    let (x, y) = (number(Tag::XResolution)?, number(Tag::YResolution)?);
    let unit = match tags.find_tag_unsigned::<u16>(Tag::ResolutionUnit)? {
        Some(1) => Unit::Unknown,
        Some(3) => Unit::Centimetre,
        _ => Unit::Inch,
    };
    let says = |&(x, y): &(f64, f64)| unit != Unit::Unknown || x != y;
    Ok(x.zip(y).filter(says).map(|(x, y)| Resolution { x, y, unit }))
}
