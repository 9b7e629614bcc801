//! Coarse layers of paint: what the finest layer is painted over.

use std::sync::Arc;

use super::faces::Faces;
use super::folded::Folded;
use super::layers::{Layer, Layers};
use super::look::Look;
use super::method::{FastMethod, Measured};
use super::sheet::{Sheet, mix};
use super::statistics;
use super::style::Style;
use super::tiles::{Painter, Room, exactly, seen_by};
use super::turbulence::Turbulence;
use crate::canvas::{Overview, PlainAreas, planes};
use crate::color::Conversion;
use crate::error::{Error, Result};
use crate::image::PixelView;
use crate::ladder::Ladder;
use crate::observer::Job;

const PHASE: &str = "Laying broad strokes";

/// Part of the whole work that is done when coarse layers are.
pub(super) const FRACTION: f32 = 0.3;

/// Pixels of mirrored picture around a coarse layer, which are most of its work. With 24 the
/// painting gets a frame; with 48 what is left of it goes under the finer layers.
const MARGIN: u32 = 48;

/// What coarse layers are painted from.
pub(super) struct Underpainting<'p> {
    pub method: &'p FastMethod,
    pub style: &'p Style,
    pub picture: PixelView<'p>,
    pub conversion: &'p Conversion,
    /// The picture's own where none is given.
    pub look: Option<&'p Look>,
    /// Stands for the coarsest layer.
    pub composition: Option<Arc<Sheet>>,
    pub plain_areas: PlainAreas,
    /// As of [`FastOptions`](super::FastOptions).
    pub keep_faces: f32,
    pub seed: u64,
    pub job: Job<'p>,
}

/// What the finest layer is painted on.
pub(super) struct Ground {
    pub overview: Overview,
    /// Its faces, if they are kept.
    pub faces: Option<Faces>,
    /// Its thumbnail over the layer below, as the network sees it.
    pub seen: Sheet,
    /// What the layer below brings to it.
    pub below: Option<Sheet>,
    /// The normalisations of the layers below, the finest of them first.
    pub affines: Vec<Vec<f32>>,
}

impl Underpainting<'_> {
    /// Paints the coarse layers.
    ///
    /// # Errors
    /// As a painting.
    pub fn ground(&self, layers: &Layers, ladder: &mut Ladder<'_>) -> Result<Ground> {
        let Self { method, picture, conversion, job, .. } = *self;
        let Layers { coarse, finest, left_out, share } = layers;
        let (pool, cancel) = (method.pool(), job.cancel);
        let thumbnail = statistics::thumbnail(picture, conversion, finest.canvas, pool, cancel)?;
        let overview = pool.install(|| Overview::of(thumbnail, self.plain_areas))?;
        let faces = method.faces(&overview.thumbnail, self.keep_faces, cancel)?;
        let kept = faces.as_ref();
        let mut below = match &self.composition {
            Some(composition) => {
                let photo = self.photo(&overview, composition.size)?;
                Some(composition.copied()?.brought(*share, &photo))
            }
            None => None,
        };
        let mut affines = Vec::new();
        for (k, layer) in coarse.iter().enumerate() {
            job.step(PHASE, FRACTION * k as f32 / coarse.len() as f32)?;
            let photo = self.photo(&overview, layer.canvas)?;
            let seen = self.over(photo.copied()?, below.as_ref(), *share, kept)?;
            let (sheet, affine) =
                self.paint(&seen, layer, left_out + coarse.len() - k, kept, ladder)?;
            below = Some(sheet.brought(*share, &photo));
            affines.push(affine);
        }
        affines.reverse();
        let thumbnail = &overview.thumbnail;
        let size = [thumbnail.width as u32, thumbnail.height as u32];
        let photo = pool.install(|| Sheet::of(thumbnail, size))?;
        let seen = self.over(photo, below.as_ref(), *share, kept)?;
        Ok(Ground { overview, faces, seen, below, affines })
    }

    /// The picture on a coarse canvas: of its thumbnail, where that is large enough.
    fn photo(&self, overview: &Overview, canvas: [u32; 2]) -> Result<Sheet> {
        let Overview { thumbnail, levels, .. } = overview;
        let Self { method, picture, conversion, job, .. } = *self;
        let pool = method.pool();
        let size = [thumbnail.width as u32, thumbnail.height as u32];
        if canvas[0] <= size[0] && canvas[1] <= size[1] {
            return pool.install(|| Sheet::of(thumbnail, canvas));
        }
        let mut small = statistics::small(picture, conversion, canvas, pool, job.cancel)?;
        small.colors.iter_mut().for_each(|color| *color = levels.apply(*color));
        pool.install(|| Sheet::of(&small, canvas))
    }

    /// The picture with a share of the layer below.
    fn over(
        &self,
        mut photo: Sheet,
        below: Option<&Sheet>,
        share: f32,
        faces: Option<&Faces>,
    ) -> Result<Sheet> {
        if let Some(below) = below {
            self.method.pool().install(|| {
                let whole = photo.whole();
                let enlarged = below.pixels_on(photo.size, &whole)?;
                let kept = Faces::kept(faces, photo.size, &whole)?;
                mix(&mut photo.colors, &enlarged, share, kept.as_deref());
                Ok::<_, Error>(())
            })?;
        }
        Ok(photo)
    }

    /// Paints what the network sees of a layer, and says by which normalisation.
    fn paint(
        &self,
        seen: &Sheet,
        layer: &Layer,
        above: usize,
        faces: Option<&Faces>,
        ladder: &mut Ladder<'_>,
    ) -> Result<(Sheet, Vec<f32>)> {
        let Self { method, style, look, seed, job, .. } = *self;
        let (pool, cancel) = (method.pool(), job.cancel);
        let turbulence = Turbulence::new(layer.turbulence, seed);
        let mut affine = look.map(|look| look.of_layer(above).to_vec());
        let room = Room::new(seen.size, MARGIN);
        let sheet = ladder.climb(|attempt| {
            let wanted = attempt.device.clone();
            let affine = match &mut affine {
                Some(affine) => affine,
                none => {
                    let measured = Measured { seen, style, layer, turbulence, faces, cancel };
                    none.insert(method.affine(measured, &wanted, &mut attempt.device)?)
                }
            };
            let mut painter = Folded::new(method, affine, &wanted)?;
            attempt.device = painter.device().clone();
            let tiles = room.tiles(attempt.memory);
            attempt.memory = attempt.memory.min(room.bytes_of(&tiles));
            attempt.can_be_smaller = true;
            room.ensure(&tiles)?;
            let mut painted = Sheet::new(seen.size)?;
            for tile in tiles {
                cancel.check()?;
                let region = seen_by(tile);
                let input = pool.install(|| {
                    let mut input = planes(&seen.pixels(&region)?)?;
                    let kept = Faces::kept(faces, seen.size, &region)?;
                    let (x, y) = (region.x.start, region.y.start);
                    turbulence.add(&mut input, region.width(), x, y, kept.as_deref())?;
                    Ok::<_, Error>(input)
                })?;
                let inner = exactly(tile);
                painted.put(&inner, &painter.run(&input, &region, &inner, cancel)?);
            }
            Ok(painted)
        })?;
        Ok((sheet, affine.unwrap_or_default()))
    }
}
