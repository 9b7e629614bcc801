//! Strips and tiles, out of what they are compressed in.

use std::io::{Cursor, Read};
use std::sync::OnceLock;

use flate2::read::ZlibDecoder;
use hayro_ccitt::{DecodeSettings, DecoderContext, EncodingMode};
use image_webp::WebPDecoder;
use lzma_rust2::XzReader;
use ruzstd::decoding::StreamingDecoder;
use weezl::BitOrder;
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace as Stored;

use super::layout::{Colors, JPEG, Layout};
use crate::error::Result;
use crate::file::failure::{damaged, truncated};
use crate::file::pack_bits;
use crate::memory;

/// The most memory for a dictionary of LZMA, in KiB.
const MOST_LZMA: u32 = 1 << 18;

/// The most memory for a window of Zstandard.
const MOST_ZSTD: u64 = 1 << 28;

/// The samples of a chunk that holds so many rows, as they lie there before prediction is undone.
/// What of it is damaged can be white.
pub(super) fn unpacked(
    layout: &Layout,
    bytes: &[u8],
    index: usize,
    rows: usize,
    damage: &OnceLock<String>,
) -> Result<Vec<u8>> {
    let stored = &bytes[layout.places[index].clone()];
    let reversed;
    let stored = match layout.is_reversed {
        true => {
            reversed = stored.iter().map(|byte| byte.reverse_bits()).collect::<Vec<_>>();
            &reversed[..]
        }
        false => stored,
    };
    let expected = match layout.colors {
        Colors::YCbCr(shared) if layout.shares_chrominance() => shared_bytes(layout, shared, rows),
        _ => layout.row_bytes() * rows,
    };
    let samples = match layout.compression {
        1 => stored.get(..expected).ok_or_else(truncated)?.to_vec(),
        2..=4 => fax(layout, stored, rows, damage)?,
        5 => lzw(stored, expected)?,
        JPEG => return jpeg(layout, stored, rows),
        // The last is of Pixel Translations.
        8 | 32946 | 50013 => read(ZlibDecoder::new(stored), expected)?,
        32773 => pack_bits::unpacked(stored, expected)?,
        34925 => read(XzReader::new_mem_limit(stored, true, MOST_LZMA), expected)?,
        50000 => {
            let frames = StreamingDecoder::new_with_max_window_size(Cursor::new(stored), MOST_ZSTD);
            read(frames.map_err(|e| damaged(e.to_string()))?, expected)?
        }
        50001 => webp(layout, stored, rows)?,
        other => return Err(damaged(format!("compression of kind {other} is not read"))),
    };
    if samples.len() < expected {
        return Err(truncated());
    }
    Ok(samples)
}

/// Bytes of a strip whose pixels share chrominance, without compression.
fn shared_bytes(layout: &Layout, [x, y]: [u32; 2], rows: usize) -> usize {
    let (x, y) = (x as usize, y as usize);
    let units = (layout.chunk[0] as usize).div_ceil(x) * rows.div_ceil(y);
    units * (x * y + 2) * (layout.bits as usize).div_ceil(8)
}

/// No more than is expected, whatever there is.
fn read(stream: impl Read, expected: usize) -> Result<Vec<u8>> {
    let mut samples = memory::reserved(expected, "a part of the picture")?;
    stream.take(expected as u64).read_to_end(&mut samples).map_err(|e| damaged(e.to_string()))?;
    Ok(samples)
}

fn lzw(stored: &[u8], expected: usize) -> Result<Vec<u8>> {
    // Programs of before TIFF 5 put the first bit last.
    let is_old = matches!(stored, [0, second, ..] if second & 1 == 1);
    let mut decoder = match is_old {
        true => weezl::decode::Decoder::new(BitOrder::Lsb, 8),
        false => weezl::decode::Decoder::with_tiff_size_switch(BitOrder::Msb, 8),
    };
    let mut samples = memory::filled(0, expected, "a part of the picture")?;
    let (mut from, mut done) = (stored, 0);
    while done < expected {
        let step = decoder.decode_bytes(from, &mut samples[done..]);
        from = &from[step.consumed_in..];
        done += step.consumed_out;
        match step.status {
            Ok(weezl::LzwStatus::Ok) if step.consumed_in + step.consumed_out > 0 => {}
            Ok(_) => break,
            Err(e) => return Err(damaged(e.to_string())),
        }
    }
    samples.truncate(done);
    Ok(samples)
}

