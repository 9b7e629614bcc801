//! How the samples of a TIFF lie in its file.

use std::io::Cursor;
use std::ops::Range;

use tiff::decoder::{Decoder, Limits};
use tiff::tags::Tag;

use super::decoding_error;
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

/// Compression: JPEG (Technical Note 2).
pub(super) const JPEG: u16 = 7;

/// SampleFormat.
const UNSIGNED: u16 = 1;
const FLOAT: u16 = 3;
const UNDEFINED: u16 = 4;

/// ExtraSamples: what the samples beyond the colours are.
pub(super) const ASSOCIATED_ALPHA: u16 = 1;
pub(super) const UNASSOCIATED_ALPHA: u16 = 2;

pub(super) type Tags<'a> = Decoder<Cursor<&'a [u8]>>;

/// A reader of the first picture's tags.
pub(super) fn tags(bytes: &[u8]) -> Result<Tags<'_>> {
    let limits = Limits::default();
    Ok(Decoder::new(Cursor::new(bytes)).map_err(decoding_error)?.with_limits(limits))
}

impl Layout {
    pub fn read(tags: &mut Tags<'_>, bytes: &[u8]) -> Result<Self> {
        let (width, height) = tags.dimensions().map_err(decoding_error)?;
        check_size(width, height)?;
        let mut reader = Reader(tags);
        let samples = usize::from(reader.number(Tag::SamplesPerPixel, 1_u16)?);
        let bits = reader.same(Tag::BitsPerSample, 1)?;
        if !(1..=64).contains(&bits) {
            return Err(damaged(format!("samples of {bits} bits are not read")));
        }
        let is_float = match reader.same(Tag::SampleFormat, u32::from(UNSIGNED))? as u16 {
            UNSIGNED | UNDEFINED => false,
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
        let colors = reader.colors()?;
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
            is_big_endian: bytes.starts_with(b"MM"),
            colors,
            extra: reader.numbers(Tag::ExtraSamples)?,
            compression: reader.number(Tag::Compression, 1)?,
            is_reversed: reader.number(Tag::FillOrder, 1_u16)? == 2,
            predictor: reader.number(Tag::Predictor, 1)?,
            is_planar,
            chunk,
            places,
            fax_options: reader.number(Tag::Unknown(292), 0)?,
            jpeg_tables: reader.bytes(Tag::JPEGTables)?,
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
            8 | 32946 => claim::DEFLATE,
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

struct Reader<'r, 'a>(&'r mut Tags<'a>);

impl Reader<'_, '_> {
    fn number<T: TryFrom<u64>>(&mut self, tag: Tag, default: T) -> Result<T> {
        Ok(self.0.find_tag_unsigned(tag).map_err(decoding_error)?.unwrap_or(default))
    }

    fn numbers<T: TryFrom<u64>>(&mut self, tag: Tag) -> Result<Vec<T>> {
        Ok(self.0.find_tag_unsigned_vec(tag).map_err(decoding_error)?.unwrap_or_default())
    }

    fn bytes(&mut self, tag: Tag) -> Result<Option<Vec<u8>>> {
        let value = self.0.find_tag(tag).map_err(decoding_error)?;
        Ok(value.and_then(|value| value.into_u8_vec().ok()))
    }

    /// The one number that all samples have.
    fn same(&mut self, tag: Tag, default: u32) -> Result<u32> {
        let numbers: Vec<u32> = self.numbers(tag)?;
        let first = numbers.first().copied().unwrap_or(default);
        match numbers.iter().all(|&number| number == first) {
            true => Ok(first),
            false => Err(damaged(format!("samples of different kinds are not read: {numbers:?}"))),
        }
    }

    fn colors(&mut self) -> Result<Colors> {
        Ok(match self.number(Tag::PhotometricInterpretation, 1_u16)? {
            0 => Colors::WhiteIsZero,
            1 | 4 => Colors::BlackIsZero,
            2 => Colors::Rgb,
            3 => Colors::Palette(self.numbers(Tag::ColorMap)?),
            5 => Colors::Cmyk,
            6 => {
                let shared: Vec<u32> = self.numbers(Tag::ChromaSubsampling)?;
                match shared[..] {
                    [] => Colors::YCbCr([2, 2]),
                    [x @ 1..=4, y @ 1..=4] => Colors::YCbCr([x, y]),
                    _ => return Err(damaged("its chrominance is shared in no known way")),
                }
            }
            8 => Colors::Lab { is_signed: true },
            9 | 10 => Colors::Lab { is_signed: false },
            other => return Err(damaged(format!("colours of kind {other} are not read"))),
        })
    }

    /// The size of a chunk, and where in the file each lies.
    fn chunks(
        &mut self,
        [width, height]: [u32; 2],
        length: usize,
    ) -> Result<([u32; 2], Vec<Range<usize>>)> {
        let mut offsets: Vec<u64> = self.numbers(Tag::TileOffsets)?;
        let (size, counts) = if offsets.is_empty() {
            offsets = self.numbers(Tag::StripOffsets)?;
            let rows = self.number(Tag::RowsPerStrip, height)?;
            ([width, rows.clamp(1, height)], self.numbers::<u64>(Tag::StripByteCounts)?)
        } else {
            let side = |reader: &mut Self, tag| reader.number(tag, 0_u32);
            let size = [side(self, Tag::TileWidth)?, side(self, Tag::TileLength)?];
            if size.iter().any(|side| !(1..=MAX_TILE).contains(side)) {
                return Err(damaged("its tiles are of no sensible size"));
            }
            (size, self.numbers(Tag::TileByteCounts)?)
        };
        // A single strip may say no length.
        let count = |k: usize| counts.get(k).copied().unwrap_or(length as u64);
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
