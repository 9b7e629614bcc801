//! The chunks of a PNG file.

pub(super) struct Chunk<'a> {
    /// Where its length stands.
    pub at: usize,
    pub kind: [u8; 4],
    pub content: &'a [u8],
}

/// All chunks as far as they are whole, the last one as far as it is there.
pub(super) fn chunks(bytes: &[u8]) -> impl Iterator<Item = Chunk<'_>> {
    let mut next = 8_usize;
    std::iter::from_fn(move || {
        let at = next;
        let (length, rest) = bytes.get(at..)?.split_first_chunk::<4>()?;
        let length = u32::from_be_bytes(*length) as usize;
        let (&kind, rest) = rest.split_first_chunk::<4>()?;
        let content = &rest[..length.min(rest.len())];
        next = at.saturating_add(length).saturating_add(FRAME);
        Some(Chunk { at, kind, content })
    })
}

/// The content of the first chunk of a kind.
pub(super) fn chunk<'a>(bytes: &'a [u8], kind: &[u8; 4]) -> Option<&'a [u8]> {
    chunks(bytes).find(|chunk| chunk.kind == *kind).map(|chunk| chunk.content)
}

/// A chunk's length, kind and sum.
pub(super) const FRAME: usize = 12;
