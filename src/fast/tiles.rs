//! A picture painted tile by tile, by whichever network.

use std::ops::Range;
use std::time::{Duration, Instant};

use rayon::ThreadPool;

use super::drawing;
use super::faces::Faces;
use super::lattice;
use super::means::{row_of, widened};
use super::network::{REACH, SIZE_MULTIPLE};
use super::sheet::{Sheet, mix};
use super::turbulence::Turbulence;
use crate::canvas::{Color, Crop, Finish, Painted, Region, Source, planes, resize, scaled};
use crate::error::{Error, Result};
use crate::image::PixelViewMut;
use crate::job::Cancel;
use crate::memory;
use crate::observer::Job;
use crate::tile::{Span, Tile, TileRules, margin, tiles, tiles_of};

const PHASE: &str = "Painting";

/// Pixels of mirrored picture around the canvas: with 16 its end shows as a frame, with 64 a
/// difference to an endless picture is found at single pixels only. A side that is shorter has as
/// many as itself.
pub(super) const MARGIN: u32 = 64;

/// Canvas pixels around a tile that resampling reads besides the tile's own.
const RESAMPLING: i64 = 4;

/// The least margin of a side.
const LEAST_MARGIN: u32 = 8;

/// The most pixels of a tile: it keeps a single operation of the network, which cannot be
/// cancelled, short.
const MOST_TILE_PIXELS: u64 = 1600 * 1600;

/// Working memory of the rewritten network for each pixel it sees, measured.
const BYTES_PER_CANVAS_PIXEL: f64 = 320.0;

/// Working memory for each picture pixel where the canvas has another scale: the picture, the
/// painting and what the painting was made from, and a resize between its two passes.
const BYTES_PER_SCALED_PIXEL: f64 = 4.0 * 12.0;

/// Working memory that does not depend on the tile: weights, thumbnail, rows.
const BYTES_AT_LEAST: u64 = 64 << 20;

/// Turns planes of encoded sRGB into painted ones.
pub(super) trait Painter {
    /// Runs over the planes of `seen` and returns the pixels of `inner`.
    fn run(
        &mut self,
        planes: &[f32],
        seen: &Region,
        inner: &Region,
        cancel: &Cancel,
    ) -> Result<Vec<Color>>;
}

/// How a canvas is cut into tiles, and the memory that they take.
pub(super) struct Room {
    canvas: [u32; 2],
    /// Pixels of mirrored picture around it.
    margin: u32,
    /// Pixels of a tile's surroundings that are painted with it.
    around: u32,
    bytes_per_pixel: f64,
}

impl Room {
    /// For a canvas that is painted as it is, with so many pixels around it.
    pub fn new(canvas: [u32; 2], margin: u32) -> Self {
        Self { canvas, margin, around: 0, bytes_per_pixel: BYTES_PER_CANVAS_PIXEL }
    }

    /// With so many pixels around each tile painted with it.
    pub fn with_around(self, around: u32) -> Self {
        Self { around, ..self }
    }

    /// The tiles to paint within `memory` bytes.
    pub fn tiles(&self, memory: u64) -> Vec<Tile> {
        tiles(self.canvas[0], self.canvas[1], self.rules(memory))
    }

    /// As [`Room::tiles`], of a part of the canvas.
    pub fn tiles_of(&self, part: [Range<u32>; 2], memory: u64) -> Vec<Tile> {
        tiles_of(part, self.canvas, self.rules(memory))
    }

    fn rules(&self, memory: u64) -> TileRules {
        let within = memory.saturating_sub(BYTES_AT_LEAST) as f64 / self.bytes_per_pixel;
        TileRules {
            margin: self.canvas.map(|side| margin(side, LEAST_MARGIN, self.margin)),
            overlap: REACH + lattice::REACH + self.around,
            multiple: SIZE_MULTIPLE,
            most_pixels: (within as u64).min(MOST_TILE_PIXELS),
        }
    }

    /// Refuses tiles that there is no room for now.
    pub fn ensure(&self, tiles: &[Tile]) -> Result<()> {
        memory::ensure(self.bytes_of(tiles), "the largest tile")
    }

    /// The memory that painting these tiles takes.
    pub fn bytes_of(&self, tiles: &[Tile]) -> u64 {
        let most = tiles.iter().map(|tile| tile.x.seen() * tile.y.seen()).max().unwrap_or(0);
        BYTES_AT_LEAST + (most as f64 * self.bytes_per_pixel) as u64
    }
}

