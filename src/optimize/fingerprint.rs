//! What stands for the pictures and settings that a checkpoint belongs to.

use sha2::{Digest, Sha256};

use super::options::{Enlarging, OnCancel, OptimizeOptions};
use super::source::{StylePart, StyleSource};
use crate::canvas::Canvas;
use crate::image::{ColorSpace, Picture, PixelFormat};
use crate::method::Work;

/// A hash of all that bears on the steps of a painting.
pub(super) fn fingerprint(
    canvas: &Canvas<'_, '_>,
    styles: &[StylePart<'_>],
    start: Option<&Picture>,
    options: &OptimizeOptions,
    work: &Work<'_>,
) -> String {
    let mut hash = Sha256::new();
    for y in 0..canvas.input.height() {
        hash.update(canvas.input.row_bytes(y, 0, canvas.input.width()));
    }
    let described = |size: [u32; 2], format: PixelFormat, space: &ColorSpace| {
        format!("{size:?} {format:?} {space:?}")
    };
    let size = [canvas.input.width(), canvas.input.height()];
    hash.update(described(size, canvas.input.format(), canvas.color_space));
    let mut picture = |picture: Option<&Picture>| match picture {
        Some(picture) => {
            let size = [picture.width(), picture.height()];
            hash.update(described(size, picture.format(), picture.color_space()));
            hash.update(picture.data());
            // Of square pixels it is as it was before they had a shape.
            let aspect = picture.metadata().pixel_aspect();
            if aspect != 1.0 {
                hash.update(aspect.to_le_bytes());
            }
        }
        // A mask is no region.
        None => hash.update("none"),
    };
    for style in styles {
        let (own, region) = match style.source {
            StyleSource::Picture { picture, region } => (Some(picture), region),
            StyleSource::Statistics(_) => (None, None),
        };
        [own, style.mask, region].into_iter().for_each(&mut picture);
    }
    picture(start);
    for (k, style) in styles.iter().enumerate() {
        if let StyleSource::Statistics(statistics) = style.source {
            hash.update(format!("statistics {k}"));
            hash.update(statistics.hash());
        }
    }
    // What bears only on when the state is kept, and on what comes after the steps.
    let plain = OptimizeOptions {
        enlarge: Enlarging::default(),
        checkpoint: None,
        checkpoint_every: 0,
        on_cancel: OnCancel::Discard,
        ..options.clone()
    };
    hash.update(format!("{plain:?} {} {:?}", work.seed, work.finishing));
    hash.update(format!("{:?}", styles.iter().map(|style| style.weight).collect::<Vec<_>>()));
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
