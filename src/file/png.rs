//! PNG (ISO/IEC 15948), of an animation the first picture. Palettes, 1, 2 and 4 bits and transparent
//! colours are expanded to 8 bits. What the numbers mean is said by the first of these chunks that is
//! there: cICP, iCCP, sRGB, gAMA with cHRM (which become a profile); without any they are sRGB.

use std::borrow::Cow;
use std::io::{self, Cursor, Write};

use png::{
    BitDepth, CodingIndependentCodePoints, ColorType, Compression, Decoder, DecodingError, Encoder,
    EncodingError, Filter, Info, Limits, PixelDimensions, Transformations,
};

use super::convert::{Colors, Conversion, encoded, file_format};
use super::failure::{damaged, truncated};
use super::metadata::Found;
use super::png_chunks::{chunk, chunks};
use super::png_repair::repaired;
use super::{claim, frames, made_profile, note, photoshop, profile, warning};
use crate::error::{Error, Result};
use crate::image::{
    Channels, CodePoints, ColorSpace, Metadata, Picture, PixelFormat, Primaries, Resolution,
    SampleType, Unit, check_size,
};
use crate::whole_file::io_error;

/// For profiles and rows while decoding; the pixels themselves are not counted.
const MAX_WORKING_BYTES: usize = 1 << 29;

/// For one compressed text.
const MAX_TEXT_BYTES: usize = 1 << 26;

const XMP_KEYWORD: &str = "XML:com.adobe.xmp";

pub(super) fn read(bytes: &[u8]) -> Result<Picture> {
    // Before the decoder, which would make room for a row of any length.
    let header = chunk(bytes, b"IHDR").unwrap_or_default();
    let side = |at: usize| Some(u32::from_be_bytes(*header.get(at..)?.first_chunk()?));
    let (width, height) = side(0).zip(side(4)).ok_or_else(truncated)?;
    check_size(width, height)?;
    // A pixel takes a bit or more, and each row a byte for its filter.
    let least = u64::from(height) * (u64::from(width).div_ceil(8) + 1);
    let pixels = chunks(bytes).filter(|chunk| chunk.kind == *b"IDAT");
    let compressed: usize = pixels.map(|chunk| chunk.content.len()).sum();
    claim::check(least, compressed, claim::DEFLATE)?;
    let limits = Limits { bytes: MAX_WORKING_BYTES };
    let mut decoder = Decoder::new_with_limits(Cursor::new(repaired(bytes)), limits);
    decoder.set_transformations(Transformations::EXPAND);
    let mut reader = decoder.read_info().map_err(decoding_error)?;
    let (color, depth) = reader.output_color_type();
    let channels = match color {
        ColorType::Grayscale => Channels::Gray,
        ColorType::GrayscaleAlpha => Channels::GrayAlpha,
        ColorType::Rgb => Channels::Rgb,
        ColorType::Rgba => Channels::Rgba,
        ColorType::Indexed => return Err(damaged("its palette is missing")),
    };
    let is_wide = depth == BitDepth::Sixteen;
    let sample = if is_wide { SampleType::U16 } else { SampleType::U8 };
    let format = PixelFormat::new(channels, sample);
    let mut picture = Picture::new(width, height, format, ColorSpace::Srgb)?;
    reader.next_frame(picture.data_mut()).map_err(decoding_error)?;
    if is_wide {
        for bytes in picture.data_mut().as_chunks_mut::<2>().0 {
            *bytes = u16::from_be_bytes(*bytes).to_ne_bytes();
        }
    }
    // What is said behind the pixels is of use, but nothing is lost without it.
    reader.finish().ok();
    let info = reader.info();
    if let Some(animation) = info.animation_control {
        frames::tell_of(animation.num_frames as usize);
    }
    if info.mastering_display_color_volume.is_some() || info.content_light_level.is_some() {
        warning::say("what the file says of its display and its brightest light is left out");
    }
    let icc = info.icc_profile.as_deref().map(<[u8]>::to_vec);
    let icc = icc.or_else(|| gamma_profile(info, channels));
    let code_points = info.coding_independent_code_points.map(|stored| code_points(stored, sample));
    let metadata = metadata(bytes, info);
    Found { icc, code_points, metadata, ..Found::default() }.apply(picture)
}

fn code_points(stored: CodingIndependentCodePoints, sample: SampleType) -> CodePoints {
    let full = CodePoints::full_range(stored.color_primaries, stored.transfer_function);
    let most = if sample == SampleType::U16 { 65535.0 / 256.0 } else { 255.0 };
    match stored.is_video_full_range_image {
        true => full,
        false => CodePoints { black: 16.0 / most, white: 235.0 / most, ..full },
    }
}

