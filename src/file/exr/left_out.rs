//! What of an OpenEXR file is not written again.

use std::collections::BTreeSet;

use exr::meta::header::{Header, standard_names};

use super::colors::Colors;
use super::source::headers;
use crate::image::{OpenExr, Picture};

/// Attributes that say how the pixels lie in the file, or that the picture itself has.
const OF_PIXELS: &[&[u8]] = &[
    standard_names::DWA_COMPRESSION_LEVEL,
    standard_names::TILES,
    standard_names::NAME,
    standard_names::BLOCK_TYPE,
    standard_names::DEEP_DATA_VERSION,
    standard_names::CHUNKS,
    standard_names::MAX_SAMPLES,
    standard_names::CHANNELS,
    standard_names::COMPRESSION,
    standard_names::DATA_WINDOW,
    standard_names::DISPLAY_WINDOW,
    standard_names::LINE_ORDER,
    standard_names::PIXEL_ASPECT,
    standard_names::WINDOW_CENTER,
    standard_names::WINDOW_WIDTH,
    standard_names::CHROMATICITIES,
    standard_names::PREVIEW,
];

/// How many names a sentence lists.
const LISTED: usize = 4;

/// One sentence for each kind of thing that another format has no place for.
pub fn in_another_format(format: &str, picture: &Picture) -> Vec<String> {
    let kept = picture.metadata().openexr.as_deref();
    let Some((headers, colors)) = kept.and_then(headers_and_colors) else {
        return Vec::new();
    };
    let header = &headers[colors.part];
    let mut notes = beside_the_picture(format, &headers, &colors);
    notes.extend(without(format, "attributes", attributes(header)));
    notes
}

/// One sentence for each kind of pixels that have no place beside a picture of another size.
pub fn beside_the_picture(format: &str, headers: &[Header], colors: &Colors) -> Vec<String> {
    let header = &headers[colors.part];
    let channels = header.channels.list.iter().zip(&colors.places);
    let others = channels.filter(|(_, place)| place.is_none());
    let others = others.map(|(channel, _)| channel.name.to_string()).collect();
    let parts = headers.iter().enumerate().filter(|(part, _)| *part != colors.part);
    let parts = parts.map(|(part, header)| name(part, header)).collect();
    let mut notes = Vec::new();
    notes.extend(without(format, "other channels", others));
    notes.extend(without(format, "other parts", parts));
    if !header.shared_attributes.display_window.contains(header.data_window()) {
        notes.push(format!(
            "{format} is written without what lies outside the display window: that was left out."
        ));
    }
    notes
}

/// A sentence, where there is anything to be named.
pub fn without(format: &str, what: &str, names: Vec<String>) -> Option<String> {
    let (listed, more) = names.split_at(names.len().min(LISTED));
    let more = if more.is_empty() { String::new() } else { format!(" and {} more", more.len()) };
    let names = listed.join(", ");
    (!listed.is_empty()).then(|| {
        format!(
            "{format} is written without the file's {what} ({names}{more}): those were left out."
        )
    })
}

/// What a part goes by.
pub fn name(part: usize, header: &Header) -> String {
    let name = header.own_attributes.layer_name.as_ref().map(ToString::to_string);
    name.filter(|name| !name.is_empty()).unwrap_or_else(|| format!("part {}", part + 1))
}

fn headers_and_colors(kept: &OpenExr) -> Option<(Vec<Header>, Colors)> {
    let headers = headers(&kept.bytes).ok()?;
    let colors = Colors::find(&headers, kept.layer.as_deref()).ok()?;
    Some((headers.into_iter().collect(), colors))
}

fn attributes(header: &Header) -> Vec<String> {
    let names = header.all_named_attributes().map(|(name, _)| name.to_vec());
    let names: BTreeSet<_> = names.filter(|name| !OF_PIXELS.contains(&&name[..])).collect();
    names.iter().map(|name| String::from_utf8_lossy(name).into_owned()).collect()
}
