//! The parts and channels of the file that a picture is written to.

use exr::compression::Compression;
use exr::math::Vec2;
use exr::meta::attribute::{
    ChannelDescription, ChannelList, Chromaticities, IntegerBounds, LevelMode, LineOrder,
    SampleType as ExrSample, Text,
};
use exr::meta::header::{Header, LayerAttributes};
use exr::meta::{BlockDescription, Headers, MetaData};

use super::colors::Colors;
use super::decoding_error;
use super::left_out::{beside_the_picture, name, without};
use super::read::{color_space, shift};
use super::source::{self, Source, is_subsampled};
use crate::error::Result;
use crate::image::{Channels, ColorSpace, OpenExr, Picture, Primaries, Resolution, SampleType};

const FORMAT: &str = "OpenEXR";

pub struct Target<'a> {
    pub headers: Headers,
    /// Which of them is the picture's.
    pub painted: usize,
    /// Where each channel of that one comes from.
    pub origins: Vec<Origin>,
    /// From the data window to the picture.
    pub shift: [i64; 2],
    /// The file that the picture was read from, if more of it is kept than attributes.
    pub source: Option<Source<'a>>,
    /// The source's part of each header.
    pub parts: Vec<usize>,
    pub notes: Vec<String>,
}

/// Where the samples of a channel come from.
#[derive(Clone, Copy)]
pub enum Origin {
    /// From this place of the picture's pixels, and from the source's channel where the picture
    /// does not reach.
    Picture(usize, Option<usize>),
    /// From the source's channel.
    Source(usize),
}

type Described = Vec<(ChannelDescription, Origin)>;

impl<'a> Target<'a> {
    /// The file of a picture that was read from no OpenEXR file.
    pub fn new(picture: &Picture) -> Self {
        let header = Header::new(Text::default(), size(picture), std::iter::empty().collect())
            .with_attributes(LayerAttributes::default())
            .with_encoding(Compression::ZIP16, BlockDescription::ScanLines, LineOrder::Increasing);
        let mut target = Self::of_one(header, of_picture(picture, None));
        target.describe(picture);
        target
    }

    /// The file that the picture was read from, with the picture's colours.
    pub fn over(kept: &'a OpenExr, picture: &Picture) -> Result<Self> {
        let headers = source::headers(&kept.bytes)?;
        let colors = Colors::find(&headers, kept.layer.as_deref())?;
        let window = headers[colors.part].shared_attributes.display_window;
        let mut target = if window.size != size(picture) {
            let window = IntegerBounds::from_dimensions(size(picture));
            Self::alone(&headers, &colors, window, picture)
        } else if colors.is_chroma || !kept.is_whole {
            Self::alone(&headers, &colors, window, picture)
        } else {
            Self::among(Source::open(&kept.bytes)?, &colors, picture)
        };
        target.describe(picture);
        MetaData::validate(&target.headers, false).map_err(decoding_error)?;
        Ok(target)
    }

    /// With the attributes of a file, but none of its pixels.
    fn alone(
        headers: &[Header],
        colors: &Colors,
        window: IntegerBounds,
        picture: &Picture,
    ) -> Self {
        let mut header = headers[colors.part].clone();
        header.layer_size = window.size;
        header.own_attributes.layer_position = window.position;
        header.shared_attributes.display_window = window;
        let channels = of_picture(picture, Some((colors, &header)));
        let is_lossless = |(channel, _): &(ChannelDescription, Origin)| {
            header.compression.is_lossless_for(channel.sample_type)
        };
        if !channels.iter().all(is_lossless) {
            header.compression = Compression::ZIP16;
        }
        let mut target = Self::of_one(header, channels);
        target.notes.extend(beside_the_picture(FORMAT, headers, colors));
        target
    }

    /// With all that there is beside the picture.
    fn among(source: Source<'a>, colors: &Colors, picture: &Picture) -> Self {
        let headers = source.headers();
        let mut header = headers[colors.part].clone();
        let mut channels = of_picture(picture, Some((colors, &header)));
        let mut lost = Vec::new();
        for (k, channel) in header.channels.list.iter().enumerate() {
            match colors.places[k] {
                Some(_) => {}
                None if channel.sampling == Vec2(1, 1) => {
                    channels.push((channel.clone(), Origin::Source(k)));
                }
                None => lost.push(channel.name.to_string()),
            }
        }
        let mut notes = Vec::new();
        notes.extend(without(FORMAT, "subsampled channels", lost));
        if channels.iter().any(|(channel, origin)| is_harmed(channel, *origin, &header)) {
            notes.push(format!(
                "{FORMAT} is written with PIZ compression: what was not painted stays as it is, \
                 which it would not with {}.",
                header.compression
            ));
            header.compression = Compression::PIZ;
        }
        let shift = shift(&header);
        let painted = Self::of_one(header, channels);
        let (parts, dropped): (Vec<_>, Vec<_>) =
            (0..headers.len()).partition(|&part| part == colors.part || is_carried(&source, part));
        let dropped = dropped.into_iter().map(|part| name(part, &headers[part])).collect();
        notes.extend(without(FORMAT, "deep, subsampled and damaged parts", dropped));
        let own = |&part: &usize| match part == colors.part {
            true => painted.headers[0].clone(),
            false => headers[part].clone(),
        };
        Self {
            headers: parts.iter().map(own).collect(),
            painted: parts.iter().position(|part| *part == colors.part).unwrap_or_default(),
            notes: [notes, painted.notes].concat(),
            source: Some(source),
            shift,
            parts,
            ..painted
        }
    }

