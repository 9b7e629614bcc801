//! How like the hypercolumns of a picture are to those that were found for them.

use super::graph::LEAST_SQUARE;
use super::matches::Matches;
use super::statistics::OwnedFeatures;
use crate::error::Result;
use crate::memory;

/// The loss of a picture that is gathered tile by tile: its cells' cosines, put together channel by
/// channel.
pub(super) struct Resemblance<'m> {
    matches: &'m Matches,
    products: Vec<f64>,
    squares: Vec<f64>,
}

impl<'m> Resemblance<'m> {
    pub fn new(matches: &'m Matches) -> Result<Self> {
        let cells = matches.places.len();
        let zeros = || memory::filled(0.0, cells, "similarities of strokes");
        Ok(Self { matches, products: zeros()?, squares: zeros()? })
    }

    /// Adds what a tile owns of the hypercolumns of a picture of `width` x `height` cells.
    pub fn add(&mut self, owned: &OwnedFeatures<'_>, [width, height]: [usize; 2]) {
        let Matches { mean, scale, found, .. } = self.matches;
        owned.rows(width, height, |at, row| {
            let (channel, cell) = (at / (width * height), at % (width * height));
            for (k, value) in row.iter().enumerate() {
                let own = f64::from((value - mean[channel]) * scale[channel]);
                self.products[cell + k] += own * f64::from(found[at + k]);
                self.squares[cell + k] += own * own;
            }
        });
    }

    pub fn loss(&self) -> f64 {
        let cosines = self.products.iter().zip(&self.squares);
        let cosines =
            cosines.map(|(product, square)| product / (square + f64::from(LEAST_SQUARE)).sqrt());
        cosines.zip(&self.matches.places).map(|(c, place)| (1.0 - c) * f64::from(*place)).sum()
    }
}
