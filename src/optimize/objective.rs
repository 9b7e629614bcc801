//! The losses of a picture and their gradient, whole or tile by tile with the same result.

use rayon::prelude::*;

use super::graph::{CELL, GraphSpec, names};
use super::matches::Matches;
use super::model::{Graph, Model};
use super::moments::FeatureMoments;
use super::planes::{Planes, cut};
use super::resemblance::Resemblance;
use super::statistics::{Gathered, gather, positions};
use super::target::{StyleTarget, Target};
use crate::error::Result;
use crate::gaussian::{Destination, Gaussian};
use crate::job::{Cancel, Losses};
use crate::memory;
use crate::runtime::{Device, Input, Session};
use crate::tile::Tile;
use crate::vgg::Layer;

/// What is minimised.
pub(super) enum Objective<'a> {
    /// In one run of one graph.
    Whole { target: &'a Target, session: Session, spec: GraphSpec<'a> },
    /// In two passes over tiles: sums over the whole picture, then each tile's gradient.
    Tiled { target: &'a Target, tiled: Tiled<'a> },
}

/// The graphs and tiles of the two passes.
pub(super) struct Tiled<'a> {
    spec: GraphSpec<'a>,
    statistics: Session,
    gradient: Session,
    /// With [`GraphSpec::reach`] around each.
    pub statistics_tiles: Vec<Tile>,
    /// With [`GraphSpec::gradient_reach`] around each.
    pub gradient_tiles: Vec<Tile>,
}

/// The gradient by the sums of a layer's features.
struct BySums {
    /// By the sums of feature times feature, twice: each stands on both sides of the diagonal.
    products: Vec<f32>,
    /// By the sums of features, where the loss asks for them.
    features: Option<Vec<f32>>,
}

/// The inputs of a target that every graph over the whole picture takes.
pub(super) struct TargetInputs<'t>(Vec<(String, Vec<i64>, &'t [f32])>);

impl<'t> TargetInputs<'t> {
    pub fn new(target: &'t Target, spec: &GraphSpec<'_>) -> Self {
        let mut names = Vec::new();
        for (features, &layer) in target.content.iter().zip(spec.content_layers) {
            let stride = layer.stride();
            let shape = [1, spec.channels(layer), target.height / stride, target.width / stride];
            names.push((names::content(layer), shape.map(|d| d as i64).to_vec(), &features[..]));
        }
        let count = spec.style_layers.len();
        let place = |k: usize| (k / count, spec.style_layers[k % count]);
        let square = |layer: Layer| vec![spec.channels(layer) as i64; 2];
        match &target.style {
            StyleTarget::Grams(grams) => {
                for (k, gram) in grams.iter().enumerate() {
                    let (group, layer) = place(k);
                    names.push((names::gram(group, layer), square(layer), &gram[..]));
                }
            }
            StyleTarget::Matches(Matches { mean, scale, found, places }) => {
                let channels = spec.hypercolumn_channels() as i64;
                let cells = [target.height / CELL, target.width / CELL].map(|side| side as i64);
                let [height, width] = cells;
                for (name, shape, values) in [
                    (names::MATCH_MEAN, [1, channels, 1, 1], mean),
                    (names::MATCH_SCALE, [1, channels, 1, 1], scale),
                    (names::MATCHES, [1, channels, height, width], found),
                    (names::MATCH_PLACES, [1, 1, height, width], places),
                ] {
                    names.push((name.into(), shape.to_vec(), &values[..]));
                }
            }
            StyleTarget::Gaussians(gaussians) => {
                for (k, Gaussian { mean, root }) in gaussians.iter().enumerate() {
                    let (group, layer) = place(k);
                    let channels = vec![spec.channels(layer) as i64];
                    names.push((names::mean(group, layer), channels, &mean[..]));
                    names.push((names::root(group, layer), square(layer), &root[..]));
                }
            }
        }
        if !spec.summed_layers().is_empty() {
            for (group, mask) in target.masks.iter().enumerate() {
                let shape = vec![1, 1, target.height as i64, target.width as i64];
                names.push((names::mask(group), shape, &mask[..]));
            }
        }
        let list = |values: &[f32]| vec![values.len() as i64];
        names.push((names::WEIGHTS.into(), vec![3], &target.weights[..]));
        for (name, values) in [
            (names::CONTENT_COEFFICIENTS, &target.content_coefficients),
            (names::STYLE_COEFFICIENTS, &target.style_coefficients),
        ] {
            if !values.is_empty() {
                names.push((name.into(), list(values), &values[..]));
            }
        }
        Self(names)
    }

