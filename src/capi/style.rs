//! Styles.

use std::ffi::{CString, c_char};
use std::path::Path;
use std::ptr;
use std::sync::Arc;

use super::cancel::impasto_cancel;
use super::engine::impasto_engine;
use super::fence::fenced;
use super::pixels::{HostPixels, impasto_pixels};
use super::pointer::{check_output, give, optional, shared, take, text, wrong};
use super::status::impasto_status;
use crate::error::{Error, ErrorKind, Result};
use crate::fast::Style;
use crate::image::Picture;
use crate::job::{Cancel, Job};
use crate::optimize::StylePicture;

/// A style: what a painting is painted in. It never changes, may be used from several threads at
/// once, and does not depend on the engine that made it.
pub struct impasto_style {
    pub(super) style: Style,
    /// What the optimise method looks at; none where a part of the style has no picture.
    parts: Vec<Part>,
    name: CString,
    text: String,
}

/// A picture of a style.
#[derive(Clone)]
struct Part {
    picture: Arc<Picture>,
    weight: f32,
    mask: Option<Arc<Picture>>,
    region: Option<Arc<Picture>>,
}

impl impasto_style {
    fn new(style: Style, parts: Vec<Part>) -> Self {
        let name = CString::new(style.name.replace('\0', " ")).unwrap_or_default();
        let text = style.to_text();
        Self { style, parts, name, text }
    }

    /// The pictures for the optimise method.
    pub(super) fn pictures(&self) -> Result<Vec<StylePicture<'_>>> {
        if self.parts.is_empty() {
            let what = format!(
                "cannot optimise in the style '{}': it is a code without a picture; make it from \
                 a picture file or pixels",
                self.style.name
            );
            return Err(Error::new(ErrorKind::Style, what));
        }
        let parts = self.parts.iter().map(|part| StylePicture {
            picture: &part.picture,
            weight: part.weight,
            mask: part.mask.as_deref(),
            region: part.region.as_deref(),
        });
        Ok(parts.collect())
    }
}

/// The style called `name`: one of the user's own, or a shipped one.
///
/// @param engine not NULL
/// @param name such as "great-wave"; see `impasto_engine_styles`
/// @param style receives the style; free it with `impasto_style_free`
/// @return `STYLE` where there is none of that name
///
/// # Safety
/// `engine` is NULL or not freed; `name` is NULL or ends with NUL; `style` is NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn impasto_style_from_name(
    engine: *const impasto_engine,
    name: *const c_char,
    style: *mut *mut impasto_style,
) -> impasto_status {
    // SAFETY: the caller's.
    make(style, || unsafe {
        let engine = shared(engine, "engine")?;
        let name = text(name, "name")?;
        #[cfg(feature = "inject-panic")]
        assert!(name != "inject-panic", "a panic was asked for");
        Ok((engine.engine.styles()?.find(name)?, Vec::new()))
    })
}

/// The style of a picture file (PNG, JPEG, TIFF, WebP, OpenEXR), or one saved as `.toml`. Its code
/// is kept in the cache folder.
///
/// @param engine not NULL
/// @param path the file
/// @param cancel may be NULL
/// @param style receives the style; free it with `impasto_style_free`
/// @return `PICTURE`, `FILE`, `STYLE` for a file that cannot be used
///
/// # Safety
/// `engine` and `cancel` are NULL or not freed; `path` is NULL or ends with NUL; `style` is NULL
/// or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn impasto_style_from_file(
    engine: *const impasto_engine,
    path: *const c_char,
    cancel: *const impasto_cancel,
    style: *mut *mut impasto_style,
) -> impasto_status {
    // SAFETY: the caller's.
    make(style, || unsafe {
        let engine = shared(engine, "engine")?;
        let path = Path::new(text(path, "path")?);
        let cancel = optional(cancel, "cancel")?;
        if path.extension().is_some_and(|ending| ending == "toml") {
            return Ok((Style::from_file(path)?, Vec::new()));
        }
        let picture = crate::file::read(path)?;
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        of_picture(engine, picture, &name, cancel)
    })
}

