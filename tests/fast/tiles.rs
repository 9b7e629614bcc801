//! Tiles cannot be seen.

use std::collections::BTreeSet;

use impasto::fast::FastOptions;
use impasto::image::Picture;
use impasto::job::Cancel;

use crate::common::pictures::{RGB_F32, drawn, most_difference, scene};
use crate::common::{Job, style, try_paint};

const TOLERANCE: f32 = 2.0 / 255.0;

/// Room for any tile, for some, for small ones, and for none: the smallest are painted then.
const PLENTY: u64 = 4 << 30;
const FEW_TILES: u64 = 120 << 20;
const MANY_TILES: u64 = 90 << 20;
const NOTHING: u64 = 0;

fn assert_no_seams(width: u32, height: u32, brush_size: f32, budgets: &[u64]) {
    let picture = drawn(width, height, RGB_F32, scene);
    let style = style("starry-night");
    let options = FastOptions { brush_size, ..FastOptions::default() };
    let cancel = Cancel::new();
    let mut whole: Option<Picture> = None;
    let mut counts = BTreeSet::new();
    for &budget in budgets {
        let job = Job { cancel: &cancel, progress: &|_| {}, memory: Some(budget) };
        let (painted, report) = try_paint(&picture, None, &style, &options, job).unwrap();
        assert!(report.notes.is_empty(), "{:?}", report.notes);
        counts.insert(report.tiles);
        let whole = whole.get_or_insert_with(|| painted.clone());
        let difference = most_difference(whole, &painted);
        println!(
            "{width}x{height} brush {brush_size}: {} tiles differ by {:.3}/255",
            report.tiles,
            difference * 255.0
        );
        assert!(difference <= TOLERANCE, "{} tiles: {difference}", report.tiles);
    }
    // Otherwise one tile was compared with one tile.
    assert!(counts.contains(&1), "{counts:?}");
    assert_eq!(counts.len(), budgets.len(), "{counts:?}");
}

#[test]
fn tiles_leave_no_seam_in_a_photograph() {
    assert_no_seams(600, 400, 1.0, &[PLENTY, FEW_TILES, MANY_TILES]);
}

#[test]
fn tiles_leave_no_seam_where_sides_are_no_multiples() {
    assert_no_seams(517, 389, 1.0, &[PLENTY, FEW_TILES]);
}

#[test]
fn tiles_leave_no_seam_in_a_wide_picture() {
    assert_no_seams(1001, 333, 1.0, &[PLENTY, FEW_TILES]);
}

#[test]
fn tiles_leave_no_seam_in_a_narrow_picture() {
    assert_no_seams(64, 700, 1.0, &[PLENTY, MANY_TILES, NOTHING]);
}

#[test]
fn tiles_leave_no_seam_under_a_large_brush() {
    assert_no_seams(601, 399, 2.0, &[PLENTY, FEW_TILES, NOTHING]);
}

#[test]
fn tiles_leave_no_seam_under_a_small_brush() {
    assert_no_seams(257, 189, 0.7, &[PLENTY, MANY_TILES]);
    assert_no_seams(64, 700, 0.7, &[PLENTY, MANY_TILES]);
}
