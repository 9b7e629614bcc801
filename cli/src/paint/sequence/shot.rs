//! The frames of a shot: their pictures, looks and paintings, each of which depends on the frames
//! alone. So chunks of any size give the same paintings.

use std::collections::BTreeMap;
use std::rc::Rc;

use impasto::fast::{Look, Style};
use impasto::image::Picture;
use impasto::settings::Method;
use impasto::{Composition, Error, ErrorKind, Job, PaintedFrame, Report, Result};

use super::latest::Latest;
use super::progress::ShotProgress;
use super::source::Source;
use crate::paint::Painter;
use crate::paint::look::LookChoice;
use crate::paint::painting::{Painting, Shared, blank, scaled};

/// Frames further away than this many times the smoothing count for less than a tenth.
const REACH: f64 = 2.5;

/// A shot that is being painted.
pub struct Shot<'a> {
    pub source: &'a Source,
    pub painting: &'a Painting<'a>,
    pub look: &'a LookChoice,
    /// How many frames to each side a painting is averaged with.
    pub steady: i64,
    /// With the studio method, compose every Nth frame afresh, besides those behind cuts.
    pub key_every: Option<i64>,
    pub progress: &'a ShotProgress,
    pub known: Known,
}

/// What was read and made, as long as later frames may need it.
#[derive(Default)]
pub struct Known {
    pictures: Latest<Rc<Picture>>,
    paintings: Latest<(Rc<Picture>, Report)>,
    compositions: Latest<Composition>,
    looks: BTreeMap<i64, Look>,
    /// Whether a frame and the next belong to one shot.
    links: BTreeMap<i64, bool>,
    /// The look of all frames, if they have one.
    shared: Option<Look>,
}

