//! Paintings of a shot that flicker less.

use super::engine::impasto_engine;
use super::fence::fenced;
use super::pixels::{HostOutput, HostPixels, impasto_pixels};
use super::pointer::{check, wrong};
use super::run::{Run, impasto_run};
use super::status::impasto_status;
use crate::error::Result;
use crate::motion::PaintedFrame;

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
/// @param run NULL for all defaults; `cancel` is used
/// @param output receives the result; of the frame's size and curve; its channels, number type,
///               alpha mode and stride may differ
/// @return `CANCELLED` when the cancel object asked for it; `ARGUMENT` for what does not fit
///
/// # Safety
/// The engine is NULL or not freed; the run and pixels are NULL or were initialised, callbacks may
/// be called; lists are NULL or have `count` entries; pixels describe memory that can be read, that
/// of `output` written, and that nobody else writes during the call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn impasto_engine_steady(
    engine: *const impasto_engine,
    picture: *const impasto_pixels,
    painting: *const impasto_pixels,
    neighbor_pictures: *const *const impasto_pixels,
    neighbor_paintings: *const *const impasto_pixels,
    count: usize,
    mask: *const impasto_pixels,
    run: *const impasto_run,
    output: *const impasto_pixels,
) -> impasto_status {
    fenced(|| {
        // SAFETY: the caller guarantees that the engine is not freed during the call, and that the
        // run was initialised and its callbacks may be called.
        let (engine, run) = unsafe { (impasto_engine::given(engine)?, Run::read(run)?) };
        if count > MOST_NEIGHBORS {
            return Err(wrong(format!(
                "cannot steady by {count} neighbours: at most {MOST_NEIGHBORS} can be taken"
            )));
        }
        let (pictures, paintings) = ("neighbor_pictures", "neighbor_paintings");
        // SAFETY: the caller guarantees that the pixels can be read and are not written by others.
        let frame = unsafe { Frame::read([picture, painting], ["picture", "painting"]) }?;
        let mut neighbors = Vec::new();
        for k in 0..count {
            check(neighbor_pictures, pictures)?;
            check(neighbor_paintings, paintings)?;
            // SAFETY: not NULL and aligned, as checked; the caller guarantees `count` entries, of
            // which this is one.
            let pair = unsafe { [*neighbor_pictures.add(k), *neighbor_paintings.add(k)] };
            // SAFETY: the caller guarantees that the pixels can be read and are not written by
            // others.
            neighbors.push(unsafe { Frame::read(pair, [pictures, paintings]) }?);
        }
        // SAFETY: the caller guarantees that the mask can be read and is not written by others.
        let mask = unsafe { HostPixels::optional(mask, "mask") }?;
        // SAFETY: the caller guarantees that the output can be written and is nobody else's.
        let mut target = unsafe { HostOutput::read(output, "output") }?;
        let [width, height] = frame.picture.size();
        let sizes = mask.iter().map(HostPixels::size).chain([target.size()]);
        if sizes.into_iter().any(|size| size != [width, height]) {
            return Err(wrong(format!(
                "cannot steady: output and mask are not {width}x{height} as the picture is"
            )));
        }
        let space = frame.painting.color_space();
        let curves = neighbors.iter().map(|neighbor| neighbor.painting.color_space());
        if curves.chain([target.color_space()]).any(|other| other != space) {
            return Err(wrong("cannot steady: paintings and output have different curves"));
        }

        let mut steadied = target.picture()?;
        let around = neighbors.iter().map(Frame::view).collect::<Result<Vec<_>>>()?;
        let mask = mask.as_ref().map(HostPixels::view).transpose()?;
        engine.steady(frame.view()?, &around, mask, &mut steadied.view_mut(), run.cancel())?;
        target.write(&steadied);
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
    /// As of [`HostPixels::read`], of both.
    unsafe fn read(pair: [*const impasto_pixels; 2], names: [&str; 2]) -> Result<Self> {
        // SAFETY: this function's condition is that of `HostPixels::read`, of both.
        let (picture, painting) =
            unsafe { (HostPixels::read(pair[0], names[0])?, HostPixels::read(pair[1], names[1])?) };
        if picture.size() != painting.size() || picture.color_space() != painting.color_space() {
            return Err(wrong(format!(
                "cannot steady: '{}' has another size or curve than '{}'",
                names[1], names[0]
            )));
        }
        Ok(Self { picture, painting })
    }

    fn view(&self) -> Result<PaintedFrame<'_>> {
        let (picture, painting) = (self.picture.view()?, self.painting.view()?);
        Ok(PaintedFrame { picture, painting, color_space: self.picture.color_space() })
    }
}
