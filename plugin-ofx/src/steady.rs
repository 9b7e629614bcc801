//! Paintings steadied by those of the frames around.
//!
//! As looks, paintings depend only on a frame's pixels, its look, the style and the settings, and
//! are kept by them: a frame that is a neighbour of several is painted once.

use std::collections::VecDeque;
use std::num::NonZeroU64;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use impasto_client::{Channels, PaintedFrame, PixelFormat, Pixels, PixelsMut, Report, Run, Sample};

use crate::content;
use crate::failure::Failure;
use crate::host::Image;
use crate::look::{self, Seeing};
use crate::picture::{self, Buffer};
use crate::watch::watched;

/// Enough for two nodes whose neighbours reach furthest.
const MOST_PAINTINGS: usize = 16;

const MOST_BYTES: usize = 1 << 30;

/// A frame painted everywhere, and what that took.
struct Painting {
    bytes: Vec<u8>,
    report: Report,
}

/// The latest used is last.
#[derive(Default)]
struct Known {
    paintings: VecDeque<(u128, Arc<Painting>)>,
}

fn known() -> MutexGuard<'static, Known> {
    static KNOWN: Mutex<Known> = Mutex::new(Known { paintings: VecDeque::new() });
    KNOWN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Forgets all paintings, to free memory.
pub fn forget() {
    *known() = Known::default();
}

impl Known {
    fn find(&mut self, key: u128) -> Option<Arc<Painting>> {
        let place = self.paintings.iter().position(|(known, _)| *known == key)?;
        let found = self.paintings.remove(place)?;
        let painting = Arc::clone(&found.1);
        self.paintings.push_back(found);
        Some(painting)
    }

    /// Keeps a painting, and as many others as fit into `most_bytes` with it.
    fn keep(&mut self, key: u128, painting: Arc<Painting>, most_bytes: usize) {
        self.paintings.push_back((key, painting));
        let bytes = |known: &Self| {
            known.paintings.iter().map(|(_, painting)| painting.bytes.len()).sum::<usize>()
        };
        while self.paintings.len() > MOST_PAINTINGS || bytes(self) > most_bytes {
            self.paintings.pop_front();
        }
    }
}

/// A frame that is to be painted, and steadied by its neighbours.
pub struct Steadying<'a> {
    pub seeing: &'a Seeing<'a>,
    pub time: f64,
    /// Of the paintings.
    pub painted: PixelFormat,
    pub pixel_bytes: usize,
}

