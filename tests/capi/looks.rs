//! Looks and the picture's scale through the C interface.

use std::ptr;

use impasto::image::{Channels, ColorSpace, PixelFormat, SampleType};

use crate::abi::{self, checked};
use crate::common::example;
use crate::fixtures;
use crate::painting::Form;

fn form() -> Form {
    let format = PixelFormat::new(Channels::Rgba, SampleType::U8);
    Form::packed(64, 48, format, ColorSpace::Srgb)
}

/// The status of a painting in this run, and what it wrote.
fn paint(run: &abi::Run, bytes: &mut [u8]) -> (i32, Vec<u8>) {
    let mut painted = vec![7; bytes.len()];
    let (from, to) = (form().described(bytes.as_mut_ptr()), form());
    let to = to.described(painted.as_mut_ptr());
    let (engine, style, nothing) = (fixtures::engine(), fixtures::style(), ptr::null_mut());
    let (defaults, none) = (ptr::null(), ptr::null());
    // SAFETY: the objects live, the pixels are described truly.
    let status = checked(unsafe {
        abi::impasto_engine_paint(engine, style, defaults, run, &from, none, &to, nothing)
    });
    (status, painted)
}

#[test]
fn a_look_is_found_mixed_and_painted_in() {
    let mut bytes = form().scene();
    let pixels = form().described(bytes.as_mut_ptr());
    let (engine, style) = (fixtures::engine(), fixtures::style());
    let mut run = fixtures::run();
    let (_, own) = paint(&run, &mut bytes);
    let (mut look, mut other, mut mixed) = (ptr::null_mut(), ptr::null_mut(), ptr::null_mut());
    let file = fixtures::path(&example("portrait.png"));
    // SAFETY: the objects live until they are freed, the pixels are described truly.
    unsafe {
        let nothing = ptr::null();
        let status =
            abi::impasto_look_from_pixels(engine, style, nothing, &run, &pixels, &mut look);
        assert_eq!(checked(status), abi::OK, "{}", abi::last_error());
        let path = file.as_ptr();
        let status = abi::impasto_look_from_file(engine, style, nothing, &run, path, &mut other);
        assert_eq!(checked(status), abi::OK, "{}", abi::last_error());
        let looks = [look.cast_const(), other.cast_const()];
        let status = abi::impasto_look_mix(looks.as_ptr(), [1.0, 1.0].as_ptr(), 2, &mut mixed);
        assert_eq!(checked(status), abi::OK, "{}", abi::last_error());
    }
    run.look = look;
    assert!(paint(&run, &mut bytes) == (abi::OK, own.clone()));
    run.look = mixed;
    let (status, painted) = paint(&run, &mut bytes);
    assert!(status == abi::OK && painted != own);
    // SAFETY: they are freed once.
    unsafe {
        for handle in [&mut look, &mut other, &mut mixed] {
            abi::impasto_look_free(handle);
            assert!(handle.is_null());
            abi::impasto_look_free(handle);
        }
        abi::impasto_look_free(ptr::null_mut());
    }
}

#[test]
fn what_is_missing_is_an_error() {
    let mut bytes = form().scene();
    let pixels = form().described(bytes.as_mut_ptr());
    let (engine, style) = (fixtures::engine(), fixtures::style());
    let (none, alone, mut look) = (ptr::null(), ptr::null(), ptr::null_mut());
    let no_file = c"/no/such/picture.png".as_ptr();
    // SAFETY: NULL is allowed to be given everywhere.
    unsafe {
        use abi::{impasto_look_from_file as from_file, impasto_look_from_pixels as from_pixels};
        for status in [
            from_pixels(ptr::null(), style, none, alone, &pixels, &mut look),
            from_pixels(engine, ptr::null(), none, alone, &pixels, &mut look),
            from_pixels(engine, style, none, alone, ptr::null(), &mut look),
            from_pixels(engine, style, none, alone, &pixels, ptr::null_mut()),
            from_file(engine, style, none, alone, ptr::null(), &mut look),
            abi::impasto_look_mix(ptr::null(), [1.0].as_ptr(), 1, &mut look),
            abi::impasto_look_mix([ptr::null()].as_ptr(), [1.0].as_ptr(), 1, &mut look),
            abi::impasto_look_mix([ptr::null()].as_ptr(), ptr::null(), 1, &mut look),
            abi::impasto_look_mix([ptr::null()].as_ptr(), [1.0].as_ptr(), 0, &mut look),
        ] {
            assert_eq!(checked(status), abi::ARGUMENT, "{}", abi::last_error());
        }
        let status = from_file(engine, style, none, alone, no_file, &mut look);
        assert_ne!(checked(status), abi::OK);
    }
    assert!(look.is_null());
}

#[test]
fn scales_have_a_range() {
    let mut bytes = form().scene();
    let mut run = fixtures::run();
    let (_, usual) = paint(&run, &mut bytes);
    for scale in [0.0, -1.0, f32::NAN, 1e9] {
        run.scale_x = scale;
        assert_eq!(paint(&run, &mut bytes).0, abi::ARGUMENT);
    }
    (run.scale_x, run.scale_y) = (0.25, 0.25);
    let (status, finer) = paint(&run, &mut bytes);
    assert!(status == abi::OK && finer != usual);
}

#[test]
fn the_optimise_method_has_no_look() {
    let mut bytes = form().scene();
    let pixels = form().described(bytes.as_mut_ptr());
    let (engine, style) = (fixtures::engine(), fixtures::style());
    let settings = fixtures::Settings::new(&[(c"method", c"optimize")]);
    let (mut run, mut look, mut own) = (fixtures::run(), ptr::null_mut(), ptr::null_mut());
    let none = ptr::null();
    // SAFETY: the objects live until they are freed, the pixels are described truly.
    unsafe {
        let status =
            abi::impasto_look_from_pixels(engine, style, ptr::null(), &run, &pixels, &mut look);
        assert_eq!(checked(status), abi::OK, "{}", abi::last_error());
        run.look = look;
        let status =
            abi::impasto_style_from_pixels(engine, &pixels, ptr::null(), ptr::null(), &mut own);
        assert_eq!(checked(status), abi::OK, "{}", abi::last_error());
        let status = abi::impasto_engine_paint(
            engine,
            own,
            settings.get(),
            &run,
            &pixels,
            none,
            &pixels,
            ptr::null_mut(),
        );
        assert_eq!(checked(status), abi::ARGUMENT);
        assert!(abi::last_error().contains("look"), "{}", abi::last_error());
        abi::impasto_look_free(&mut look);
        abi::impasto_style_free(&mut own);
    }
}
