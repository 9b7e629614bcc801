//! Descriptions of pixels, true and false ones, over a buffer of just the bytes that are left.
//!
//! A true description is read by the C interface up to its last byte (an engine without networks
//! stops behind that), a false one is refused. What a correct caller would not describe, memory
//! outside the buffer, is not handed over. The views of the Rust interface get all of it.

use std::ffi::c_void;
use std::ptr;
use std::sync::OnceLock;

use impasto::image::{
    AlphaMode, Channels, MAX_SIDE, PixelFormat, PixelView, PixelViewMut, SampleType,
};

use crate::abi;

const CHANNELS: [Channels; 5] =
    [Channels::Rgba, Channels::Bgra, Channels::Rgb, Channels::Gray, Channels::GrayAlpha];
const SAMPLES: [SampleType; 4] =
    [SampleType::U8, SampleType::U16, SampleType::F16, SampleType::F32];
const ALPHAS: [AlphaMode; 2] = [AlphaMode::Straight, AlphaMode::Premultiplied];

pub fn run(mut bytes: &[u8]) {
    if let Some(described) = Described::read(&mut bytes) {
        let mut buffer = bytes.to_vec();
        described.through_c(&mut buffer);
        described.through_views(&mut buffer);
    }
}

struct Described {
    channels: i32,
    sample: i32,
    alpha: i32,
    curve: i32,
    width: u32,
    height: u32,
    row_stride: i64,
    offset: u16,
}

fn take<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
    let (taken, rest) = bytes.split_first_chunk()?;
    *bytes = rest;
    Some(*taken)
}

impl Described {
    fn read(bytes: &mut &[u8]) -> Option<Self> {
        let [channels, sample, alpha, curve] = take(bytes)?.map(|byte| i32::from(byte as i8));
        let width = u16::from_le_bytes(take(bytes)?).into();
        let height = u16::from_le_bytes(take(bytes)?).into();
        let offset = u16::from_le_bytes(take(bytes)?);
        let row_stride = match take(bytes)? {
            // A few of all strides; the near ones are found more easily.
            [0xff] => i64::from_le_bytes(take(bytes)?),
            [_] => i16::from_le_bytes(take(bytes)?).into(),
        };
        Some(Self { channels, sample, alpha, curve, width, height, row_stride, offset })
    }

    fn format(&self) -> Option<PixelFormat> {
        fn known<T: Copy>(list: &[T], number: i32) -> Option<T> {
            list.get(usize::try_from(number).ok()?).copied()
        }
        Some(PixelFormat {
            channels: known(&CHANNELS, self.channels)?,
            sample: known(&SAMPLES, self.sample)?,
            alpha: known(&ALPHAS, self.alpha)?,
        })
    }

    /// The first byte of the first row in memory and the bytes from there to the last row's end;
    /// nothing for what no memory can hold.
    fn extent(&self) -> Option<(i128, i128)> {
        let format = self.format()?;
        let sides = 1..=MAX_SIDE;
        let is_known = (0..2).contains(&self.curve);
        if !is_known || !sides.contains(&self.width) || !sides.contains(&self.height) {
            return None;
        }
        let row = i128::from(self.width) * format.bytes() as i128;
        let stride = if self.row_stride == 0 { row } else { self.row_stride.into() };
        if self.height > 1 && stride.abs() < row {
            return None;
        }
        let gaps = stride * i128::from(self.height - 1);
        let length = gaps.abs() + row;
        (length <= isize::MAX as i128).then(|| (i128::from(self.offset) + gaps.min(0), length))
    }

    fn through_c(&self, buffer: &mut [u8]) {
        let extent = self.extent();
        if let Some((start, length)) = extent
            && (start < 0 || start + length > buffer.len() as i128)
        {
            return;
        }
        let pixels = abi::Pixels {
            struct_size: size_of::<abi::Pixels>(),
            data: buffer.as_mut_ptr().wrapping_add(self.offset.into()).cast(),
            width: self.width,
            height: self.height,
            row_stride: self.row_stride as isize,
            channels: self.channels,
            sample: self.sample,
            alpha: self.alpha,
            curve: self.curve,
        };
        let mut style = ptr::null_mut();
        // SAFETY: what is described lies in the buffer, or is refused before it is looked at.
        let status = abi::checked(unsafe {
            abi::impasto_style_from_pixels(engine(), &pixels, ptr::null(), ptr::null(), &mut style)
        });
        assert!(style.is_null());
        match extent {
            Some(_) => assert_eq!(status, abi::MODEL, "{}", abi::last_error()),
            None => assert!([abi::ARGUMENT, abi::PICTURE].contains(&status)),
        }
    }

    fn through_views(&self, buffer: &mut [u8]) {
        let Some(format) = self.format() else { return };
        let (width, height, stride) = (self.width, self.height, self.row_stride as isize);
        let Ok(view) = PixelView::new(buffer, width, height, stride, format) else { return };
        let mut rows = vec![[0.0; 4]; width as usize * height as usize];
        for (y, row) in (0..height).zip(rows.chunks_exact_mut(width as usize)) {
            view.read_row(y, 0, row);
        }

        let mut copy = buffer.to_vec();
        let fits = "what can be read can be written";
        let mut to = PixelViewMut::new(&mut copy, width, height, stride, format).expect(fits);
        for (y, row) in (0..height).zip(rows.chunks_exact(width as usize)) {
            to.write_row(y, 0, row);
        }
        self.assert_gaps_are_kept(buffer, &copy, format);

        // Other formats round.
        if !format.channels.is_gray() && format.alpha == AlphaMode::Straight {
            let view = PixelView::new(&copy, width, height, stride, format).expect(fits);
            let mut row = vec![[0.0; 4]; width as usize];
            for (y, expected) in (0..height).zip(rows.chunks_exact(width as usize)) {
                view.read_row(y, 0, &mut row);
                assert_eq!(row, expected);
            }
        }
    }

    fn assert_gaps_are_kept(&self, before: &[u8], after: &[u8], format: PixelFormat) {
        let row = self.width as usize * format.bytes();
        let stride = self.row_stride.unsigned_abs() as usize;
        let mut end = 0;
        for y in 0..self.height as usize {
            let start = y * stride;
            assert_eq!(before[end..start], after[end..start]);
            end = start + row;
        }
        assert_eq!(before[end..], after[end..]);
    }
}

/// An engine that has no networks: it reads pixels and paints nothing.
fn engine() -> *const abi::Engine {
    static ENGINE: OnceLock<usize> = OnceLock::new();
    let address = *ENGINE.get_or_init(|| {
        let nowhere = c"no such folder";
        let mut engine = ptr::null_mut();
        // SAFETY: the strings are static, the structs are this function's own.
        unsafe {
            let mut options = std::mem::zeroed::<abi::EngineOptions>();
            abi::impasto_engine_options_init(&mut options, size_of::<abi::EngineOptions>());
            options.models_path = nowhere.as_ptr();
            options.cache_path = nowhere.as_ptr();
            options.user_styles_path = nowhere.as_ptr();
            assert_eq!(abi::impasto_engine_new(&options, &mut engine), abi::OK);
        }
        engine as usize
    });
    (address as *mut c_void).cast()
}
