//! OpenEXR: linear light, half or single floats, colours multiplied by alpha.
//!
//! Of several layers the first with the channels R, G and B (or Y) and perhaps A is read, else the
//! first with such channels below a name (`ViewLayer.Combined.R`), or the one that is named; other
//! channels are ignored. The picture is the display window: what of the data lies outside it is
//! cut off, what is missing inside it is black and transparent.

use std::borrow::Cow;
use std::io::{Cursor, Seek, Write};

use exr::block::reader::ChunksReader;
use exr::block::writer::ChunksWriter;
use exr::block::{BlockIndex, UncompressedBlock, enumerate_ordered_header_block_indices};
use exr::compression::Compression;
use exr::math::Vec2;
use exr::meta::BlockDescription;
use exr::meta::attribute::{
    ChannelDescription, ChannelList, Chromaticities, LineOrder, SampleType as ExrSample, Text,
};
use exr::meta::header::{Header, LayerAttributes};
use rayon::prelude::*;

use super::convert::{Colors, Conversion, file_format, linear};
use super::failure::damaged;
use super::fence::fenced;
use super::{claim, note};
use crate::color::primaries::to_and_from_srgb;
use crate::error::{Error, Result};
use crate::image::{
    AlphaMode, Channels, ColorSpace, Picture, PixelFormat, Primaries, Resolution, SampleType, Unit,
    check_size,
};
use crate::whole_file::io_error;

/// The color channels of a layer.
struct Colored {
    channels: Channels,
    sample: SampleType,
    /// For every channel of the layer its place in a pixel.
    places: Vec<Option<usize>>,
}

pub(super) fn read(bytes: &[u8], wanted: Option<&str>) -> Result<Picture> {
    let reader = exr::block::read(Cursor::new(bytes), false).map_err(decoding_error)?;
    let (layer, colored) = colored_layer(reader.headers(), wanted)?;
    let header = reader.headers()[layer].clone();
    let window = header.shared_attributes.display_window;
    for size in [window.size, header.layer_size] {
        let side = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
        check_size(side(size.width()), side(size.height()))?;
    }
    claim::check_open_exr(&header, bytes.len())?;
    let format = associated(colored.channels, colored.sample);
    let (width, height) = (window.size.width() as u32, window.size.height() as u32);
    let space = color_space(header.shared_attributes.chromaticities);
    let mut picture = Picture::new(width, height, format, space)?;
    let data_position = header.own_attributes.layer_position;
    let shift = [
        i64::from(data_position.x()) - i64::from(window.position.x()),
        i64::from(data_position.y()) - i64::from(window.position.y()),
    ];
    let mut chunks = reader
        .filter_chunks(false, |_, _, block| block.layer == layer && block.level == Vec2(0, 0))
        .map_err(decoding_error)?;
    let meta_data = chunks.meta_data().clone();
    loop {
        // Not by the decoder's own threads: a panic in one of those ends the process.
        let batch = chunks.by_ref().take(2 * rayon::current_num_threads());
        let batch = batch.collect::<exr::error::Result<Vec<_>>>().map_err(decoding_error)?;
        if batch.is_empty() {
            break;
        }
        let blocks = batch
            .into_par_iter()
            .map(|chunk| {
                let block =
                    fenced(|| Ok(UncompressedBlock::decompress_chunk(chunk, &meta_data, false)))?;
                block.map_err(decoding_error)
            })
            .collect::<Result<Vec<_>>>()?;
        for block in blocks {
            if block.index.layer != layer {
                return Err(damaged("a block belongs to another layer"));
            }
            colored.place(&block, &header.channels, shift, &mut picture);
        }
    }
    let aspect = f64::from(header.shared_attributes.pixel_aspect);
    if aspect.is_finite() && aspect > 0.0 && aspect != 1.0 {
        picture.metadata_mut().resolution =
            Some(Resolution { x: 1.0, y: aspect, unit: Unit::Unknown });
    }
    Ok(picture)
}

/// Without the attribute the primaries are those of Rec. 709.
fn color_space(chromaticities: Option<Chromaticities>) -> ColorSpace {
    let Some(Chromaticities { red, green, blue, white }) = chromaticities else {
        return ColorSpace::LinearSrgb;
    };
    let [red, green, blue, white] = [red, green, blue, white].map(|Vec2(x, y)| [x, y]);
    let primaries = Primaries { red, green, blue, white };
    match to_and_from_srgb(&primaries) {
        _ if primaries == Primaries::REC_709 => ColorSpace::LinearSrgb,
        Ok(_) => ColorSpace::Linear(primaries),
        Err(e) => {
            log::warn!("the picture's chromaticities are ignored: {e}");
            ColorSpace::LinearSrgb
        }
    }
}

/// The format's own alpha.
fn associated(channels: Channels, sample: SampleType) -> PixelFormat {
    let straight = PixelFormat::new(channels, sample);
    match channels.has_alpha() {
        true => PixelFormat { alpha: AlphaMode::Premultiplied, ..straight },
        false => straight,
    }
}

