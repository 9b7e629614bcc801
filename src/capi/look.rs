//! Looks: what the frames of a shot share so that they do not flicker.

use std::ffi::c_char;
use std::path::Path;

use super::cancel::impasto_cancel;
use super::engine::impasto_engine;
use super::fence::fenced;
use super::options::impasto_paint_options;
use super::pixels::{HostPixels, impasto_pixels};
use super::pointer::{check_output, give, optional, shared, take, text, wrong};
use super::status::impasto_status;
use super::style::impasto_style;
use crate::error::Result;
use crate::fast::{FastOptions, Look};
use crate::job::{Cancel, Job};

/// What a painting takes from the whole of its picture. Every picture has its own, found anew at
/// each painting; frames of a shot that are painted in one do not pump. It never changes, may be
/// used from several threads at once, and does not depend on the engine that made it.
pub struct impasto_look {
    pub(super) look: Look,
}

/// Finds the look that `impasto_engine_paint` would give to a picture, in a fraction of the time.
///
/// @param engine not NULL
/// @param style not NULL
/// @param options NULL for all defaults; `progress` and `look` are not used
/// @param pixels the picture; it is only read
/// @param cancel may be NULL
/// @param look receives the look; free it with `impasto_look_free`
/// @return as `impasto_engine_paint`
///
/// # Safety
/// Objects are NULL or not freed; `options` were initialised; `pixels` describe memory that can be
/// read; `look` is NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn impasto_look_from_pixels(
    engine: *const impasto_engine,
    style: *const impasto_style,
    options: *const impasto_paint_options,
    pixels: *const impasto_pixels,
    cancel: *const impasto_cancel,
    look: *mut *mut impasto_look,
) -> impasto_status {
    // SAFETY: the caller's.
    make(look, || unsafe {
        let (engine, style) = (shared(engine, "engine")?, shared(style, "style")?);
        let fast = impasto_paint_options::read(options)?.settings()?.fast;
        let pixels = HostPixels::read(pixels, "pixels")?;
        // A clone: the host may free its object while this runs.
        let cancel = optional(cancel, "cancel")?;
        let cancel = cancel.map_or_else(Cancel::new, |cancel| cancel.0.clone());
        let job = Job { cancel: &cancel, progress: &|_| {}, memory: None };
        let (view, space) = (pixels.view()?, &pixels.color_space);
        engine.engine.look_fast(view, space, &style.style, &fast, job)
    })
}

/// As `impasto_look_from_pixels`, of a picture file.
///
/// @param engine not NULL
/// @param style not NULL
/// @param options NULL for all defaults; `progress`, `look` and the scales are not used
/// @param path the file
/// @param cancel may be NULL
/// @param look receives the look; free it with `impasto_look_free`
/// @return as `impasto_engine_paint`; `PICTURE` and `FILE` for a file that cannot be used
///
/// # Safety
/// Objects are NULL or not freed; `options` were initialised; `path` is NULL or ends with NUL;
/// `look` is NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn impasto_look_from_file(
    engine: *const impasto_engine,
    style: *const impasto_style,
    options: *const impasto_paint_options,
    path: *const c_char,
    cancel: *const impasto_cancel,
    look: *mut *mut impasto_look,
) -> impasto_status {
    // SAFETY: the caller's.
    make(look, || unsafe {
        let (engine, style) = (shared(engine, "engine")?, shared(style, "style")?);
        let fast = impasto_paint_options::read(options)?.settings()?.fast;
        let fast = FastOptions { picture_scale: [1.0; 2], ..fast };
        let cancel = optional(cancel, "cancel")?;
        let cancel = cancel.map_or_else(Cancel::new, |cancel| cancel.0.clone());
        let picture = crate::file::read(Path::new(text(path, "path")?))?;
        let job = Job { cancel: &cancel, progress: &|_| {}, memory: None };
        let (view, space) = (picture.view(), picture.color_space());
        engine.engine.look_fast(view, space, &style.style, &fast, job)
    })
}

/// The mean of several looks by weight, such as those of neighbouring frames. Weights need not sum
/// to 1.
///
/// @param looks `count` looks
/// @param weights `count` weights, 0 or more, at least one above 0
/// @param count at least 1
/// @param look receives the new look; free it with `impasto_look_free`
/// @return `ARGUMENT` for wrong weights and for looks of different networks
///
/// # Safety
/// `looks` and `weights` are NULL or have `count` entries; no look was freed; `look` is NULL or
/// writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn impasto_look_mix(
    looks: *const *const impasto_look,
    weights: *const f32,
    count: usize,
    look: *mut *mut impasto_look,
) -> impasto_status {
    // SAFETY: the caller's.
    make(look, || unsafe {
        shared(looks, "looks")?;
        shared(weights, "weights")?;
        if !(1..=1024).contains(&count) {
            return Err(wrong(format!("cannot mix {count} looks: from 1 to 1024 can be mixed")));
        }
        let looks = std::slice::from_raw_parts(looks, count);
        let weights = std::slice::from_raw_parts(weights, count);
        let parts = looks
            .iter()
            .zip(weights)
            .map(|(&look, &weight)| Ok((&shared(look, "looks")?.look, weight)))
            .collect::<Result<Vec<_>>>()?;
        Look::mix(&parts)
    })
}

/// Frees the look and sets the handle to NULL. NULL and a handle of NULL are allowed.
///
/// # Safety
/// `look` is NULL or points to a handle that no other thread uses in this moment.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn impasto_look_free(look: *mut *mut impasto_look) {
    // SAFETY: the caller's.
    drop(unsafe { take(look) });
}

fn make(look: *mut *mut impasto_look, body: impl FnOnce() -> Result<Look>) -> impasto_status {
    fenced(|| {
        check_output(look, "look")?;
        let made = impasto_look { look: body()? };
        // SAFETY: checked; that it is writable is a condition of every caller.
        unsafe { give(look, made) };
        Ok(())
    })
}
