//! Style layers that are kept as pictures: a repeat, and GIMP started anew, then paint in the same
//! style, whether or not the layer is still there.

use std::fs::{self, File};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{BufReader, Error, ErrorKind, Result};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use png::{BitDepth, ColorType, Compression, Decoder, Encoder, SrgbRenderingIntent};

use crate::arguments::{SECOND_STYLE_FILE, SECOND_STYLE_LAYER, STYLE_FILE, STYLE_LAYER};
use crate::ffi::{Config, Image, PixelKind, gimp_folder, message};
use crate::order::{LONGEST_STYLE_SIDE, style_picture};
use crate::picture::Picture;
use crate::whole_file;
use crate::words::{tr_named, tr_with};

/// The most that are kept; the oldest go first.
const MOST: usize = 16;

/// Of a PNG file's texts, the layer's name.
const TITLE: &str = "Title";

/// Digits of the number that tells layers of one name apart.
const DIGITS: usize = 8;

/// The longest name of a layer that is part of a file's name, in characters.
const LONGEST_NAME: usize = 60;

/// Has the values name a picture file in place of each style layer, which no last values can hold.
pub fn keep_layers(config: &Config) {
    for (layer, file) in [(STYLE_LAYER, STYLE_FILE), (SECOND_STYLE_LAYER, SECOND_STYLE_FILE)] {
        let Some(style) = config.drawable(layer) else { continue };
        // One that cannot be read is refused when it is to be painted with.
        let Ok(picture) = style_picture(&style, LONGEST_STYLE_SIDE) else { continue };
        match keep(&folder(), &picture, &style.name()) {
            Ok(path) => {
                config.set_file(file, Some(&path));
                config.set_drawable(layer, None);
            }
            Err(error) => message(&tr_named(
                "The style layer '{layer}' cannot be kept for the next time ({error}): choose it \
                 again then",
                &[("layer", &style.name()), ("error", &error.to_string())],
            )),
        }
    }
}

/// The picture in a file that the engine cannot read, but GIMP can, kept as one that both can.
///
/// # Errors
/// Words where it cannot be opened or kept.
pub fn keep_file(path: &Path) -> std::result::Result<PathBuf, String> {
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    let opened = Image::read(path, |layer| style_picture(layer, LONGEST_STYLE_SIDE));
    let picture = opened.ok_or_else(|| {
        let path = path.to_string_lossy();
        tr_with("cannot open %s: GIMP cannot read it. Choose a picture", &path)
    })??;
    keep(&folder(), &picture, &name).map_err(|error| {
        let values = [("file", &*path.to_string_lossy()), ("error", &error.to_string())];
        tr_named("cannot keep a copy of {file} ({error})", &values)
    })
}

fn keep(folder: &Path, picture: &Picture, name: &str) -> Result<PathBuf> {
    fs::create_dir_all(folder)?;
    let samples = samples(picture);
    let path = folder.join(file_name(name, &samples));
    let bytes = encode(picture, &samples, name)?;
    whole_file::write(&path, &bytes)?;
    forget_oldest(folder);
    Ok(path)
}

/// The name of the layer that a file was kept of; `None` for other files.
pub fn layer_name(path: &Path) -> Option<String> {
    if path.parent() != Some(&folder()) {
        return None;
    }
    title(path).or_else(|| {
        let stem = path.file_stem()?.to_str()?;
        stem.rsplit_once('-').map(|(name, _)| name.to_owned())
    })
}

fn folder() -> PathBuf {
    gimp_folder().join("impasto").join("style-layers")
}

/// Reads well, and is the same for the same picture.
fn file_name(name: &str, samples: &[u8]) -> String {
    let mut hasher = DefaultHasher::new();
    (name, samples).hash(&mut hasher);
    let number = format!("{:016x}", hasher.finish());
    let harmless = |c: char| if c.is_control() || "/\\:*?\"<>|".contains(c) { '_' } else { c };
    let name: String = name.trim().chars().take(LONGEST_NAME).map(harmless).collect();
    // Names that begin with a point are hidden.
    let name = name.trim_start_matches('.');
    format!("{name}-{}.png", &number[..DIGITS])
}

