//! Which of a file's channels are the picture.

use exr::compression::Compression;
use exr::math::Vec2;
use exr::meta::attribute::{ChannelDescription, ChannelList, SampleType as ExrSample, Text};
use exr::meta::header::Header;

use super::UNKNOWN_COMPRESSION;
use super::source::{Line, float};
use crate::error::Result;
use crate::file::failure::damaged;
use crate::image::{Channels, Picture, SampleType};

/// The colour channels of a layer.
pub struct Colors {
    pub part: usize,
    /// What stands before the channels' names, its dot included.
    pub prefix: String,
    pub channels: Channels,
    /// Whether they are luminance and chroma, which become red, green and blue.
    pub is_chroma: bool,
    pub sample: SampleType,
    /// For every channel of the part its place in a pixel.
    pub places: Vec<Option<usize>>,
}

impl Colors {
    /// The colours that are wanted by their layer's name, else the first without a name of their
    /// own, else the first of any name.
    pub fn find(headers: &[Header], wanted: Option<&str>) -> Result<Self> {
        let flat = headers.iter().enumerate().filter(|(_, header)| !header.deep);
        let mut found: Vec<_> = flat.flat_map(|(part, header)| named(part, header)).collect();
        let place = match wanted {
            Some(wanted) => found.iter().position(|(names, _)| names.iter().any(|n| n == wanted)),
            None => {
                let plain = found.iter().position(|(names, _)| names[0].is_empty());
                plain.or((!found.is_empty()).then_some(0))
            }
        };
        let place = place.ok_or_else(|| damaged(missing(headers, wanted)))?;
        let (_, colors) = found.swap_remove(place);
        colors.check(&headers[colors.part])?;
        Ok(colors)
    }

    /// The channels whose names begin so and end as colours do.
    fn of(part: usize, list: &ChannelList, prefix: &str) -> Option<Self> {
        let is = |channel: &ChannelDescription, name: &str| {
            channel.name.to_string().strip_prefix(prefix) == Some(name)
        };
        let has = |name: &str| list.list.iter().any(|channel| is(channel, name));
        let has_alpha = has("A");
        let all = |names: &[&str]| names.iter().all(|name| has(name));
        let is_chroma = !all(&["R", "G", "B"]) && all(&["Y", "RY", "BY"]);
        let (names, channels) = match has_alpha {
            _ if is_chroma && has_alpha => (&["Y", "RY", "BY", "A"][..], Channels::Rgba),
            _ if is_chroma => (&["Y", "RY", "BY"][..], Channels::Rgb),
            true if all(&["R", "G", "B"]) => (&["R", "G", "B", "A"][..], Channels::Rgba),
            false if all(&["R", "G", "B"]) => (&["R", "G", "B"][..], Channels::Rgb),
            true if has("Y") => (&["Y", "A"][..], Channels::GrayAlpha),
            false if has("Y") => (&["Y"][..], Channels::Gray),
            _ => return None,
        };
        let place = |channel: &ChannelDescription| names.iter().position(|name| is(channel, name));
        let places: Vec<_> = list.list.iter().map(place).collect();
        let mut used = list.list.iter().zip(&places).filter(|(_, place)| place.is_some());
        let is_half = used.all(|(channel, _)| channel.sample_type == ExrSample::F16);
        let sample = if is_half { SampleType::F16 } else { SampleType::F32 };
        Some(Self { part, prefix: prefix.to_owned(), channels, is_chroma, sample, places })
    }