/// The colours that are wanted by their layer's name, else the first without a name of their own,
/// else the first of any name.
fn colored_layer(headers: &[Header], wanted: Option<&str>) -> Result<(usize, Colored)> {
    let mut found: Vec<_> =
        headers.iter().enumerate().flat_map(|(k, header)| named_colors(k, header)).collect();
    let place = match wanted {
        Some(wanted) => found.iter().position(|(names, ..)| names.iter().any(|n| n == wanted)),
        None => {
            let is_plain = |(names, ..): &(Vec<String>, usize, Colored)| names[0].is_empty();
            found.iter().position(is_plain).or((!found.is_empty()).then_some(0))
        }
    };
    let Some(place) = place else {
        let names = headers.iter().flat_map(|header| &header.channels.list);
        let names: Vec<_> = names.map(|channel| channel.name.to_string()).collect();
        let what = match wanted {
            Some(wanted) => format!("it has no layer '{wanted}' with channels R, G and B"),
            None => "it has no channels R, G and B and no channel Y".to_owned(),
        };
        return Err(damaged(format!("{what}, only {}", names.join(", "))));
    };
    let (_, layer, colored) = found.swap_remove(place);
    let list = &headers[layer].channels.list;
    let used = || list.iter().zip(&colored.places).filter(|(_, place)| place.is_some());
    if used().any(|(channel, _)| channel.sampling != Vec2(1, 1)) {
        return Err(damaged("subsampled channels are not read"));
    }
    if used().any(|(channel, _)| channel.sample_type == ExrSample::U32) {
        return Err(damaged("channels of integers are not read"));
    }
    Ok((layer, colored))
}

/// All colours of a part, each with the names that it goes by: what stands before its channels,
/// without the dot, and the part's own.
fn named_colors(part: usize, header: &Header) -> Vec<(Vec<String>, usize, Colored)> {
    let list = &header.channels;
    let mut prefixes = vec![String::new()];
    for channel in &list.list {
        let name = channel.name.to_string();
        let prefix = name.rfind('.').map_or("", |dot| &name[..=dot]);
        if !prefixes.iter().any(|known| known == prefix) {
            prefixes.push(prefix.to_owned());
        }
    }
    let part_name = header.own_attributes.layer_name.as_ref().map(Text::to_string);
    let named = |prefix: String| {
        let colored = Colored::of(list, &prefix)?;
        let mut names = vec![prefix.trim_end_matches('.').to_owned()];
        names.extend(part_name.clone().filter(|_| prefix.is_empty()));
        Some((names, part, colored))
    };
    prefixes.into_iter().filter_map(named).collect()
}

impl Colored {
    /// The channels whose names begin so and end as colours do.
    fn of(list: &ChannelList, prefix: &str) -> Option<Self> {
        let is = |channel: &ChannelDescription, name: &str| {
            channel.name.to_string().strip_prefix(prefix).is_some_and(|rest| rest == name)
        };
        let has = |name: &str| list.list.iter().any(|channel| is(channel, name));
        let (names, channels): (&[&str], _) = match (["R", "G", "B"].into_iter().all(has), has("A"))
        {
            (true, true) => (&["R", "G", "B", "A"], Channels::Rgba),
            (true, false) => (&["R", "G", "B"], Channels::Rgb),
            (false, true) if has("Y") => (&["Y", "A"], Channels::GrayAlpha),
            (false, false) if has("Y") => (&["Y"], Channels::Gray),
            _ => return None,
        };
        let place = |channel: &ChannelDescription| names.iter().position(|name| is(channel, name));
        let places: Vec<_> = list.list.iter().map(place).collect();
        let is_half = list
            .list
            .iter()
            .zip(&places)
            .all(|(channel, place)| place.is_none() || channel.sample_type == ExrSample::F16);
        let sample = if is_half { SampleType::F16 } else { SampleType::F32 };
        Some(Self { channels, sample, places })
    }

    /// Copies the samples of a block into the picture.
    fn place(
        &self,
        block: &UncompressedBlock,
        list: &ChannelList,
        shift: [i64; 2],
        picture: &mut Picture,
    ) {
        let (width, height) = (i64::from(picture.width()), i64::from(picture.height()));
        let (size, pixel) = (self.sample.bytes(), picture.format().bytes());
        for line in block.lines(list) {
            let Some(place) = self.places[line.location.channel] else {
                continue;
            };
            let x = line.location.position.x() as i64 + shift[0];
            let y = line.location.position.y() as i64 + shift[1];
            let (left, right) = (x.max(0), (x + line.location.sample_count as i64).min(width));
            if !(0..height).contains(&y) || left >= right {
                continue;
            }
            let (first, count) = ((left - x) as usize, (right - left) as usize);
            let from = match list.list[line.location.channel].sample_type {
                ExrSample::F16 => SampleType::F16,
                _ => SampleType::F32,
            };
            let start = (y * width + left) as usize * pixel + place * size;
            let to = picture.data_mut()[start..].chunks_mut(pixel);
            let samples = line.value.chunks_exact(from.bytes()).skip(first).take(count);
            for (to, bytes) in to.zip(samples) {
                if from == self.sample {
                    to[..size].copy_from_slice(bytes);
                } else {
                    self.sample.write(from.read(bytes), to);
                }
            }
        }
    }
}