    pub fn inputs(&self) -> Vec<Input<'_>> {
        self.0.iter().map(|(name, shape, values)| Input { name, shape, values }).collect()
    }
}

impl<'a> Objective<'a> {
    pub fn whole(model: &'a Model, target: &'a Target) -> Result<Self> {
        let masks = target.masks.len();
        let (session, spec) = (model.session(Graph::Gradient, masks)?, model.spec(masks)?);
        Ok(Self::Whole { target, session, spec })
    }

    pub fn tiled(
        model: &'a Model,
        target: &'a Target,
        statistics_tiles: Vec<Tile>,
        gradient_tiles: Vec<Tile>,
    ) -> Result<Self> {
        let masks = target.masks.len();
        let tiled = Tiled {
            spec: model.spec(masks)?,
            statistics: model.session(Graph::Statistics, masks.max(1))?,
            gradient: model.session(Graph::TileGradient, masks)?,
            statistics_tiles,
            gradient_tiles,
        };
        Ok(Self::Tiled { target, tiled })
    }

    pub fn device(&self) -> &Device {
        match self {
            Self::Whole { session, .. } => session.device(),
            Self::Tiled { tiled, .. } => tiled.gradient.device(),
        }
    }

    /// The losses and the gradient by each value of the picture.
    pub fn evaluate(&mut self, image: &Planes, cancel: &Cancel) -> Result<(Losses, Vec<f32>)> {
        match self {
            Self::Whole { target, session, spec } => {
                let fixed = TargetInputs::new(target, spec);
                let shape = image.shape();
                let mut inputs = fixed.inputs();
                inputs.push(Input { name: names::IMAGE, shape: &shape, values: &image.values });
                session.run(&inputs, cancel, |outputs| {
                    let found = losses(outputs.floats(names::LOSSES)?.1);
                    Ok((found, memory::copied(outputs.floats(names::GRADIENT)?.1, "the gradient")?))
                })
            }
            Self::Tiled { target, tiled } => tiled.evaluate(target, image, cancel),
        }
    }
}

