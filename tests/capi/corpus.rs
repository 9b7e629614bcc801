//! What fuzzing found worth keeping, replayed.

use std::fs;

use crate::common::root;

#[path = "../../fuzz/bodies/pixels.rs"]
mod pixels;
#[path = "../../fuzz/bodies/style.rs"]
mod style;

fn replay(target: &str, run: fn(&[u8])) {
    let folder = root().join("fuzz/corpus").join(target);
    let mut count = 0;
    for entry in fs::read_dir(&folder).unwrap() {
        let file = entry.unwrap().path();
        println!("{}", file.display());
        run(&fs::read(file).unwrap());
        count += 1;
    }
    assert!(count >= 10, "{count} files in {}", folder.display());
}

#[test]
fn descriptions_of_pixels_are_checked() {
    replay("pixels", pixels::run);
}

#[test]
fn styles_of_any_bytes_are_read_or_refused() {
    replay("style", style::run);
}
