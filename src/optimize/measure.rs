//! What is kept of a style's picture, so that it can be painted in without it.

use super::graph::Pooling;
use super::memory::statistics_bytes;
use super::method::OptimizeMethod;
use super::model::Graph;
use super::options::OptimizeOptions;
use super::planes::Planes;
use super::source::Looking;
use super::style_statistics::{LayerStatistics, StyleStatistics};
use super::target::Gathering;
use crate::error::Result;
use crate::image::Picture;
use crate::memory;
use crate::observer::Job;
use crate::vgg::WHOLE;

/// Square roots of the areas at which a picture is looked at. Half an octave from the one or the
/// other lie the sizes of an ordinary photograph, those of 256, 512 and 1024 pixels.
const SIDES: [u32; 2] = [240, 640];

/// What is being done.
const PHASE: &str = "Measuring the style";

/// The most pixels of a tile: a few hundred megabytes.
const TILE_PIXELS: u64 = 384 * 384;

/// The statistics of a picture at the default style layers, for either kind of pooling.
pub(super) fn measure(
    method: &OptimizeMethod,
    picture: &Picture,
    name: &str,
    job: Job<'_>,
) -> Result<StyleStatistics> {
    let options = OptimizeOptions { content_layers: Vec::new(), ..OptimizeOptions::default() };
    let own = (f64::from(picture.width()) * f64::from(picture.height())).sqrt();
    let mut sides = SIDES.map(|side| side.min(own.round() as u32)).to_vec();
    sides.dedup();
    let poolings = [Pooling::Max, Pooling::Average];
    let all = (sides.len() * poolings.len()) as f32;
    let mut statistics = StyleStatistics::new(name, method.model(&options, WHOLE)?.measured_by());
    let mut done = 0.0;
    for pooling in poolings {
        let model = method.model(&OptimizeOptions { pooling, ..options.clone() }, WHOLE)?;
        let spec = model.spec(1)?;
        memory::ensure(statistics_bytes(TILE_PIXELS, &spec), "the features of the style")?;
        let mut session = model.session(Graph::Statistics, 1)?;
        for &side in &sides {
            job.step(PHASE, done / all)?;
            done += 1.0;
            let looking = Looking {
                pixels: f64::from(side).powi(2),
                multiple: spec.multiple() as u32,
                colors: None,
                cancel: job.cancel,
            };
            let (image, region) = method.pool().install(|| looking.at(picture, None))?;
            let mut gathering = Gathering {
                session: &mut session,
                spec: &spec,
                most_pixels: TILE_PIXELS,
                cancel: job.cancel,
            };
            statistics.insert(pooling, side, layers(&mut gathering, &image, region.as_ref())?);
        }
    }
    job.step(PHASE, 1.0)?;
    Ok(statistics)
}

/// The statistics of the style layers.
fn layers(
    gathering: &mut Gathering<'_>,
    image: &Planes,
    region: Option<&Vec<f32>>,
) -> Result<Vec<LayerStatistics>> {
    let layers = gathering.spec.style_layers;
    let pixels = image.width * image.height;
    let sums = gathering.run(image, region, |_, _| {})?;
    let each = layers.iter().zip(sums);
    each.map(|(&layer, sums)| {
        Ok(LayerStatistics::of(layer, &sums.averaged(region, pixels, layer)?))
    })
    .collect()
}
