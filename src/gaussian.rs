//! Gaussians, and how far one is from another by optimal transport.
//!
//! Between Gaussians of means m, n and covariances S, T the squared Wasserstein-2 distance is
//! |m - n|^2 + tr(S + T - 2 (T^1/2 S T^1/2)^1/2) (Olkin and Pukelsheim 1982). The map that takes
//! the first to the second is M = T^1/2 (T^1/2 S T^1/2)^-1/2 T^1/2, and the derivative by S is
//! I - M.
//!
//! In double precision throughout: eigenvalues of features' covariances span nine powers of ten.

use faer::{Mat, MatRef, Side};

use crate::error::{Error, ErrorKind, Result};
use crate::memory;

/// What is added to every variance, as a part of the target's mean variance: covariances of few
/// positions have no inverse.
const RIDGE: f64 = 1e-4;

/// A Gaussian to come to.
#[derive(Debug, Clone)]
pub(crate) struct Gaussian {
    pub mean: Vec<f32>,
    /// The square root of the covariance: symmetric, as many rows and columns as the mean has
    /// values.
    pub root: Vec<f32>,
}

/// A squared distance to a target, and its gradient by a picture's moments.
pub(crate) struct Transport {
    pub distance: f64,
    /// By the mean of value times value.
    pub by_products: Mat<f64>,
    /// By the mean.
    pub by_mean: Vec<f64>,
}

/// A target that distances are measured to.
pub(crate) struct Destination<'t> {
    mean: &'t [f32],
    root: Mat<f64>,
    trace: f64,
    ridge: f64,
}

impl Gaussian {
    /// Of the means of values, and of value times value.
    ///
    /// # Errors
    /// `Memory` where there is no room for it, `Style` where they are no numbers.
    pub fn of(mean: &[f64], products: &[f64]) -> Result<Self> {
        ensure_room(mean.len())?;
        let mut covariance = covariance(mean, products);
        let variance = trace(&covariance) / mean.len() as f64;
        let ridge = RIDGE * variance.max(0.0);
        add_to_diagonal(&mut covariance, ridge);
        let (values, vectors) = eigen(&covariance).ok_or_else(|| {
            let what = "cannot use a style picture: its features are no numbers";
            Error::new(ErrorKind::Style, what)
        })?;
        // Rounding takes no variance below what was added to it.
        let scaled = scaled(&vectors, values.iter().map(|value| value.max(ridge).sqrt()));
        let root = &scaled * vectors.transpose();
        let mean = mean.iter().map(|&value| value as f32).collect();
        let size = root.nrows();
        let root = (0..size * size).map(|k| root[(k / size, k % size)] as f32).collect();
        Ok(Self { mean, root })
    }

    /// What distances are relative to: the mean square of all values.
    pub fn energy(&self) -> f64 {
        squares(&self.mean) + squares(&self.root)
    }
}

impl<'t> Destination<'t> {
    /// The parts are those of a [`Gaussian`].
    pub fn new(mean: &'t [f32], root: &[f32]) -> Self {
        let trace = squares(root);
        let ridge = RIDGE / (1.0 + RIDGE) * trace / mean.len() as f64;
        let root = MatRef::from_row_major_slice(root, mean.len(), mean.len());
        let root = Mat::from_fn(mean.len(), mean.len(), |y, x| f64::from(root[(y, x)]));
        Self { mean, root, trace, ridge }
    }

    /// The squared distance from the Gaussian with these means of values, and of value times value.
    /// No numbers come of what are none.
    ///
    /// # Errors
    /// `Memory` where there is no room for it.
    pub fn transport(&self, mean: &[f64], products: &[f64]) -> Result<Transport> {
        ensure_room(mean.len())?;
        Ok(self.found(mean, products).unwrap_or_else(|| Transport::unknown(mean.len())))
    }

