//! Finding the look of a picture.

use std::ffi::c_char;
use std::path::Path;

use super::asked::Asked;
use super::engine::impasto_engine;
use super::handle::make;
use super::look::impasto_look;
use super::pixels::{HostPixels, impasto_pixels};
use super::pointer::text;
use super::run::impasto_run;
use super::settings::impasto_settings;
use super::status::impasto_status;
use super::style::impasto_style;

/// Finds the look that `impasto_engine_paint` would give to a picture, in a fraction of the time.
///
/// @param engine not NULL
/// @param style not NULL
/// @param settings NULL for all defaults; those of the fast method are used
/// @param run NULL for all defaults; `cancel`, `scale_x`, `scale_y` and `progress` are used
/// @param pixels the picture; it is only read
/// @param look receives the look; free it with `impasto_look_free`
/// @return as `impasto_engine_paint`
///
/// # Safety
/// Objects are NULL or not freed, settings not changed; the run and pixels are NULL or were
/// initialised, callbacks may be called; `pixels` describe memory that can be read and that nobody
/// writes during the call; `look` is NULL or points to writable room for a pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn impasto_look_from_pixels(
    engine: *const impasto_engine,
    style: *const impasto_style,
    settings: *const impasto_settings,
    run: *const impasto_run,
    pixels: *const impasto_pixels,
    look: *mut *mut impasto_look,
) -> impasto_status {
    let body = || {
        // SAFETY: the caller guarantees that objects are not freed or changed during the call, and
        // that the run was initialised and its callbacks may be called.
        let asked = unsafe { Asked::read(engine, style, settings, run) }?;
        // SAFETY: the caller guarantees that the pixels can be read and are not written.
        let pixels = unsafe { HostPixels::read(pixels, "pixels") }?;
        let Asked { engine, style, settings, run } = &asked;
        let (view, space) = (pixels.view()?, pixels.color_space());
        Ok(impasto_look(engine.look(view, space, &style.code, settings, run.scale(), run.job())?))
    };
    // SAFETY: the caller guarantees that there is room for the handle.
    unsafe { make(look, "look", body) }
}

/// As `impasto_look_from_pixels`, of a picture file; or reads a look that `impasto look` wrote to a
/// file whose name ends in `.look`.
///
/// @param engine not NULL
/// @param style not NULL
/// @param settings NULL for all defaults; those of the fast method are used
/// @param run NULL for all defaults; `cancel` and `progress` are used
/// @param path the file
/// @param look receives the look; free it with `impasto_look_free`
/// @return as `impasto_engine_paint`; `PICTURE` and `FILE` for a file that cannot be used
///
/// # Safety
/// Objects are NULL or not freed, settings not changed; the run is NULL or was initialised,
/// callbacks may be called; `path` is NULL or ends with NUL; `look` is NULL or points to writable
/// room for a pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn impasto_look_from_file(
    engine: *const impasto_engine,
    style: *const impasto_style,
    settings: *const impasto_settings,
    run: *const impasto_run,
    path: *const c_char,
    look: *mut *mut impasto_look,
) -> impasto_status {
    let body = || {
        // SAFETY: the caller guarantees that objects are not freed or changed during the call, and
        // that the run was initialised and its callbacks may be called.
        let asked = unsafe { Asked::read(engine, style, settings, run) }?;
        // SAFETY: the caller guarantees that the path ends with NUL.
        let path = unsafe { text(path, "path") }?;
        let Asked { engine, style, settings, run } = &asked;
        let look = engine.look_of_file(Path::new(path), &style.code, settings, run.job())?;
        Ok(impasto_look(look))
    };
    // SAFETY: the caller guarantees that there is room for the handle.
    unsafe { make(look, "look", body) }
}
