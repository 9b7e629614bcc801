//! The segments that a JPEG file begins with.

/// The segment before compressed pixels.
pub(super) const SOS: u8 = 0xda;

/// Adobe's segment: its name, versions and flags, then how the colours are transformed.
pub(super) const APP14: u8 = 0xee;

pub(super) struct Segment<'a> {
    /// Where its marker stands.
    pub at: usize,
    pub kind: u8,
    pub content: &'a [u8],
}

/// The segments up to the one before the first compressed pixels, that one included.
pub(super) fn segments(bytes: &[u8]) -> impl Iterator<Item = Segment<'_>> {
    let mut next = Some(2);
    std::iter::from_fn(move || {
        let mut at = next?;
        while bytes.get(at..)?.starts_with(&[0xff, 0xff]) {
            at += 1;
        }
        let (&[0xff, kind], rest) = bytes.get(at..)?.split_first_chunk::<2>()? else { return None };
        let length = usize::from(u16::from_be_bytes(*rest.first_chunk()?));
        let content = rest.get(2..length)?;
        next = (kind != SOS).then_some(at + 2 + length);
        Some(Segment { at, kind, content })
    })
}

/// The content of the first segment of a kind.
pub(super) fn segment(bytes: &[u8], kind: u8) -> Option<&[u8]> {
    segments(bytes).find(|segment| segment.kind == kind).map(|segment| segment.content)
}
