//! The photograph's colours in the painting.

use impasto::canvas::KeepColor;
use impasto::fast::FastOptions;

use crate::common::pictures::{luma, mean_color, photo_part, pixels};
use crate::common::{paint, settings, style};

const FIRE: &str = "the-scream";

#[test]
fn luminance_is_painted_and_chroma_kept() {
    let photo = photo_part(120, 80, 320, 240);
    let style = style(FIRE);
    let plain = pixels(&paint(&photo, &style, &FastOptions::default()));
    let options = settings(|s| s.finishing.keep_color = KeepColor::Luminance);
    let kept = pixels(&paint(&photo, &style, &options));
    let mut whole = 0;
    for ((original, plain), kept) in pixels(&photo).iter().zip(&plain).zip(&kept) {
        assert!((luma(*plain) - luma(*kept)).abs() < 1e-3, "{plain:?} {kept:?}");
        let chroma = |pixel: [f32; 4]| [0, 1, 2].map(|k| pixel[k] - luma(pixel));
        let (from, to) = (chroma(*original), chroma(*kept));
        // The chroma is the photograph's or, where that would leave 0..1, a part of it.
        let strength: f32 = from.iter().map(|v| v * v).sum::<f32>().max(1e-9);
        let part = from.iter().zip(&to).map(|(a, b)| a * b).sum::<f32>() / strength;
        assert!((-0.01..=1.01).contains(&part) || strength < 1e-6, "{original:?} {kept:?}");
        for (from, to) in from.iter().zip(&to) {
            assert!((to - part * from).abs() < 2e-3, "{original:?} {kept:?}");
        }
        whole += usize::from(part > 0.99);
    }
    assert!(whole > kept.len() / 2, "{whole} of {}", kept.len());
}

#[test]
fn matching_moves_mean_and_spread_to_the_photographs() {
    let photo = photo_part(120, 80, 320, 240);
    let style = style(FIRE);
    let options = settings(|s| s.finishing.keep_color = KeepColor::Match);
    let plain = pixels(&paint(&photo, &style, &FastOptions::default()));
    let matched = pixels(&paint(&photo, &style, &options));
    let photo = pixels(&photo);
    let mean = |pixels: &[[f32; 4]]| mean_color(pixels.iter().copied());
    let spread = |pixels: &[[f32; 4]]| {
        let mean = mean(pixels);
        let squares = pixels
            .iter()
            .map(|p| std::array::from_fn(|k| if k < 3 { (p[k] - mean[k]).powi(2) } else { 1.0 }));
        mean_color(squares).map(f32::sqrt)
    };
    let off = |a: [f32; 3], b: [f32; 3]| (0..3).map(|k| (a[k] - b[k]).abs()).fold(0.0, f32::max);
    let before = off(mean(&plain), mean(&photo));
    let after = off(mean(&matched), mean(&photo));
    let spread_after = off(spread(&matched), spread(&photo));
    println!("mean off by {before} unmatched, {after} matched; spread by {spread_after}");
    assert!(before > 0.05, "the style has the photograph's colours already: {before}");
    // The map is linear; what it moves beyond 0..1 is cut off.
    assert!(after < 0.04 && after < 0.5 * before, "{after}");
    assert!(spread_after < 0.04, "{spread_after}");
}
