//! How the samples of a TIFF lie in its file.

use std::ops::Range;

use tiff::tags::Tag;

use super::directory::Directory;
use crate::error::Result;
use crate::file::claim;
use crate::file::failure::{damaged, truncated};
use crate::image::check_size;

/// What the tags say of the first picture.
pub(super) struct Layout {
    pub width: u32,
    pub height: u32,
    /// Of a pixel.
    pub samples: usize,
    /// Of a sample, 1 to 64.
    pub bits: u32,
    pub is_float: bool,
    /// Whether integers may be below 0, which is black then.
    pub is_signed: bool,
    pub is_big_endian: bool,
    pub colors: Colors,
    /// What the samples beyond the colours are.
    pub extra: Vec<u16>,
    pub compression: u16,
    /// Whether the bits of each byte stand in reverse.
    pub is_reversed: bool,
    pub predictor: u16,
    /// Whether each sample has chunks of its own.
    pub is_planar: bool,
    pub chunk: [u32; 2],
    /// Strips or tiles, row by row, those of the first sample first.
    pub places: Vec<Range<usize>>,
    pub fax_options: u32,
    pub jpeg_tables: Option<Vec<u8>>,
}

/// What the samples of a pixel mean.
pub(super) enum Colors {
    WhiteIsZero,
    BlackIsZero,
    Rgb,
    /// Red, green and blue of each number, as 16 bits: all reds first.
    Palette(Vec<u16>),
    Cmyk,
    /// Pixels share chrominance with so many to the right and below.
    YCbCr([u32; 2]),
    /// Of CIE 1976, with or without an offset.
    Lab {
        is_signed: bool,
    },
}

impl Colors {
    /// Samples of a pixel.
    pub fn count(&self) -> usize {
        match self {
            Self::WhiteIsZero | Self::BlackIsZero | Self::Palette(_) => 1,
            Self::Rgb | Self::YCbCr(_) | Self::Lab { .. } => 3,
            Self::Cmyk => 4,
        }
    }
}

/// Of CMYK files.
const INK_SET: Tag = Tag::Unknown(332);

/// Compression: JPEG (Technical Note 2).
pub(super) const JPEG: u16 = 7;

/// SampleFormat.
const UNSIGNED: u16 = 1;
const SIGNED: u16 = 2;
const FLOAT: u16 = 3;
const UNDEFINED: u16 = 4;

/// ExtraSamples: what the samples beyond the colours are.
pub(super) const ASSOCIATED_ALPHA: u16 = 1;
pub(super) const UNASSOCIATED_ALPHA: u16 = 2;

impl Layout {
    pub fn read(tags: &Directory<'_>, bytes: &[u8]) -> Result<Self> {
        let reader = Reader(tags);
        let side = |tag| tags.number(tag)?.ok_or_else(|| damaged("its size is missing"));
        let (width, height) = (side(Tag::ImageWidth)?, side(Tag::ImageLength)?);
        check_size(width, height)?;
        let samples = usize::from(reader.number(Tag::SamplesPerPixel, 1_u16)?);
        let bits = reader.same(Tag::BitsPerSample, samples, 1)?;
        if !(1..=64).contains(&bits) {
            return Err(damaged(format!("samples of {bits} bits are not read")));
        }
        let kind = reader.same(Tag::SampleFormat, samples, u32::from(UNSIGNED))? as u16;
        let is_float = match kind {
            UNSIGNED | SIGNED | UNDEFINED => false,
            FLOAT if matches!(bits, 16 | 32 | 64) => true,
            other => {
                let what = format!("samples of kind {other} with {bits} bits are not read");
                return Err(damaged(what));
            }
        };
        let is_planar = match reader.number(Tag::PlanarConfiguration, 1_u16)? {
            1 => false,
            2 => samples > 1,
            other => return Err(damaged(format!("a planar configuration of {other} is not read"))),
        };
        let compression = reader.number(Tag::Compression, 1)?;
        let colors = reader.colors(samples, compression)?;
        if samples < colors.count() {
            return Err(damaged("a pixel has fewer samples than colours"));
        }
        let (chunk, places) = reader.chunks([width, height], bytes.len())?;
        let layout = Self {
            width,
            height,
            samples,
            bits,
            is_float,
            is_signed: kind == SIGNED,
            is_big_endian: tags.is_big_endian,
            colors,
            extra: tags.numbers(Tag::ExtraSamples)?.into_iter().map(|kind| kind as u16).collect(),
            compression,
            is_reversed: reader.number(Tag::FillOrder, 1_u16)? == 2,
            predictor: reader.number(Tag::Predictor, 1)?,
            is_planar,
            chunk,
            places,
            fax_options: reader.number(Tag::Unknown(292), 0)?,
            jpeg_tables: tags.bytes(Tag::JPEGTables)?.map(<[u8]>::to_vec),
        };
        if layout.places.len() < layout.across() * layout.down() * layout.planes() {
            return Err(truncated());
        }
        Ok(layout)
    }

    /// Refuses what the file is too short for, before memory is asked for.
    pub fn check_claim(&self) -> Result<()> {
        let stored: usize = self.places.iter().map(Range::len).sum();
        let rows = self.height as usize * self.across() * self.planes();
        // The most bytes that one can become.
        let most = match self.compression {
            1 => 1,
            // Of Group 4 a bit can be a row.
            2..=4 => 8 * self.row_bytes() as u64,
            5 => 4096,
            // A block of 64 samples takes a bit.
            JPEG => 8 * 64,
            8 | 32946 | 50013 => claim::DEFLATE,
            32773 => 64,
            34925 => 1 << 14,
            // Four bytes are a run of 2^17.
            50000 => 1 << 15,
            _ => return Ok(()),
        };
        // Sixteen pixels may share their chrominance: eighteen samples for 48.
        let spread = if matches!(self.colors, Colors::YCbCr(_)) { 3 } else { 1 };
        let claimed = self.row_bytes().saturating_mul(rows) as u64;
        claim::check(claimed, stored, spread * most)
    }