/// What the chunks gAMA and cHRM say, unless it is what sRGB nearly is.
fn gamma_profile(info: &Info<'_>, channels: Channels) -> Option<Vec<u8>> {
    let gamma = info.gama_chunk.map(|stored| stored.into_value());
    let primaries = info.chrm_chunk.map(|stored| {
        let [red, green, blue, white] = [stored.red, stored.green, stored.blue, stored.white]
            .map(|(x, y)| [x.into_value(), y.into_value()]);
        Primaries { red, green, blue, white }
    });
    let is_usual = gamma.is_none_or(|gamma| (gamma * 2.2 - 1.0).abs() < 0.05)
        && primaries.is_none_or(|primaries| primaries.are_near(&Primaries::REC_709));
    if info.srgb.is_some() || is_usual {
        return None;
    }
    let made = made_profile::of_gamma(gamma, &primaries.unwrap_or(Primaries::REC_709), channels);
    made.map_err(|e| warning::say(format!("the picture's gAMA and cHRM are ignored: {e}"))).ok()
}

fn metadata(bytes: &[u8], info: &Info<'_>) -> Metadata {
    let mut texts = texts(info);
    let mut text = |keyword: &str| {
        let at = texts.iter().position(|(known, _)| known == keyword)?;
        Some(texts.swap_remove(at).1)
    };
    let mut metadata = Metadata {
        // The decoder does not see what stands behind the pixels.
        exif: chunk(bytes, b"eXIf").map(<[u8]>::to_vec),
        xmp: text(XMP_KEYWORD).map(String::into_bytes),
        artist: text("Author"),
        copyright: text("Copyright"),
        resolution: info.pixel_dims.and_then(resolution),
        ..Metadata::default()
    };
    // ImageMagick's way before PNG had chunks for them.
    let mut raw = |kind: &str| raw_profile(&text(&format!("Raw profile type {kind}"))?);
    metadata.exif = metadata.exif.or_else(|| raw("exif"));
    metadata.xmp = metadata.xmp.or_else(|| raw("xmp"));
    metadata.iptc = raw("iptc").and_then(|resources| photoshop::iptc(&resources));
    if let Some(segment) = raw("APP1") {
        match segment.strip_prefix(b"Exif\0\0") {
            Some(exif) => metadata.exif = metadata.exif.or_else(|| Some(exif.to_vec())),
            None => {
                let packet = segment.splitn(2, |&byte| byte == 0).nth(1).map(<[u8]>::to_vec);
                metadata.xmp = metadata.xmp.or(packet);
            }
        }
    }
    metadata
}

/// Keywords and texts of all kinds.
fn texts(info: &Info<'_>) -> Vec<(String, String)> {
    let plain = info.uncompressed_latin1_text.iter();
    let mut texts: Vec<_> = plain.map(|text| (text.keyword.clone(), text.text.clone())).collect();
    for mut text in info.compressed_latin1_text.iter().cloned() {
        if text.decompress_text_with_limit(MAX_TEXT_BYTES).is_ok() {
            texts.extend(text.get_text().ok().map(|content| (text.keyword, content)));
        }
    }
    for mut text in info.utf8_text.iter().cloned() {
        if text.decompress_text_with_limit(MAX_TEXT_BYTES).is_ok() {
            texts.extend(text.get_text().ok().map(|content| (text.keyword, content)));
        }
    }
    texts
}

/// The bytes of a text of three parts: what it is, how long, and hexadecimal digits.
fn raw_profile(text: &str) -> Option<Vec<u8>> {
    let mut lines = text.trim_start().lines();
    let (_kind, length) = (lines.next()?, lines.next()?.trim().parse::<usize>().ok()?);
    let digits: Vec<u8> =
        lines.flat_map(str::chars).filter_map(|c| Some(c.to_digit(16)? as u8)).collect();
    let bytes: Vec<u8> = digits.as_chunks::<2>().0.iter().map(|[a, b]| a << 4 | b).collect();
    (bytes.len() == length).then_some(bytes)
}

fn resolution(stored: PixelDimensions) -> Option<Resolution> {
    let [x, y] = [stored.xppu, stored.yppu].map(f64::from);
    let is_metre = stored.unit == png::Unit::Meter;
    let (unit, scale) = if is_metre { (Unit::Centimetre, 100.0) } else { (Unit::Unknown, 1.0) };
    let says = x > 0.0 && y > 0.0 && (is_metre || x != y);
    says.then_some(Resolution { x: x / scale, y: y / scale, unit })
}

