//! Painting a picture in memory, with what a call was given.

use impasto::canvas::Canvas;
use impasto::fast::{Look, Style};
use impasto::image::Picture;
use impasto::job::Cancel;
use impasto::{
    Composition, Engine, Error, ErrorKind, Job, Observer, Report, Request, Result, Settings,
};

use super::{Painter, working_memory};

/// What all pictures of a call are painted with.
pub struct Painting<'a> {
    pub engine: &'a Engine,
    pub settings: &'a Settings,
    pub painter: &'a Painter,
    pub cancel: &'a Cancel,
    /// What the program may take.
    pub memory: Option<u64>,
}

/// What a frame has from others of its shot.
#[derive(Clone, Copy, Default)]
pub struct Shared<'a> {
    pub look: Option<&'a Look>,
    pub composition: Option<&'a Composition>,
}

impl Painting<'_> {
    /// The style that the fast method paints in: it alone has looks.
    ///
    /// # Errors
    /// `Argument`, about the option that asks for it, for other methods and networks.
    pub fn style_for(&self, option: &str) -> Result<&Style> {
        match self.painter {
            Painter::Style(style) => Ok(style),
            _ => {
                let what = format!(
                    "cannot use {option} with this method or network: only the fast method has it"
                );
                Err(Error::new(ErrorKind::Argument, what))
            }
        }
    }

    /// The painting of a picture, where `mask` is white.
    pub fn paint(
        &self,
        picture: &Picture,
        mask: Option<&Picture>,
        shared: Shared<'_>,
        observer: &dyn Observer,
    ) -> Result<(Picture, Report)> {
        let mut painted = blank(picture)?;
        let mask = scaled(mask, picture)?;
        let limit = self.memory.map(|limit| working_memory::beside(picture, limit)).transpose()?;
        let mut output = painted.view_mut();
        let canvas = Canvas {
            input: picture.view(),
            color_space: picture.color_space(),
            mask: mask.as_ref().map(Picture::view),
            output: &mut output,
        };
        let parts = self.painter.parts();
        let styles = self.painter.styles(&parts);
        let mut request = Request::new(canvas, styles, self.settings, self.cancel);
        request.start = self.painter.start();
        request.look = shared.look;
        request.composition = shared.composition;
        request.picture_scale = picture.squeeze();
        request.limits.memory = limit;
        let report = self.engine.paint(request, observer)?;
        Ok((painted, report))
    }

    /// The composition that the studio method paints a frame over, from that of the frame before.
    pub fn compose(&self, frame: &Picture, before: Option<&Composition>) -> Result<Composition> {
        let parts = self.painter.parts();
        let (styles, job) = (self.painter.styles(&parts), Job::silent(self.cancel));
        self.engine.compose(frame, styles, self.settings, before, job)
    }
}

/// Names the picture whose painting failed; what was stopped needs no words.
pub fn failed(input: &str, error: Error) -> Error {
    match error.kind() {
        ErrorKind::Cancelled => error,
        kind => Error::caused(kind, format!("cannot paint '{input}'"), error),
    }
}

/// A mask of a picture's size.
pub fn scaled(mask: Option<&Picture>, picture: &Picture) -> Result<Option<Picture>> {
    mask.map(|mask| mask.mask(picture.width(), picture.height())).transpose()
}

/// A picture for the painting of another, with what its file says besides the pixels.
pub fn blank(picture: &Picture) -> Result<Picture> {
    let space = picture.color_space().clone();
    let mut blank = Picture::new(picture.width(), picture.height(), picture.format(), space)?;
    blank.metadata_mut().clone_from(picture.metadata());
    Ok(blank)
}