    /// Whether the chunks' own compression makes red, green and blue of chrominance.
    pub fn is_rgb_already(&self) -> bool {
        self.compression == JPEG
    }

    /// Whether pixels stand in groups with their common chrominance behind them.
    pub fn shares_chrominance(&self) -> bool {
        !self.is_rgb_already() && matches!(self.colors, Colors::YCbCr(shared) if shared != [1, 1])
    }

    /// Chunks from left to right.
    pub fn across(&self) -> usize {
        self.width.div_ceil(self.chunk[0]) as usize
    }

    /// Chunks from top to bottom.
    pub fn down(&self) -> usize {
        self.height.div_ceil(self.chunk[1]) as usize
    }

    /// Sets of chunks.
    pub fn planes(&self) -> usize {
        if self.is_planar { self.samples } else { 1 }
    }

    /// Samples that lie side by side.
    pub fn interleaved(&self) -> usize {
        if self.is_planar { 1 } else { self.samples }
    }

    /// Rows that a chunk holds; the last strip has those that are left.
    pub fn rows(&self, down: usize) -> usize {
        let is_strip = self.chunk[0] == self.width;
        let rows = self.chunk[1] as usize;
        if is_strip { rows.min(self.height as usize - down * rows) } else { rows }
    }

    /// Bytes of a chunk's row.
    pub fn row_bytes(&self) -> usize {
        let bits = self.chunk[0] as usize * self.interleaved() * self.bits as usize;
        bits.div_ceil(8)
    }
}

struct Reader<'r, 'a>(&'r Directory<'a>);

impl Reader<'_, '_> {
    fn number<T: TryFrom<u64>>(&self, tag: Tag, default: T) -> Result<T> {
        Ok(self.0.number(tag)?.unwrap_or(default))
    }

    /// The one number that all samples have.
    fn same(&self, tag: Tag, samples: usize, default: u32) -> Result<u32> {
        let mut numbers = self.0.numbers(tag)?;
        numbers.truncate(samples);
        let first = numbers.first().copied().unwrap_or(u64::from(default));
        match numbers.iter().all(|&number| number == first) {
            true => Ok(u32::try_from(first).unwrap_or(u32::MAX)),
            false => Err(damaged(format!("samples of different kinds are not read: {numbers:?}"))),
        }
    }

    fn colors(&self, samples: usize, compression: u16) -> Result<Colors> {
        // As other programs guess.
        let unsaid = match (samples, compression) {
            _ if self.0.has(INK_SET) => 5,
            (3.., _) => 2,
            (_, 2..=4) => 0,
            _ => 1,
        };
        Ok(match self.number(Tag::PhotometricInterpretation, unsaid)? {
            0 => Colors::WhiteIsZero,
            1 | 4 => Colors::BlackIsZero,
            2 => Colors::Rgb,
            3 => {
                let colors = self.0.numbers(Tag::ColorMap)?;
                Colors::Palette(colors.into_iter().map(|color| color as u16).collect())
            }
            5 => Colors::Cmyk,
            6 => match self.0.numbers(Tag::ChromaSubsampling)?[..] {
                [] => Colors::YCbCr([2, 2]),
                [x @ 1..=4, y @ 1..=4] => Colors::YCbCr([x as u32, y as u32]),
                _ => return Err(damaged("its chrominance is shared in no known way")),
            },
            8 => Colors::Lab { is_signed: true },
            9 | 10 => Colors::Lab { is_signed: false },
            other => return Err(damaged(format!("colours of kind {other} are not read"))),
        })
    }

    /// The size of a chunk, and where in the file each lies.
    fn chunks(
        &self,
        [width, height]: [u32; 2],
        length: usize,
    ) -> Result<([u32; 2], Vec<Range<usize>>)> {
        // Some programs say with the tags of strips where tiles lie.
        let either = |tile, strip| match self.0.numbers(tile) {
            Ok(numbers) if numbers.is_empty() => self.0.numbers(strip),
            numbers => numbers,
        };
        let offsets = either(Tag::TileOffsets, Tag::StripOffsets)?;
        let counts = either(Tag::TileByteCounts, Tag::StripByteCounts)?;
        let size = if self.0.has(Tag::TileWidth) {
            [self.number(Tag::TileWidth, 0)?, self.number(Tag::TileLength, 0)?]
        } else {
            let rows = self.number(Tag::RowsPerStrip, u64::from(height))?;
            [width, rows.clamp(1, u64::from(height)) as u32]
        };
        if size.iter().any(|side| !(1..=MAX_TILE).contains(side)) {
            return Err(damaged("its tiles are of no sensible size"));
        }
        // A single strip may say no length.
        let count = |k: usize| counts.get(k).copied().filter(|&count| count > 0);
        let count = |k: usize| count(k).unwrap_or(length as u64);
        let places = offsets.iter().enumerate().map(|(k, &offset)| {
            let begin = usize::try_from(offset).unwrap_or(usize::MAX).min(length);
            let bytes = usize::try_from(count(k)).unwrap_or(usize::MAX);
            begin..begin.saturating_add(bytes).min(length)
        });
        Ok((size, places.collect()))
    }
}

/// The longest side of a tile.
const MAX_TILE: u32 = 1 << 16;