/// ITU-T T.4 and T.6: black is 1.
fn fax(layout: &Layout, stored: &[u8], rows: usize, damage: &OnceLock<String>) -> Result<Vec<u8>> {
    if layout.bits != 1 || layout.interleaved() != 1 {
        return Err(damaged("a fax of more than one bit is not read"));
    }
    let is_two_dimensional = layout.fax_options & 1 != 0;
    let settings = DecodeSettings {
        columns: layout.chunk[0],
        rows: rows as u32,
        end_of_block: layout.compression != 2,
        end_of_line: layout.compression == 3,
        rows_are_byte_aligned: layout.compression == 2,
        encoding: match layout.compression {
            4 => EncodingMode::Group4,
            3 if is_two_dimensional => EncodingMode::Group3_2D,
            _ => EncodingMode::Group3_1D,
        },
        strict: false,
    };
    let row_bytes = layout.row_bytes();
    let samples = memory::reserved(row_bytes * rows, "a part of the picture")?;
    let mut page = Page { samples, row_bytes, columns: layout.chunk[0], rows };
    let decoded = hayro_ccitt::decode(stored, &mut page, &mut DecoderContext::new(settings));
    if let Err(e) = decoded {
        if page.samples.is_empty() {
            return Err(damaged(e.to_string()));
        }
        damage.get_or_init(|| e.to_string());
    }
    page.samples.resize(row_bytes * rows, 0);
    Ok(page.samples)
}

fn webp(layout: &Layout, stored: &[u8], rows: usize) -> Result<Vec<u8>> {
    let failed = |e: image_webp::DecodingError| damaged(e.to_string());
    let mut decoder = WebPDecoder::new(Cursor::new(stored)).map_err(failed)?;
    let samples = if decoder.has_alpha() { 4 } else { 3 };
    let fits = layout.bits == 8
        && layout.interleaved() == samples
        && decoder.dimensions() == (layout.chunk[0], rows as u32);
    if !fits {
        return Err(damaged("a WebP in it is of another kind"));
    }
    let mut pixels = memory::filled(0, layout.row_bytes() * rows, "its samples")?;
    decoder.read_image(&mut pixels).map_err(failed)?;
    Ok(pixels)
}

struct Page {
    samples: Vec<u8>,
    row_bytes: usize,
    columns: u32,
    rows: usize,
}

impl hayro_ccitt::Decoder for Page {
    fn push_row(&mut self, changes: &[u32]) {
        let first = self.samples.len();
        if first == self.row_bytes * self.rows {
            return;
        }
        self.samples.resize(first + self.row_bytes, 0);
        let row = &mut self.samples[first..];
        for run in changes.chunks(2) {
            let end = run.get(1).copied().unwrap_or(self.columns).min(self.columns);
            for x in run[0]..end {
                row[x as usize / 8] |= 0x80 >> (x % 8);
            }
        }
    }
}

/// Technical Note 2: tables may stand apart. Chrominance becomes red, green and blue.
fn jpeg(layout: &Layout, stored: &[u8], rows: usize) -> Result<Vec<u8>> {
    let whole;
    let stored = match layout.jpeg_tables.as_deref() {
        // Without the end of the one and the start of the other.
        Some([tables @ .., 0xff, 0xd9]) if stored.starts_with(b"\xff\xd8") => {
            whole = [tables, &stored[2..]].concat();
            &whole[..]
        }
        _ => stored,
    };
    let options = crate::file::jpeg::options();
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(stored), options);
    decoder.decode_headers().map_err(|e| damaged(e.to_string()))?;
    let found = decoder.input_colorspace().ok_or_else(truncated)?;
    let wanted = match (found, &layout.colors) {
        (Stored::YCbCr, Colors::YCbCr(_)) => Stored::RGB,
        // As they are, whatever the file in the file would be taken for.
        (same, _) => same,
    };
    decoder.set_options(options.jpeg_set_out_colorspace(wanted));
    let (width, height) = decoder.dimensions().ok_or_else(truncated)?;
    let fits = layout.bits == 8
        && width == layout.chunk[0] as usize
        && height >= rows
        && wanted.num_components() == layout.interleaved();
    if !fits {
        return Err(damaged("a JPEG in it is of another kind"));
    }
    let mut samples = memory::filled(0, width * height * layout.interleaved(), "its samples")?;
    decoder.decode_into(&mut samples).map_err(|e| damaged(e.to_string()))?;
    samples.truncate(width * rows * layout.interleaved());
    Ok(samples)
}