impl Tiled<'_> {
    fn evaluate(
        &mut self,
        target: &Target,
        image: &Planes,
        cancel: &Cancel,
    ) -> Result<(Losses, Vec<f32>)> {
        let [content_weight, style_weight, variation_weight] = target.weights;
        let mut errors = vec![0.0_f64; target.content.len()];
        let mut resemblance = match &target.style {
            StyleTarget::Matches(matches) => Some(Resemblance::new(matches)?),
            _ => None,
        };
        let sums = gather(
            &mut self.statistics,
            &self.spec,
            image,
            &target.masks,
            &self.statistics_tiles,
            cancel,
            |which, owned| {
                let size = [target.width / owned.stride, target.height / owned.stride];
                match which {
                    Gathered::Content(k) => owned.rows(size[0], size[1], |at, row| {
                        let squares = row.iter().zip(&target.content[k][at..]).map(|(a, b)| {
                            let difference = f64::from(a - b);
                            difference * difference
                        });
                        errors[k] += squares.sum::<f64>();
                    }),
                    Gathered::Hypercolumns => {
                        if let Some(resemblance) = &mut resemblance {
                            resemblance.add(&owned, size);
                        }
                    }
                }
            },
        )?;
        let content: f64 =
            errors.iter().zip(&target.content_coefficients).map(|(e, c)| e * f64::from(*c)).sum();
        let (by_moments, by_sums) = self.by_sums(target, &sums, style_weight)?;
        let style = resemblance.map_or(by_moments, |resemblance| resemblance.loss());
        let mut gradient = memory::filled(0.0, image.values.len(), "the gradient")?;
        for k in 0..self.gradient_tiles.len() {
            let tile = self.gradient_tiles[k];
            self.tile_gradient(target, image, &tile, &by_sums, cancel, &mut gradient)?;
        }
        let variation = add_variation(image, variation_weight, &mut gradient);
        let weighted = |weight: f32, loss: f64| f64::from(weight) * loss;
        let total = weighted(content_weight, content)
            + weighted(style_weight, style)
            + weighted(variation_weight, variation);
        let losses = Losses {
            content: content as f32,
            style: style as f32,
            variation: variation as f32,
            total: total as f32,
        };
        Ok((losses, gradient))
    }

    /// The style loss, and the gradient times the style weight by the sums of each mask and style
    /// layer.
    fn by_sums(
        &self,
        target: &Target,
        sums: &[FeatureMoments],
        style_weight: f32,
    ) -> Result<(f64, Vec<BySums>)> {
        let layers = self.spec.style_layers;
        let pixels = target.width * target.height;
        let mut loss = 0.0;
        let mut gradients = Vec::new();
        for (k, sums) in sums.iter().enumerate() {
            let (group, layer) = (k / layers.len(), layers[k % layers.len()]);
            let positions = positions(target.masks.get(group), pixels, layer);
            let coefficient = f64::from(target.style_coefficients[k]);
            let factor = f64::from(style_weight) * coefficient / positions;
            let (distance, by_sums) = match &target.style {
                StyleTarget::Grams(grams) => by_gram(sums, &grams[k], positions, factor)?,
                StyleTarget::Gaussians(gaussians) => {
                    by_transport(sums, &gaussians[k], positions, factor)?
                }
                StyleTarget::Matches(_) => continue,
            };
            loss += distance * coefficient;
            gradients.push(by_sums);
        }
        Ok((loss, gradients))
    }

    fn tile_gradient(
        &mut self,
        target: &Target,
        image: &Planes,
        tile: &Tile,
        by_sums: &[BySums],
        cancel: &Cancel,
        gradient: &mut [f32],
    ) -> Result<()> {
        let seen = image.seen_by(tile)?;
        let mut own: Vec<(String, Vec<i64>, Vec<f32>)> = Vec::new();
        for (features, &layer) in target.content.iter().zip(self.spec.content_layers) {
            let stride = layer.stride();
            let (height, width) = (seen.height / stride, seen.width / stride);
            let channels = self.spec.channels(layer);
            let shape = [1, channels, height, width].map(|d| d as i64).to_vec();
            let part = seen_features(features, target, stride, tile)?;
            own.push((names::content(layer), shape, part));
        }
        if let StyleTarget::Matches(Matches { mean, scale, found, places }) = &target.style {
            let channels = mean.len() as i64;
            let [height, width] = [seen.height, seen.width].map(|side| (side / CELL) as i64);
            for (name, values) in [(names::MATCH_MEAN, mean), (names::MATCH_SCALE, scale)] {
                let all = memory::copied(values, "what makes strokes comparable")?;
                own.push((name.into(), vec![1, channels, 1, 1], all));
            }
            for (name, count, values) in
                [(names::MATCHES, channels, found), (names::MATCH_PLACES, 1, places)]
            {
                let part = seen_features(values, target, CELL, tile)?;
                own.push((name.into(), vec![1, count, height, width], part));
            }
        }
        let summed = !self.spec.summed_layers().is_empty();
        for (group, mask) in target.masks.iter().enumerate().filter(|_| summed) {
            let shape = vec![1, 1, seen.height as i64, seen.width as i64];
            let mut part = memory::reserved(seen.width * seen.height, "the mask of a tile")?;
            part.extend(cut(mask, target.width, tile));
            own.push((names::mask(group), shape, part));
        }
        let layers = self.spec.style_layers;
        let mut given: Vec<(String, [i64; 2], &[f32])> = Vec::new();
        for (k, BySums { products, features }) in by_sums.iter().enumerate() {
            let (group, layer) = (k / layers.len(), layers[k % layers.len()]);
            let channels = self.spec.channels(layer) as i64;
            given.push((names::product_gradient(group, layer), [channels; 2], products));
            if let Some(features) = features {
                given.push((names::feature_gradient(group, layer), [channels, 1], features));
            }
        }
        let shape = seen.shape();
        let mut inputs = vec![
            Input { name: names::IMAGE, shape: &shape, values: &seen.values },
            Input { name: names::WEIGHTS, shape: &[3], values: &target.weights },
        ];
        inputs.extend(own.iter().map(|(name, shape, values)| Input { name, shape, values }));
        inputs.extend(given.iter().map(|(name, shape, values)| Input { name, shape, values }));
        let coefficients = [target.content_coefficients.len() as i64];
        if coefficients[0] > 0 {
            inputs.push(Input {
                name: names::CONTENT_COEFFICIENTS,
                shape: &coefficients,
                values: &target.content_coefficients,
            });
        }
        self.gradient.run(&inputs, cancel, |outputs| {
            let (_, values) = outputs.floats(names::GRADIENT)?;
            let left = (i64::from(tile.x.start) - tile.x.seen_start) as usize;
            let columns = (tile.x.end - tile.x.start) as usize;
            for channel in 0..3 {
                for y in tile.y.start as usize..tile.y.end as usize {
                    let row = channel * seen.height + y - tile.y.seen_start as usize;
                    let from = &values[row * seen.width + left..][..columns];
                    let to = (channel * image.height + y) * image.width + tile.x.start as usize;
                    gradient[to..to + columns].copy_from_slice(from);
                }
            }
            Ok(())
        })
    }
}

