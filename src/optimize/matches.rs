//! The hypercolumns of the styles that a painting's are to come to (Kolkin et al. 2022).

use faer::linalg::matmul::matmul;
use faer::{Accum, MatMut, MatRef, Par};
use rayon::prelude::*;

use super::graph::{CELL, GraphSpec, StyleLoss};
use super::hypercolumns::{self, Hypercolumns, covered, of_picture, of_style};
use super::planes::Planes;
use super::target::{Gathering, StyleView, group_weights};
use crate::error::Result;
use crate::job::Cancel;
use crate::memory;

/// Hypercolumns of the photograph that are compared at once.
const AT_ONCE: usize = 256;

/// Hypercolumns of a style that are compared at once.
const STYLES_AT_ONCE: usize = 1024;

/// For each cell of the picture the hypercolumn of a style that is most like it, of length 1, and
/// how its own are made comparable.
pub(crate) struct Matches {
    /// Of each channel, over the styles.
    pub mean: Vec<f32>,
    /// What each channel is multiplied by once it is centred.
    pub scale: Vec<f32>,
    /// Channels x cells.
    pub found: Vec<f32>,
    /// How much each cell counts.
    pub places: Vec<f32>,
}

impl Matches {
    /// What is found for a photograph in styles. Each cell takes from the styles of the group whose
    /// mask counts most there.
    pub fn find(
        gathering: &mut Gathering<'_>,
        photo: &Planes,
        styles: &[StyleView],
        masks: &[Vec<f32>],
        shares: &[f32],
    ) -> Result<Self> {
        let cancel = gathering.cancel;
        let layers = gathering.spec.style_layers;
        let groups = masks.len().max(1);
        let channels = gathering.spec.hypercolumn_channels();
        let mut of_groups: Vec<(Hypercolumns, Vec<f32>)> =
            (0..groups).map(|_| (Hypercolumns::none(channels), Vec::new())).collect();
        for style in styles {
            let own = of_style(gathering, style)?;
            let (all, weights) = &mut of_groups[style.group];
            all.extend(&own)?;
            weights.resize(all.count(), style.weight);
        }
        let all = || of_groups.iter().map(|(columns, _)| columns);
        let mean = hypercolumns::mean(all());
        let channels_of = layers.iter().map(|&layer| gathering.spec.channels(layer));
        let sizes: Vec<_> = channels_of.zip(shares.iter().copied()).collect();
        let scale = hypercolumns::scale(all(), &mean, &sizes);
        for (columns, _) in &mut of_groups {
            columns.compare(&mean, &scale);
            columns.shorten();
        }

        let mut photo_columns = of_picture(gathering, photo)?;
        let photo_mean = hypercolumns::mean([&photo_columns].into_iter());
        photo_columns.compare(&photo_mean, &scale);
        let of_cell = nearest_masks(masks, photo.width, photo.height)?;
        replace(&mut photo_columns, &of_cell, &of_groups, cancel)?;

        let weights = group_weights(styles, groups);
        let all: f64 = weights.iter().sum();
        let mut counts = vec![0_usize; groups];
        of_cell.iter().for_each(|&group| counts[group] += 1);
        let balance = f64::from(StyleLoss::Matching.balance());
        let place = |group: usize| balance * weights[group] / all / counts[group] as f64;
        let places = of_cell.iter().map(|&group| place(group) as f32);
        let places = memory::collected(places, "how much the picture's cells count")?;
        Ok(Self { mean, scale, found: photo_columns.into_planes()?, places })
    }
}

/// The group whose mask counts most in each cell.
fn nearest_masks(masks: &[Vec<f32>], width: usize, height: usize) -> Result<Vec<usize>> {
    let of_cell = |cell: usize| {
        let (mut best, mut most) = (0, f32::MIN);
        for (group, mask) in masks.iter().enumerate() {
            let covered = covered(mask, width, cell);
            if covered > most {
                (best, most) = (group, covered);
            }
        }
        best
    };
    let cells = (width / CELL) * (height / CELL);
    memory::collected((0..cells).map(of_cell), "which style a cell is of")
}

/// Puts in each cell's place the hypercolumn of its group's styles that is most like it.
fn replace(
    photo: &mut Hypercolumns,
    of_cell: &[usize],
    of_groups: &[(Hypercolumns, Vec<f32>)],
    cancel: &Cancel,
) -> Result<()> {
    let channels = photo.channels;
    let blocks = photo.values.par_chunks_mut(AT_ONCE * channels);
    blocks.zip(of_cell.par_chunks(AT_ONCE)).try_for_each(|(block, groups)| {
        for (group, (style, weights)) in of_groups.iter().enumerate() {
            if !groups.contains(&group) {
                continue;
            }
            cancel.check()?;
            let nearest = nearest(block, style, weights)?;
            for (k, column) in block.chunks_exact_mut(channels).enumerate() {
                if groups[k] == group {
                    column.copy_from_slice(&style.values[nearest[k] * channels..][..channels]);
                }
            }
        }
        Ok(())
    })
}

/// For each column the number of the style's that is nearest by the cosine. A style of half the
/// weight has to be half as far.
fn nearest(block: &[f32], style: &Hypercolumns, weights: &[f32]) -> Result<Vec<usize>> {
    let channels = style.channels;
    let count = block.len() / channels;
    let columns = MatRef::from_column_major_slice(block, channels, count);
    let lengths: Vec<f32> = block
        .chunks_exact(channels)
        .map(|column| column.iter().map(|v| v * v).sum::<f32>().sqrt().max(1e-12))
        .collect();
    let mut best = vec![(f32::MAX, 0); count];
    let mut products = memory::filled(0.0, STYLES_AT_ONCE * count, "similarities of strokes")?;
    for (part, styles) in style.values.chunks(STYLES_AT_ONCE * channels).enumerate() {
        let rows = styles.len() / channels;
        let styles = MatRef::from_column_major_slice(styles, channels, rows);
        let products = &mut products[..rows * count];
        let to = MatMut::from_column_major_slice_mut(&mut *products, rows, count);
        matmul(to, Accum::Replace, styles.transpose(), columns, 1.0, Par::Seq);
        for ((best, products), length) in
            best.iter_mut().zip(products.chunks_exact(rows)).zip(&lengths)
        {
            for (row, product) in products.iter().enumerate() {
                let place = part * STYLES_AT_ONCE + row;
                let distance = (1.0 - product / length) / weights[place];
                if distance < best.0 {
                    *best = (distance, place);
                }
            }
        }
    }
    Ok(best.into_iter().map(|(_, place)| place).collect())
}

/// Bytes for each pixel that are held of matches.
pub(super) fn bytes(spec: &GraphSpec<'_>) -> u64 {
    (4 * (spec.hypercolumn_channels() + 1) / (CELL * CELL)) as u64
}
