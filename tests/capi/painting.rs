//! Paintings of pixels in any layout, through both interfaces.

use std::ptr;

use impasto::canvas::Canvas;
use impasto::image::{AlphaMode, Channels, ColorSpace, PixelFormat, SampleType};
use impasto::image::{PixelView, PixelViewMut};
use impasto::job::Cancel;
use impasto::{Request, Settings};

use crate::abi::{self, checked};
use crate::common;
use crate::common::pictures::scene;
use crate::fixtures::{self, STYLE};

/// In the order of C's numbers.
pub const CHANNELS: [Channels; 5] =
    [Channels::Rgba, Channels::Bgra, Channels::Rgb, Channels::Gray, Channels::GrayAlpha];
pub const SAMPLES: [SampleType; 4] =
    [SampleType::U8, SampleType::U16, SampleType::F16, SampleType::F32];
pub const ALPHAS: [AlphaMode; 2] = [AlphaMode::Straight, AlphaMode::Premultiplied];
pub const CURVES: [ColorSpace; 2] = [ColorSpace::Srgb, ColorSpace::LinearSrgb];

fn number<T: PartialEq>(known: &[T], one: &T) -> i32 {
    known.iter().position(|other| other == one).unwrap() as i32
}

/// How pixels lie, in Rust's words.
#[derive(Clone, Debug)]
pub struct Form {
    pub width: u32,
    pub height: u32,
    pub format: PixelFormat,
    pub space: ColorSpace,
    /// Never 0.
    pub stride: isize,
}

impl Form {
    pub fn packed(width: u32, height: u32, format: PixelFormat, space: ColorSpace) -> Self {
        let stride = (width as usize * format.bytes()) as isize;
        Self { width, height, format, space, stride }
    }

    /// Bytes from the first in memory to the last.
    pub fn length(&self) -> usize {
        let gaps = (self.height as usize - 1) * self.stride.unsigned_abs();
        gaps + self.width as usize * self.format.bytes()
    }

    /// The top row's first byte, counted from the first in memory.
    pub fn top(&self) -> usize {
        if self.stride < 0 { (self.height as usize - 1) * self.stride.unsigned_abs() } else { 0 }
    }

    /// Rings and waves under every kind of alpha; floats reach beyond 0 to 1.
    pub fn scene(&self) -> Vec<u8> {
        let mut bytes = vec![0x55; self.length()];
        let most = if self.format.sample.is_float() { 1.5 } else { 1.0 };
        let mut view = self.view_mut(&mut bytes);
        for y in 0..self.height {
            let row: Vec<_> = (0..self.width)
                .map(|x| {
                    let [r, g, b, _] = scene(x * 9, y * 9).map(|v| v * most);
                    [r, g, b, [0.0, 1.0, 0.4, 1.0, 1.0][(x / 3 + y / 4) as usize % 5]]
                })
                .collect();
            view.write_row(y, 0, &row);
        }
        bytes
    }

    pub fn view<'a>(&self, bytes: &'a [u8]) -> PixelView<'a> {
        PixelView::new(bytes, self.width, self.height, self.stride, self.format).unwrap()
    }

    pub fn view_mut<'a>(&self, bytes: &'a mut [u8]) -> PixelViewMut<'a> {
        PixelViewMut::new(bytes, self.width, self.height, self.stride, self.format).unwrap()
    }

    /// C's words for the same, with the pixels' first byte in memory.
    pub fn described(&self, start: *mut u8) -> abi::Pixels {
        abi::Pixels {
            data: start.wrapping_add(self.top()).cast(),
            width: self.width,
            height: self.height,
            row_stride: self.stride,
            channels: number(&CHANNELS, &self.format.channels),
            sample: number(&SAMPLES, &self.format.sample),
            alpha: number(&ALPHAS, &self.format.alpha),
            curve: number(&CURVES, &self.space),
            ..fixtures::pixels()
        }
    }
}

/// Paints through the Rust interface.
pub fn by_rust(from: (&Form, &[u8]), mask: Option<(&Form, &[u8])>, to: (&Form, &mut [u8])) {
    let canvas = Canvas {
        input: from.0.view(from.1),
        color_space: &from.0.space,
        mask: mask.map(|(form, bytes)| form.view(bytes)),
        output: &mut to.0.view_mut(to.1),
    };
    let (style, settings, cancel) = (common::style(STYLE), Settings::default(), Cancel::new());
    let request = Request::new(canvas, (&style).into(), &settings, &cancel);
    common::engine().paint(request, &()).unwrap();
}

/// Paints through the C interface.
///
/// # Safety
/// As `impasto_engine_paint`.
pub unsafe fn by_c(from: &abi::Pixels, mask: Option<&abi::Pixels>, to: &abi::Pixels) {
    let mask = mask.map_or(ptr::null(), ptr::from_ref);
    let (engine, style) = (fixtures::engine(), fixtures::style());
    // SAFETY: this function's own condition.
    let status = checked(unsafe {
        let (settings, run) = (ptr::null(), ptr::null());
        abi::impasto_engine_paint(engine, style, settings, run, from, mask, to, ptr::null_mut())
    });
    assert_eq!(status, abi::OK, "{}", abi::last_error());
}
