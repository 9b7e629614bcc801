//! Steadying paintings.

use crate::engine::Engine;
use crate::error::Result;
use crate::frame::PaintedFrame;
use crate::pixels::{Pixels, PixelsMut};
use crate::run::Run;

impl Engine {
    /// Steadies the painting of a frame by those of up to 16 frames around it, which are moved
    /// along the motion of the shot, and averaged where it explains the picture. Paint all in one
    /// [`Look`](crate::Look). Neighbours of another size or of another shot count nothing. The
    /// output has the frame's size and curve; it is written when all is done, and left as it was
    /// on every failure. The result covers the picture where `mask` is white. Of the run, the
    /// request to stop counts. Loads neither ONNX Runtime nor a network.
    ///
    /// # Errors
    /// `Argument` for what does not fit together, `Cancelled`, or what went wrong.
    pub fn steady(
        &self,
        frame: &PaintedFrame<'_>,
        neighbors: &[PaintedFrame<'_>],
        mask: Option<&Pixels<'_>>,
        run: Run<'_>,
        output: &mut PixelsMut<'_>,
    ) -> Result<()> {
        let (functions, output) = (self.library().functions(), output.reborrowed());
        functions.steady(self.handle(), frame, neighbors, mask, run.asked(), output)
    }
}
