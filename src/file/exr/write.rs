//! A picture into an OpenEXR file, or into the one that it was read from.

use std::borrow::Cow;
use std::io::{Seek, Write};

use exr::block::chunk::Chunk;
use exr::block::lines::{LineIndex, LineRefMut};
use exr::block::writer::ChunksWriter;
use exr::block::{BlockIndex, UncompressedBlock, enumerate_ordered_header_block_indices};
use exr::math::Vec2;
use exr::meta::BlockDescription;
use exr::meta::attribute::{ChannelDescription, SampleType as ExrSample};
use exr::meta::header::Header;
use rayon::prelude::*;

use super::source::{Place, float, lines};
use super::target::{Origin, Target};
use super::{associated, encoding_error};
use crate::error::Result;
use crate::file::convert::{Colors, Conversion, file_format, linear};
use crate::file::failure::truncated;
use crate::file::note;
use crate::image::{ColorSpace, Picture, SampleType};

pub fn write(picture: &Picture, out: impl Write + Seek) -> Result<Vec<String>> {
    let lost = [note::EXIF, note::XMP, note::IPTC, note::ARTIST, note::COPYRIGHT];
    let mut notes = note::left_out("OpenEXR", picture.metadata(), &lost);
    let colors = match linear(picture) {
        Ok(colors) => colors,
        Err(e) => {
            notes.push(note::profile_left_out(&e.full_message()));
            Colors::SrgbToLinear
        }
    };
    match colors {
        Colors::SrgbToLinear => notes.push(note::made_linear("OpenEXR", "sRGB")),
        Colors::Keep => {}
        _ => {
            let from = match picture.color_space() {
                ColorSpace::Coded(_) => "the colours of its code points",
                _ => "the picture's colour profile",
            };
            notes.push(note::made_linear("OpenEXR", from));
        }
    }
    let mut target = match &picture.metadata().openexr {
        Some(kept) => Target::over(kept, picture)?,
        None => Target::new(picture),
    };
    notes.append(&mut target.notes);
    let sample = target.sample();
    let format = associated(file_format(picture.format().channels, sample).channels, sample);
    let conversion = Conversion { picture, format, colors, over_white: false };
    let pixels = Pixels::new(&target, conversion)?;
    let headers = target.headers.clone();
    let is_new = picture.metadata().openexr.is_none();
    exr::block::write(out, headers, is_new, |_, writer| {
        for batch in target.batches().chunks(2 * rayon::current_num_threads()) {
            let chunks = batch.par_iter().map(|places| pixels.chunks(places));
            let chunks = chunks.collect::<Result<Vec<_>>>();
            for (k, chunk) in chunks.map_err(in_the_midst)?.into_iter().flatten() {
                writer.write_chunk(k, chunk)?;
            }
        }
        Ok(())
    })
    .map_err(encoding_error)?;
    Ok(notes)
}

/// What the crate takes for an error of its own.
fn in_the_midst(error: crate::error::Error) -> exr::error::Error {
    exr::error::Error::Invalid(error.full_message().into())
}

impl Target<'_> {
    /// The finest number type of the picture's channels.
    fn sample(&self) -> SampleType {
        let channels = self.headers[self.painted].channels.list.iter().zip(&self.origins);
        let is_half = |(channel, origin): (&ChannelDescription, &Origin)| {
            channel.sample_type == ExrSample::F16 || matches!(origin, Origin::Source(_))
        };
        if channels.into_iter().all(is_half) { SampleType::F16 } else { SampleType::F32 }
    }

    /// The blocks in the file's order; together those that lie in one block of the source.
    fn batches(&self) -> Vec<Vec<Place>> {
        let all: Vec<_> = enumerate_ordered_header_block_indices(&self.headers).collect();
        let source = |place: &Place| (place.1.layer, self.source_block(place));
        all.chunk_by(|a, b| source(a) == source(b)).map(<[_]>::to_vec).collect()
    }

    /// The source's block that holds this one.
    fn source_block(&self, &(k, index): &Place) -> usize {
        let (own, from) = (&self.headers[index.layer], self.source_header(index.layer));
        match own.blocks {
            BlockDescription::ScanLines if index.layer == self.painted => {
                let lines = from.unwrap_or(own).compression.scan_lines_per_block();
                index.pixel_position.y() / lines
            }
            _ => k,
        }
    }

    fn source_header(&self, layer: usize) -> Option<&Header> {
        Some(&self.source.as_ref()?.headers()[self.parts[layer]])
    }
}

/// What the samples are taken from.
struct Pixels<'a> {
    target: &'a Target<'a>,
    conversion: Conversion<'a>,
    /// The source's blocks of the picture's part.
    places: Vec<Place>,
}

/// A block of the source: for each row the line of each channel.
struct Old<'a> {
    corner: Vec2<usize>,
    channels: usize,
    lines: Vec<Option<&'a [u8]>>,
}

impl<'a> Pixels<'a> {
    fn new(target: &'a Target<'a>, conversion: Conversion<'a>) -> Result<Self> {
        let places = match &target.source {
            Some(source) => source.places(target.parts[target.painted])?,
            None => Vec::new(),
        };
        Ok(Self { target, conversion, places })
    }

