//! XMP packets (ISO 16684-1), as far as they say how a picture lies or show it.

use std::ops::Range;

use image::metadata::Orientation;

const ORIENTATION: &[u8] = b"tiff:Orientation";

/// How the picture lies, as the packet says.
pub(super) fn orientation(packet: &[u8]) -> Option<Orientation> {
    let code = packet.get(orientation_digit(packet)?)?;
    Orientation::from_exif(code.wrapping_sub(b'0'))
}

/// Makes the packet say that the picture is upright, and takes thumbnails out of it, which show the
/// picture before.
pub(super) fn correct(packet: &mut Vec<u8>) {
    if let Some(at) = orientation_digit(packet) {
        packet[at] = b'1';
    }
    for name in ["xmp:Thumbnails", "xap:Thumbnails"] {
        if let Some(element) = element(packet, name) {
            packet.drain(element);
        }
    }
}

/// Where the orientation's digit is: in an attribute or an element.
fn orientation_digit(packet: &[u8]) -> Option<usize> {
    let after = find(packet, ORIENTATION)? + ORIENTATION.len();
    let at = after + packet[after..].iter().position(u8::is_ascii_digit)?;
    let between = &packet[after..at];
    let is_value = between.iter().all(|byte| b"= \t\r\n\"'>".contains(byte));
    is_value.then_some(at)
}

/// The first element of a name, whole.
fn element(packet: &[u8], name: &str) -> Option<Range<usize>> {
    let begin = find(packet, format!("<{name}").as_bytes())?;
    let end = format!("</{name}>");
    let length = find(&packet[begin..], end.as_bytes())? + end.len();
    Some(begin..begin + length)
}

fn find(bytes: &[u8], part: &[u8]) -> Option<usize> {
    bytes.windows(part.len()).position(|window| window == part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orientations_and_thumbnails_are_found_in_both_notations() {
        for packet in [
            "<rdf:Description tiff:Orientation=\"6\"/>",
            "<tiff:Orientation>6</tiff:Orientation>",
            "<tiff:Orientation> 6 </tiff:Orientation><xmp:Thumbnails><rdf:Alt/></xmp:Thumbnails>",
        ] {
            let mut packet = packet.as_bytes().to_vec();
            assert_eq!(orientation(&packet), Some(Orientation::Rotate90));
            correct(&mut packet);
            assert_eq!(orientation(&packet), Some(Orientation::NoTransforms));
            assert_eq!(find(&packet, b"Thumbnails"), None);
        }
        for packet in ["", "<tiff:Orientation/>8", "<xmp:Thumbnails>", "tiff:Orientation"] {
            let mut packet = packet.as_bytes().to_vec();
            assert_eq!(orientation(&packet), None);
            let before = packet.clone();
            correct(&mut packet);
            assert_eq!(packet, before);
        }
    }
}