/// The style of a picture in memory.
///
/// @param engine not NULL
/// @param pixels the picture; it is only read
/// @param name what the style is called; may be NULL
/// @param cancel may be NULL
/// @param style receives the style; free it with `impasto_style_free`
/// @return `ARGUMENT` for pixels that are described wrongly
///
/// # Safety
/// `engine` and `cancel` are NULL or not freed; `pixels` is NULL or describes memory that can be
/// read; `name` is NULL or ends with NUL; `style` is NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn impasto_style_from_pixels(
    engine: *const impasto_engine,
    pixels: *const impasto_pixels,
    name: *const c_char,
    cancel: *const impasto_cancel,
    style: *mut *mut impasto_style,
) -> impasto_status {
    // SAFETY: the caller's.
    make(style, || unsafe {
        let engine = shared(engine, "engine")?;
        let pixels = HostPixels::read(pixels, "pixels")?;
        let name = super::pointer::optional_text(name, "name")?.unwrap_or("picture");
        let cancel = optional(cancel, "cancel")?;
        let picture = Picture::copied(pixels.view()?, pixels.color_space.clone())?;
        of_picture(engine, picture, name, cancel)
    })
}

/// Several styles in one: the mean of their codes by weight. Weights need not sum to 1.
///
/// @param styles `count` styles
/// @param weights `count` weights, 0 or more, at least one above 0
/// @param count at least 1
/// @param style receives the new style; free it with `impasto_style_free`
/// @return `ARGUMENT` for wrong weights, `STYLE` for styles of different networks
///
/// # Safety
/// `styles` and `weights` are NULL or have `count` entries; no style was freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn impasto_style_mix(
    styles: *const *const impasto_style,
    weights: *const f32,
    count: usize,
    style: *mut *mut impasto_style,
) -> impasto_status {
    // SAFETY: the caller's.
    make(style, || unsafe {
        shared(styles, "styles")?;
        shared(weights, "weights")?;
        if !(1..=1024).contains(&count) {
            return Err(wrong(format!("cannot mix {count} styles: from 1 to 1024 can be mixed")));
        }
        let styles = std::slice::from_raw_parts(styles, count);
        let weights = std::slice::from_raw_parts(weights, count);
        let parts = styles
            .iter()
            .zip(weights)
            .map(|(&style, &weight)| Ok((shared(style, "styles")?, weight)))
            .collect::<Result<Vec<_>>>()?;
        let codes: Vec<_> = parts.iter().map(|(style, weight)| (&style.style, *weight)).collect();
        let mixed = Style::mix(&codes)?;
        let used = || parts.iter().filter(|(_, weight)| *weight > 0.0);
        let pictures = match used().any(|(style, _)| style.parts.is_empty()) {
            true => Vec::new(),
            false => used()
                .flat_map(|(style, share)| {
                    style
                        .parts
                        .iter()
                        .map(move |part| Part { weight: part.weight * share, ..part.clone() })
                })
                .collect(),
        };
        Ok((mixed, pictures))
    })
}

/// The same style for a part of the painting, or of a part of its picture. The optimise method
/// takes masked styles only where their masks are white, and looks only at their regions; the fast
/// method takes no notice. Mix such styles to give each part of a painting a style of its own.
///
/// @param style made from pictures
/// @param mask where the painting takes the style, of any size; NULL for everywhere
/// @param region which part of the style's picture counts, of any size; NULL for all of it
/// @param masked receives the new style; free it with `impasto_style_free`
/// @return `STYLE` for a style without a picture, `ARGUMENT` for wrong pixels
///
/// # Safety
/// `style` is NULL or not freed; `mask` and `region` are NULL or describe memory that can be read;
/// `masked` is NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn impasto_style_masked(
    style: *const impasto_style,
    mask: *const impasto_pixels,
    region: *const impasto_pixels,
    masked: *mut *mut impasto_style,
) -> impasto_status {
    // SAFETY: the caller's.
    make(masked, || unsafe {
        let style = shared(style, "style")?;
        style.pictures()?;
        let copy = |pixels: *const impasto_pixels, name: &str| {
            if pixels.is_null() {
                return Ok(None);
            }
            let pixels = HostPixels::read(pixels, name)?;
            let picture = Picture::copied(pixels.view()?, pixels.color_space.clone())?;
            Ok(Some(Arc::new(picture)))
        };
        let (mask, region) = (copy(mask, "mask")?, copy(region, "region")?);
        let parts = style.parts.iter().map(|part| Part {
            mask: mask.clone().or_else(|| part.mask.clone()),
            region: region.clone().or_else(|| part.region.clone()),
            ..part.clone()
        });
        Ok((style.style.clone(), parts.collect()))
    })
}

