//! What comes in goes out: sample types, profiles.

use std::path::Path;

use impasto::file::{self, WriteOptions};
use impasto::image::{
    AlphaMode, Channels, CodePoints, ColorSpace, Picture, PixelFormat, Resolution, SampleType, Unit,
};
use moxcms::ColorProfile;
use serde_json::Value;

use crate::common::pictures::{drawn, example, mean_difference, pixels, scene};
use crate::common::program::run;
use crate::common::root;
use crate::{folder, paint};

/// Paints a picture that is saved under a name, and reads what comes out under the other.
fn painted(picture: &Picture, from: &str, to: &str) -> Picture {
    let folder = folder();
    let [input, output] = [from, to].map(|name| folder.path().join(name));
    save(picture, &input);
    run(paint(&input, "ink").arg("--out").arg(&output)).silently();
    let painted = file::read(&output).unwrap();
    let before = file::read(&input).unwrap();
    assert_eq!((before.width(), before.height()), (painted.width(), painted.height()));
    assert!(mean_difference(&before, &painted) > 0.02);
    painted
}

fn save(picture: &Picture, path: &Path) {
    let notes = file::write(picture, path, &WriteOptions::default()).unwrap();
    assert!(notes.is_empty(), "{notes:?}");
}

fn picture(sample: SampleType, space: ColorSpace) -> Picture {
    let mut picture = drawn(120, 90, PixelFormat::new(Channels::Rgb, sample), scene);
    picture.set_color_space(space);
    picture
}

#[test]
fn sixteen_bits_stay_sixteen_bits() {
    let picture = picture(SampleType::U16, ColorSpace::Srgb);
    for name in ["a.png", "a.tif"] {
        let painted = painted(&picture, name, &name.replace('a', "b"));
        assert_eq!(painted.format().sample, SampleType::U16);
        // The low bytes are used, too.
        let fine = painted.data().chunks_exact(2).filter(|b| b[0] != b[1]);
        assert!(fine.count() > 10_000);
    }
}

#[test]
fn floats_stay_floats_and_keep_light_above_white() {
    let mut picture = picture(SampleType::F32, ColorSpace::LinearSrgb);
    picture.view_mut().write_row(10, 10, &[[5.0, 3.0, 2.0, 1.0]; 8]);
    for name in ["a.tiff", "a.exr"] {
        let painted = painted(&picture, name, &name.replace('a', "b"));
        assert_eq!(painted.format().sample, SampleType::F32);
        assert_eq!(*painted.color_space(), ColorSpace::LinearSrgb);
        assert!(pixels(&painted)[10 * 120 + 12][0] >= 3.99);
    }
}

#[test]
fn halves_stay_halves() {
    let picture = picture(SampleType::F16, ColorSpace::LinearSrgb);
    assert_eq!(painted(&picture, "a.exr", "b.exr").format().sample, SampleType::F16);
}

#[test]
fn strokes_are_round_on_pixels_that_are_shown_wide() {
    let folder = folder();
    let photo = example("photo.png");
    let (width, height) = (photo.width() / 4 * 2, photo.height() / 2);
    let painted = |picture: &Picture, name: &str| {
        let [input, output] = ["a", "b"].map(|part| folder.path().join(format!("{part}{name}")));
        save(picture, &input);
        run(paint(&input, "mosaic").arg("--out").arg(&output)).silently();
        file::read(&output).unwrap()
    };
    let squeezed = |picture: &Picture| picture.reduced(width / 2, height).unwrap();
    let square = squeezed(&painted(&photo.reduced(width, height).unwrap(), "square.png"));
    let mut stored = squeezed(&photo);
    let as_stored = painted(&stored, "stored.png");
    stored.metadata_mut().resolution = Some(Resolution { x: 1.0, y: 2.0, unit: Unit::Unknown });
    let as_shown = painted(&stored, "shown.png");
    assert_eq!(as_shown.metadata().pixel_aspect(), 2.0);
    let [shown, stored] = [as_shown, as_stored].map(|painted| mean_difference(&painted, &square));
    println!("{shown} from a painting of square pixels, {stored} if nothing were known");
    assert!(shown < 0.8 * stored, "{shown} {stored}");
}

#[test]
fn a_profile_is_kept() {
    let icc = ColorProfile::new_display_p3().encode().unwrap();
    let picture = picture(SampleType::U8, ColorSpace::Icc(icc.clone().into()));
    for (from, to) in [("a.jpg", "b.jpg"), ("a.png", "b.png"), ("a.jpg", "b.tif")] {
        let painted = painted(&picture, from, to);
        let ColorSpace::Icc(kept) = painted.color_space() else { panic!("{to} has no profile") };
        assert!(kept[..] == icc[..], "{to}");
    }
}

#[test]
fn alpha_is_kept_through_files() {
    let format = PixelFormat::new(Channels::Rgba, SampleType::U8);
    let picture = drawn(100, 80, format, |x, y| {
        let [r, g, b, _] = scene(x, y);
        [r, g, b, x as f32 / 99.0]
    });
    let painted = painted(&picture, "a.png", "b.webp");
    let alphas = |p: &Picture| p.data().iter().skip(3).step_by(4).copied().collect::<Vec<_>>();
    assert!(alphas(&picture) == alphas(&painted));
}

