//! What the style layers say of each cell of a picture.

use rayon::prelude::*;

use super::graph::CELL;
use super::planes::Planes;
use super::statistics::{Gathered, OwnedFeatures};
use super::target::{Gathering, Seen, StyleView};
use crate::error::{Error, ErrorKind, Result};
use crate::memory;

/// The most hypercolumns of a style that are looked through: of larger pictures every second, third,
/// ... is taken. Neighbours say much the same.
const MOST_OF_STYLE: usize = 16_384;

/// The hypercolumns of a picture, those of a cell together, one cell after the other.
pub(super) struct Hypercolumns {
    pub channels: usize,
    pub values: Vec<f32>,
}

impl Hypercolumns {
    pub fn none(channels: usize) -> Self {
        Self { channels, values: Vec::new() }
    }

    pub fn count(&self) -> usize {
        self.values.len() / self.channels
    }

    pub fn extend(&mut self, others: &Self) -> Result<()> {
        self.values
            .try_reserve_exact(others.values.len())
            .map_err(|_| Error::new(ErrorKind::Memory, "no memory for a style's hypercolumns"))?;
        self.values.extend_from_slice(&others.values);
        Ok(())
    }

    fn columns_mut(&mut self) -> rayon::slice::ChunksExactMut<'_, f32> {
        self.values.par_chunks_exact_mut(self.channels)
    }

    /// Centres and scales all.
    pub fn compare(&mut self, mean: &[f32], scale: &[f32]) {
        self.columns_mut().for_each(|column| {
            for ((value, mean), scale) in column.iter_mut().zip(mean).zip(scale) {
                *value = (*value - mean) * scale;
            }
        });
    }

    /// Makes all as long as 1, but for what is nothing.
    pub fn shorten(&mut self) {
        self.columns_mut().for_each(|column| {
            let length = column.iter().map(|v| v * v).sum::<f32>().sqrt();
            let factor = if length > 0.0 { length.recip() } else { 0.0 };
            column.iter_mut().for_each(|value| *value *= factor);
        });
    }

    /// Channels x cells.
    pub fn into_planes(self) -> Result<Vec<f32>> {
        let count = self.count();
        let mut planes = memory::filled(0.0, self.values.len(), "what the strokes are to be like")?;
        planes.par_chunks_exact_mut(count.max(1)).enumerate().for_each(|(channel, plane)| {
            for (cell, value) in plane.iter_mut().enumerate() {
                *value = self.values[cell * self.channels + channel];
            }
        });
        Ok(planes)
    }
}

/// The hypercolumns of a whole picture.
pub(super) fn of_picture(gathering: &mut Gathering<'_>, image: &Planes) -> Result<Hypercolumns> {
    let channels = gathering.spec.hypercolumn_channels();
    let cells = [image.width / CELL, image.height / CELL];
    let count = cells[0] * cells[1];
    let mut values = memory::filled(0.0, channels * count, "a picture's hypercolumns")?;
    gathering.run(image, None, |which, owned: OwnedFeatures<'_>| {
        if which == Gathered::Hypercolumns {
            owned.rows(cells[0], cells[1], |at, row| {
                let (channel, first) = (at / count, at % count);
                for (k, value) in row.iter().enumerate() {
                    values[(first + k) * channels + channel] = *value;
                }
            });
        }
    })?;
    Ok(Hypercolumns { channels, values })
}

/// The hypercolumns of a style's picture where it counts.
pub(super) fn of_style(gathering: &mut Gathering<'_>, style: &StyleView) -> Result<Hypercolumns> {
    let Seen::Picture { image, region } = &style.seen else {
        let what = "cannot match strokes to a style by name: its picture is needed";
        return Err(Error::new(ErrorKind::Style, what));
    };
    let mut columns = of_picture(gathering, image)?;
    let width = image.width;
    let half = 0.5 * (CELL * CELL) as f32;
    let counts =
        |cell: usize| region.as_ref().is_none_or(|region| covered(region, width, cell) > half);
    let counted: Vec<usize> = (0..columns.count()).filter(|&cell| counts(cell)).collect();
    if counted.is_empty() {
        let what = "cannot use a style picture: nothing of it is left by its mask or alpha";
        return Err(Error::new(ErrorKind::Style, what));
    }
    // Even steps through the cells that count, of the same cells each time.
    let taken = counted.len().min(MOST_OF_STYLE);
    let channels = columns.channels;
    let mut kept = memory::reserved(taken * channels, "a style's hypercolumns")?;
    for cell in (0..taken).map(|k| counted[k * counted.len() / taken]) {
        kept.extend_from_slice(&columns.values[cell * channels..][..channels]);
    }
    columns.values = kept;
    Ok(columns)
}

/// The sum of a plane over a cell.
pub(super) fn covered(plane: &[f32], width: usize, cell: usize) -> f32 {
    let cells = width / CELL;
    let (x, y) = (cell % cells * CELL, cell / cells * CELL);
    (y..y + CELL).flat_map(|y| &plane[y * width + x..][..CELL]).sum()
}

/// Of each channel, over all.
pub(super) fn mean<'a>(all: impl Iterator<Item = &'a Hypercolumns> + Clone) -> Vec<f32> {
    let channels = all.clone().map(|columns| columns.channels).next().unwrap_or(0);
    let count: usize = all.clone().map(Hypercolumns::count).sum();
    let mut sums = vec![0.0_f64; channels];
    for column in all.flat_map(|columns| columns.values.chunks_exact(channels)) {
        sums.iter_mut().zip(column).for_each(|(sum, value)| *sum += f64::from(*value));
    }
    sums.iter().map(|sum| (sum / count.max(1) as f64) as f32).collect()
}

/// What makes the layers, of so many channels each, count by their shares: without it the layers of
/// the largest numbers would decide alone.
pub(super) fn scale<'a>(
    all: impl Iterator<Item = &'a Hypercolumns> + Clone,
    mean: &[f32],
    layers: &[(usize, f32)],
) -> Vec<f32> {
    let count: usize = all.clone().map(Hypercolumns::count).sum();
    let mut scale = Vec::with_capacity(mean.len());
    for &(channels, share) in layers {
        let own = scale.len()..scale.len() + channels;
        let columns = all.clone().flat_map(|columns| columns.values.chunks_exact(mean.len()));
        let squares = columns.flat_map(|column| column[own.clone()].iter().zip(&mean[own.clone()]));
        let sum: f64 = squares.map(|(value, mean)| f64::from(value - mean).powi(2)).sum();
        let size = (sum / count.max(1) as f64).sqrt();
        let factor = if size > 1e-9 { f64::from(share).sqrt() / size } else { 0.0 };
        scale.resize(own.end, factor as f32);
    }
    scale
}
