//! Threads that paint parts of one image, each in place.

use std::thread;

use impasto::image::{Channels, ColorSpace, PixelFormat, SampleType};

use crate::painting::{Form, by_c, by_rust};

const WIDTH: u32 = 64;
const HEIGHT: u32 = 48;

/// An address that a thread may have.
#[derive(Clone, Copy)]
struct Address(*mut u8);

// SAFETY: the test gives each thread the pixels of its own.
unsafe impl Send for Address {}

impl Address {
    fn get(self) -> *mut u8 {
        self.0
    }
}

/// A half of an image, left or right; the rows of the other lie in its gaps.
fn half(bottom_up: bool) -> Form {
    let format = PixelFormat::new(Channels::Rgba, SampleType::U8);
    // Behind each row lie bytes that are nobody's.
    let stride = (2 * WIDTH as isize) * 4 + 5;
    let stride = if bottom_up { -stride } else { stride };
    Form { stride, ..Form::packed(WIDTH, HEIGHT, format, ColorSpace::Srgb) }
}

#[test]
fn halves_of_one_image_are_painted_at_once() {
    for bottom_up in [false, true] {
        let form = half(bottom_up);
        let (row, stride) = (WIDTH as usize * 4, form.stride.unsigned_abs());
        let scene = form.scene();
        let mut expected = vec![0x77; stride * HEIGHT as usize];
        let mut image = expected.clone();
        let mut painted = scene.clone();
        by_rust((&form, &scene), None, (&form, &mut painted));
        for y in 0..HEIGHT as usize {
            for left in [0, row] {
                let of = y * stride..y * stride + row;
                let to = y * stride + left..y * stride + left + row;
                image[to.clone()].copy_from_slice(&scene[of.clone()]);
                expected[to].copy_from_slice(&painted[of]);
            }
        }
        let start = Address(image.as_mut_ptr());
        thread::scope(|scope| {
            for left in [0, row] {
                let form = &form;
                scope.spawn(move || {
                    let pixels = form.described(start.get().wrapping_add(left));
                    // SAFETY: the description lies in the image, and its pixels are this thread's.
                    unsafe { by_c(&pixels, None, &pixels) };
                });
            }
        });
        assert!(image == expected, "bottom up: {bottom_up}");
    }
}
