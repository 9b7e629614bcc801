//! A painting has no frame.

use impasto::canvas::PlainAreas;
use impasto::fast::FastOptions;

use crate::common::pictures::{RGB_F32, drawn, mean_color, photo_part, pixels};
use crate::common::{changed, paint, style};

const RING: u32 = 16;

fn is_ring(x: u32, y: u32, width: u32, height: u32) -> bool {
    x.min(y).min(width - 1 - x).min(height - 1 - y) < RING
}

fn calm() -> FastOptions {
    FastOptions { brush_size: 1.0, turbulence: 0.0, ..FastOptions::default() }
}

#[test]
fn the_border_is_painted_as_if_the_picture_went_on() {
    const BEYOND: u32 = 128;
    let (width, height) = (256, 224);
    let small = photo_part(170, 90, width, height);
    let colors = pixels(&small);
    let mirror = |at: u32, length: u32| {
        let at = at.abs_diff(BEYOND);
        if at < length { at } else { 2 * (length - 1) - at }
    };
    let large = drawn(width + 2 * BEYOND, height + 2 * BEYOND, RGB_F32, |x, y| {
        colors[(mirror(y, height) * width + mirror(x, width)) as usize]
    });
    for name in ["great-wave", "mosaic"] {
        let style = style(name);
        let alone = pixels(&paint(&small, &style, &calm()));
        let within = paint(&large, &style, &calm());
        let large_width = within.width();
        let within = pixels(&within);
        // Sums and counts of differences in the ring and inside of it.
        let mut sums = [(0.0_f64, 0.0); 2];
        for y in 0..height {
            for x in 0..width {
                let a = alone[(y * width + x) as usize];
                let b = within[((y + BEYOND) * large_width + x + BEYOND) as usize];
                let (sum, count) = &mut sums[usize::from(is_ring(x, y, width, height))];
                *sum += (0..3).map(|k| f64::from((a[k] - b[k]).abs())).sum::<f64>();
                *count += 3.0;
            }
        }
        let [inside, ring] = sums.map(|(sum, count)| sum / count);
        println!("{name}: ring {:.3}/255, inside {:.3}/255", ring * 255.0, inside * 255.0);
        assert!(ring <= 1.5 * inside + 1.0 / 255.0, "{name}: {ring} {inside}");
    }
}

#[test]
fn a_flat_gray_gets_no_frame() {
    let (width, height) = (160, 128);
    let gray = drawn(width, height, RGB_F32, |_, _| [0.5, 0.5, 0.5, 1.0]);
    for name in ["great-wave", "ink", "starry-night"] {
        // Of a picture that is nothing but flat, several layers enlarge what little its end does.
        let options = changed(calm(), |s| {
            (s.fast.layers, s.finishing.plain_areas) = (1, PlainAreas::Paint);
        });
        let painted = pixels(&paint(&gray, &style(name), &options));
        let mean = |ring: bool| {
            mean_color(painted.iter().enumerate().filter_map(|(k, &pixel)| {
                let (x, y) = (k as u32 % width, k as u32 / width);
                (is_ring(x, y, width, height) == ring).then_some(pixel)
            }))
        };
        let (ring, inside) = (mean(true), mean(false));
        println!("{name}: ring {ring:?}, inside {inside:?}");
        for channel in 0..3 {
            let difference = (ring[channel] - inside[channel]).abs();
            assert!(difference < 3.0 / 255.0, "{name}: {ring:?} {inside:?}");
        }
    }
}
