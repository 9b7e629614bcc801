//! EXIF blocks (CIPA DC-008), corrected in place: cameras' own notes in them name places by number.

/// Of the picture itself, in the first directory; of the photograph, in EXIF's own.
const WIDTHS: [u16; 2] = [0x0100, 0xa002];
const HEIGHTS: [u16; 2] = [0x0101, 0xa003];
const EXIF_DIRECTORY: u16 = 0x8769;
const THUMBNAIL: u16 = 0x0201;
const THUMBNAIL_LENGTH: u16 = 0x0202;
const STRIPS: u16 = 0x0111;
const STRIP_LENGTHS: u16 = 0x0117;

/// Makes the block say the size of the picture as it is now, and takes the thumbnail out of it,
/// which shows the picture before. What is damaged stays as it is.
pub(super) fn correct(exif: &mut Vec<u8>, size: [u32; 2]) {
    let mut block = Block { is_little: exif.starts_with(b"II"), bytes: exif };
    let Some(first) = block.long(4) else { return };
    block.correct_sizes(first as usize, size);
    if let Some(own) = block.value(first as usize, EXIF_DIRECTORY) {
        block.correct_sizes(own as usize, size);
    }
    if let Some(end) = block.remove_thumbnail(first as usize) {
        exif.truncate(end);
    }
}

/// The bytes of a block.
struct Block<'a> {
    bytes: &'a mut [u8],
    is_little: bool,
}

/// A line of a directory.
struct Entry {
    at: usize,
    tag: u16,
    kind: u16,
    count: u32,
}

/// A number of 16 and of 32 bits.
const SHORT: u16 = 3;
const LONG: u16 = 4;

impl Block<'_> {
    fn correct_sizes(&mut self, directory: usize, [width, height]: [u32; 2]) {
        for entry in self.entries(directory) {
            match entry.tag {
                tag if WIDTHS.contains(&tag) => self.set(&entry, width),
                tag if HEIGHTS.contains(&tag) => self.set(&entry, height),
                _ => {}
            }
        }
    }

    /// Unlinks the second directory and blanks its pixels; where nothing follows them, returns
    /// where they began.
    fn remove_thumbnail(&mut self, first: usize) -> Option<usize> {
        let link = first + 2 + 12 * usize::from(self.short(first)?);
        let second = self.long(link)? as usize;
        if second == 0 {
            return None;
        }
        let mut begin = None;
        for (place, length) in [(THUMBNAIL, THUMBNAIL_LENGTH), (STRIPS, STRIP_LENGTHS)] {
            let Some((from, length)) = self.value(second, place).zip(self.value(second, length))
            else {
                continue;
            };
            let from = from as usize;
            let Some(pixels) = self.bytes.get_mut(from..from.saturating_add(length as usize))
            else {
                continue;
            };
            pixels.fill(0);
            let is_last = from + length as usize == self.bytes.len();
            begin = is_last.then_some(from).or(begin);
        }
        self.bytes.get_mut(link..link + 4)?.fill(0);
        // Directories lie before it in files of all kinds, but need not.
        begin.filter(|&begin| begin > link + 4 && begin > second)
    }

    fn entries(&self, directory: usize) -> Vec<Entry> {
        let count = self.short(directory).unwrap_or(0);
        let entry = |k: u16| {
            let at = directory + 2 + 12 * usize::from(k);
            Some(Entry {
                at: at + 8,
                tag: self.short(at)?,
                kind: self.short(at + 2)?,
                count: self.long(at + 4)?,
            })
        };
        (0..count).map_while(entry).collect()
    }

    fn value(&self, directory: usize, tag: u16) -> Option<u32> {
        let entry = self.entries(directory).into_iter().find(|entry| entry.tag == tag)?;
        match (entry.kind, entry.count) {
            (SHORT, 1) => self.short(entry.at).map(u32::from),
            (LONG, 1) => self.long(entry.at),
            _ => None,
        }
    }

    fn set(&mut self, entry: &Entry, value: u32) {
        let is_little = self.is_little;
        let ordered = |mut bytes: Vec<u8>| {
            if !is_little {
                bytes.reverse();
            }
            bytes
        };
        let bytes = match (entry.kind, entry.count) {
            (SHORT, 1) => ordered((value as u16).to_le_bytes().to_vec()),
            (LONG, 1) => ordered(value.to_le_bytes().to_vec()),
            _ => return,
        };
        if let Some(to) = self.bytes.get_mut(entry.at..entry.at + bytes.len()) {
            to.copy_from_slice(&bytes);
        }
    }

    fn short(&self, at: usize) -> Option<u16> {
        let bytes = *self.bytes.get(at..)?.first_chunk::<2>()?;
        Some(if self.is_little { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) })
    }

    fn long(&self, at: usize) -> Option<u32> {
        let bytes = *self.bytes.get(at..)?.first_chunk::<4>()?;
        Some(if self.is_little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) })
    }
}