/// 16 bits each, as PNG has them.
fn samples(picture: &Picture) -> Vec<u8> {
    let sample = |value: &f32| (value.clamp(0.0, 1.0) * f32::from(u16::MAX)).round() as u16;
    picture.pixels.iter().flat_map(|value| sample(value).to_be_bytes()).collect()
}

fn encode(picture: &Picture, samples: &[u8], name: &str) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, picture.width, picture.height);
    encoder.set_color(match picture.kind {
        PixelKind::Rgba => ColorType::Rgba,
        PixelKind::GrayAlpha => ColorType::GrayscaleAlpha,
        PixelKind::Coverage => ColorType::Grayscale,
    });
    encoder.set_depth(BitDepth::Sixteen);
    encoder.set_compression(Compression::Fast);
    encoder.set_source_srgb(SrgbRenderingIntent::Perceptual);
    let failed = |error: png::EncodingError| Error::new(ErrorKind::InvalidData, error);
    encoder.add_itxt_chunk(TITLE.to_owned(), name.to_owned()).map_err(failed)?;
    let mut writer = encoder.write_header().map_err(failed)?;
    writer.write_image_data(samples).map_err(failed)?;
    writer.finish().map_err(failed)?;
    Ok(bytes)
}

fn title(path: &Path) -> Option<String> {
    let reader = Decoder::new(BufReader::new(File::open(path).ok()?)).read_info().ok()?;
    let texts = &reader.info().utf8_text;
    texts.iter().find(|text| text.keyword == TITLE)?.get_text().ok()
}

/// What cannot be removed stays.
fn forget_oldest(folder: &Path) {
    let entries = fs::read_dir(folder).into_iter().flatten().filter_map(std::result::Result::ok);
    let written = |path: &Path| fs::metadata(path).and_then(|data| data.modified()).ok();
    let mut kept: Vec<(Option<SystemTime>, PathBuf)> = entries
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "png"))
        .map(|path| (written(&path), path))
        .collect();
    kept.sort();
    let too_many = kept.len().saturating_sub(MOST);
    for (_, path) in kept.into_iter().take(too_many) {
        let _ = fs::remove_file(path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(gray: f32) -> Picture {
        let pixels = vec![gray, 0.5, 1.0, 0.25];
        Picture { width: 1, height: 1, kind: PixelKind::Rgba, pixels }
    }

    #[test]
    fn a_layer_is_kept_with_16_bits_and_its_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = keep(folder.path(), &picture(0.2), "ink/wash: \u{e9}").unwrap();
        let name = path.file_name().unwrap().to_str().unwrap();
        assert!(name.starts_with("ink_wash_ \u{e9}-") && name.ends_with(".png"), "{name}");
        assert_eq!(title(&path).as_deref(), Some("ink/wash: \u{e9}"));
        let mut reader =
            Decoder::new(BufReader::new(File::open(&path).unwrap())).read_info().unwrap();
        let mut samples = vec![0; 8];
        reader.next_frame(&mut samples).unwrap();
        let values: Vec<_> = samples.chunks(2).map(|b| u16::from_be_bytes([b[0], b[1]])).collect();
        assert_eq!(values, [13107, 32768, 65535, 16384]);
    }

    #[test]
    fn the_same_picture_is_kept_once_and_the_oldest_go() {
        let folder = tempfile::tempdir().unwrap();
        let first = keep(folder.path(), &picture(0.0), "ink").unwrap();
        assert_eq!(keep(folder.path(), &picture(0.0), "ink").unwrap(), first);
        for number in 1..=MOST {
            keep(folder.path(), &picture(number as f32 / 100.0), "ink").unwrap();
        }
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), MOST);
        let last = keep(folder.path(), &picture(0.9), "ink").unwrap();
        assert!(last.is_file());
    }
}