    fn found(&self, mean: &[f64], products: &[f64]) -> Option<Transport> {
        let Self { root, ridge, .. } = self;
        let mut covariance = covariance(mean, products);
        add_to_diagonal(&mut covariance, *ridge);
        let (values, vectors) = eigen(&(root * (&covariance * root)))?;
        // Neither covariance has a smaller eigenvalue than what was added to it.
        let least = ridge * ridge;
        let values = || values.iter().map(|value| value.max(least));
        // Where a target has no variance at all, nothing is taken anywhere.
        let inverse = |value: f64| if value > 0.0 { value.sqrt().recip() } else { 0.0 };
        let turned = root * &vectors;
        let map = scaled(&turned, values().map(inverse)) * turned.transpose();
        let apart = mean.iter().zip(self.mean).map(|(a, &b)| (a - f64::from(b)).powi(2));
        let roots: f64 = values().map(f64::sqrt).sum();
        let distance = apart.sum::<f64>() + trace(&covariance) + self.trace - 2.0 * roots;
        let by_mean = (0..mean.len()).map(|row| {
            let taken: f64 = mean.iter().enumerate().map(|(k, value)| map[(row, k)] * value).sum();
            2.0 * (taken - f64::from(self.mean[row]))
        });
        let by_mean = by_mean.collect();
        let mut by_products = -map;
        add_to_diagonal(&mut by_products, 1.0);
        // It is a difference of nearly equal numbers where a target is reached.
        Some(Transport { distance: distance.max(0.0), by_products, by_mean })
    }
}

impl Transport {
    fn unknown(dimensions: usize) -> Self {
        let by_products = Mat::from_fn(dimensions, dimensions, |_, _| f64::NAN);
        Self { distance: f64::NAN, by_products, by_mean: vec![f64::NAN; dimensions] }
    }
}

/// The library ends the process where it finds no memory, so it is asked for before.
fn ensure_room(dimensions: usize) -> Result<()> {
    /// The matrices that are held at once, and what eigenvectors are found in.
    const MATRICES: usize = 12;
    let bytes = MATRICES * dimensions * dimensions * size_of::<f64>();
    memory::ensure(bytes as u64, "the moments of features")
}

fn covariance(mean: &[f64], products: &[f64]) -> Mat<f64> {
    let products = MatRef::from_row_major_slice(products, mean.len(), mean.len());
    Mat::from_fn(mean.len(), mean.len(), |y, x| {
        0.5 * (products[(y, x)] + products[(x, y)]) - mean[y] * mean[x]
    })
}

/// Eigenvalues, and eigenvectors as columns.
fn eigen(symmetric: &Mat<f64>) -> Option<(Vec<f64>, Mat<f64>)> {
    let is_finite = symmetric.col_iter().all(|column| column.iter().all(|v| v.is_finite()));
    let found = is_finite.then(|| symmetric.self_adjoint_eigen(Side::Lower).ok())??;
    Some((found.S().column_vector().iter().copied().collect(), found.U().to_owned()))
}

/// A matrix with its columns times factors.
fn scaled(matrix: &Mat<f64>, factors: impl Iterator<Item = f64>) -> Mat<f64> {
    let mut scaled = matrix.clone();
    for (column, factor) in scaled.col_iter_mut().zip(factors) {
        column.iter_mut().for_each(|value| *value *= factor);
    }
    scaled
}

fn add_to_diagonal(matrix: &mut Mat<f64>, value: f64) {
    matrix.diagonal_mut().column_vector_mut().iter_mut().for_each(|v| *v += value);
}

fn trace(matrix: &Mat<f64>) -> f64 {
    matrix.diagonal().column_vector().iter().sum()
}