pub(super) fn write(picture: &Picture, out: impl Write) -> Result<Vec<String>> {
    let mut notes = Vec::new();
    let own = picture.format();
    let sample = match own.sample {
        SampleType::U8 => SampleType::U8,
        _ => SampleType::U16,
    };
    if own.sample.is_float() {
        notes.push(note::rounded("PNG", 16));
    }
    let (colors, points) = match picture.color_space() {
        ColorSpace::Coded(points) => (Colors::Keep, Some(points)),
        space => {
            notes.extend(note::encoded_srgb("PNG", space));
            (encoded(picture)?, None)
        }
    };
    let format = file_format(own.channels, sample);
    let conversion = Conversion { picture, format, colors, over_white: false };
    let pixels = conversion.pixels()?;
    let encoder = encoder(picture, format, &mut notes, out).map_err(encoding_error)?;
    let written = encoder.write_header().and_then(|mut writer| {
        if let Some(points) = points {
            let is_full_range = u8::from(points.is_full_range());
            let content = [points.primaries, points.transfer, 0, is_full_range];
            writer.write_chunk(png::chunk::cICP, &content)?;
        }
        if sample == SampleType::U8 {
            writer.write_image_data(&pixels)?;
            return writer.finish();
        }
        let mut stream = writer.stream_writer()?;
        let mut turned = Vec::new();
        for row in pixels.chunks_exact(picture.width() as usize * format.bytes()) {
            turned.clear();
            let samples = row.as_chunks::<2>().0.iter();
            turned.extend(samples.flat_map(|&bytes| u16::from_ne_bytes(bytes).to_be_bytes()));
            stream.write_all(&turned)?;
        }
        stream.finish()?;
        writer.finish()
    });
    written.map_err(encoding_error)?;
    Ok(notes)
}

/// An encoder that knows all but the pixels.
fn encoder<'a, W: Write>(
    picture: &'a Picture,
    format: PixelFormat,
    notes: &mut Vec<String>,
    out: W,
) -> Result<Encoder<'a, W>, EncodingError> {
    let Metadata { exif, xmp, artist, copyright, resolution, .. } = picture.metadata();
    let mut info = Info::with_size(picture.width(), picture.height());
    info.color_type = match format.channels {
        Channels::Gray => ColorType::Grayscale,
        Channels::GrayAlpha => ColorType::GrayscaleAlpha,
        Channels::Rgb => ColorType::Rgb,
        Channels::Rgba | Channels::Bgra => ColorType::Rgba,
    };
    let is_wide = format.sample == SampleType::U16;
    info.bit_depth = if is_wide { BitDepth::Sixteen } else { BitDepth::Eight };
    info.icc_profile = profile::to_be_written(picture, format.channels, notes);
    info.exif_metadata = exif.as_deref().map(Cow::Borrowed);
    info.pixel_dims = resolution.map(|resolution| {
        let Resolution { x, y, unit } = resolution.per(Unit::Centimetre);
        let (unit, scale) = match unit {
            // A ratio keeps its fractions.
            Unit::Unknown => (png::Unit::Unspecified, 1000.0),
            _ => (png::Unit::Meter, 100.0),
        };
        let [xppu, yppu] = [x, y].map(|v| (v * scale).round() as u32);
        PixelDimensions { xppu, yppu, unit }
    });
    let mut encoder = Encoder::with_info(out, info)?;
    encoder.set_compression(Compression::Fast);
    encoder.set_filter(Filter::Adaptive);
    let xmp = xmp.as_ref().map(|packet| String::from_utf8_lossy(packet).into_owned());
    let texts = [(XMP_KEYWORD, xmp), ("Author", artist.clone()), ("Copyright", copyright.clone())];
    for (keyword, text) in texts {
        if let Some(text) = text {
            encoder.add_itxt_chunk(keyword.to_owned(), text)?;
        }
    }
    notes.extend(note::left_out("PNG", picture.metadata(), &[note::IPTC]));
    Ok(encoder)
}

fn decoding_error(error: DecodingError) -> Error {
    match error {
        DecodingError::IoError(e) if e.kind() == io::ErrorKind::UnexpectedEof => truncated(),
        other => damaged(other.to_string()),
    }
}

fn encoding_error(error: EncodingError) -> Error {
    match error {
        EncodingError::IoError(e) => io_error(e),
        other => damaged(other.to_string()),
    }
}