impl Steadying<'_> {
    /// The steadied painting of `source` where `mask` is white, and what its own painting took.
    pub fn paint(
        &self,
        source: &Image,
        mask: Option<&Pixels<'_>>,
    ) -> Result<(Buffer, Report), Failure> {
        let own = self.painting(self.time, source)?;
        let mut neighbors = Vec::new();
        for time in self.around() {
            if let Some(image) = self.neighbor(time, source)? {
                let painting = self.painting(time, &image)?;
                neighbors.push((image, painting));
            }
        }
        let frame = self.painted_frame(source, &own.bytes)?;
        let around = neighbors
            .iter()
            .map(|(image, painting)| self.painted_frame(image, &painting.bytes))
            .collect::<Result<Vec<_>, _>>()?;
        let mut steadied = self.steadied(source, &frame, &around, mask)?;
        let opacity = self.seeing.settings.opacity() as f32;
        if opacity < 1.0 {
            // What was painted stays the same where the opacity is animated.
            let bounds = source.bounds();
            let cover = Buffer::of_value(bounds, opacity)?;
            let gray = PixelFormat::new(Channels::Gray, Sample::F32);
            let (width, height) = (bounds.width() as u32, bounds.height() as u32);
            let cover = Pixels::new(&cover.bytes, width, height, gray)?;
            let frame = self.painted_frame(source, &steadied.bytes)?;
            steadied = self.steadied(source, &frame, &[], Some(&cover))?;
        }
        Ok((steadied, own.report.clone()))
    }

    fn steadied(
        &self,
        source: &Image,
        frame: &PaintedFrame<'_>,
        around: &[PaintedFrame<'_>],
        mask: Option<&Pixels<'_>>,
    ) -> Result<Buffer, Failure> {
        let mut steadied = Buffer::new(source.bounds(), self.pixel_bytes)?;
        let (width, height) = (source.bounds().width() as u32, source.bounds().height() as u32);
        let mut to = PixelsMut::new(&mut steadied.bytes, width, height, self.painted)?;
        let engine = self.seeing.engine;
        watched(self.seeing.effect, |cancel| {
            Ok(engine.steady(frame, around, mask, Run::new().cancel(cancel), &mut to)?)
        })?;
        Ok(steadied)
    }

    /// What paintings may take: no more than a painting itself.
    fn most_bytes(&self) -> usize {
        let chosen = self.seeing.settings.memory.map_or(u64::MAX, NonZeroU64::get);
        usize::try_from(chosen).map_or(MOST_BYTES, |chosen| chosen.min(MOST_BYTES))
    }

    fn painted_frame<'a>(
        &self,
        image: &'a Image,
        painting: &'a [u8],
    ) -> Result<PaintedFrame<'a>, Failure> {
        let (width, height) = (image.bounds().width() as u32, image.bounds().height() as u32);
        Ok(PaintedFrame {
            picture: picture::pixels(image, self.seeing.format)?,
            painting: Pixels::new(painting, width, height, self.painted)?,
        })
    }

    fn around(&self) -> impl Iterator<Item = f64> {
        let frames = self.seeing.settings.steady;
        (-frames..=frames).filter(|&offset| offset != 0).map(|offset| self.time + f64::from(offset))
    }

    /// The frame at a time, if there is one that can be compared with `source`.
    fn neighbor(&self, time: f64, source: &Image) -> Result<Option<Image>, Failure> {
        let clip = self.seeing.other_frames()?;
        let image = look::exists(clip, time).then(|| clip.image(time)).flatten();
        let format = self.seeing.format;
        let size = |image: &Image| (image.bounds().width(), image.bounds().height());
        Ok(image.filter(|image| {
            image.check().is_ok()
                && size(image) == size(source)
                && picture::format(image, format.curve, format.alpha) == Some(format)
        }))
    }

    /// The painting of the frame at a time, which is `image`, in its look and without a mask.
    fn painting(&self, time: f64, image: &Image) -> Result<Arc<Painting>, Failure> {
        let Seeing { effect, settings, engine, style, terms, format, .. } = *self.seeing;
        let look = self.seeing.find(time, image)?;
        let mut key = self.seeing.key();
        let kinds = (format, self.painted, settings.device, settings.memory);
        key.update(format!("{kinds:?} {:?}", look.as_ref().map(|look| look.key)).as_bytes());
        key.update(&content::hash(effect, image).to_ne_bytes());
        let key = key.digest128();
        let found = known().find(key);
        if let Some(painting) = found {
            return Ok(painting);
        }

        let look = look.as_ref().map(|look| &look.look);
        let input = picture::pixels(image, format)?;
        let bounds = image.bounds();
        let (width, height) = (bounds.width() as u32, bounds.height() as u32);
        let (painted, pixel_bytes, most) = (self.painted, self.pixel_bytes, self.most_bytes());
        watched(effect, |cancel| {
            // Another thread may have painted it while this one waited for its turn.
            let found = known().find(key);
            if let Some(painting) = found {
                return Ok(painting);
            }
            let mut bytes = Buffer::new(bounds, pixel_bytes)?.bytes;
            let to = &mut PixelsMut::new(&mut bytes, width, height, painted)?;
            let run = terms.run(cancel).look(look);
            let report = engine.paint(style, terms.settings, run, &input, None, to)?;
            let painting = Arc::new(Painting { bytes, report });
            known().keep(key, Arc::clone(&painting), most);
            Ok(painting)
        })
    }
}
