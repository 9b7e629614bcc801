//! What a run's callbacks hear, and what stops it.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ffi::{CStr, c_char, c_void};
use std::ptr;

use impasto::image::{Channels, ColorSpace, PixelFormat, SampleType};

use crate::abi::{self, checked};
use crate::fixtures;
use crate::painting::Form;

fn form(width: u32, height: u32) -> Form {
    Form::packed(width, height, PixelFormat::new(Channels::Rgb, SampleType::U8), ColorSpace::Srgb)
}

/// Paints in place.
fn paint(pixels: &abi::Pixels, run: *const abi::Run, report: *mut abi::Report) -> i32 {
    let (engine, style) = (fixtures::engine(), fixtures::style());
    let (settings, mask) = (ptr::null(), ptr::null());
    // SAFETY: the objects live, the pixels are described truly.
    checked(unsafe {
        abi::impasto_engine_paint(engine, style, settings, run, pixels, mask, pixels, report)
    })
}

type Phases = RefCell<BTreeMap<String, *const c_char>>;

unsafe extern "C" fn hear(user_data: *mut c_void, progress: *const abi::Progress) -> i32 {
    // SAFETY: what the test handed over, on its own thread.
    let (phases, progress) = unsafe { (&*user_data.cast::<Phases>(), &*progress) };
    assert_eq!(progress.struct_size, size_of::<abi::Progress>());
    assert!((0.0..=1.0).contains(&progress.fraction) && progress.losses.is_null());
    assert_eq!(progress.remaining_seconds, -1.0);
    // SAFETY: the header says that it is static.
    let phase = unsafe { CStr::from_ptr(progress.phase) }.to_str().unwrap();
    let former = phases.borrow_mut().insert(phase.to_owned(), progress.phase);
    assert!(former.is_none_or(|former| former == progress.phase), "{phase} moved");
    0
}

#[test]
fn phases_are_static() {
    let phases = Phases::default();
    let mut run = fixtures::run();
    run.progress = Some(hear);
    run.progress_user_data = ptr::from_ref(&phases).cast_mut().cast();
    for _ in 0..2 {
        let mut bytes = form(16, 16).scene();
        let status = paint(&form(16, 16).described(bytes.as_mut_ptr()), &run, ptr::null_mut());
        assert_eq!(status, abi::OK, "{}", abi::last_error());
    }
    assert!(phases.borrow().len() >= 2);
    for (phase, address) in phases.take() {
        // SAFETY: the header says that it is static.
        assert_eq!(unsafe { CStr::from_ptr(address) }.to_str().unwrap(), phase);
    }
}

#[test]
fn a_request_that_was_made_stops_the_next_painting() {
    let mut bytes = form(16, 16).scene();
    let before = bytes.clone();
    let pixels = form(16, 16).described(bytes.as_mut_ptr());
    let cancel = fixtures::Cancel::new();
    let mut run = fixtures::run();
    run.cancel = cancel.get();
    cancel.request();
    assert_eq!(paint(&pixels, &run, ptr::null_mut()), abi::CANCELLED);
    assert_eq!(bytes, before);
}

#[test]
fn reserved_fields_and_cut_sizes_are_refused() {
    let mut bytes = form(8, 8).scene();
    let pixels = form(8, 8).described(bytes.as_mut_ptr());
    let mut run = fixtures::run();
    run.draft = 2;
    assert_eq!(paint(&pixels, &run, ptr::null_mut()), abi::ARGUMENT);
    assert!(abi::last_error().contains("draft"), "{}", abi::last_error());
    let mut options = fixtures::engine_options();
    options.reserved = 1;
    let mut engine = ptr::null_mut();
    // SAFETY: initialised options, room for a handle.
    assert_eq!(checked(unsafe { abi::impasto_engine_new(&options, &mut engine) }), abi::ARGUMENT);
    assert!(engine.is_null());
    // Half a pointer, half a number, one field less.
    for size in [52, 66, 80, 86] {
        let mut run = fixtures::run();
        run.struct_size = size;
        assert_eq!(paint(&pixels, &run, ptr::null_mut()), abi::ARGUMENT, "{size}");
        assert!(abi::last_error().contains(&size.to_string()), "{}", abi::last_error());
    }
}

#[test]
fn pictures_of_one_row_or_column_are_painted() {
    for (width, height) in [(30_000, 1), (3000, 1), (1, 3000)] {
        let form = form(width, height);
        let mut bytes = form.scene();
        let before = bytes.clone();
        let mut report = fixtures::report();
        let pixels = form.described(bytes.as_mut_ptr());
        assert_eq!(paint(&pixels, ptr::null(), &mut report), abi::OK, "{}", abi::last_error());
        let changed = bytes.iter().zip(&before).filter(|(new, old)| new != old).count();
        assert!(changed > before.len() / 2, "{width}x{height}: {changed}");
        assert!(report.tiles > 0);
    }
}
