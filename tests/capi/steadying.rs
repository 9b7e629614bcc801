//! Steadying through the C interface.

use std::ptr;

use impasto::image::{Channels, ColorSpace, PixelFormat, SampleType};

use crate::abi::{self, checked};
use crate::fixtures;
use crate::painting::{Form, by_c};

fn form() -> Form {
    let format = PixelFormat::new(Channels::Rgba, SampleType::U8);
    Form::packed(64, 48, format, ColorSpace::Srgb)
}

fn paint(bytes: &mut [u8]) -> Vec<u8> {
    let mut painted = vec![7; bytes.len()];
    let from = form().described(bytes.as_mut_ptr());
    let to = form().described(painted.as_mut_ptr());
    // SAFETY: the pixels are described truly.
    unsafe { by_c(&from, None, &to) };
    painted
}

/// The scene, and the same with other noise in it.
fn noisy(seed: u32) -> Vec<u8> {
    let mut seed = seed;
    let mut bytes = form().scene();
    for byte in &mut bytes {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        *byte = byte.saturating_add((seed >> 29) as u8);
    }
    bytes
}

#[test]
fn a_painting_is_steadied_in_its_own_place_by_what_is_like_it() {
    let (mut picture, mut other) = (noisy(1), noisy(2));
    let (own, mut beside) = (paint(&mut picture), paint(&mut other));
    let picture = form().described(picture.as_mut_ptr());
    let neighbors = [form().described(other.as_mut_ptr())];
    let paintings = [form().described(beside.as_mut_ptr())];
    let (neighbors, paintings) = ([ptr::from_ref(&neighbors[0])], [ptr::from_ref(&paintings[0])]);
    let (engine, none, nobody) = (fixtures::engine(), ptr::null(), ptr::null());
    let steadied = |count: usize, mask: *const abi::Pixels| {
        let mut bytes = own.clone();
        // In place: the painting is the output.
        let painting = form().described(bytes.as_mut_ptr());
        let (pictures, paintings) = match count {
            0 => (ptr::null(), ptr::null()),
            _ => (neighbors.as_ptr(), paintings.as_ptr()),
        };
        // SAFETY: the engine lives, the pixels are described truly, the lists have `count` entries.
        let status = checked(unsafe {
            abi::impasto_engine_steady(
                engine, &picture, &painting, pictures, paintings, count, mask, nobody, &painting,
            )
        });
        assert_eq!(status, abi::OK, "{}", abi::last_error());
        bytes
    };
    let alone = steadied(0, none);
    assert!(alone == own);
    let by_one = steadied(1, none);
    let distance = |a: &[u8], b: &[u8]| -> u32 {
        a.iter().zip(b).map(|(a, b)| u32::from(a.abs_diff(*b))).sum()
    };
    let whole = distance(&own, &beside);
    let (to_own, to_other) = (distance(&by_one, &own), distance(&by_one, &beside));
    assert!(to_own > whole / 50 && to_other < whole, "{to_own} and {to_other} of {whole}");
    assert!(by_one.chunks(4).zip(own.chunks(4)).all(|(new, old)| new[3] == old[3]));
    // A black mask shows the picture.
    let mut black = vec![0; 64 * 48];
    let gray = PixelFormat::new(Channels::Gray, SampleType::U8);
    let mask = Form::packed(64, 48, gray, ColorSpace::Srgb).described(black.as_mut_ptr());
    assert!(steadied(1, &mask) == noisy(1));
}

#[test]
fn what_does_not_fit_is_refused_and_nothing_is_written() {
    let mut bytes = form().scene();
    let fits = form().described(bytes.as_mut_ptr());
    let mut out = vec![9; bytes.len()];
    let to = form().described(out.as_mut_ptr());
    let mut small = fits;
    small.height = 47;
    let mut linear = fits;
    linear.curve = 1;
    let (engine, none, nobody) = (fixtures::engine(), ptr::null(), ptr::null());
    let [one, tiny, light]: [[*const abi::Pixels; 1]; 3] =
        [&fits, &small, &linear].map(|pixels| [ptr::from_ref(pixels)]);
    let (one, tiny, light) = (one.as_ptr(), tiny.as_ptr(), light.as_ptr());
    let null = [none];
    // SAFETY: NULL may be given everywhere; else as above.
    unsafe {
        use abi::impasto_engine_steady as steady;
        let (lists, gone) = (ptr::null(), null.as_ptr());
        for status in [
            steady(ptr::null(), &fits, &fits, one, one, 1, none, nobody, &to),
            steady(engine, none, &fits, one, one, 1, none, nobody, &to),
            steady(engine, &fits, none, one, one, 1, none, nobody, &to),
            steady(engine, &fits, &fits, lists, one, 1, none, nobody, &to),
            steady(engine, &fits, &fits, one, lists, 1, none, nobody, &to),
            steady(engine, &fits, &fits, gone, one, 1, none, nobody, &to),
            steady(engine, &fits, &fits, one, gone, 1, none, nobody, &to),
            steady(engine, &fits, &fits, one, one, 17, none, nobody, &to),
            steady(engine, &fits, &fits, one, tiny, 1, none, nobody, &to),
            steady(engine, &fits, &fits, one, light, 1, none, nobody, &to),
            steady(engine, &fits, &fits, light, light, 1, none, nobody, &to),
            steady(engine, &fits, &small, one, one, 1, none, nobody, &to),
            steady(engine, &fits, &fits, one, one, 1, &small, nobody, &to),
            steady(engine, &fits, &fits, one, one, 1, none, nobody, none),
            steady(engine, &small, &small, one, one, 1, none, nobody, &to),
            steady(engine, &linear, &linear, one, one, 1, none, nobody, &to),
        ] {
            assert_eq!(checked(status), abi::ARGUMENT, "{}", abi::last_error());
        }
        let cancel = fixtures::Cancel::new();
        cancel.request();
        let mut run = fixtures::run();
        run.cancel = cancel.get();
        let status = steady(engine, &fits, &fits, one, one, 1, none, &run, &to);
        assert_eq!(checked(status), abi::CANCELLED);
    }
    assert!(out.iter().all(|&byte| byte == 9));
    // A neighbour of another size is none.
    let status = checked(unsafe {
        abi::impasto_engine_steady(engine, &fits, &fits, tiny, tiny, 1, none, nobody, &to)
    });
    assert_eq!(status, abi::OK, "{}", abi::last_error());
    assert!(out == bytes);
}
