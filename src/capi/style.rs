//! Styles.

use std::ffi::{CString, c_char};
use std::path::Path;
use std::ptr;
use std::sync::Arc;

use super::engine::impasto_engine;
use super::fence::{fenced, fenced_or};
use super::handle::{self, make};
use super::mix::weighted;
use super::pixels::{HostPixels, impasto_pixels};
use super::pointer::{check, optional, optional_text, shared, text, wrong};
use super::run::{Run, impasto_run};
use super::status::impasto_status;
use crate::engine::{Engine, check_scale};
use crate::error::{Error, ErrorKind, Result};
use crate::fast::Style;
use crate::image::{Picture, Resolution, Unit};
use crate::optimize::{StylePart, StyleSource, StyleStatistics};

/// A style: what a painting is painted in. It never changes, may be used from several threads at
/// once, and does not depend on the engine that made it.
pub struct impasto_style {
    /// For the fast method.
    pub(super) code: Style,
    /// What the optimise method takes, or why it cannot.
    parts: Result<Vec<Part>, String>,
    name: CString,
    text: String,
}

/// One of the styles that are mixed.
#[derive(Clone)]
struct Part {
    source: PartSource,
    weight: f32,
    mask: Option<Arc<Picture>>,
}

#[derive(Clone)]
enum PartSource {
    Picture { picture: Arc<Picture>, region: Option<Arc<Picture>> },
    Statistics(Arc<StyleStatistics>),
}

impl impasto_style {
    fn new(code: Style, parts: Result<Vec<Part>, String>) -> Self {
        let name = CString::new(code.name.replace('\0', " ")).unwrap_or_default();
        let text = code.to_text();
        Self { code, parts, name, text }
    }

    /// The style of a picture, which it keeps for the optimise method.
    fn of_picture(engine: &Engine, picture: Picture, name: &str, run: &Run) -> Result<Self> {
        let code = engine.style_of_picture(&picture, name, run.job())?;
        let source = PartSource::Picture { picture: Arc::new(picture), region: None };
        Ok(Self::new(code, Ok(vec![Part::new(source)])))
    }

    /// A code with the statistics of its picture. Without them it is still one for the fast method.
    fn of_code(code: Style, statistics: Result<StyleStatistics>) -> Self {
        let parts = match statistics {
            Ok(statistics) => Ok(vec![Part::new(PartSource::Statistics(Arc::new(statistics)))]),
            Err(e) => Err(e.full_message()),
        };
        Self::new(code, parts)
    }

    /// A code alone, for the fast method.
    fn of_code_alone(code: Style) -> Self {
        let words = format!(
            "cannot optimise in the style '{}': it is a code alone; take it by name, or make it \
             from a picture file or pixels",
            code.name
        );
        Self::new(code, Err(words))
    }

    fn own_parts(&self) -> Result<&[Part]> {
        self.parts.as_deref().map_err(|words| Error::new(ErrorKind::Style, words))
    }

    /// What the optimise method takes.
    pub(super) fn parts(&self) -> Result<Vec<StylePart<'_>>> {
        // Of a mix, what has no weight is no part.
        let parts =
            self.own_parts()?.iter().filter(|part| part.weight > 0.0).map(|part| StylePart {
                source: match &part.source {
                    PartSource::Picture { picture, region } => {
                        StyleSource::Picture { picture, region: region.as_deref() }
                    }
                    PartSource::Statistics(statistics) => StyleSource::Statistics(statistics),
                },
                weight: part.weight,
                mask: part.mask.as_deref(),
            });
        Ok(parts.collect())
    }
}

impl Part {
    fn new(source: PartSource) -> Self {
        Self { source, weight: 1.0, mask: None }
    }

