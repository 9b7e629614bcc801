//! What the optimise method promises of every painting, through the library.

#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "../common/mod.rs"]
mod common;

mod bad_input;
mod cancelling;
mod checkpoints;
mod guiding;
mod losses;
mod memory;
mod networks;
mod pixels;
mod repeating;
mod sizes;
mod watching;

use std::sync::Mutex;

use common::{engine, job};
use impasto::canvas::Canvas;
use impasto::image::Picture;
use impasto::job::{Cancel, Job, Losses};
use impasto::optimize::{
    OptimizeOptions, OptimizeReport, Preview, StylePicture, Watching, WeightedLayer,
};
use impasto::{Error, Result};

/// Layers by their names, of the same weight.
fn layers(names: &[&str]) -> Vec<WeightedLayer> {
    names.iter().map(|name| name.parse().unwrap()).collect()
}

/// Settings without deep features, whose graphs load and run in no time.
fn shallow(iterations: u64) -> OptimizeOptions {
    OptimizeOptions {
        iterations,
        content_layers: layers(&["block2_conv2"]),
        style_layers: layers(&["block1_conv1", "block2_conv1"]),
        ..OptimizeOptions::default()
    }
}

/// A picture that counts wholly and everywhere.
fn style(picture: &Picture) -> StylePicture<'_> {
    StylePicture { picture, weight: 1.0, mask: None, region: None }
}

fn watched(
    picture: &Picture,
    mask: Option<&Picture>,
    styles: &[StylePicture<'_>],
    options: &OptimizeOptions,
    watching: Watching<'_>,
    job: Job<'_>,
) -> Result<(Picture, OptimizeReport)> {
    let (format, space) = (picture.format(), picture.color_space().clone());
    let mut painted = Picture::new(picture.width(), picture.height(), format, space)?;
    let canvas = Canvas {
        input: picture.view(),
        color_space: picture.color_space(),
        mask: mask.map(Picture::view),
        output: &mut painted.view_mut(),
    };
    let report = engine().paint_optimize(canvas, styles, options, watching, job)?;
    Ok((painted, report))
}

fn try_optimize(
    picture: &Picture,
    styles: &[StylePicture<'_>],
    options: &OptimizeOptions,
) -> Result<(Picture, OptimizeReport)> {
    watched(picture, None, styles, options, Watching::default(), job(&Cancel::new()))
}

fn optimize(
    picture: &Picture,
    styles: &[StylePicture<'_>],
    options: &OptimizeOptions,
) -> (Picture, OptimizeReport) {
    try_optimize(picture, styles, options).unwrap()
}

/// Why an optimisation was refused.
fn refusal(picture: &Picture, styles: &[StylePicture<'_>], options: &OptimizeOptions) -> Error {
    match try_optimize(picture, styles, options) {
        Err(e) => e,
        Ok(_) => panic!("{options:?} was taken"),
    }
}

/// The losses of each step, and the picture after it.
fn course(
    picture: &Picture,
    styles: &[StylePicture<'_>],
    options: &OptimizeOptions,
) -> Vec<(Losses, Picture)> {
    let seen = Mutex::new(Vec::new());
    let look = |preview: Preview<'_>| {
        seen.lock().unwrap().push((preview.losses, preview.picture.clone()));
    };
    let watching = Watching { preview: Some(&look), preview_every: 1 };
    watched(picture, None, styles, options, watching, job(&Cancel::new())).unwrap();
    seen.into_inner().unwrap()
}

/// The losses of the last step.
fn final_losses(report: &OptimizeReport) -> Losses {
    report.scales.last().unwrap().losses.unwrap()
}
