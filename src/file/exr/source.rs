//! An OpenEXR file's parts and their blocks of pixels.
//!
//! The crate's own reader takes no file with a deep part or a subsampled channel, even where those
//! are not asked for.

use exr::block::chunk::Chunk;
use exr::block::{BlockIndex, UncompressedBlock};
use exr::io::PeekRead;
use exr::math::Vec2;
use exr::meta::attribute::{ChannelList, SampleType};
use exr::meta::header::Header;
use exr::meta::{Headers, MetaData, OffsetTables};
use rayon::prelude::*;

use super::decoding_error;
use super::subsampled;
use crate::error::Result;
use crate::file::claim;
use crate::file::failure::{damaged, truncated};
use crate::file::fence::fenced;

pub struct Source<'a> {
    bytes: &'a [u8],
    meta: MetaData,
    /// Where the blocks of each part begin.
    tables: OffsetTables,
    /// How many bytes stand before the tables.
    pub head: usize,
}

/// Samples of one channel, side by side. The position counts from the data window's corner.
pub struct Line<'a> {
    pub channel: usize,
    pub x: usize,
    pub y: usize,
    pub samples: &'a [u8],
}

/// The place of a block in its part's table, and what it covers.
pub type Place = (usize, BlockIndex);

impl<'a> Source<'a> {
    pub fn open(bytes: &'a [u8]) -> Result<Self> {
        let mut rest = bytes;
        let meta = MetaData::read_from_buffered(&mut rest, false).map_err(decoding_error)?;
        meta.headers.iter().try_for_each(|header| claim::check_tiles(header, bytes.len()))?;
        let head = bytes.len() - rest.len();
        let tables = MetaData::read_offset_tables(&mut PeekRead::new(rest), &meta.headers)
            .map_err(decoding_error)?;
        Ok(Self { bytes, meta, tables, head })
    }

    pub fn headers(&self) -> &[Header] {
        &self.meta.headers
    }

    /// The blocks of a part at full size, from top to bottom.
    pub fn places(&self, part: usize) -> Result<Vec<Place>> {
        let header = &self.meta.headers[part];
        let tiles = header.blocks_increasing_y_order().enumerate();
        tiles
            .filter(|(_, tile)| tile.location.level_index == Vec2(0, 0))
            .map(|(k, tile)| {
                let bounds = header.get_absolute_block_pixel_coordinates(tile.location)?;
                let pixel_position = bounds.position.to_usize("a block's position")?;
                let (pixel_size, level) = (bounds.size, Vec2(0, 0));
                Ok((k, BlockIndex { layer: part, pixel_position, pixel_size, level }))
            })
            .collect::<exr::error::Result<_>>()
            .map_err(decoding_error)
    }

    /// A block as the file holds it.
    pub fn chunk(&self, part: usize, k: usize) -> Result<Chunk> {
        let start = self.tables[part].get(k).and_then(|&start| usize::try_from(start).ok());
        let mut rest = start.and_then(|start| self.bytes.get(start..)).ok_or_else(truncated)?;
        let chunk = Chunk::read(&mut rest, &self.meta).map_err(decoding_error)?;
        match chunk.layer_index == part {
            true => Ok(chunk),
            false => Err(damaged("a block belongs to another part")),
        }
    }

    /// The samples of a block.
    pub fn block(&self, (k, index): Place) -> Result<UncompressedBlock> {
        let chunk = self.chunk(index.layer, k)?;
        let header = &self.meta.headers[index.layer];
        let block = fenced(|| match is_subsampled(&header.channels) {
            true => subsampled::block(header, chunk, index),
            false => UncompressedBlock::decompress_chunk(chunk, &self.meta, false)
                .map_err(decoding_error),
        })?;
        match block.index == index {
            true => Ok(block),
            false => Err(damaged("a block lies where another should")),
        }
    }

    /// All lines of a part at full size.
    pub fn each_line(&self, part: usize, mut take: impl FnMut(Line<'_>)) -> Result<()> {
        let list = &self.meta.headers[part].channels;
        // Not by the decoder's own threads: a panic in one of those ends the process.
        for places in self.places(part)?.chunks(2 * rayon::current_num_threads()) {
            let blocks = places.par_iter().map(|&place| self.block(place));
            for block in blocks.collect::<Result<Vec<_>>>()? {
                lines(&block, list).for_each(&mut take);
            }
        }
        Ok(())
    }
}

/// What stands before the pixels of a file, even where nothing follows.
pub fn headers(bytes: &[u8]) -> Result<Headers> {
    Ok(MetaData::read_from_buffered(bytes, false).map_err(decoding_error)?.headers)
}

pub fn is_subsampled(list: &ChannelList) -> bool {
    list.list.iter().any(|channel| channel.sampling != Vec2(1, 1))
}

/// The lines of a block in the order of its bytes.
pub fn lines<'a>(
    block: &'a UncompressedBlock,
    list: &'a ChannelList,
) -> impl Iterator<Item = Line<'a>> {
    let BlockIndex { pixel_position: Vec2(x, top), pixel_size: Vec2(width, height), .. } =
        block.index;
    let mut rest = &block.data[..];
    let rows = (top..top + height).flat_map(|y| (0..list.list.len()).map(move |k| (k, y)));
    rows.filter_map(move |(channel, y)| {
        let bytes = line_bytes(list, channel, y, width)?;
        let samples = rest.split_off(..bytes)?;
        Some(Line { channel, x, y, samples })
    })
}

/// How long a channel's line is; subsampled channels have none in some rows.
pub fn line_bytes(list: &ChannelList, channel: usize, y: usize, width: usize) -> Option<usize> {
    let channel = &list.list[channel];
    let Vec2(across, down) = channel.sampling;
    y.is_multiple_of(down).then(|| width / across * channel.sample_type.bytes_per_sample())
}

/// The engine's name for it; integers are not among colours.
pub fn float(sample: SampleType) -> crate::image::SampleType {
    match sample {
        SampleType::F16 => crate::image::SampleType::F16,
        _ => crate::image::SampleType::F32,
    }
}