    /// The same where a mask is white, and of a region of its picture.
    fn masked(
        &self,
        style: &str,
        mask: Option<&Arc<Picture>>,
        region: Option<&Arc<Picture>>,
    ) -> Result<Self> {
        let mut masked = self.clone();
        masked.mask = mask.cloned().or(masked.mask);
        match (&mut masked.source, region) {
            (_, None) => {}
            (PartSource::Picture { region: own, .. }, Some(region)) => {
                *own = Some(Arc::clone(region));
            }
            (PartSource::Statistics(_), Some(_)) => {
                let what = format!(
                    "cannot take a region of the style '{style}': it has no picture; make it from \
                     a picture file or pixels"
                );
                return Err(Error::new(ErrorKind::Style, what));
            }
        }
        Ok(masked)
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
/// `engine` is NULL or not freed; `name` is NULL or ends with NUL; `style` is NULL or points to
/// writable room for a pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn impasto_style_from_name(
    engine: *const impasto_engine,
    name: *const c_char,
    style: *mut *mut impasto_style,
) -> impasto_status {
    let body = || {
        // SAFETY: the caller guarantees that the engine is not freed during the call, and that the
        // name ends with NUL.
        let (engine, name) = unsafe { (impasto_engine::given(engine)?, text(name, "name")?) };
        #[cfg(feature = "inject-panic")]
        assert!(name != "inject-panic", "a panic was asked for");
        let library = engine.styles()?;
        Ok(impasto_style::of_code(library.find(name)?, library.statistics(name)))
    };
    // SAFETY: the caller guarantees that there is room for the handle.
    unsafe { make(style, "style", body) }
}

/// The style of a picture file (PNG, JPEG, TIFF, WebP, OpenEXR), whose code is kept in the cache
/// folder, or one saved as `.toml`, which the optimise method takes if its statistics lie beside it
/// as `.safetensors`.
///
/// @param engine not NULL
/// @param path the file
/// @param run NULL for all defaults; `cancel` and `progress` are used
/// @param style receives the style; free it with `impasto_style_free`
/// @return `PICTURE`, `FILE`, `STYLE` for a file that cannot be used
///
/// # Safety
/// `engine` is NULL or not freed; `path` is NULL or ends with NUL; the run is NULL or was
/// initialised, callbacks may be called; `style` is NULL or points to writable room for a pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn impasto_style_from_file(
    engine: *const impasto_engine,
    path: *const c_char,
    run: *const impasto_run,
    style: *mut *mut impasto_style,
) -> impasto_status {
    let body = || {
        // SAFETY: the caller guarantees that the engine is not freed during the call, and that the
        // path ends with NUL.
        let (engine, path) = unsafe { (impasto_engine::given(engine)?, text(path, "path")?) };
        // SAFETY: the caller guarantees that it was initialised and its callbacks may be called.
        let run = unsafe { Run::read(run) }?;
        let path = Path::new(path);
        if path.extension().is_some_and(|ending| ending == "toml") {
            let code = Style::from_file(path)?;
            return Ok(impasto_style::of_code(code, StyleStatistics::beside(path)));
        }
        let picture = engine.read_picture(path)?;
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        impasto_style::of_picture(engine, picture, &name, &run)
    };
    // SAFETY: the caller guarantees that there is room for the handle.
    unsafe { make(style, "style", body) }
}

/// The style of a picture in memory.
///
/// @param engine not NULL
/// @param pixels the picture; it is only read
/// @param name what the style is called; NULL or empty for "picture"
/// @param run NULL for all defaults; `cancel` and `progress` are used, and `scale_x` and `scale_y`
///        where pixels are not square: 0.5 and 1 for those that are shown twice as wide as high
/// @param style receives the style; free it with `impasto_style_free`
/// @return `ARGUMENT` for pixels that are described wrongly
///
/// # Safety
/// `engine` is NULL or not freed; `pixels` is NULL or was initialised and describes memory that can
/// be read and that nobody writes during the call; `name` is NULL or ends with NUL; the run is NULL
/// or was initialised, callbacks may be called; `style` is NULL or points to writable room for a
/// pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn impasto_style_from_pixels(
    engine: *const impasto_engine,
    pixels: *const impasto_pixels,
    name: *const c_char,
    run: *const impasto_run,
    style: *mut *mut impasto_style,
) -> impasto_status {
    let body = || {
        // SAFETY: the caller guarantees that the engine is not freed during the call, and that the
        // name ends with NUL.
        let (engine, name) =
            unsafe { (impasto_engine::given(engine)?, optional_text(name, "name")?) };
        // SAFETY: the caller guarantees that the run was initialised and its callbacks may be
        // called, and that the pixels can be read and are not written.
        let (run, pixels) = unsafe { (Run::read(run)?, HostPixels::read(pixels, "pixels")?) };
        check_scale(run.scale())?;
        let mut picture = pixels.copied()?;
        let [x, y] = run.scale().map(f64::from);
        picture.metadata_mut().resolution = Some(Resolution { x, y, unit: Unit::Unknown });
        impasto_style::of_picture(engine, picture, name.unwrap_or("picture"), &run)
    };
    // SAFETY: the caller guarantees that there is room for the handle.
    unsafe { make(style, "style", body) }
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
/// `styles` and `weights` are NULL or have `count` entries; no style was freed; `style` is NULL or
/// points to writable room for a pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn impasto_style_mix(
    styles: *const *const impasto_style,
    weights: *const f32,
    count: usize,
    style: *mut *mut impasto_style,
) -> impasto_status {
    let body = || {
        // SAFETY: the caller guarantees lists of `count` entries, and styles that are not freed
        // during the call.
        let parts = unsafe { weighted(styles, weights, count, "styles") }?;
        let codes: Vec<_> = parts.iter().map(|(style, weight)| (&style.code, *weight)).collect();
        let mixed = Style::mix(&codes)?;
        let used = parts.iter().filter(|(_, weight)| *weight > 0.0);
        let own = used.map(|(style, share)| {
            let weighed = |part: &Part| Part { weight: part.weight * share, ..part.clone() };
            Ok(style.parts.as_ref().map_err(String::clone)?.iter().map(weighed).collect())
        });
        let parts = own.collect::<Result<Vec<Vec<_>>, String>>().map(|parts| parts.concat());
        Ok(impasto_style::new(mixed, parts))
    };
    // SAFETY: the caller guarantees that there is room for the handle.
    unsafe { make(style, "style", body) }
}

