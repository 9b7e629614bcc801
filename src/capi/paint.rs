//! Painting.

use std::ffi::CString;
use std::time::Instant;

use super::engine::impasto_engine;
use super::fence::fenced;
use super::options::impasto_paint_options;
use super::pixels::{HostPixels, impasto_pixels};
use super::pointer::{Growing, optional, shared, write_sized, wrong};
use super::report::impasto_report;
use super::status::impasto_status;
use super::style::impasto_style;
use crate::canvas::Canvas;
use crate::image::Picture;
use crate::job::{Cancel, Job, Progress};
use crate::optimize::{Preview, Watching};
use crate::parameters::Method;

/// Paints a picture in a style, with the method that the options name.
///
/// Input and output may be the same buffer or overlap: the output is written when the painting
/// is complete, and left as it was on every failure. Colours under an alpha of 0 stay as they
/// are; alpha is kept; an output without alpha gets the colours alone. Values that the network
/// cannot see (light above 1) are carried over unchanged.
///
/// @param engine not NULL
/// @param style not NULL
/// @param options NULL for all defaults
/// @param input the picture; it is only read
/// @param mask the painting covers the picture where this is white; of the picture's size; NULL
///             for everywhere
/// @param output receives the painting; of the picture's size and curve; its channels, number
///               type, alpha mode and stride may differ
/// @param report receives what it took; may be NULL
/// @return `CANCELLED` when the callback or the cancel object asked for it
///
/// # Safety
/// Objects are NULL or not freed; options and report were initialised; pixels describe memory
/// that can be read, that of `output` written, and that nobody else writes during the call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn impasto_engine_paint(
    engine: *const impasto_engine,
    style: *const impasto_style,
    options: *const impasto_paint_options,
    input: *const impasto_pixels,
    mask: *const impasto_pixels,
    output: *const impasto_pixels,
    report: *mut impasto_report,
) -> impasto_status {
    fenced(|| {
        let started = Instant::now();
        // SAFETY (this and the blocks below): the caller's.
        let (engine, style) = unsafe { (shared(engine, "engine")?, shared(style, "style")?) };
        let options = unsafe { impasto_paint_options::read(options) }?;
        let settings = unsafe { options.settings() }?;
        let source = unsafe { HostPixels::read(input, "input") }?;
        let mut target = unsafe { HostPixels::read(output, "output") }?;
        let mask = match mask.is_null() {
            true => None,
            false => Some(unsafe { HostPixels::read(mask, "mask") }?),
        };
        let room = unsafe { optional(report.cast_const().cast::<usize>(), "report") }?.copied();
        if let Some(room) = room.filter(|&room| room < impasto_report::FIRST_SIZE) {
            return Err(wrong(format!("'report' has the struct_size {room}: initialise it")));
        }
        if source.color_space != target.color_space {
            return Err(wrong("cannot paint: input and output have different curves"));
        }
        let (width, height) = (source.width, source.height);
        if (width, height) != (target.width, target.height) {
            return Err(wrong(format!(
                "cannot paint: the output is {}x{}, the picture {width}x{height}",
                target.width, target.height
            )));
        }

        let look = unsafe { optional(options.look, "look") }?.map(|look| &look.look);
        // A clone: the host may free its object while this runs.
        let cancel = unsafe { optional(options.cancel, "cancel") }?;
        let cancel = cancel.map_or_else(Cancel::new, |cancel| cancel.0.clone());
        // The callback's own wish to stop must not reach other paintings of the same object.
        let own = Cancel::new();
        let relay = own.clone();
        let _relayed = cancel.on_request(move || relay.request());
        let callback = HostProgress { options: &options, cancel: &own };
        let show = |progress: Progress| callback.call(progress);
        let memory = (options.memory_budget > 0).then_some(options.memory_budget);
        let job = Job { cancel: &own, progress: &show, memory };

        let space = target.color_space.clone();
        let mut painted = Picture::new(width, height, target.format, space)?;
        let words = {
            let canvas = Canvas {
                input: unsafe { source.view() }?,
                color_space: &source.color_space,
                mask: match &mask {
                    Some(mask) => Some(unsafe { mask.view() }?),
                    None => None,
                },
                output: &mut painted.view_mut(),
            };
            match settings.method {
                Method::Fast => {
                    let fast = &settings.fast;
                    let report =
                        engine.engine.paint_fast_in_look(canvas, &style.style, fast, look, job)?;
                    impasto_report::new(&report, started.elapsed())
                }
                Method::Optimize => {
                    if look.is_some() {
                        return Err(wrong(
                            "cannot optimise in a look: only the fast method has it",
                        ));
                    }
                    let preview = HostPreview(&options);
                    let show = |preview_now: Preview<'_>| preview.call(&preview_now);
                    let watching = Watching {
                        preview: options.preview.is_some().then_some(&show),
                        preview_every: options.preview_every,
                    };
                    let pictures = style.pictures()?;
                    let report = engine.engine.paint_optimize(
                        canvas,
                        &pictures,
                        &settings.optimize,
                        watching,
                        job,
                    )?;
                    impasto_report::of_optimization(&report, started.elapsed())
                }
            }
        };
        unsafe { target.view_mut() }?.copy_rows(&painted);
        if let Some(room) = room {
            unsafe { write_sized(report, room, words, "report") }?;
        }
        Ok(())
    })
}

/// The host's view of an optimisation, which is called on one thread only.
struct HostPreview<'a>(&'a impasto_paint_options);

// SAFETY: as of `HostProgress`.
unsafe impl Sync for HostPreview<'_> {}

impl HostPreview<'_> {
    fn call(&self, preview: &Preview<'_>) {
        let Some(callback) = self.0.preview else { return };
        let pixels = impasto_pixels::of_preview(preview.picture);
        // SAFETY: the caller gave the callback with its data.
        unsafe {
            callback(
                self.0.preview_user_data,
                &pixels,
                preview.step,
                preview.steps,
                preview.losses.total,
            );
        }
    }
}

/// The host's callback, which is called on one thread only.
struct HostProgress<'a> {
    options: &'a impasto_paint_options,
    cancel: &'a Cancel,
}

// SAFETY: the engine calls it on the thread that called the library; what it holds is plain data.
unsafe impl Sync for HostProgress<'_> {}

impl HostProgress<'_> {
    fn call(&self, progress: Progress) {
        let Some(callback) = self.options.progress else { return };
        let phase = CString::new(progress.phase).unwrap_or_default();
        // SAFETY: the caller gave the callback with its data.
        let stop =
            unsafe { callback(self.options.progress_user_data, progress.fraction, phase.as_ptr()) };
        if stop != 0 {
            self.cancel.request();
        }
    }
}
