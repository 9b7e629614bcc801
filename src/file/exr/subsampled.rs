//! Blocks with subsampled channels, which the crate does not decode as a whole but for the codecs
//! that heed them.

use exr::block::chunk::{Chunk, CompressedBlock};
use exr::block::{BlockIndex, UncompressedBlock};
use exr::compression::Compression;
use exr::math::Vec2;
use exr::meta::BlockDescription;
use exr::meta::attribute::{
    ChannelDescription, ChannelList, IntegerBounds, LineOrder, SampleType, Text,
};
use exr::meta::header::Header;

use super::decoding_error;
use super::source::line_bytes;
use crate::error::Result;
use crate::file::failure::{damaged, truncated};

pub fn block(header: &Header, chunk: Chunk, index: BlockIndex) -> Result<UncompressedBlock> {
    let CompressedBlock::ScanLine(chunk) = chunk.compressed_block else {
        return Err(damaged("subsampled channels in tiles are not read"));
    };
    let Vec2(width, height) = index.pixel_size;
    let (top, list) = (index.pixel_position.y(), &header.channels);
    let lines = (top..top + height).flat_map(|y| {
        (0..list.list.len()).filter_map(move |channel| line_bytes(list, channel, y, width))
    });
    let size = lines.sum();
    let bytes = chunk.compressed_pixels_le;
    let data = match header.compression {
        _ if bytes.len() == size => bytes,
        Compression::RLE | Compression::ZIP1 | Compression::ZIP16 => {
            decoded(&plain(header, SampleType::F16, false, Vec2(size / 2, 1)), bytes)?
        }
        Compression::PIZ | Compression::PXR24 => whole(header, index, size, bytes)?,
        Compression::B44 | Compression::B44A => blocks_of_4x4(header, index, &bytes)?,
        other => return Err(damaged(format!("subsampled channels with {other} are not read"))),
    };
    if data.len() != size {
        return Err(damaged("a block is not as long as it should be"));
    }
    Ok(UncompressedBlock { index, data })
}

/// By a codec that heeds the sampling, but for the size that it is told.
fn whole(header: &Header, index: BlockIndex, size: usize, bytes: Vec<u8>) -> Result<Vec<u8>> {
    let area = index.pixel_size.area();
    if !size.is_multiple_of(area) {
        let what = format!("channels subsampled so with {} are not read", header.compression);
        return Err(damaged(what));
    }
    let mut header = header.clone();
    header.channels.bytes_per_pixel = size / area;
    let bounds = IntegerBounds::new(index.pixel_position.to_i32(), index.pixel_size);
    let compression = header.compression;
    compression
        .decompress_image_section_from_le(&header, bytes, bounds, false)
        .map_err(decoding_error)
}

/// Each channel stands for itself there, and can be decoded as if it were alone.
fn blocks_of_4x4(header: &Header, index: BlockIndex, mut bytes: &[u8]) -> Result<Vec<u8>> {
    let list = &header.channels;
    let mut channels = Vec::new();
    for channel in &list.list {
        let size = channel.subsampled_resolution(index.pixel_size);
        let raw = size.area() * channel.sample_type.bytes_per_sample();
        let is_half = channel.sample_type == SampleType::F16;
        let length = if is_half { length_of_4x4(size, bytes)? } else { raw };
        let own = bytes.split_off(..length).ok_or_else(truncated)?;
        channels.push(match is_half {
            true => {
                let mut own = own.to_vec();
                // As long as the samples, they would be taken for those.
                own.extend((own.len() == raw).then_some(0));
                let alone = plain(header, SampleType::F16, channel.quantize_linearly, size);
                decoded(&alone, own)?
            }
            false => own.to_vec(),
        });
    }
    let mut rests: Vec<_> = channels.iter().map(|channel| &channel[..]).collect();
    let Vec2(width, height) = index.pixel_size;
    let mut data = Vec::new();
    for y in index.pixel_position.y()..index.pixel_position.y() + height {
        for (channel, rest) in rests.iter_mut().enumerate() {
            if let Some(length) = line_bytes(list, channel, y, width) {
                data.extend_from_slice(rest.split_off(..length).ok_or_else(truncated)?);
            }
        }
    }
    Ok(data)
}

/// A square of one value takes 3 bytes, any other 14.
fn length_of_4x4(Vec2(width, height): Vec2<usize>, bytes: &[u8]) -> Result<usize> {
    let mut length = 0;
    for _ in 0..width.div_ceil(4) * height.div_ceil(4) {
        let mark = bytes.get(length + 2).ok_or_else(truncated)?;
        length += if *mark >= 13 << 2 { 3 } else { 14 };
    }
    Ok(length)
}

/// A part of one block with one channel, compressed as another part is.
fn plain(header: &Header, sample: SampleType, is_linear: bool, size: Vec2<usize>) -> Header {
    let channel = ChannelDescription::new(Text::new_or_panic("Y"), sample, is_linear);
    Header {
        channels: ChannelList::new(std::iter::once(channel).collect()),
        ..Header::new(Text::default(), size, std::iter::empty().collect())
    }
    .with_encoding(header.compression, BlockDescription::ScanLines, LineOrder::Increasing)
}

/// The one block of a part.
fn decoded(header: &Header, bytes: Vec<u8>) -> Result<Vec<u8>> {
    let bounds = IntegerBounds::new((0, 0), header.layer_size);
    header
        .compression
        .decompress_image_section_from_le(header, bytes, bounds, false)
        .map_err(decoding_error)
}
