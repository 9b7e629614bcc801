//! The directories of a file: tags and their values. Crate `tiff` reads directories, too, but
//! refuses a file whose tags it finds wrong, needed or not.

use std::collections::BTreeSet;

use tiff::tags::Tag;

use crate::error::Result;
use crate::file::failure::{damaged, truncated};

/// What a value is made of (TIFF 6.0, section 2; BigTIFF).
const BYTE: u16 = 1;
pub(super) const SHORT: u16 = 3;
const LONG: u16 = 4;
const RATIONAL: u16 = 5;
const DIRECTORY: u16 = 13;
const LONG8: u16 = 16;
const DIRECTORY8: u16 = 18;

/// Bytes of an entry, but in BigTIFF.
const LEAST_ENTRY: usize = 12;

pub(super) struct Directory<'a> {
    pub is_big_endian: bool,
    /// Where it begins, and where the next one does; 0 is nowhere.
    begin: usize,
    next: usize,
    entries: Vec<Entry<'a>>,
}

struct Entry<'a> {
    tag: u16,
    kind: u16,
    /// None where the file ends before it does.
    value: Option<&'a [u8]>,
}

impl<'a> Directory<'a> {
    /// The first one.
    pub fn read(bytes: &'a [u8]) -> Result<Self> {
        let file = Numbers::of(bytes);
        let begin = file.at(file.offset_bytes, file.offset_bytes).ok_or_else(truncated)?;
        Self::read_at(&file, begin).ok_or_else(truncated)
    }

    /// Those behind it, as far as they can be read.
    pub fn others(&self, bytes: &'a [u8]) -> impl Iterator<Item = Self> {
        let file = Numbers::of(bytes);
        let mut known = BTreeSet::from([0, self.begin]);
        let mut next = self.next;
        // Directories that share bytes are made to take time.
        let mut left = bytes.len();
        std::iter::from_fn(move || {
            let directory = known.insert(next).then(|| Self::read_at(&file, next))??;
            next = directory.next;
            left = left.checked_sub(LEAST_ENTRY * directory.entries.len())?;
            Some(directory)
        })
    }

    fn read_at(file: &Numbers<'a>, begin: usize) -> Option<Self> {
        let size = file.offset_bytes;
        let counted = if size == 8 { 8 } else { 2 };
        let count = file.at(begin, counted)?;
        let mut at = begin.checked_add(counted)?;
        let mut entries = Vec::new();
        for _ in 0..count {
            entries.push(file.entry(at)?);
            at += 4 + 2 * size;
        }
        let next = file.at(at, size).unwrap_or(0);
        Some(Self { is_big_endian: file.is_big_endian, begin, next, entries })
    }

    pub fn has(&self, tag: Tag) -> bool {
        self.entry(tag).is_some()
    }

    /// What a value is made of.
    pub fn kind(&self, tag: Tag) -> Option<u16> {
        self.entry(tag).map(|entry| entry.kind)
    }

    /// The value as it is stored.
    pub fn bytes(&self, tag: Tag) -> Result<Option<&'a [u8]>> {
        self.entry(tag).map(|entry| entry.value.ok_or_else(truncated)).transpose()
    }

    /// All whole numbers of a value; none of another kind.
    pub fn numbers(&self, tag: Tag) -> Result<Vec<u64>> {
        let size = match self.kind(tag) {
            Some(BYTE) => 1,
            Some(SHORT) => 2,
            Some(LONG | DIRECTORY) => 4,
            Some(LONG8 | DIRECTORY8) => 8,
            _ => return Ok(Vec::new()),
        };
        let value = self.bytes(tag)?.unwrap_or_default();
        Ok(value.chunks_exact(size).map(|number| whole(number, self.is_big_endian)).collect())
    }

    /// The first whole number.
    pub fn number<T: TryFrom<u64>>(&self, tag: Tag) -> Result<Option<T>> {
        let first = self.numbers(tag)?.first().copied();
        let fitting = first.map(|number| {
            T::try_from(number).map_err(|_| damaged(format!("its {tag:?} is {number}")))
        });
        fitting.transpose()
    }

    /// A fraction above 0.
    pub fn fraction(&self, tag: Tag) -> Option<f64> {
        let value = self.bytes(tag).ok()?.filter(|_| self.kind(tag) == Some(RATIONAL))?;
        let (n, d) = value.get(..8)?.split_at(4);
        let [n, d] = [n, d].map(|number| whole(number, self.is_big_endian) as f64);
        (n > 0.0 && d > 0.0).then(|| n / d)
    }

    fn entry(&self, tag: Tag) -> Option<&Entry<'a>> {
        self.entries.iter().find(|entry| entry.tag == tag.to_u16())
    }
}

/// Whole numbers of a file.
struct Numbers<'a> {
    bytes: &'a [u8],
    is_big_endian: bool,
    /// 8 in BigTIFF.
    offset_bytes: usize,
}

impl<'a> Numbers<'a> {
    fn of(bytes: &'a [u8]) -> Self {
        let is_large = bytes.get(..4).is_some_and(|magic| magic[2..].contains(&43));
        let offset_bytes = if is_large { 8 } else { 4 };
        Self { bytes, is_big_endian: bytes.starts_with(b"MM"), offset_bytes }
    }

    fn at(&self, at: usize, size: usize) -> Option<usize> {
        let bytes = self.bytes.get(at..at.checked_add(size)?)?;
        usize::try_from(whole(bytes, self.is_big_endian)).ok()
    }

    /// A value that is no longer than an offset stands in its place.
    fn entry(&self, at: usize) -> Option<Entry<'a>> {
        let size = self.offset_bytes;
        let (tag, kind) = (self.at(at, 2)? as u16, self.at(at.checked_add(2)?, 2)? as u16);
        let (count, place) = (self.at(at + 4, size)?, at + 4 + size);
        let offset = self.at(place, size)?;
        let length = count.saturating_mul(bytes_of(kind));
        let begin = if length <= size { place } else { offset };
        let value = begin.checked_add(length).and_then(|end| self.bytes.get(begin..end));
        Some(Entry { tag, kind, value })
    }
}

fn bytes_of(kind: u16) -> usize {
    match kind {
        SHORT | 8 => 2,
        LONG | 9 | 11 | DIRECTORY => 4,
        RATIONAL | 10 | 12 | LONG8..=DIRECTORY8 => 8,
        _ => 1,
    }
}

fn whole(bytes: &[u8], is_big_endian: bool) -> u64 {
    let add = |sum, &byte: &u8| sum << 8 | u64::from(byte);
    if is_big_endian { bytes.iter().fold(0, add) } else { bytes.iter().rev().fold(0, add) }
}