fn squares(values: &[f32]) -> f64 {
    values.iter().map(|&value| f64::from(value) * f64::from(value)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Means of some made-up points in three dimensions, and of their coordinates' products.
    fn moments(points: &[[f64; 3]]) -> (Vec<f64>, Vec<f64>) {
        let count = points.len() as f64;
        let mean = |of: &dyn Fn(&[f64; 3]) -> f64| points.iter().map(of).sum::<f64>() / count;
        let means = (0..3).map(|k| mean(&|point| point[k])).collect();
        let products = (0..9).map(|k| mean(&|point| point[k / 3] * point[k % 3])).collect();
        (means, products)
    }

    fn points(seed: f64) -> Vec<[f64; 3]> {
        let at = |k: f64| [(k * 1.3 + seed).sin(), (k * 2.1).cos() * 2.0, (k * 0.7 + seed).sin()];
        (0..40).map(|k| at(f64::from(k))).collect()
    }

    fn distance(target: &Gaussian, mean: &[f64], products: &[f64]) -> f64 {
        Destination::new(&target.mean, &target.root).transport(mean, products).unwrap().distance
    }

    #[test]
    fn one_dimension_is_known() {
        // Means 2 and 5, deviations 1 and 3.
        let target = Gaussian::of(&[5.0], &[34.0]).unwrap();
        let found = distance(&target, &[2.0], &[5.0]);
        let [from, to] = [1.0, 9.0].map(|variance| f64::sqrt(variance + RIDGE * 9.0));
        let expected = 3.0 * 3.0 + (to - from).powi(2);
        assert!((found - expected).abs() < 1e-5, "{found}");
    }

    #[test]
    fn nothing_is_far_from_itself() {
        let (mean, products) = moments(&points(0.0));
        let target = Gaussian::of(&mean, &products).unwrap();
        assert!(distance(&target, &mean, &products) < 1e-5 * target.energy());
    }

    #[test]
    fn moving_all_points_costs_the_square_of_the_way() {
        let (mean, products) = moments(&points(0.5));
        let target = Gaussian::of(&mean, &products).unwrap();
        let moved: Vec<_> = points(0.5).iter().map(|p| [p[0] + 3.0, p[1], p[2] - 4.0]).collect();
        let (mean, products) = moments(&moved);
        let found = distance(&target, &mean, &products);
        assert!((found - 25.0).abs() < 1e-3, "{found}");
    }

    #[test]
    fn the_gradient_is_the_slope() {
        let (mean, products) = moments(&points(0.0));
        let (far, of_far) = moments(&points(2.0));
        let target = Gaussian::of(&mean, &products).unwrap();
        let destination = Destination::new(&target.mean, &target.root);
        let found = destination.transport(&far, &of_far).unwrap();
        // By one of all values, those of the mean first.
        let slope = |place: usize| {
            let at = |by: f64| {
                let (mut mean, mut products) = (far.clone(), of_far.clone());
                let all = mean.iter_mut().chain(&mut products);
                all.skip(place).take(1).for_each(|value| *value += by);
                destination.transport(&mean, &products).unwrap().distance
            };
            (at(1e-5) - at(-1e-5)) / 2e-5
        };
        let products = (0..9).map(|k| found.by_products[(k / 3, k % 3)]);
        for (place, found) in found.by_mean.iter().copied().chain(products).enumerate() {
            let slope = slope(place);
            assert!((slope - found).abs() < 1e-4, "{place}: {slope} {found}");
        }
    }

    #[test]
    fn what_does_not_vary_is_a_target_and_a_start() {
        let flat = Gaussian::of(&[1.0, 2.0], &[1.0, 2.0, 2.0, 4.0]).unwrap();
        let found = Destination::new(&flat.mean, &flat.root);
        let found = found.transport(&[0.0, 0.0], &[1.0, 0.0, 0.0, 1.0]).unwrap();
        assert_eq!(found.distance, 7.0);
        assert_eq!(found.by_mean, [-2.0, -4.0]);
        let (mean, products) = moments(&points(0.0));
        let target = Gaussian::of(&mean, &products).unwrap();
        let found = Destination::new(&target.mean, &target.root);
        let found = found.transport(&[0.0; 3], &[0.0; 9]).unwrap();
        assert!(found.by_mean.iter().all(|value| value.is_finite()));
        assert!(found.distance.is_finite());
    }

    #[test]
    fn what_is_no_number_is_no_gaussian() {
        let refused = Gaussian::of(&[f64::NAN], &[1.0]).unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::Style);
        let target = Gaussian::of(&[0.0], &[1.0]).unwrap();
        let found = Destination::new(&target.mean, &target.root);
        let Transport { distance, by_products, by_mean } =
            found.transport(&[0.0], &[f64::INFINITY]).unwrap();
        assert!(distance.is_nan() && by_products[(0, 0)].is_nan() && by_mean[0].is_nan());
    }
}