#[test]
fn without_opacity_hdr_comes_out_as_it_came_in() {
    for (primaries, transfer) in [(9, 16), (9, 18), (12, 13), (1, 8)] {
        let space = ColorSpace::Coded(CodePoints::full_range(primaries, transfer));
        let picture = picture(SampleType::U16, space);
        let folder = folder();
        let [input, output] = ["a.png", "b.png"].map(|name| folder.path().join(name));
        save(&picture, &input);
        run(paint(&input, "ink").args(["--opacity", "0", "--out"]).arg(&output)).silently();
        assert!(file::read(&output).unwrap() == picture, "{primaries} {transfer}");
    }
}

/// A flame is light without alpha.
#[test]
fn without_opacity_a_flame_comes_out_as_it_came_in() {
    let straight = PixelFormat::new(Channels::Rgba, SampleType::F16);
    let light = drawn(64, 48, straight, |x, y| {
        let [r, g, b, _] = scene(x, y);
        [10.0 * r, g, b, if x < 32 { 0.0 } else { 0.0001 }]
    });
    let format = PixelFormat { alpha: AlphaMode::Premultiplied, ..straight };
    let mut flame = Picture::new(64, 48, format, ColorSpace::LinearSrgb).unwrap();
    flame.data_mut().copy_from_slice(light.data());
    for name in ["a.exr", "a.tif"] {
        let folder = folder();
        let [input, output] = [name, &name.replace('a', "b")].map(|name| folder.path().join(name));
        save(&flame, &input);
        run(paint(&input, "ink").args(["--opacity", "0", "--out"]).arg(&output)).silently();
        assert!(file::read(&output).unwrap() == flame, "{name}");
    }
}

/// Files of Pillow, of its libavif too, of libjxl's `cjxl` and of tifffile, with three frames each; the
/// TIFF has a thumbnail, too.
#[test]
fn other_pictures_of_a_file_are_told() {
    let folder = folder();
    let others = root().join("tests/picture_files/others");
    for ending in ["avif", "gif", "jxl", "png", "tif", "webp"] {
        let input = others.join("animation").with_extension(ending);
        let words = format!("animation.{ending}: the file holds 3 pictures");
        let out = folder.path().join("b.png");
        let ran = run(paint(&input, "ink").args(["--json", "--out"]).arg(&out));
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
        assert_eq!(ran.stderr.matches(&words).count(), 1, "{ending}: {}", ran.stderr);
        let report: Value = serde_json::from_slice(&ran.stdout).unwrap();
        let notes = report["pictures"][0]["notes"].to_string();
        assert!(notes.contains(&words), "{ending}: {notes}");
    }
}

#[test]
fn a_damaged_jpeg_is_painted_with_a_word() {
    let folder = folder();
    let [input, out] = ["a.jpg", "b.png"].map(|name| folder.path().join(name));
    save(&picture(SampleType::U8, ColorSpace::Srgb), &input);
    let whole = std::fs::read(&input).unwrap();
    let middle = whole.len() * 3 / 4;
    // A code of ones alone, which no table has.
    let mut damaged = whole.clone();
    damaged[middle..middle + 64].copy_from_slice(&[0xff, 0x00].repeat(32));
    for (bytes, words) in
        [(damaged, "the file is damaged"), (whole[..middle].to_vec(), "ends before the picture")]
    {
        std::fs::write(&input, bytes).unwrap();
        let ran = run(paint(&input, "ink").args(["--json", "--out"]).arg(&out));
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
        assert_eq!(ran.stderr.matches(words).count(), 1, "{}", ran.stderr);
        let report: Value = serde_json::from_slice(&ran.stdout).unwrap();
        assert!(report["pictures"][0]["notes"].to_string().contains(words));
    }
}

#[test]
fn a_damaged_fax_is_painted_with_a_word() {
    let folder = folder();
    let [input, out] = ["a.tif", "b.png"].map(|name| folder.path().join(name));
    let mut fax = std::fs::read(root().join("tests/picture_files/others/tiff/group4.tif")).unwrap();
    // Zeros alone are no code. The strip stands before the directory.
    let directory = u32::from_le_bytes(*fax[4..].first_chunk().unwrap()) as usize;
    fax[20..directory].fill(0);
    std::fs::write(&input, fax).unwrap();
    let ran = run(paint(&input, "ink").arg("--out").arg(&out));
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let words = "a.tif: the file is damaged (invalid CCITT code sequence): what cannot be read of it is white";
    assert_eq!(ran.stderr.matches(words).count(), 1, "{}", ran.stderr);
}

#[test]
fn a_better_jpeg_is_larger() {
    let folder = folder();
    let input = folder.path().join("a.png");
    save(&picture(SampleType::U8, ColorSpace::Srgb), &input);
    let size = |quality: &str| {
        let out = folder.path().join("b.jpeg");
        run(paint(&input, "ink").args(["--quality", quality, "--out"]).arg(&out)).silently();
        std::fs::metadata(&out).unwrap().len()
    };
    assert!(size("30") < size("95"));
}
