//! Moments of features and content features of a picture of any size, gathered tile by tile.

use super::graph::{CELL, GraphSpec, names};
use super::moments::FeatureMoments;
use super::planes::{Planes, cut};
use crate::error::{Error, Result};
use crate::job::Cancel;
use crate::memory;
use crate::runtime::{Input, Session};
use crate::tile::{Tile, TileRules, tiles};
use crate::vgg::Layer;

/// What is gathered besides sums.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gathered {
    /// Of a content layer, by its number.
    Content(usize),
    /// Of all style layers, where the style loss asks for them.
    Hypercolumns,
}

/// The features that a tile owns.
pub(super) struct OwnedFeatures<'a> {
    pub stride: usize,
    channels: usize,
    values: &'a [f32],
    /// Rows and columns of `values` for each channel.
    size: [usize; 2],
    tile: &'a Tile,
}

impl OwnedFeatures<'_> {
    /// Calls `row` with the place of each row of features in the whole picture's features, which
    /// have `width` x `height` positions, and the row.
    pub fn rows(&self, width: usize, height: usize, mut row: impl FnMut(usize, &[f32])) {
        let stride = self.stride;
        let at = |pixel: u32| pixel as usize / stride;
        let (left, top) = (at(self.tile.x.start), at(self.tile.y.start));
        let columns = at(self.tile.x.end) - left;
        let seen_left = self.tile.x.seen_start as usize / stride;
        let seen_top = self.tile.y.seen_start as usize / stride;
        for channel in 0..self.channels {
            for y in top..at(self.tile.y.end) {
                let from = (channel * self.size[0] + y - seen_top) * self.size[1];
                let to = (channel * height + y) * width + left;
                row(to, &self.values[from + left - seen_left..][..columns]);
            }
        }
    }
}

/// Tiles that see at most `most_pixels`, each with `overlap` pixels around it.
pub(super) fn tiles_of(
    image: &Planes,
    multiple: usize,
    overlap: usize,
    most_pixels: u64,
) -> Vec<Tile> {
    let (multiple, overlap) = (multiple as u32, overlap as u32);
    let rules = TileRules { margin: [0; 2], overlap, multiple, most_pixels };
    tiles(image.width as u32, image.height as u32, rules)
}

/// Runs the statistics graph over all tiles. `masks` are as large as the picture, one for each
/// mask of the graph; an empty list stands for one that covers all of it. Returns sums over all
/// positions, times the mask, by mask and, within it, style layer.
pub(super) fn gather(
    session: &mut Session,
    spec: &GraphSpec<'_>,
    image: &Planes,
    masks: &[Vec<f32>],
    tiles: &[Tile],
    cancel: &Cancel,
    mut take: impl FnMut(Gathered, OwnedFeatures<'_>),
) -> Result<Vec<FeatureMoments>> {
    let groups = masks.len().max(1);
    let layers = spec.summed_layers();
    let mut sums = no_sums(groups, layers, spec)?;
    let mask_names: Vec<String> = (0..groups).map(names::mask).collect();
    for tile in tiles {
        let seen = image.seen_by(tile)?;
        let owned = (0..groups)
            .map(|group| owned_mask(tile, masks.get(group).map(|mask| (&mask[..], image.width))))
            .collect::<Result<Vec<_>>>()?;
        let (shape, mask_shape) = (seen.shape(), [1, 1, seen.height as i64, seen.width as i64]);
        let mut inputs = vec![Input { name: names::IMAGE, shape: &shape, values: &seen.values }];
        if !layers.is_empty() {
            for (name, values) in mask_names.iter().zip(&owned) {
                inputs.push(Input { name, shape: &mask_shape, values });
            }
        }
        session.run(&inputs, cancel, |outputs| {
            for (k, sum) in sums.iter_mut().enumerate() {
                let (group, layer) = (k / layers.len(), layers[k % layers.len()]);
                for (sums, name) in [
                    (&mut sum.products, names::product_sum(group, layer)),
                    (&mut sum.mean, names::feature_sum(group, layer)),
                ] {
                    let (_, values) = outputs.floats(&name)?;
                    sums.iter_mut().zip(values).for_each(|(sum, v)| *sum += f64::from(*v));
                }
            }
            let mut taken = |which, name: &str, stride| {
                let (shape, values) = outputs.floats(name)?;
                let [channels, rows, columns] = [1, 2, 3].map(|axis| shape[axis] as usize);
                let size = [rows, columns];
                take(which, OwnedFeatures { stride, channels, values, size, tile });
                Ok::<_, Error>(())
            };
            for (k, &layer) in spec.content_layers.iter().enumerate() {
                taken(Gathered::Content(k), &names::content(layer), layer.stride())?;
            }
            if spec.is_matching() {
                taken(Gathered::Hypercolumns, names::HYPERCOLUMNS, CELL)?;
            }
            Ok(())
        })?;
    }
    Ok(sums)
}

/// Sums over nothing, for each group and, within it, layer.
pub(super) fn no_sums(
    groups: usize,
    layers: &[Layer],
    spec: &GraphSpec<'_>,
) -> Result<Vec<FeatureMoments>> {
    let all = (0..groups).flat_map(|_| layers);
    all.map(|&layer| FeatureMoments::none(spec.channels(layer))).collect()
}

/// What a tile sees of a mask, 0 beyond what it owns.
fn owned_mask(tile: &Tile, mask: Option<(&[f32], usize)>) -> Result<Vec<f32>> {
    let (width, height) = (tile.x.seen(), tile.y.seen());
    let mut owned = memory::filled(1.0, width * height, "the mask of a tile")?;
    if let Some((mask, row)) = mask {
        owned.iter_mut().zip(cut(mask, row, tile)).for_each(|(to, from)| *to = from);
    }
    let own = |start: u32, end: u32, seen: i64| {
        (i64::from(start) - seen) as usize..(i64::from(end) - seen) as usize
    };
    let columns = own(tile.x.start, tile.x.end, tile.x.seen_start);
    let rows = own(tile.y.start, tile.y.end, tile.y.seen_start);
    for (y, row) in owned.chunks_exact_mut(width).enumerate() {
        if rows.contains(&y) {
            row[..columns.start].fill(0.0);
            row[columns.end..].fill(0.0);
        } else {
            row.fill(0.0);
        }
    }
    Ok(owned)
}

/// What sums over a layer are divided by: the mask's sum at the layer's size. Sides are
/// multiples of the stride, so averaging keeps the mean.
pub(super) fn positions(mask: Option<&Vec<f32>>, pixels: usize, layer: Layer) -> f64 {
    let covered = match mask {
        Some(mask) => mask.iter().map(|&v| f64::from(v)).sum(),
        None => pixels as f64,
    };
    covered / (layer.stride() * layer.stride()) as f64
}