    /// Blocks that lie in the same block of the source, ready to be written.
    fn chunks(&self, places: &[Place]) -> Result<Vec<(usize, Chunk)>> {
        let (Some(first), Some(source)) = (places.first(), &self.target.source) else {
            return places.iter().map(|&(k, index)| self.new_chunk(k, index)).collect();
        };
        let (layer, block) = (first.1.layer, self.target.source_block(first));
        let part = self.target.parts[layer];
        let as_it_is = |k| Ok((k, Chunk { layer_index: layer, ..source.chunk(part, k)? }));
        if layer != self.target.painted {
            return places.iter().map(|&(k, _)| as_it_is(k)).collect();
        }
        let place = *self.places.get(block).ok_or_else(truncated)?;
        let (block, header) = (source.block(place)?, &source.headers()[part]);
        let old = Old::new(&block, header);
        let own = &self.target.headers[layer];
        let is_alike = (&own.channels, own.compression) == (&header.channels, header.compression);
        let chunk = |&(k, index): &Place| {
            let new = self.block(index, Some(&old))?;
            match is_alike && new.data == block.data {
                true => as_it_is(k),
                false => self.compressed(k, new),
            }
        };
        places.iter().map(chunk).collect()
    }

    fn new_chunk(&self, k: usize, index: BlockIndex) -> Result<(usize, Chunk)> {
        self.compressed(k, self.block(index, None)?)
    }

    fn compressed(&self, k: usize, block: UncompressedBlock) -> Result<(usize, Chunk)> {
        let chunk = block.compress_to_chunk(&self.target.headers).map_err(encoding_error)?;
        Ok((k, chunk))
    }

    /// The samples of some rows, channel by channel.
    fn block(&self, index: BlockIndex, old: Option<&Old<'_>>) -> Result<UncompressedBlock> {
        let top = index.pixel_position.y();
        let rows = (top..top + index.pixel_size.height()).map(|y| self.row(y));
        let rows = rows.collect::<Result<Vec<_>>>()?;
        let list = &self.target.headers[self.target.painted].channels;
        Ok(UncompressedBlock::from_lines(list, index, |line| {
            let row = rows[line.location.position.y() - top].as_deref();
            self.fill(line, row, old);
        }))
    }

    /// A row of the data window as it lies in the picture.
    fn row(&self, y: usize) -> Result<Option<Cow<'_, [u8]>>> {
        let picture = self.conversion.picture;
        let Ok(y) = u32::try_from(y as i64 + self.target.shift[1]) else { return Ok(None) };
        if y >= picture.height() {
            return Ok(None);
        }
        if self.conversion.is_identity() {
            return Ok(Some(Cow::Borrowed(picture.view().row_bytes(y, 0, picture.width()))));
        }
        let mut row = vec![0; picture.width() as usize * self.conversion.format.bytes()];
        self.conversion.write_row(y, &mut row)?;
        Ok(Some(Cow::Owned(row)))
    }

    fn fill(&self, line: LineRefMut<'_>, row: Option<&[u8]>, old: Option<&Old<'_>>) {
        let channel =
            &self.target.headers[self.target.painted].channels.list[line.location.channel];
        let size = channel.sample_type.bytes_per_sample();
        let origin = self.target.origins[line.location.channel];
        let (Origin::Source(from) | Origin::Picture(_, Some(from))) = origin else {
            return self.paint(line, row, origin);
        };
        if let Some(samples) = old.and_then(|old| old.line(from, line.location, size)) {
            line.value.copy_from_slice(samples);
        }
        self.paint(line, row, origin);
    }

    /// Copies what the picture shows of a line.
    fn paint(&self, line: LineRefMut<'_>, row: Option<&[u8]>, origin: Origin) {
        let (Some(row), Origin::Picture(place, _)) = (row, origin) else { return };
        let list = &self.target.headers[self.target.painted].channels.list;
        let to_sample = float(list[line.location.channel].sample_type);
        let format = self.conversion.format;
        let (sample, size) = (format.sample, to_sample.bytes());
        let x = line.location.position.x() as i64 + self.target.shift[0];
        let end = x + line.location.sample_count as i64;
        let (left, right) = (x.max(0), end.min(i64::from(self.conversion.picture.width())));
        if left >= right {
            return;
        }
        let from = row[left as usize * format.bytes()..right as usize * format.bytes()]
            .chunks_exact(format.bytes())
            .map(|pixel| &pixel[place * sample.bytes()..][..sample.bytes()]);
        let to = line.value[(left - x) as usize * size..].chunks_exact_mut(size);
        for (to, from) in to.zip(from) {
            if sample == to_sample {
                to.copy_from_slice(from);
            } else {
                to_sample.write(sample.read(from), to);
            }
        }
    }
}

impl<'a> Old<'a> {
    fn new(block: &'a UncompressedBlock, header: &'a Header) -> Self {
        let (list, BlockIndex { pixel_position: corner, pixel_size, .. }) =
            (&header.channels, block.index);
        let channels = list.list.len();
        let mut all = vec![None; channels * pixel_size.height()];
        for line in lines(block, list) {
            all[(line.y - corner.y()) * channels + line.channel] = Some(line.samples);
        }
        Self { corner, channels, lines: all }
    }

    /// A channel's samples, of so many bytes each, where a line of the target lies.
    fn line(&self, channel: usize, at: LineIndex, size: usize) -> Option<&'a [u8]> {
        let (Vec2(x, y), Vec2(left, top)) = (at.position, self.corner);
        let line = (*self.lines.get((y - top) * self.channels + channel)?)?;
        line.get((x - left) * size..(x - left + at.sample_count) * size)
    }
}
