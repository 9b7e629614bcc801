//! What other programs forgive in JPEG files and the decoder does not.

use std::borrow::Cow;

use super::jpeg_segments::{APP14, segments};

/// A segment's marker and length.
const HEAD: usize = 4;
/// Adobe's segment, the last of which says how the colours are transformed.
const ADOBE_BYTES: usize = 12;
const YCBCR: u8 = 1;
const YCCK: u8 = 2;
const COMMENT: u8 = 0xfe;

/// The file as the decoder takes it.
pub(super) fn repaired(bytes: &[u8]) -> Cow<'_, [u8]> {
    let mut file = Cow::Borrowed(bytes);
    let segments: Vec<_> = segments(bytes).collect();
    let frame = segments.iter().rfind(|segment| matches!(segment.kind, 0xc0..=0xc3));
    if let Some(adobe) = segments.iter().rfind(|segment| segment.kind == APP14) {
        let transform = adobe.at + HEAD + ADOBE_BYTES - 1;
        if adobe.content.len() < ADOBE_BYTES {
            file.to_mut()[adobe.at + 1] = COMMENT;
        } else if frame.is_some_and(|frame| frame.content.get(5) == Some(&3))
            && bytes[transform] == YCCK
        {
            file.to_mut()[transform] = YCBCR;
        }
    }
    if let Some(frame) = frame
        && frame.content.get(1..3) == Some(&[0, 0])
        && let Some(scan) = segments.last()
    {
        say_height(&mut file, frame.at + HEAD + 1, scan.at);
    }
    file
}

/// A height of 0 is said by a segment behind the first scan.
fn say_height(file: &mut Cow<'_, [u8]>, height: usize, scan: usize) {
    const SEGMENT: [u8; 4] = [0xff, 0xdc, 0, 4];
    let behind = file.get(scan..).unwrap_or_default();
    let Some(found) = behind.windows(SEGMENT.len()).position(|bytes| bytes == SEGMENT) else {
        return;
    };
    let at = scan + found;
    if let Some(&[high, low]) = file.get(at + 4..).and_then(|rest| rest.first_chunk()) {
        let file = file.to_mut();
        file[height..height + 2].copy_from_slice(&[high, low]);
        file[at + 1] = COMMENT;
    }
}

#[cfg(test)]
mod tests {
    use super::super::jpeg_segments::SOS;
    use super::*;

    const FRAME: [u8; 19] =
        [0xff, 0xc0, 0, 17, 8, 0, 9, 0, 9, 3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0];

    fn file(adobe: &[u8], frame: &[u8]) -> Vec<u8> {
        let head = [0xff, 0xd8, 0xff, APP14, 0, adobe.len() as u8 + 2];
        [&head[..], adobe, frame, &[0xff, SOS, 0, 2, 1, 2, 0xff, 0xdc, 0, 4, 0, 7]].concat()
    }

    #[test]
    fn whole_files_are_not_touched() {
        let whole = file(b"Adobe\0d\0\0\0\0\x01", &FRAME);
        assert!(matches!(repaired(&whole), Cow::Borrowed(_)));
    }

    #[test]
    fn three_colours_are_not_inks() {
        let wrong = file(b"Adobe\0d\0\0\0\0\x02", &FRAME);
        assert_eq!(repaired(&wrong)[..], file(b"Adobe\0d\0\0\0\0\x01", &FRAME));
    }

    #[test]
    fn a_short_segment_of_adobe_is_a_comment() {
        assert_eq!(repaired(&file(b"Adobe", &FRAME))[3], COMMENT);
    }

    #[test]
    fn a_height_behind_the_scan_is_found() {
        let mut frame = FRAME;
        frame[6] = 0;
        let file = file(b"Adobe\0d\0\0\0\0\x01", &frame);
        let repaired = repaired(&file);
        assert_eq!(repaired.len(), file.len());
        assert!(repaired.windows(4).any(|bytes| bytes == [17, 8, 0, 7]));
        assert!(!repaired.windows(2).any(|bytes| bytes == [0xff, 0xdc]));
        for length in 0..file.len() {
            super::repaired(&file[..length]);
        }
    }
}