/// The squared distance of a Gram matrix to that of a style, and its gradient times `factor`.
fn by_gram(
    sums: &FeatureMoments,
    wanted: &[f32],
    positions: f64,
    factor: f64,
) -> Result<(f64, BySums)> {
    let mut squares = 0.0;
    let products = sums.products.iter().zip(wanted).map(|(sum, wanted)| {
        let difference = sum / positions - f64::from(*wanted);
        squares += difference * difference;
        (4.0 * difference * factor) as f32
    });
    let products = memory::collected(products, "the gradient by a Gram matrix")?;
    Ok((squares, BySums { products, features: None }))
}

/// The squared distance of features to a style's by transport, and its gradient times `factor`.
fn by_transport(
    sums: &FeatureMoments,
    wanted: &Gaussian,
    positions: f64,
    factor: f64,
) -> Result<(f64, BySums)> {
    let what = "the gradient by a layer's moments";
    let averaged = |sums: &[f64]| memory::collected(sums.iter().map(|sum| sum / positions), what);
    let (mean, products) = (averaged(&sums.mean)?, averaged(&sums.products)?);
    let found = Destination::new(&wanted.mean, &wanted.root).transport(&mean, &products)?;
    let channels = mean.len();
    let by_product = |k: usize| found.by_products[(k / channels, k % channels)];
    let products = (0..channels * channels).map(|k| (2.0 * factor * by_product(k)) as f32);
    let features = found.by_mean.iter().map(|value| (value * factor) as f32);
    let products = memory::collected(products, what)?;
    let features = Some(memory::collected(features, what)?);
    Ok((found.distance, BySums { products, features }))
}

/// What the graphs report as [`names::LOSSES`].
pub(super) fn losses(values: &[f32]) -> Losses {
    let at = |k: usize| values.get(k).copied().unwrap_or(f32::NAN);
    Losses { content: at(0), style: at(1), variation: at(2), total: at(3) }
}

/// The features of the whole picture where a tile sees it.
fn seen_features(
    features: &[f32],
    target: &Target,
    stride: usize,
    tile: &Tile,
) -> Result<Vec<f32>> {
    let (width, height) = (target.width / stride, target.height / stride);
    let left = tile.x.seen_start as usize / stride;
    let columns = tile.x.seen() / stride;
    let rows = tile.y.seen_start as usize / stride..tile.y.seen_end as usize / stride;
    let planes = features.chunks_exact(width * height);
    let mut seen = memory::reserved(planes.len() * rows.len() * columns, "features of a tile")?;
    for plane in planes {
        for y in rows.clone() {
            seen.extend_from_slice(&plane[y * width + left..][..columns]);
        }
    }
    Ok(seen)
}

/// Adds the gradient of the variation times its weight, and returns the variation.
fn add_variation(image: &Planes, weight: f32, gradient: &mut [f32]) -> f64 {
    let (width, height) = (image.width, image.height);
    let vertical = (3 * (height - 1) * width).max(1) as f64;
    let horizontal = (3 * height * (width - 1)).max(1) as f64;
    let (down, across) = (
        (2.0 * f64::from(weight) / vertical) as f32,
        (2.0 * f64::from(weight) / horizontal) as f32,
    );
    let values = &image.values;
    let rows: Vec<(f64, f64)> = gradient
        .par_chunks_exact_mut(width)
        .enumerate()
        .map(|(at, row)| {
            let y = at % height;
            let line = |at: usize| &values[at * width..][..width];
            let (mut vertical, mut horizontal) = (0.0, 0.0);
            for (x, to) in row.iter_mut().enumerate() {
                let here = line(at)[x];
                if y > 0 {
                    *to += down * (here - line(at - 1)[x]);
                }
                if y + 1 < height {
                    let difference = line(at + 1)[x] - here;
                    *to -= down * difference;
                    vertical += f64::from(difference * difference);
                }
                if x > 0 {
                    *to += across * (here - line(at)[x - 1]);
                }
                if x + 1 < width {
                    let difference = line(at)[x + 1] - here;
                    *to -= across * difference;
                    horizontal += f64::from(difference * difference);
                }
            }
            (vertical, horizontal)
        })
        .collect();
    let sum = rows.iter().fold((0.0, 0.0), |sum, row| (sum.0 + row.0, sum.1 + row.1));
    sum.0 / vertical + sum.1 / horizontal
}
