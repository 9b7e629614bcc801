//! Paintings of a shot that flicker less.

use super::cancel::impasto_cancel;
use super::engine::impasto_engine;
use super::fence::fenced;
use super::pixels::{HostPixels, impasto_pixels};
use super::pointer::{optional, shared, wrong};
use super::status::impasto_status;
use crate::error::Result;
use crate::image::Picture;
use crate::job::Cancel;
use crate::motion::{PaintedFrame, steady};

/// The most neighbours of a frame.
const MOST_NEIGHBORS: usize = 16;

/// Steadies the painting of a frame by the paintings of the frames around it. Noise makes other
/// strokes in every frame; this moves the neighbours' paintings along the motion of the shot and
/// takes the mean, where the motion explains the picture. What appears or disappears keeps its own
/// painting, and so does all of a frame next to a cut. Paint all frames in one look.
///
/// Of a neighbour no more is asked than that it exists: one of another size than the frame, or of
/// another shot, counts nothing. The result depends on nothing but what is given here. Alpha is
/// that of the painting. What no neighbour changes is copied bit by bit where the formats are
/// equal.
///
/// Output and painting may be the same buffer or overlap: the output is written when all is done,
/// and left as it was on every failure. Needs neither ONNX Runtime nor a network, and besides the
/// output 32 bytes for each pixel and less than 100 MB for the motion.
///
/// @param engine not NULL; its threads are used
/// @param picture the frame; it is only read
/// @param painting the frame's painting, everywhere if there is a mask; of the frame's size and
///                 curve; it is only read
/// @param neighbor_pictures `count` frames around, in any order; they are only read
/// @param neighbor_paintings the painting of each, of its frame's size and curve and of the curve
///                           of `painting`; they are only read
/// @param count 0 to 16; with 0 the lists may be NULL
/// @param mask the result covers the picture where this is white; of the frame's size; NULL for
///             everywhere
/// @param cancel may be NULL
/// @param output receives the result; of the frame's size and curve; its channels, number type,
///               alpha mode and stride may differ
/// @return `CANCELLED` when the cancel object asked for it; `ARGUMENT` for what does not fit
///
/// # Safety
/// Objects are NULL or not freed; lists are NULL or have `count` entries; pixels describe memory
/// that can be read, that of `output` written, and that nobody else writes during the call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn impasto_engine_steady(
    engine: *const impasto_engine,
    picture: *const impasto_pixels,
    painting: *const impasto_pixels,
    neighbor_pictures: *const *const impasto_pixels,
    neighbor_paintings: *const *const impasto_pixels,
    count: usize,
    mask: *const impasto_pixels,
    cancel: *const impasto_cancel,
    output: *const impasto_pixels,
) -> impasto_status {
    fenced(|| {
        // SAFETY (this and the blocks below): the caller's.
        let engine = unsafe { shared(engine, "engine") }?;
        if count > MOST_NEIGHBORS {
            return Err(wrong(format!(
                "cannot steady by {count} neighbours: at most {MOST_NEIGHBORS} can be taken"
            )));
        }
        let frame = unsafe { Frame::read(picture, painting, "picture", "painting") }?;
        let mut neighbors = Vec::new();
        for k in 0..count {
            let (pictures, paintings) = ("neighbor_pictures", "neighbor_paintings");
            unsafe {
                shared(neighbor_pictures, pictures)?;
                shared(neighbor_paintings, paintings)?;
                let (picture, painting) = (*neighbor_pictures.add(k), *neighbor_paintings.add(k));
                neighbors.push(Frame::read(picture, painting, pictures, paintings)?);
            }
        }
        let mut target = unsafe { HostPixels::read(output, "output") }?;
        let mask = match mask.is_null() {
            true => None,
            false => Some(unsafe { HostPixels::read(mask, "mask") }?),
        };
        let size = |pixels: &HostPixels| (pixels.width, pixels.height);
        let fits = |pixels: &HostPixels| size(pixels) == size(&frame.picture);
        if !fits(&target) || !mask.as_ref().is_none_or(fits) {
            let (width, height) = size(&frame.picture);
            return Err(wrong(format!(
                "cannot steady: output and mask are not {width}x{height} as the picture is"
            )));
        }
        let space = &frame.painting.color_space;
        let curves = neighbors.iter().map(|neighbor| &neighbor.painting.color_space);
        if curves.chain([&target.color_space]).any(|other| other != space) {
            return Err(wrong("cannot steady: paintings and output have different curves"));
        }

        // A clone: the host may free its object while this runs.
        let cancel = unsafe { optional(cancel, "cancel") }?;
        let cancel = cancel.map_or_else(Cancel::new, |cancel| cancel.0.clone());
        let (width, height) = size(&frame.picture);
        let mut steadied = Picture::new(width, height, target.format, space.clone())?;
        {
            let around = neighbors.iter().map(|neighbor| unsafe { neighbor.view() });
            let around = around.collect::<Result<Vec<_>>>()?;
            let mask = mask.as_ref().map(|mask| unsafe { mask.view() }).transpose()?;
            let threads = engine.engine.threads();
            let to = &mut steadied.view_mut();
            steady(unsafe { frame.view() }?, &around, mask, to, threads, &cancel)?;
        }
        unsafe { target.view_mut() }?.copy_rows(&steadied);
        Ok(())
    })
}

/// A frame and its painting.
struct Frame {
    picture: HostPixels,
    painting: HostPixels,
}

impl Frame {
    /// # Safety
    /// As of [`HostPixels::read`].
    unsafe fn read(
        picture: *const impasto_pixels,
        painting: *const impasto_pixels,
        picture_name: &str,
        painting_name: &str,
    ) -> Result<Self> {
        // SAFETY: this function's own condition.
        let (picture, painting) = unsafe {
            (HostPixels::read(picture, picture_name)?, HostPixels::read(painting, painting_name)?)
        };
        if (picture.width, picture.height) != (painting.width, painting.height)
            || picture.color_space != painting.color_space
        {
            return Err(wrong(format!(
                "cannot steady: '{painting_name}' has another size or curve than '{picture_name}'"
            )));
        }
        Ok(Self { picture, painting })
    }

    /// # Safety
    /// As of [`HostPixels::view`].
    unsafe fn view(&self) -> Result<PaintedFrame<'_>> {
        // SAFETY: this function's own condition.
        let (picture, painting) = unsafe { (self.picture.view()?, self.painting.view()?) };
        Ok(PaintedFrame { picture, painting, color_space: &self.picture.color_space })
    }
}