/// The same style for a part of the painting, or of a part of its picture. The optimise method
/// takes masked styles only where their masks are white, and looks only at their regions; the fast
/// method takes no notice. Mix such styles to give each part of a painting a style of its own.
///
/// @param style not NULL
/// @param mask where the painting takes the style, of any size; NULL for everywhere
/// @param region which part of the style's picture counts, of any size; NULL for all of it
/// @param masked receives the new style; free it with `impasto_style_free`
/// @return `STYLE` for a style that is a code alone, and for a region of one without its picture;
///         `ARGUMENT` for wrong pixels
///
/// # Safety
/// `style` is NULL or not freed; `mask` and `region` are NULL or were initialised, and describe
/// memory that can be read and that nobody writes during the call; `masked` is NULL or points to
/// writable room for a pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn impasto_style_masked(
    style: *const impasto_style,
    mask: *const impasto_pixels,
    region: *const impasto_pixels,
    masked: *mut *mut impasto_style,
) -> impasto_status {
    let body = || {
        // SAFETY: the caller guarantees that the style is not freed during the call.
        let style = unsafe { shared(style, "style") }?;
        let parts = style.own_parts()?;
        let copy = |pixels, name| {
            // SAFETY: the caller guarantees that the pixels can be read and are not written.
            let pixels = unsafe { HostPixels::optional(pixels, name) }?;
            pixels.map(|pixels| pixels.copied().map(Arc::new)).transpose()
        };
        let (mask, region) = (copy(mask, "mask")?, copy(region, "region")?);
        let name = &style.code.name;
        let parts = parts.iter().map(|part| part.masked(name, mask.as_ref(), region.as_ref()));
        Ok(impasto_style::new(style.code.clone(), Ok(parts.collect::<Result<_>>()?)))
    };
    // SAFETY: the caller guarantees that there is room for the handle.
    unsafe { make(masked, "masked", body) }
}

/// A style that was saved. It is a code alone, for the fast method.
///
/// @param bytes what `impasto_style_bytes` returned
/// @param length how many bytes
/// @param style receives the style; free it with `impasto_style_free`
/// @return `STYLE` for bytes that are no style
///
/// # Safety
/// `bytes` is NULL or points to `length` bytes; `style` is NULL or points to
/// writable room for a pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn impasto_style_from_bytes(
    bytes: *const u8,
    length: usize,
    style: *mut *mut impasto_style,
) -> impasto_status {
    let body = || {
        check(bytes, "bytes")?;
        if isize::try_from(length).is_err() {
            return Err(wrong(format!("'length' is {length} bytes, more than memory holds")));
        }
        // SAFETY: not NULL, as checked, and no longer than an object may be; the caller guarantees
        // so many bytes.
        let bytes = unsafe { std::slice::from_raw_parts(bytes, length) };
        Ok(impasto_style::of_code_alone(Style::from_bytes(bytes)?))
    };
    // SAFETY: the caller guarantees that there is room for the handle.
    unsafe { make(style, "style", body) }
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
        check(bytes, "bytes")?;
        check(length, "length")?;
        // SAFETY: the caller guarantees that the style is not freed during the call.
        let style = unsafe { shared(style, "style") }?;
        // SAFETY: not NULL and aligned, as checked; the caller guarantees that both are writable.
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
    fenced_or(ptr::null(), || {
        // SAFETY: the caller guarantees that the style is not freed during the call.
        let style = unsafe { optional(style, "style") }.ok().flatten();
        style.map_or(ptr::null(), |style| style.name.as_ptr())
    })
}

/// Frees the style and sets the handle to NULL. NULL and a handle of NULL are allowed.
///
/// @param style the address of the handle
///
/// # Safety
/// `style` is NULL or points to a handle that no other thread uses in this moment.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn impasto_style_free(style: *mut *mut impasto_style) {
    // SAFETY: the caller guarantees that the handle is this thread's alone.
    unsafe { handle::free(style) };
}
