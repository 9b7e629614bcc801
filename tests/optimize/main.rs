//! What the optimise method promises of every painting, through the library.

#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "../common/mod.rs"]
mod common;

mod bad_input;
mod by_name;
mod cancelling;
mod checkpoints;
mod enlarging;
mod guiding;
mod losses;
mod memory;
mod networks;
mod pixels;
mod repeating;
mod sizes;
mod studio;
mod watching;

use std::sync::Mutex;

use common::{Job, canvas, changed, engine, job, like};
use impasto::image::Picture;
use impasto::job::{Cancel, Losses, Progress};
use impasto::optimize::{OptimizeOptions, StylePart, StyleSource, WeightedLayer};
use impasto::{Error, Observer, Preview, Report, Request, Result, Settings};

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
fn style(picture: &Picture) -> StylePart<'_> {
    picture.into()
}

/// The part of a picture where `region` is white.
fn part_of<'a>(picture: &'a Picture, region: &'a Picture) -> StylePart<'a> {
    StyleSource::Picture { picture, region: Some(region) }.into()
}

/// Who sees the pictures of an optimisation, and every how many steps.
#[derive(Clone, Copy, Default)]
struct Watching<'a> {
    preview: Option<&'a (dyn Fn(Preview<'_>) + Sync)>,
    preview_every: u32,
}

/// Who hears of an optimisation.
struct Audience<'a> {
    job: Job<'a>,
    watching: Watching<'a>,
}

impl Observer for Audience<'_> {
    fn progress(&self, progress: Progress) {
        self.job.progress(progress);
    }

    fn preview_every(&self) -> u32 {
        self.watching.preview.map_or(0, |_| self.watching.preview_every)
    }

    fn preview(&self, preview: Preview<'_>) {
        if let Some(show) = self.watching.preview {
            show(preview);
        }
    }
}

/// An optimisation from a picture to start from, if one is given.
fn started(
    picture: &Picture,
    styles: &[StylePart<'_>],
    start: Option<&Picture>,
    settings: &(impl Clone + Into<Settings>),
    watching: Watching<'_>,
    job: Job<'_>,
) -> Result<(Picture, Report)> {
    let mut painted = like(picture)?;
    let settings = settings.clone().into();
    let mut output = painted.view_mut();
    let canvas = canvas(picture, None, &mut output);
    let request = Request::new(canvas, styles.into(), &settings, job.cancel);
    let request = Request { limits: job.limits(), start, ..request };
    let report = engine().paint(request, &Audience { job, watching })?;
    Ok((painted, report))
}

fn watched(
    picture: &Picture,
    styles: &[StylePart<'_>],
    settings: &(impl Clone + Into<Settings>),
    watching: Watching<'_>,
    job: Job<'_>,
) -> Result<(Picture, Report)> {
    started(picture, styles, None, settings, watching, job)
}

fn try_optimize(
    picture: &Picture,
    styles: &[StylePart<'_>],
    settings: &(impl Clone + Into<Settings>),
) -> Result<(Picture, Report)> {
    watched(picture, styles, settings, Watching::default(), job(&Cancel::new()))
}

fn optimize(
    picture: &Picture,
    styles: &[StylePart<'_>],
    settings: &(impl Clone + Into<Settings>),
) -> (Picture, Report) {
    try_optimize(picture, styles, settings).unwrap()
}

/// Why an optimisation was refused.
fn refusal(
    picture: &Picture,
    styles: &[StylePart<'_>],
    settings: &(impl Clone + Into<Settings>),
) -> Error {
    match try_optimize(picture, styles, settings) {
        Err(e) => e,
        Ok(_) => panic!("{:?} was taken", settings.clone().into()),
    }
}

/// The losses of each step, and the picture after it.
fn course(
    picture: &Picture,
    styles: &[StylePart<'_>],
    settings: &(impl Clone + Into<Settings>),
) -> Vec<(Losses, Picture)> {
    let seen = Mutex::new(Vec::new());
    let look = |preview: Preview<'_>| {
        seen.lock().unwrap().push((preview.losses, preview.picture.clone()));
    };
    let watching = Watching { preview: Some(&look), preview_every: 1 };
    watched(picture, styles, settings, watching, job(&Cancel::new())).unwrap();
    seen.into_inner().unwrap()
}

/// The losses of the last step.
fn final_losses(report: &Report) -> Losses {
    report.losses().unwrap()
}
