//! Painting.

use super::asked::Asked;
use super::engine::impasto_engine;
use super::fence::fenced;
use super::pixels::{HostOutput, HostPixels, impasto_pixels};
use super::pointer::wrong;
use super::report::impasto_report;
use super::run::impasto_run;
use super::settings::impasto_settings;
use super::sized;
use super::status::impasto_status;
use super::style::impasto_style;
use crate::canvas::Canvas;
use crate::observer::Observer;
use crate::request::{Limits, Request, Styles};
use crate::settings::Method;

/// Paints a picture in a style, with the method that the settings name.
///
/// Input and output may be the same buffer or overlap: the output is written when the painting
/// is complete, and left as it was on every failure. Several threads may paint parts of one image
/// at once: only pixels are read and written, never what lies between rows. Colours under an alpha
/// of 0 stay as they are; alpha is kept; an output without alpha gets the colours alone. Values
/// that the network cannot see (light above 1) are carried over unchanged.
///
/// @param engine not NULL
/// @param style not NULL
/// @param settings NULL for all defaults
/// @param run NULL for all defaults; all of it is used
/// @param input the picture; it is only read
/// @param mask the painting covers the picture where this is white; of the picture's size; NULL
///             for everywhere
/// @param output receives the painting; of the picture's size and curve; its channels, number
///               type, alpha mode and stride may differ
/// @param report receives what it took; may be NULL
/// @return `CANCELLED` when the callback or the cancel object asked for it, unless the setting
///         "on-cancel" keeps the painting as it stands; then the report says so
///
/// # Safety
/// Objects are NULL or not freed, settings not changed; the run, pixels and report are NULL or were
/// initialised, callbacks may be called; pixels describe memory that can be read, that of `output`
/// written, and that nobody else writes during the call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn impasto_engine_paint(
    engine: *const impasto_engine,
    style: *const impasto_style,
    settings: *const impasto_settings,
    run: *const impasto_run,
    input: *const impasto_pixels,
    mask: *const impasto_pixels,
    output: *const impasto_pixels,
    report: *mut impasto_report,
) -> impasto_status {
    fenced(|| {
        // SAFETY: the caller guarantees that objects are not freed or changed during the call, and
        // that the run was initialised and its callbacks may be called.
        let Asked { engine, style, settings, run } =
            unsafe { Asked::read(engine, style, settings, run) }?;
        // SAFETY: the caller guarantees that the pixels can be read and are not written by others.
        let (source, mask) =
            unsafe { (HostPixels::read(input, "input")?, HostPixels::optional(mask, "mask")?) };
        // SAFETY: the caller guarantees that the output can be written and is nobody else's.
        let mut target = unsafe { HostOutput::read(output, "output") }?;
        // SAFETY: the caller guarantees that the report was initialised, so it begins with its
        // size.
        let room = (!report.is_null())
            .then(|| unsafe { sized::read_room(report.cast_const(), "report") })
            .transpose()?;
        if source.color_space() != target.color_space() {
            return Err(wrong("cannot paint: input and output have different curves"));
        }
        let ([width, height], [columns, rows]) = (source.size(), target.size());
        if [width, height] != [columns, rows] {
            return Err(wrong(format!(
                "cannot paint: the output is {columns}x{rows}, the picture {width}x{height}"
            )));
        }
        let parts = match settings.method {
            Method::Fast => Vec::new(),
            Method::Optimize | Method::Studio => style.parts()?,
        };
        let start = run.start()?;
        let mut painted = target.picture()?;
        let canvas = Canvas {
            input: source.view()?,
            color_space: source.color_space(),
            mask: mask.as_ref().map(HostPixels::view).transpose()?,
            output: &mut painted.view_mut(),
        };
        let request = Request {
            canvas,
            styles: Styles { code: Some(&style.code), parts: &parts, network: None },
            settings: &settings,
            look: run.look()?,
            composition: None,
            start: start.as_ref(),
            picture_scale: run.scale(),
            is_draft: run.is_draft(),
            limits: Limits { memory: run.memory(), cancel: run.cancel() },
        };
        let observer: &dyn Observer = run.listener();
        let took = engine.paint(request, observer)?;
        target.write(&painted);
        if let Some(room) = room {
            // SAFETY: the caller guarantees that the report has as many bytes as it says.
            unsafe { sized::write(report, room, impasto_report::of(&took), "report") }?;
        }
        Ok(())
    })
}