    /// A part's header and channels; of the levels of a texture the largest alone is painted.
    fn of_one(mut header: Header, mut channels: Described) -> Self {
        channels.sort_by(|(a, _), (b, _)| a.name.bytes().cmp(b.name.bytes()));
        let (channels, origins) = channels.into_iter().unzip::<_, _, Vec<_>, _>();
        header.channels = ChannelList::new(channels.into_iter().collect());
        // It shows what the picture was.
        header.own_attributes.preview = None;
        let mut notes = Vec::new();
        let mut blocks = header.blocks;
        if let BlockDescription::Tiles(tiles) = &mut blocks
            && tiles.level_mode != LevelMode::Singular
        {
            tiles.level_mode = LevelMode::Singular;
            notes.push(format!(
                "{FORMAT} is written without the picture's smaller levels: `exrmaketiled -m` makes \
                 them anew."
            ));
        }
        let (compression, order) = (header.compression, header.line_order);
        Self {
            headers: std::iter::once(header.with_encoding(compression, blocks, order)).collect(),
            painted: 0,
            origins,
            shift: [0, 0],
            source: None,
            parts: vec![0],
            notes,
        }
    }

    /// Says what the picture's numbers mean.
    fn describe(&mut self, picture: &Picture) {
        for header in &mut self.headers {
            let attributes = &mut header.shared_attributes;
            if let Some(Resolution { x, y, .. }) = picture.metadata().resolution {
                attributes.pixel_aspect = (y / x) as f32;
            }
            attributes.chromaticities = match *picture.color_space() {
                ColorSpace::Linear(Primaries { red, green, blue, white }) => {
                    let [red, green, blue, white] =
                        [red, green, blue, white].map(|[x, y]| Vec2(x, y));
                    Some(Chromaticities { red, green, blue, white })
                }
                _ => attributes
                    .chromaticities
                    .filter(|&c| color_space(Some(c)) == ColorSpace::LinearSrgb),
            };
        }
    }
}

fn size(picture: &Picture) -> Vec2<usize> {
    Vec2(picture.width() as usize, picture.height() as usize)
}

/// The picture's channels, with the names and number types of the source's.
fn of_picture(picture: &Picture, source: Option<(&Colors, &Header)>) -> Described {
    let names: &[&str] = match picture.format().channels {
        Channels::Gray => &["Y"],
        Channels::GrayAlpha => &["Y", "A"],
        Channels::Rgb => &["R", "G", "B"],
        Channels::Rgba | Channels::Bgra => &["R", "G", "B", "A"],
    };
    let sample = match picture.format().sample {
        SampleType::U8 | SampleType::F16 => ExrSample::F16,
        SampleType::U16 | SampleType::F32 => ExrSample::F32,
    };
    let described = |(place, name): (usize, &&str)| {
        let Some((colors, header)) = source else {
            let channel = ChannelDescription::named(Text::new_or_panic(name), sample);
            return (channel, Origin::Picture(place, None));
        };
        let full = format!("{}{name}", colors.prefix);
        let list = &header.channels.list;
        let used = |k: &usize| colors.places[*k].is_some();
        if let Some(k) = (0..list.len()).filter(used).find(|&k| list[k].name.to_string() == full) {
            return (list[k].clone(), Origin::Picture(place, Some(k)));
        }
        // Red, green and blue of what was gray.
        let gray = (0..list.len()).find(|&k| colors.places[k] == Some(0)).filter(|_| *name != "A");
        let sample = gray.map_or(sample, |k| list[k].sample_type);
        let name = Text::new_or_none(&full).unwrap_or_else(|| Text::new_or_panic(name));
        (ChannelDescription::named(name, sample), Origin::Picture(place, gray))
    };
    names.iter().enumerate().map(described).collect()
}

/// Whether a channel that is not painted would lose by being compressed once more.
fn is_harmed(channel: &ChannelDescription, origin: Origin, header: &Header) -> bool {
    let name = channel.name.to_string();
    let last = name.rsplit('.').next().unwrap_or_default();
    let is_painted = matches!(origin, Origin::Picture(..)) && last != "A";
    let is_float = channel.sample_type != ExrSample::U32;
    !is_painted
        && match header.compression {
            Compression::B44 | Compression::B44A => channel.sample_type == ExrSample::F16,
            Compression::DWAA(_) | Compression::DWAB(_) => {
                is_float
                    && matches!(last.to_uppercase().as_str(), "R" | "G" | "B" | "Y" | "BY" | "RY")
            }
            _ => false,
        }
}

/// Whether the crate writes such a part, and all of it is there.
fn is_carried(source: &Source<'_>, part: usize) -> bool {
    let header = &source.headers()[part];
    !header.deep
        && !is_subsampled(&header.channels)
        && header.validate(false, &mut false, false).is_ok()
        && (0..header.chunk_count).all(|k| source.chunk(part, k).is_ok())
}
