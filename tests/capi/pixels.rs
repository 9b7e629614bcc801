//! However pixels lie in a C program's memory, they are painted as the Rust interface paints them.

use impasto::image::{Channels, ColorSpace, PixelFormat, SampleType};

use crate::abi::Pixels;
use crate::painting::{ALPHAS, CURVES, Form, SAMPLES, by_c, by_rust};

const WIDTH: u32 = 24;
const HEIGHT: u32 = 20;
const UNTOUCHED: u8 = 0xa7;

/// The rows of `packed`, laid out as `form` says, with gaps that nobody touched.
fn laid_out(packed: &[u8], form: &Form) -> Vec<u8> {
    let row = form.width as usize * form.format.bytes();
    let mut bytes = vec![UNTOUCHED; form.length()];
    for (y, from) in packed.chunks_exact(row).enumerate() {
        let start = form.top() as isize + y as isize * form.stride;
        bytes[start as usize..][..row].copy_from_slice(from);
    }
    bytes
}

fn assert_same_in_every_layout(channels: Channels) {
    for sample in SAMPLES {
        for alpha in ALPHAS {
            for space in CURVES {
                let format = PixelFormat { channels, sample, alpha };
                assert_same(&Form::packed(WIDTH, HEIGHT, format, space));
            }
        }
    }
}

/// Paints through Rust once, and through C with every kind of stride.
fn assert_same(packed: &Form) {
    let source = packed.scene();
    let mut painted = vec![0; source.len()];
    by_rust((packed, &source), None, (packed, &mut painted));

    let row = packed.stride;
    for stride in [0, row, row + 13, -row - 7] {
        let form = Form { stride: if stride == 0 { row } else { stride }, ..packed.clone() };
        let mut input = laid_out(&source, &form);
        let expected = laid_out(&painted, &form);
        // The pixels lie at an odd address, and are the whole of the memory behind it.
        let mut output = vec![UNTOUCHED; expected.len() + 1];
        let told = |start| Pixels { row_stride: stride, ..form.described(start) };
        let from = told(input.as_mut_ptr());
        // SAFETY: the descriptions are those of the buffers.
        unsafe { by_c(&from, None, &told(output[1..].as_mut_ptr())) };
        assert!(output[1..] == expected, "{form:?}, told {stride}: C paints otherwise");

        if stride == -row - 7 {
            // SAFETY: as above; the header allows one buffer for both.
            unsafe { by_c(&from, None, &from) };
            assert!(input == expected, "{form:?}: in place is painted otherwise");
        }
    }
}

#[test]
fn rgba_is_painted_as_rust_paints_it_in_every_layout() {
    assert_same_in_every_layout(Channels::Rgba);
}

#[test]
fn bgra_is_painted_as_rust_paints_it_in_every_layout() {
    assert_same_in_every_layout(Channels::Bgra);
}

#[test]
fn rgb_is_painted_as_rust_paints_it_in_every_layout() {
    assert_same_in_every_layout(Channels::Rgb);
}

#[test]
fn gray_is_painted_as_rust_paints_it_in_every_layout() {
    assert_same_in_every_layout(Channels::Gray);
}

#[test]
fn gray_with_alpha_is_painted_as_rust_paints_it_in_every_layout() {
    assert_same_in_every_layout(Channels::GrayAlpha);
}

fn form(channels: Channels, sample: SampleType) -> Form {
    Form::packed(WIDTH, HEIGHT, PixelFormat::new(channels, sample), ColorSpace::Srgb)
}

#[test]
fn overlapping_buffers_are_painted_as_separate_ones() {
    let form = form(Channels::Rgba, SampleType::U8);
    let input = form.scene();
    let mut expected = vec![0; input.len()];
    by_rust((&form, &input), None, (&form, &mut expected));

    let shift = 5 * form.stride.unsigned_abs() + 4;
    for (from, to) in [(0, shift), (shift, 0)] {
        let mut both = vec![UNTOUCHED; input.len() + shift];
        both[from..][..input.len()].copy_from_slice(&input);
        let start = both.as_mut_ptr();
        let (source, target) = [from, to].map(|at| form.described(start.wrapping_add(at))).into();
        // SAFETY: both descriptions lie in the buffer; the header allows that they overlap.
        unsafe { by_c(&source, None, &target) };
        assert!(both[to..][..input.len()] == expected, "from {from} to {to}");
        // What only the input has stays.
        let own = if from < to { 0..to } else { to + input.len()..both.len() };
        let rest = if from < to { &input[..shift] } else { &input[input.len() - shift..] };
        assert_eq!(&both[own], rest);
    }
}

#[test]
fn a_mask_covers_what_it_covers_in_rust() {
    let form = form(Channels::Rgb, SampleType::F32);
    let mut input = form.scene();
    for channels in [Channels::Gray, Channels::Bgra] {
        for sample in SAMPLES {
            let mut shape = self::form(channels, sample);
            shape.stride = -shape.stride - 3;
            let mut mask = shape.scene();
            let mut expected = vec![0; input.len()];
            by_rust((&form, &input), Some((&shape, &mask)), (&form, &mut expected));
            let mut plain = vec![0; input.len()];
            by_rust((&form, &input), None, (&form, &mut plain));
            assert!(expected != plain, "the mask does nothing");

            let mut output = vec![UNTOUCHED; input.len()];
            let from = form.described(input.as_mut_ptr());
            let to = form.described(output.as_mut_ptr());
            let mask = shape.described(mask.as_mut_ptr());
            // SAFETY: the descriptions are those of the buffers.
            unsafe { by_c(&from, Some(&mask), &to) };
            assert!(output == expected, "{shape:?}");
        }
    }
}

#[test]
fn the_output_may_have_any_other_format() {
    let from = form(Channels::Rgba, SampleType::U16);
    let mut input = from.scene();
    for channels in crate::painting::CHANNELS {
        for sample in SAMPLES {
            for alpha in ALPHAS {
                let format = PixelFormat { channels, sample, alpha };
                let mut to = Form { format, ..self::form(channels, sample) };
                to.stride = -to.stride - 2;
                let mut expected = vec![UNTOUCHED; to.length()];
                by_rust((&from, &input), None, (&to, &mut expected));

                let mut output = vec![UNTOUCHED; to.length()];
                let source = from.described(input.as_mut_ptr());
                // SAFETY: the descriptions are those of the buffers.
                unsafe { by_c(&source, None, &to.described(output.as_mut_ptr())) };
                assert!(output == expected, "{to:?}");
            }
        }
    }
}
