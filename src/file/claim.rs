//! What a header claims, held against what the file can hold, before memory is asked for.

use exr::compression::Compression;
use exr::math::Vec2;
use exr::meta::BlockDescription;
use exr::meta::header::Header;

use super::failure::truncated;
use crate::error::Result;

/// Bytes that one of DEFLATE can become: 258 for two bits.
pub(super) const DEFLATE: u64 = 1032;

/// Pixels that a byte can become at most.
pub(super) mod most_pixels {
    /// A group of 1024x1024 takes twelve bits in the table of contents.
    pub const JPEG_XL: u64 = 1 << 20;
    /// Of a flat picture, 128x128 took 0.9 bits.
    pub const AV1: u64 = 1 << 20;
    /// A code of twelve bits stands for as many pixels as there are codes.
    pub const GIF: u64 = 4096;
    /// Two bytes are a run of 255.
    pub const BMP: u64 = 128;
    /// Two bytes are a run of 128.
    pub const TGA: u64 = 64;
    /// A pixel takes a bit.
    pub const PNM: u64 = 8;
    /// A byte is a run of 62.
    pub const QOI: u64 = 62;
    /// Old runs grow by eight bits with each four bytes; a row has no more than this.
    pub const HDR: u64 = 1 << 13;
}

/// Pixels that are taken whatever the file holds: in an animation the first picture may be small;
/// bytes of a tile.
const ALWAYS: u64 = 1 << 24;

/// Refuses a picture of more pixels than `stored` bytes can become, where one can become `most`.
pub(super) fn check_pixels(size: [u32; 2], stored: usize, most: u64) -> Result<()> {
    let pixels = u64::from(size[0]) * u64::from(size[1]);
    if pixels <= ALWAYS { Ok(()) } else { check(pixels, stored, most) }
}

/// Refuses an OpenEXR's layer of more than `stored` bytes can become.
pub(super) fn check_open_exr(layer: &Header, stored: usize) -> Result<()> {
    let pixels = |Vec2(width, height): Vec2<usize>| width as u64 * height as u64;
    let data = pixels(layer.layer_size);
    let bytes = layer.channels.list.iter().map(|channel| {
        data / pixels(channel.sampling).max(1) * channel.sample_type.bytes_per_sample() as u64
    });
    check(bytes.sum(), stored, most_bytes(layer.compression))
}

/// Refuses tiles of more than `stored` bytes can become: the crate makes room for a whole one,
/// however little of it the picture needs.
pub(super) fn check_tiles(layer: &Header, stored: usize) -> Result<()> {
    let BlockDescription::Tiles(tiles) = layer.blocks else { return Ok(()) };
    let Vec2(width, height) = tiles.tile_size;
    let bytes = [height, layer.channels.bytes_per_pixel]
        .iter()
        .fold(width as u64, |bytes, &factor| bytes.saturating_mul(factor as u64));
    if bytes <= ALWAYS { Ok(()) } else { check(bytes, stored, most_bytes(layer.compression)) }
}

/// What a byte of an OpenEXR's block can become at most.
fn most_bytes(compression: Compression) -> u64 {
    // Of PIZ a run of 256 halves takes ten bits, of B44A a flat block of sixteen three bytes; PXR24
    // leaves a quarter out, DWA what is not seen.
    match compression {
        Compression::Uncompressed => 1,
        Compression::RLE => 64,
        Compression::B44 | Compression::B44A => 11,
        Compression::DWAA(_) | Compression::DWAB(_) => 64 * DEFLATE,
        _ => 2 * DEFLATE,
    }
}

/// Refuses more than `stored` bytes can become, where one can become `most`.
pub(super) fn check(claimed: u64, stored: usize, most: u64) -> Result<()> {
    if claimed > most.saturating_mul(stored as u64) { Err(truncated()) } else { Ok(()) }
}