/// One painting: what all its tiles share.
pub(super) struct Painting<'a> {
    source: &'a Source<'a>,
    turbulence: Turbulence,
    /// Picture pixels per canvas pixel.
    scale: [f64; 2],
    canvas: [u32; 2],
    resamples: bool,
    below: Option<Below<'a>>,
    /// Where the picture's drawing is kept.
    faces: Option<&'a Faces>,
    pool: &'a ThreadPool,
}

/// The layer of paint that is painted over.
#[derive(Clone, Copy)]
pub(super) struct Below<'a> {
    pub sheet: &'a Sheet,
    /// Its share in what the network sees.
    pub share: f32,
}

impl<'a> Painting<'a> {
    /// On a canvas of so many pixels.
    pub fn new(
        source: &'a Source<'a>,
        canvas: [u32; 2],
        below: Option<Below<'a>>,
        faces: Option<&'a Faces>,
        turbulence: Turbulence,
        pool: &'a ThreadPool,
    ) -> Self {
        let picture = [source.picture.width(), source.picture.height()];
        Self {
            source,
            below,
            faces,
            turbulence,
            scale: [0, 1].map(|axis| f64::from(picture[axis]) / f64::from(canvas[axis])),
            canvas,
            resamples: canvas != picture,
            pool,
        }
    }

    /// How its canvas is cut.
    pub fn room(&self) -> Room {
        let room = Room::new(self.canvas, MARGIN);
        let drawing = if self.faces.is_some() { drawing::REACH } else { 0 };
        if !self.resamples {
            return Room { around: drawing, ..room };
        }
        let scaled = BYTES_PER_SCALED_PIXEL * self.scale[0] * self.scale[1];
        let bytes_per_pixel = room.bytes_per_pixel + scaled;
        Room { around: RESAMPLING as u32 + drawing, bytes_per_pixel, ..room }
    }

    /// The canvas as one tile, for networks whose result depends on all of it.
    pub fn whole(&self, multiple: u32) -> Tile {
        let rules = TileRules {
            margin: [multiple.max(MARGIN).next_multiple_of(multiple); 2],
            overlap: 0,
            multiple,
            most_pixels: u64::MAX,
        };
        tiles(self.canvas[0], self.canvas[1], rules)[0]
    }

    /// Paints one tile. The second value is the time spent in the network.
    pub fn paint(
        &self,
        tile: Tile,
        painter: &mut dyn Painter,
        cancel: &Cancel,
    ) -> Result<(Painted, Duration)> {
        let seen = seen_by(tile);
        let (pixels, kept, input) = self.pool.install(|| {
            let pixels = if self.resamples {
                scaled(&seen, self.scale, [0.0; 2], |from| self.source.pixels(from))?
            } else {
                self.source.pixels(&seen)?
            };
            let kept = Faces::kept(self.faces, self.canvas, &seen)?;
            let mut input = match self.below {
                Some(below) if below.share > 0.0 => {
                    let mut mixed = memory::copied(&pixels, "a tile of a layer")?;
                    let painted = below.sheet.pixels_on(self.canvas, &seen)?;
                    mix(&mut mixed, &painted, below.share, kept.as_deref());
                    planes(&mixed)?
                }
                _ => planes(&pixels)?,
            };
            let (x, y) = (seen.x.start, seen.y.start);
            self.turbulence.add(&mut input, seen.width(), x, y, kept.as_deref())?;
            Ok::<_, Error>((pixels, kept, input))
        })?;
        let started = Instant::now();
        let around = if self.resamples { RESAMPLING } else { 0 };
        let inner = widened(&exactly(tile), around, &seen);
        let drawn = match kept {
            Some(_) => widened(&inner, i64::from(drawing::REACH), &seen),
            None => inner.clone(),
        };
        let mut painted = painter.run(&input, &seen, &drawn, cancel)?;
        let network = started.elapsed();
        drop(input);
        if let Some(kept) = kept {
            let photo = (&pixels[..], &kept[..], &seen);
            painted = self.pool.install(|| drawing::kept_in((&painted, &drawn), photo, &inner))?;
        }
        if !self.resamples {
            let painted = Painted {
                columns: tile.x.start..tile.x.end,
                rows: tile.y.start..tile.y.end,
                colors: painted,
                coarse: None,
            };
            return Ok((painted, network));
        }
        let coarse = cut(&pixels, &seen, &inner)?;
        drop(pixels);
        Ok((self.enlarge(tile, &inner, &painted, &coarse)?, network))
    }

