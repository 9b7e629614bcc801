//! An OpenEXR file into a picture, and what of it must be kept beside.

use std::sync::Arc;

use exr::math::Vec2;
use exr::meta::attribute::Chromaticities;
use exr::meta::header::Header;

use super::colors::Colors;
use super::source::Source;
use super::target::Target;
use super::{associated, decoding_error, luminance_chroma};
use crate::color::primaries::{luminances, to_and_from_srgb};
use crate::error::Result;
use crate::file::{claim, warning};
use crate::image::{
    ColorSpace, OpenExr, Picture, PixelFormat, Primaries, Resolution, Unit, check_size,
};
use crate::memory;

/// What a display window may hold beside the data: black that takes no room in the file.
const MAX_BLACK_BYTES: u64 = 1 << 30;

pub fn read(bytes: &[u8], wanted: Option<&str>) -> Result<Picture> {
    let source = Source::open(bytes)?;
    let colors = Colors::find(source.headers(), wanted)?;
    let header = &source.headers()[colors.part];
    let format = associated(colors.channels, colors.sample);
    check(header, format, bytes)?;
    let window = header.shared_attributes.display_window;
    let (width, height) = (window.size.width() as u32, window.size.height() as u32);
    let space = color_space(header.shared_attributes.chromaticities);
    let mut picture = Picture::new(width, height, format, space)?;
    if colors.is_chroma {
        let weights = luminances(&primaries(picture.color_space()))?;
        luminance_chroma::read(&source, &colors, weights, shift(header), &mut picture)?;
    } else {
        let (list, shift) = (&header.channels, shift(header));
        source.each_line(colors.part, |line| colors.place(&line, list, shift, &mut picture))?;
    }
    let aspect = f64::from(header.shared_attributes.pixel_aspect);
    if aspect.is_finite() && aspect > 0.0 && aspect != 1.0 {
        picture.metadata_mut().resolution =
            Some(Resolution { x: 1.0, y: aspect, unit: Unit::Unknown });
    }
    let kept = kept(&source, &colors, bytes, wanted, &picture)?;
    picture.metadata_mut().openexr = kept.map(Arc::new);
    Ok(picture)
}

/// From the data window to the picture.
pub fn shift(header: &Header) -> [i64; 2] {
    let (data, display) =
        (header.own_attributes.layer_position, header.shared_attributes.display_window.position);
    [(data.x(), display.x()), (data.y(), display.y())]
        .map(|(data, display)| i64::from(data) - i64::from(display))
}

/// Refuses sizes that are not taken or that the file cannot hold.
fn check(header: &Header, format: PixelFormat, bytes: &[u8]) -> Result<()> {
    let window = header.shared_attributes.display_window.size;
    for size in [window, header.layer_size] {
        let side = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
        check_size(side(size.width()), side(size.height()))?;
    }
    let mut plain = header.clone();
    for channel in &mut plain.channels.list {
        // These are checked where they are used.
        channel.sampling = Vec2(1, 1);
    }
    plain.validate(false, &mut false, false).map_err(decoding_error)?;
    claim::check_open_exr(header, bytes.len())?;
    let picture = window.area() as u64 * format.bytes() as u64;
    claim::check(picture.saturating_sub(MAX_BLACK_BYTES), bytes.len(), claim::DEFLATE)
}

/// Without the attribute the primaries are those of Rec. 709.
pub fn color_space(chromaticities: Option<Chromaticities>) -> ColorSpace {
    let Some(Chromaticities { red, green, blue, white }) = chromaticities else {
        return ColorSpace::LinearSrgb;
    };
    let [red, green, blue, white] = [red, green, blue, white].map(|Vec2(x, y)| [x, y]);
    let primaries = Primaries { red, green, blue, white };
    match to_and_from_srgb(&primaries) {
        _ if primaries == Primaries::REC_709 => ColorSpace::LinearSrgb,
        Ok(_) => ColorSpace::Linear(primaries),
        Err(e) => {
            warning::say(format!("the picture's chromaticities are ignored: {e}"));
            ColorSpace::LinearSrgb
        }
    }
}

fn primaries(space: &ColorSpace) -> Primaries {
    match space {
        ColorSpace::Linear(primaries) => *primaries,
        _ => Primaries::REC_709,
    }
}

/// What another OpenEXR file of this picture would lack.
fn kept(
    source: &Source<'_>,
    colors: &Colors,
    bytes: &[u8],
    wanted: Option<&str>,
    picture: &Picture,
) -> Result<Option<OpenExr>> {
    let headers = source.headers();
    let is_whole = headers.len() > 1 || !is_all(&headers[0], colors);
    if !is_whole && Target::new(picture).headers[0] == headers[0] {
        return Ok(None);
    }
    let length = if is_whole { bytes.len() } else { source.head };
    let bytes = memory::copied(&bytes[..length], "what an OpenEXR file holds beside its colours")?;
    Ok(Some(OpenExr { bytes, is_whole, layer: wanted.map(str::to_owned) }))
}

/// Whether the picture is all that can be carried over. Of pixels that were compressed with loss the blocks
/// are kept: those that do not change need not be compressed once more.
fn is_all(header: &Header, colors: &Colors) -> bool {
    let mut samples = header.channels.list.iter().map(|channel| channel.sample_type);
    colors.is_chroma
        || colors.places.iter().all(Option::is_some)
            && header.data_window() == header.shared_attributes.display_window
            && samples.all(|sample| header.compression.is_lossless_for(sample))
}