/// A style that was saved. It is a code without its picture, for the fast method.
///
/// @param bytes what `impasto_style_bytes` returned
/// @param length how many bytes
/// @param style receives the style; free it with `impasto_style_free`
/// @return `STYLE` for bytes that are no style
///
/// # Safety
/// `bytes` is NULL or points to `length` bytes; `style` is NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn impasto_style_from_bytes(
    bytes: *const u8,
    length: usize,
    style: *mut *mut impasto_style,
) -> impasto_status {
    // SAFETY: the caller's.
    make(style, || unsafe {
        shared(bytes, "bytes")?;
        if isize::try_from(length).is_err() {
            return Err(wrong("the argument 'length' is too large"));
        }
        Ok((Style::from_bytes(std::slice::from_raw_parts(bytes, length))?, Vec::new()))
    })
}

/// The style as bytes, to save it (a small TOML file).
///
/// @param style not NULL
/// @param bytes receives the address of the bytes, which belong to the style
/// @param length receives how many
/// @return `ARGUMENT` for NULL
///
/// # Safety
/// `style` is NULL or not freed; `bytes` and `length` are NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn impasto_style_bytes(
    style: *const impasto_style,
    bytes: *mut *const u8,
    length: *mut usize,
) -> impasto_status {
    fenced(|| {
        check_output(bytes, "bytes")?;
        check_output(length, "length")?;
        // SAFETY: the caller's.
        let style = unsafe { shared(style, "style") }?;
        // SAFETY: checked; the rest is the caller's.
        unsafe {
            bytes.write(style.text.as_ptr());
            length.write(style.text.len());
        }
        Ok(())
    })
}

/// What the style is called; NULL for NULL. The string belongs to the style.
///
/// # Safety
/// `style` is NULL or not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn impasto_style_name(style: *const impasto_style) -> *const c_char {
    // SAFETY: the caller's.
    let style = unsafe { optional(style, "style") }.ok().flatten();
    style.map_or(ptr::null(), |style| style.name.as_ptr())
}

/// Frees the style and sets the handle to NULL. NULL and a handle of NULL are allowed.
///
/// # Safety
/// `style` is NULL or points to a handle that no other thread uses in this moment.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn impasto_style_free(style: *mut *mut impasto_style) {
    // SAFETY: the caller's.
    drop(unsafe { take(style) });
}

fn make(
    style: *mut *mut impasto_style,
    body: impl FnOnce() -> Result<(Style, Vec<Part>)>,
) -> impasto_status {
    fenced(|| {
        check_output(style, "style")?;
        let (code, parts) = body()?;
        let made = impasto_style::new(code, parts);
        // SAFETY: checked; that it is writable is a condition of every caller.
        unsafe { give(style, made) };
        Ok(())
    })
}

fn of_picture(
    engine: &impasto_engine,
    picture: Picture,
    name: &str,
    cancel: Option<&impasto_cancel>,
) -> Result<(Style, Vec<Part>)> {
    // A clone: the host may free its object while this runs.
    let cancel = cancel.map_or_else(Cancel::new, |cancel| cancel.0.clone());
    let job = Job { cancel: &cancel, progress: &|_| {}, memory: None };
    let style = engine.engine.style_of_picture(&picture, name, job)?;
    let part = Part { picture: Arc::new(picture), weight: 1.0, mask: None, region: None };
    Ok((style, vec![part]))
}