    /// The part of the canvas, from and to multiples, that holds these columns and rows of the
    /// picture.
    pub fn part_for(&self, picture: &[Range<u32>; 2]) -> [Range<u32>; 2] {
        [0, 1].map(|axis| {
            let Range { start, end } = picture[axis].clone();
            if start >= end {
                return 0..0;
            }
            let at = |center: f64| (center / self.scale[axis]).floor() as u32;
            let side = self.canvas[axis];
            let first = at(f64::from(start) + 0.5).min(side - 1);
            let last = at(f64::from(end) - 0.5) + 1;
            first / SIZE_MULTIPLE * SIZE_MULTIPLE..last.next_multiple_of(SIZE_MULTIPLE).min(side)
        })
    }

    /// The picture's pixels whose centres lie in a range of the canvas.
    fn picture_range(&self, canvas: Range<u32>, axis: usize) -> Range<u32> {
        let side = [self.source.picture.width(), self.source.picture.height()][axis];
        let edge = |at: u32| {
            let first = (f64::from(at) * self.scale[axis] - 0.5).ceil().max(0.0) as u32;
            if at == self.canvas[axis] { side } else { first.min(side) }
        };
        edge(canvas.start)..edge(canvas.end)
    }

    /// From canvas pixels of `inner` to the picture pixels whose centres lie in the tile.
    fn enlarge(
        &self,
        tile: Tile,
        inner: &Region,
        painted: &[Color],
        coarse: &[Color],
    ) -> Result<Painted> {
        let range = |span: Span, axis: usize| self.picture_range(span.start..span.end, axis);
        let (columns, rows) = (range(tile.x, 0), range(tile.y, 1));
        if columns.is_empty() || rows.is_empty() {
            return Ok(Painted { columns, rows, colors: Vec::new(), coarse: None });
        }
        let crop = || Crop {
            left: f64::from(columns.start) / self.scale[0] - inner.x.start as f64,
            top: f64::from(rows.start) / self.scale[1] - inner.y.start as f64,
            width: columns.len() as f64 / self.scale[0],
            height: rows.len() as f64 / self.scale[1],
        };
        let size = [columns.len(), rows.len()];
        self.pool.install(|| {
            let colors = resize(painted, inner, crop(), size)?;
            let coarse = resize(coarse, inner, crop(), size)?;
            Ok(Painted {
                columns: columns.clone(),
                rows: rows.clone(),
                colors,
                coarse: Some(coarse),
            })
        })
    }
}

impl Painting<'_> {
    /// Leaves the picture as it is but for a part of the canvas.
    pub fn leave(
        &self,
        part: &[Range<u32>; 2],
        finish: &Finish<'_>,
        output: &mut PixelViewMut<'_>,
        cancel: &Cancel,
    ) -> Result<()> {
        let painted = [0, 1].map(|axis| self.picture_range(part[axis].clone(), axis));
        finish.leave(painted, output, cancel)
    }

    /// Paints all tiles and writes them to `output`; the time in the painter. The work before is
    /// `first_fraction` of the whole.
    pub fn write(
        &self,
        tiles: &[Tile],
        painter: &mut dyn Painter,
        finish: &Finish<'_>,
        output: &mut PixelViewMut<'_>,
        first_fraction: f32,
        job: Job<'_>,
    ) -> Result<Duration> {
        let mut in_network = Duration::ZERO;
        for (k, &tile) in tiles.iter().enumerate() {
            let done = k as f32 / tiles.len() as f32;
            job.step(PHASE, first_fraction + (1.0 - first_fraction) * done)?;
            let (painted, network) = self.paint(tile, painter, job.cancel)?;
            in_network += network;
            self.pool.install(|| finish.write(&painted, output, job.cancel))?;
        }
        job.step(PHASE, 1.0)?;
        Ok(in_network)
    }
}

/// What the network sees of a tile.
pub(super) fn seen_by(tile: Tile) -> Region {
    Region { x: tile.x.seen_start..tile.x.seen_end, y: tile.y.seen_start..tile.y.seen_end }
}

/// What a tile paints.
pub(super) fn exactly(tile: Tile) -> Region {
    let range = |span: Span| i64::from(span.start)..i64::from(span.end);
    Region { x: range(tile.x), y: range(tile.y) }
}

/// The pixels of `inner` out of those of `seen`.
pub(super) fn cut(pixels: &[Color], seen: &Region, inner: &Region) -> Result<Vec<Color>> {
    let mut part = memory::reserved(inner.width() * inner.height(), "a part of a tile")?;
    for y in inner.y.clone() {
        part.extend_from_slice(row_of(pixels, seen, y, inner));
    }
    Ok(part)
}