impl Shot<'_> {
    /// Finds the look that all frames share, if there is one.
    ///
    /// # Errors
    /// Where it cannot be found: no frame can be painted then.
    pub fn prepare(&mut self) -> Result<()> {
        let Painter::Style(style) = self.painting.painter else { return Ok(()) };
        let Painting { engine, settings, .. } = self.painting;
        self.known.shared = match self.look {
            LookChoice::Each | LookChoice::Smoothed(_) => None,
            LookChoice::Frame(locked) => Some(self.look_of(*locked, style).map_err(|e| {
                Error::caused(e.kind(), format!("cannot lock the look to frame {locked}"), e)
            })?),
            LookChoice::File(path) => {
                Some(engine.look_of_file(path, style, settings, self.job())?)
            }
        };
        Ok(())
    }

    /// The painting of a frame where `mask` is white, in the shot's look and steadied.
    pub fn paint(&mut self, frame: i64, mask: Option<&Picture>) -> Result<(Picture, Report)> {
        let picture = self.picture(frame)?;
        if self.steady == 0 {
            return self.paint_alone(frame, &picture, mask);
        }
        let (own, report) = self.painted(frame)?;
        let mut around = Vec::new();
        for near in frame - self.steady..=frame + self.steady {
            if near != frame && self.source.has(near)? {
                match self.picture(near).and_then(|picture| Ok((picture, self.painted(near)?.0))) {
                    Ok(neighbor) => around.push(neighbor),
                    Err(e) if e.kind() == ErrorKind::Cancelled => return Err(e),
                    Err(e) => {
                        log::warn!("{}: not steadied by {near}: {e}", self.source.name(frame));
                    }
                }
            }
        }
        let mut steadied = blank(&picture)?;
        let frames: Vec<_> =
            around.iter().map(|(picture, painting)| pair(picture, painting)).collect();
        let mask = scaled(mask, &picture)?;
        self.painting.engine.steady(
            pair(&picture, &own),
            &frames,
            mask.as_ref().map(Picture::view),
            &mut steadied.view_mut(),
            self.painting.cancel,
        )?;
        Ok((steadied, report))
    }

    /// The painting of a frame as it is before it is steadied.
    fn paint_alone(
        &mut self,
        frame: i64,
        picture: &Picture,
        mask: Option<&Picture>,
    ) -> Result<(Picture, Report)> {
        let (look, composition) = (self.look_for(frame)?, self.composition(frame)?);
        let shared = Shared { look: look.as_ref(), composition: composition.as_ref() };
        self.painting.paint(picture, mask, shared, &())
    }

    fn painted(&mut self, frame: i64) -> Result<(Rc<Picture>, Report)> {
        let known = self.known.paintings.find(frame);
        if let Some(painted) = known {
            return Ok(painted);
        }
        let picture = self.picture(frame)?;
        let (painted, report) = self.paint_alone(frame, &picture, None)?;
        let painted = (Rc::new(painted), report);
        self.known.paintings.keep(frame, painted.clone(), self.most());
        Ok(painted)
    }

    fn picture(&mut self, frame: i64) -> Result<Rc<Picture>> {
        let known = self.known.pictures.find(frame);
        if let Some(picture) = known {
            return Ok(picture);
        }
        self.painting.cancel.check()?;
        let picture = self.source.picture(frame)?;
        self.known.pictures.keep(frame, Rc::clone(&picture), self.most());
        Ok(picture)
    }

    /// What the next frame needs again.
    fn most(&self) -> usize {
        2 + 2 * usize::try_from(self.steady).unwrap_or(0)
    }

    fn job(&self) -> Job<'_> {
        Job::silent(self.painting.cancel)
    }

    /// The composition of a frame by the studio method, handed on from the last frame that was
    /// composed afresh: the same wherever a chunk begins.
    fn composition(&mut self, frame: i64) -> Result<Option<Composition>> {
        if self.painting.settings.method != Method::Studio {
            return Ok(None);
        }
        let mut first = frame;
        while self.known.compositions.find(first).is_none()
            && !self.is_key(first)
            && self.source.has(first - 1)?
        {
            first -= 1;
        }
        let mut composed = None;
        for at in first..=frame {
            let known = self.known.compositions.find(at);
            let before = composed.take().filter(|_| !self.is_key(at));
            let made = match known {
                Some(known) => Ok(known),
                None => {
                    self.progress.compose(at, frame);
                    self.picture(at)
                        .and_then(|picture| self.painting.compose(&picture, before.as_ref()))
                }
            };
            match made {
                Ok(made) => {
                    self.known.compositions.keep(at, made.clone(), self.most());
                    composed = Some(made);
                }
                Err(e) if at == frame || e.kind() == ErrorKind::Cancelled => return Err(e),
                Err(e) => log::warn!("{}: composed without {at}: {e}", self.source.name(at + 1)),
            }
        }
        Ok(composed)
    }

    fn is_key(&self, frame: i64) -> bool {
        self.key_every.is_some_and(|every| (frame - self.source.first()) % every == 0)
    }

    /// The look to paint a frame in; `None` for its own.
    fn look_for(&mut self, frame: i64) -> Result<Option<Look>> {
        let Painter::Style(style) = self.painting.painter else { return Ok(None) };
        match self.look {
            LookChoice::Each => Ok(None),
            LookChoice::Frame(locked) if *locked == frame => Ok(None),
            LookChoice::Frame(_) | LookChoice::File(_) => Ok(self.known.shared.clone()),
            LookChoice::Smoothed(frames) => self.smoothed(frame, *frames, style).map(Some),
        }
    }

    fn look_of(&mut self, frame: i64, style: &Style) -> Result<Look> {
        if let Some(look) = self.known.looks.get(&frame) {
            return Ok(look.clone());
        }
        let picture = self.picture(frame)?;
        let Painting { engine, settings, .. } = self.painting;
        let look = engine.look_of_picture(&picture, style, settings, self.job())?;
        self.known.looks.insert(frame, look.clone());
        Ok(look)
    }

    /// The mean of the looks of the frames around, up to the ends of the shot.
    fn smoothed(&mut self, frame: i64, frames: f64, style: &Style) -> Result<Look> {
        let reach = frames_within(frames);
        let (mut first, mut last) = (frame, frame);
        while frame - first < reach && self.is_linked(first - 1)? {
            first -= 1;
        }
        while last - frame < reach && self.is_linked(last)? {
            last += 1;
        }
        // Always in the order of frames: sums of floats depend on it.
        let looks = (first..=last)
            .map(|other| {
                let distance = frame.abs_diff(other) as f64;
                Ok((self.look_of(other, style)?, (-distance / frames).exp() as f32))
            })
            .collect::<Result<Vec<_>>>()?;
        self.known.looks.retain(|known, _| *known >= first);
        self.known.links.retain(|known, _| *known >= first);
        let parts: Vec<_> = looks.iter().map(|(look, weight)| (look, *weight)).collect();
        Look::mix(&parts)
    }

    /// Whether a frame and the next are there and belong to one shot.
    fn is_linked(&mut self, frame: i64) -> Result<bool> {
        if let Some(linked) = self.known.links.get(&frame) {
            return Ok(*linked);
        }
        let linked = self.source.has(frame)?
            && self.source.has(frame + 1)?
            && match [self.picture(frame), self.picture(frame + 1)] {
                [Ok(a), Ok(b)] => {
                    let Painting { engine, cancel, .. } = self.painting;
                    engine.is_one_shot([&a, &b], cancel)?
                }
                [Err(e), _] | [_, Err(e)] if e.kind() == ErrorKind::Cancelled => return Err(e),
                _ => false,
            };
        self.known.links.insert(frame, linked);
        Ok(linked)
    }
}

/// How many frames to each side are looked at for a frame's look.
pub fn reach(look: &LookChoice) -> i64 {
    match look {
        LookChoice::Smoothed(frames) => frames_within(*frames),
        LookChoice::Each | LookChoice::Frame(_) | LookChoice::File(_) => 0,
    }
}

fn frames_within(smoothing: f64) -> i64 {
    (smoothing * REACH).ceil() as i64
}

fn pair<'a>(picture: &'a Picture, painting: &'a Picture) -> PaintedFrame<'a> {
    PaintedFrame {
        picture: picture.view(),
        painting: painting.view(),
        color_space: picture.color_space(),
    }
}
