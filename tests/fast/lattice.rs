//! The network's lattice does not show.

use std::f32::consts::TAU;

use impasto::canvas::PlainAreas;
use impasto::fast::FastOptions;

use crate::common::pictures::{RGB_F32, drawn, luma, pixels, scene};
use crate::common::{changed, paint, style};

const SIDE: usize = 256;

/// In quarters of a cycle a pixel, across and down.
const LATTICE: [(usize, usize); 8] =
    [(1, 0), (0, 1), (1, 1), (2, 0), (0, 2), (2, 2), (2, 1), (1, 2)];

/// Power around a frequency: `around` bins to each side, across and down. A Hann window keeps the
/// picture's borders from counting as strokes.
fn power(values: &[f32], at: [usize; 2], around: isize) -> Vec<Vec<f32>> {
    let window = |k: usize| 0.5 - 0.5 * (TAU * k as f32 / SIDE as f32).cos();
    let bins = |bin: usize| move |k: isize| (bin as isize + k).rem_euclid(SIDE as isize) as usize;
    let wave = |bin: usize, k: usize| {
        let (sine, cosine) = (TAU * (bin * k % SIDE) as f32 / SIDE as f32).sin_cos();
        [cosine, -sine]
    };
    let columns: Vec<usize> = (-around..=around).map(bins(at[0])).collect();
    let mut of_rows = vec![vec![[0.0_f32; 2]; SIDE]; columns.len()];
    for (row, bin) in of_rows.iter_mut().zip(&columns) {
        for (y, sum) in row.iter_mut().enumerate() {
            for x in 0..SIDE {
                let [re, im] = wave(*bin, x).map(|v| v * values[y * SIDE + x] * window(x));
                *sum = [sum[0] + re, sum[1] + im];
            }
        }
    }
    let rows: Vec<usize> = (-around..=around).map(bins(at[1])).collect();
    let whole = |row: &Vec<[f32; 2]>, bin: usize| {
        let mut sum = [0.0_f32; 2];
        for (y, &[re, im]) in row.iter().enumerate() {
            let [cosine, sine] = wave(bin, y).map(|v| v * window(y));
            sum = [sum[0] + re * cosine - im * sine, sum[1] + re * sine + im * cosine];
        }
        sum[0] * sum[0] + sum[1] * sum[1]
    };
    of_rows.iter().map(|row| rows.iter().map(|&bin| whole(row, bin)).collect()).collect()
}

/// Power at a frequency over the median of those around it.
fn peak(values: &[f32], (across, down): (usize, usize)) -> f32 {
    const AROUND: usize = 6;
    let found = power(values, [across * SIDE / 4, down * SIDE / 4], AROUND as isize);
    let own = found[AROUND][AROUND];
    let mut others: Vec<f32> = found.concat();
    others.remove(AROUND * (2 * AROUND + 1) + AROUND);
    others.sort_by(f32::total_cmp);
    own / others[others.len() / 2]
}

#[test]
fn no_lattice_frequency_stands_out() {
    let picture = drawn(SIDE as u32, SIDE as u32, RGB_F32, scene);
    for name in ["starry-night", "great-wave", "mosaic"] {
        for layers in [1, 3] {
            let options = FastOptions { brush_size: 1.0, layers, ..FastOptions::default() };
            let options = changed(options, |s| s.finishing.plain_areas = PlainAreas::Paint);
            let painted = paint(&picture, &style(name), &options);
            let tones: Vec<f32> = pixels(&painted).into_iter().map(luma).collect();
            let mean = tones.iter().sum::<f32>() / tones.len() as f32;
            let tones: Vec<f32> = tones.iter().map(|tone| tone - mean).collect();
            for frequency in LATTICE {
                let peak = peak(&tones, frequency);
                assert!(peak <= 5.0, "{name}, {layers} layers, {frequency:?}: {peak}");
            }
        }
    }
}

#[test]
fn a_peak_is_found_where_there_is_one() {
    let grid = |at: usize| {
        let is_corner = (at % SIDE).is_multiple_of(4) && (at / SIDE).is_multiple_of(4);
        if is_corner { 0.05 } else { 0.0 }
    };
    let noise = |at: usize| ((at * 7919 % 104_729) as f32 * 12.9898).sin().fract() * 0.02;
    let values: Vec<f32> = (0..SIDE * SIDE).map(|at| grid(at) + noise(at)).collect();
    assert!(LATTICE.iter().all(|&frequency| peak(&values, frequency) > 20.0));
}