    /// Refuses what is not read.
    fn check(&self, header: &Header) -> Result<()> {
        if let Compression::HTJ2K32 | Compression::HTJ2K256 = header.compression {
            return Err(damaged(UNKNOWN_COMPRESSION));
        }
        if self.used(header).any(|(channel, _)| channel.sample_type == ExrSample::U32) {
            return Err(damaged(
                "channels of integers are no colours: convert them, for example with `oiiotool \
                 picture.exr -d half -o half.exr`",
            ));
        }
        let allowed = |place: usize, sampling| {
            let is_chroma = self.is_chroma && matches!(place, 1 | 2);
            sampling == Vec2(1, 1) || is_chroma && sampling == Vec2(2, 2)
        };
        if self.used(header).any(|(channel, place)| !allowed(place, channel.sampling)) {
            return Err(damaged(
                "of subsampled channels only the chroma RY and BY of half the size are read: \
                 convert it, for example with `exr2aces picture.exr aces.exr`",
            ));
        }
        let samplings = self.used(header).map(|(channel, _)| channel.sampling);
        let fits = |Vec2(across, down): Vec2<usize>| {
            let (Vec2(x, y), size) = (header.own_attributes.layer_position, header.layer_size);
            x.rem_euclid(across as i32) == 0
                && y.rem_euclid(down as i32) == 0
                && size.width().is_multiple_of(across)
                && size.height().is_multiple_of(down)
        };
        match samplings.into_iter().all(fits) {
            true => Ok(()),
            false => Err(damaged("its data window does not fit its subsampled channels")),
        }
    }

    fn used<'a>(
        &'a self,
        header: &'a Header,
    ) -> impl Iterator<Item = (&'a ChannelDescription, usize)> {
        let channels = header.channels.list.iter().zip(&self.places);
        channels.filter_map(|(channel, place)| Some((channel, (*place)?)))
    }

    /// Copies the samples of a line into the picture, whose first pixel lies at `-shift` of the
    /// data.
    pub fn place(&self, line: &Line<'_>, list: &ChannelList, shift: [i64; 2], to: &mut Picture) {
        let Some(place) = self.places[line.channel] else { return };
        let (width, height) = (i64::from(to.width()), i64::from(to.height()));
        let (size, pixel) = (self.sample.bytes(), to.format().bytes());
        let from = float(list.list[line.channel].sample_type);
        let count = line.samples.len() / from.bytes();
        let (x, y) = (line.x as i64 + shift[0], line.y as i64 + shift[1]);
        let (left, right) = (x.max(0), (x + count as i64).min(width));
        if !(0..height).contains(&y) || left >= right {
            return;
        }
        let start = (y * width + left) as usize * pixel + place * size;
        let to = to.data_mut()[start..].chunks_mut(pixel).take((right - left) as usize);
        let samples = line.samples.chunks_exact(from.bytes()).skip((left - x) as usize);
        for (to, bytes) in to.zip(samples) {
            if from == self.sample {
                to[..size].copy_from_slice(bytes);
            } else {
                self.sample.write(from.read(bytes), to);
            }
        }
    }
}

/// All colours of a part, each with the names that it goes by: what stands before its channels,
/// without the dot, and the part's own.
fn named(part: usize, header: &Header) -> Vec<(Vec<String>, Colors)> {
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
        let colors = Colors::of(part, list, &prefix)?;
        let mut names = vec![prefix.trim_end_matches('.').to_owned()];
        names.extend(part_name.clone().filter(|_| prefix.is_empty()));
        Some((names, colors))
    };
    prefixes.into_iter().filter_map(named).collect()
}

/// Why there are no colours.
fn missing(headers: &[Header], wanted: Option<&str>) -> String {
    if headers.iter().all(|header| header.deep) {
        return "it holds deep data: flatten it, for example with `oiiotool deep.exr --flatten -o \
                flat.exr`"
            .to_owned();
    }
    let names = headers.iter().flat_map(|header| &header.channels.list);
    let names: Vec<_> = names.map(|channel| channel.name.to_string()).collect();
    let what = match wanted {
        Some(wanted) => format!("it has no layer '{wanted}' with channels R, G and B"),
        None => "it has no channels R, G and B and no channel Y".to_owned(),
    };
    let cure = "give them these names, for example with `oiiotool picture.exr --ch R=X,G=X,B=X -o \
                named.exr`";
    format!("{what}, only {}: {cure}", names.join(", "))
}