pub(super) fn write(picture: &Picture, out: impl Write + Seek) -> Result<Vec<String>> {
    let mut notes = Vec::new();
    let own = picture.format();
    let lost = [note::EXIF, note::XMP, note::IPTC, note::ARTIST, note::COPYRIGHT];
    notes.extend(note::left_out("OpenEXR", picture.metadata(), &lost));
    let colors = match linear(picture) {
        Ok(colors) => colors,
        Err(e) => {
            notes.push(note::profile_left_out(&e.full_message()));
            Colors::SrgbToLinear
        }
    };
    match colors {
        Colors::SrgbToLinear => notes.push(note::made_linear("OpenEXR", "sRGB")),
        Colors::ProfileToLinear(_) => {
            notes.push(note::made_linear("OpenEXR", "the picture's colour profile"));
        }
        _ => {}
    }
    let sample = match own.sample {
        SampleType::U8 | SampleType::F16 => SampleType::F16,
        SampleType::U16 | SampleType::F32 => SampleType::F32,
    };
    let format = associated(file_format(own.channels, sample).channels, sample);
    let conversion = Conversion { picture, format, colors, over_white: false };
    // A file has its channels in the alphabetical order of their names.
    let named: &[(&str, usize)] = match format.channels {
        Channels::Gray => &[("Y", 0)],
        Channels::GrayAlpha => &[("A", 1), ("Y", 0)],
        Channels::Rgb => &[("B", 2), ("G", 1), ("R", 0)],
        Channels::Rgba | Channels::Bgra => &[("A", 3), ("B", 2), ("G", 1), ("R", 0)],
    };
    let exr_sample = if sample == SampleType::F16 { ExrSample::F16 } else { ExrSample::F32 };
    let channel = |&(name, _): &(&str, usize)| {
        ChannelDescription::named(Text::new_or_panic(name), exr_sample)
    };
    let size = Vec2(picture.width() as usize, picture.height() as usize);
    let mut header = Header::new(Text::default(), size, named.iter().map(channel).collect())
        .with_attributes(LayerAttributes::default())
        .with_encoding(Compression::ZIP16, BlockDescription::ScanLines, LineOrder::Increasing);
    if let Some(Resolution { x, y, .. }) = picture.metadata().resolution {
        header.shared_attributes.pixel_aspect = (y / x) as f32;
    }
    if let ColorSpace::Linear(Primaries { red, green, blue, white }) = *picture.color_space() {
        let [red, green, blue, white] = [red, green, blue, white].map(|[x, y]| Vec2(x, y));
        header.shared_attributes.chromaticities = Some(Chromaticities { red, green, blue, white });
    }
    exr::block::write(out, std::iter::once(header).collect(), true, |meta_data, writer| {
        let headers = &meta_data.headers;
        let all: Vec<_> = enumerate_ordered_header_block_indices(headers).collect();
        for batch in all.chunks(2 * rayon::current_num_threads()) {
            let chunks: Vec<_> = batch
                .par_iter()
                .map(|&(_, index)| {
                    block(&conversion, index, &headers[0].channels, named)?
                        .compress_to_chunk(headers)
                })
                .collect();
            for (&(index, _), chunk) in batch.iter().zip(chunks) {
                writer.write_chunk(index, chunk?)?;
            }
        }
        Ok(())
    })
    .map_err(encoding_error)?;
    Ok(notes)
}

/// The samples of some rows, channel by channel.
fn block(
    conversion: &Conversion<'_>,
    index: BlockIndex,
    list: &ChannelList,
    named: &[(&str, usize)],
) -> exr::error::Result<UncompressedBlock> {
    let (picture, format) = (conversion.picture, conversion.format);
    let (size, pixel) = (format.sample.bytes(), format.bytes());
    let (width, top) = (picture.width(), index.pixel_position.y());
    let row = |y: usize| -> Result<Cow<'_, [u8]>> {
        if conversion.is_identity() {
            return Ok(Cow::Borrowed(picture.view().row_bytes(y as u32, 0, width)));
        }
        let mut row = vec![0; width as usize * pixel];
        conversion.write_row(y as u32, &mut row)?;
        Ok(Cow::Owned(row))
    };
    let rows = (top..top + index.pixel_size.height()).map(row).collect::<Result<Vec<_>>>();
    let rows = rows.map_err(|e| exr::error::Error::Invalid(e.full_message().into()))?;
    Ok(UncompressedBlock::from_lines(list, index, |line| {
        let place = named[line.location.channel].1 * size;
        let row = &rows[line.location.position.y() - top];
        for (to, from) in line.value.chunks_exact_mut(size).zip(row.chunks_exact(pixel)) {
            to.copy_from_slice(&from[place..place + size]);
        }
    }))
}

fn decoding_error(error: exr::error::Error) -> Error {
    damaged(error.to_string())
}

fn encoding_error(error: exr::error::Error) -> Error {
    match error {
        exr::error::Error::Io(e) => io_error(e),
        other => damaged(other.to_string()),
    }
}
