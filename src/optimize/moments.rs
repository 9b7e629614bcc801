//! What style losses know of a layer's features.

use faer::{ColRef, Mat, MatRef};
use half::f16;

use super::statistics::positions;
use crate::error::{Error, ErrorKind, Result};
use crate::memory;
use crate::vgg::Layer;

/// Of a layer's features, over all positions or a mask: sums, or means.
#[derive(Debug)]
pub(super) struct FeatureMoments {
    /// Of each channel.
    pub mean: Vec<f64>,
    /// Of feature times feature, channels x channels.
    pub products: Vec<f64>,
}

impl FeatureMoments {
    /// Of nothing.
    pub fn none(channels: usize) -> Result<Self> {
        let zeros = |count: usize| memory::filled(0.0, count, "the features' moments");
        Ok(Self { mean: zeros(channels)?, products: zeros(channels * channels)? })
    }

    /// Adds a share of others.
    pub fn add(&mut self, others: &Self, share: f64) {
        let add = |to: &mut [f64], from: &[f64]| {
            to.iter_mut().zip(from).for_each(|(to, from)| *to += from * share);
        };
        add(&mut self.mean, &others.mean);
        add(&mut self.products, &others.products);
    }

    /// Of what `projection` makes of the features: channels of it x those of the features.
    pub fn projected(&self, projection: &[f16]) -> Self {
        let from = self.mean.len();
        let to = projection.len() / from;
        let projection = Mat::from_fn(to, from, |y, x| projection[y * from + x].to_f64());
        let products = MatRef::from_row_major_slice(&self.products, from, from);
        let products = &projection * (products * projection.transpose());
        let mean = &projection * ColRef::from_slice(&self.mean);
        Self {
            mean: mean.iter().copied().collect(),
            products: (0..to * to).map(|k| products[(k / to, k % to)]).collect(),
        }
    }

    /// Means from the sums over `pixels`, or over what counts of them.
    pub fn averaged(
        mut self,
        region: Option<&Vec<f32>>,
        pixels: usize,
        layer: Layer,
    ) -> Result<Self> {
        let positions = positions(region, pixels, layer);
        if positions < 1e-6 {
            let what = "cannot use a style picture: nothing of it is left by its mask or alpha";
            return Err(Error::new(ErrorKind::Style, what));
        }
        self.mean.iter_mut().chain(&mut self.products).for_each(|sum| *sum /= positions);
        Ok(self)
    }
}
