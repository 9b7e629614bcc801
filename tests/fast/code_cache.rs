//! Styles from pictures: mixing, and the codes kept on disk.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;

use impasto::fast::{FastOptions, Style};
use impasto::image::Picture;
use impasto::job::Cancel;
use impasto::{Engine, EngineOptions};

use crate::common::pictures::{RGB_U8, drawn, example, mean_difference, photo_part, scene};
use crate::common::{job, paint, scratch, style};

#[test]
fn weights_mix_styles() {
    let photo = photo_part(150, 100, 256, 192);
    let (a, b) = (style("great-wave"), style("the-scream"));
    let painted = |style: &Style| paint(&photo, style, &FastOptions::default());
    let mixed = |wa: f32, wb: f32| painted(&Style::mix(&[(&a, wa), (&b, wb)]).unwrap());
    let (first, second) = (painted(&a), painted(&b));
    assert!(mean_difference(&mixed(1.0, 0.0), &first) < 1e-6);
    assert!(mean_difference(&mixed(0.0, 3.0), &second) < 1e-6);
    let half = mixed(0.5, 0.5);
    let apart = mean_difference(&first, &second);
    for end in [&first, &second] {
        let from = mean_difference(&half, end);
        println!("half is {from} from an end; the ends are {apart} apart");
        assert!(from > 0.2 * apart, "{from} {apart}");
    }
    assert!(mean_difference(&half, &mixed(2.0, 2.0)) < 1e-6);
}

fn engine_with_cache(folder: &Path) -> Engine {
    Engine::new(EngineOptions { cache: Some(folder.to_owned()), ..EngineOptions::default() })
}

fn look(engine: &Engine, picture: &Picture) -> Style {
    engine.style_of_picture(picture, "seen", job(&Cancel::new()).engines()).unwrap()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() { files.extend(self::files(&path)) } else { files.push(path) }
    }
    files
}

#[test]
fn a_style_picture_is_looked_at_once() {
    let folder = tempfile::tempdir_in(scratch()).unwrap();
    let picture = example("styles/woodcut.png");
    let first = look(&engine_with_cache(folder.path()), &picture);
    let kept = files(folder.path());
    assert_eq!(kept.len(), 1, "{kept:?}");

    // A number of the kept code is changed: whoever gives it back has read the file.
    let text = fs::read_to_string(&kept[0]).unwrap();
    let mut marked = Style::from_text(&text).unwrap();
    marked.code[7] += 1.0;
    fs::write(&kept[0], marked.to_text()).unwrap();
    let second = look(&engine_with_cache(folder.path()), &picture);
    assert_eq!(second.code, marked.code);

    fs::write(&kept[0], &text).unwrap();
    assert_eq!(look(&engine_with_cache(folder.path()), &picture), first);
    // Another picture has a code of its own.
    let other = look(&engine_with_cache(folder.path()), &example("styles/ink.png"));
    assert_ne!(other.code, first.code);
    assert_eq!(files(folder.path()).len(), 2);
}

#[test]
fn the_shipped_style_is_what_its_picture_gives() {
    let folder = tempfile::tempdir_in(scratch()).unwrap();
    let seen = look(&engine_with_cache(folder.path()), &example("styles/mosaic.png"));
    let shipped = style("mosaic");
    assert_eq!(seen.network, shipped.network);
    let off = seen.code.iter().zip(&shipped.code).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    assert!(off < 1e-3, "{off}");
}

#[test]
fn damaged_codes_are_ignored_and_replaced() {
    let folder = tempfile::tempdir_in(scratch()).unwrap();
    let picture = drawn(120, 90, RGB_U8, scene);
    let engine = engine_with_cache(folder.path());
    let first = look(&engine, &picture);
    let file = files(folder.path()).pop().unwrap();
    let whole = fs::read(&file).unwrap();
    let foreign = Style { network: "another".into(), ..first.clone() };
    for damage in [&whole[..whole.len() / 2], b"", b"\xff\xfe\0", foreign.to_text().as_bytes()] {
        fs::write(&file, damage).unwrap();
        assert_eq!(look(&engine, &picture), first);
        assert!(fs::read(&file).unwrap() == whole, "the file is still damaged");
    }
}

#[test]
fn many_may_keep_the_same_code_at_once() {
    let folder = tempfile::tempdir_in(scratch()).unwrap();
    let picture = drawn(96, 96, RGB_U8, scene);
    let engines: Vec<_> = (0..8).map(|_| engine_with_cache(folder.path())).collect();
    let styles: Vec<_> = thread::scope(|scope| {
        let threads: Vec<_> =
            engines.iter().map(|engine| scope.spawn(|| look(engine, &picture))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(styles.windows(2).all(|pair| pair[0].code == pair[1].code));
    let kept = files(folder.path());
    assert_eq!(kept.len(), 1, "something was left behind: {kept:?}");
    let text = fs::read_to_string(&kept[0]).unwrap();
    assert_eq!(Style::from_text(&text).unwrap().code, styles[0].code);
}

#[test]
fn a_cache_that_cannot_be_written_is_no_error() {
    let folder = tempfile::tempdir_in(scratch()).unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    let picture = drawn(64, 64, RGB_U8, scene);
    look(&engine_with_cache(&file), &picture);
}
