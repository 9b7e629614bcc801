//! A defect inside the library stays inside.
#![cfg(feature = "inject-panic")]

use std::ptr;

use impasto::image::{Channels, ColorSpace, PixelFormat, SampleType};

use crate::abi;
use crate::fixtures::engine;
use crate::painting::{Form, by_c, by_rust};

#[test]
fn a_panic_becomes_a_status_and_the_engine_stays_usable() {
    let mut style = ptr::dangling_mut::<abi::Style>();
    let before = style;
    // SAFETY: the name is static, `style` is this function's own and only written.
    let status =
        unsafe { abi::impasto_style_from_name(engine(), c"inject-panic".as_ptr(), &mut style) };
    assert_eq!(status, abi::PANIC);
    assert!(abi::last_error().contains("a panic was asked for"), "{}", abi::last_error());
    assert_eq!(style, before, "the output was written");

    let format = PixelFormat::new(Channels::Rgb, SampleType::U8);
    let form = Form::packed(16, 16, format, ColorSpace::Srgb);
    let mut input = form.scene();
    let mut expected = input.clone();
    by_rust((&form, &input), None, (&form, &mut expected));
    let pixels = form.described(input.as_mut_ptr());
    // SAFETY: the description is that of the buffer.
    unsafe { by_c(&pixels, None, &pixels) };
    assert!(input == expected);
}
