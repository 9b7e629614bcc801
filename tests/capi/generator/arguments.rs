//! Arguments, right and wrong ones.

use std::ptr;

use impasto::image::PixelFormat;

use super::random::Random;
use crate::abi;
use crate::painting::{ALPHAS, CHANNELS, CURVES, Form, SAMPLES};

/// Room for a struct of any size that the library follows, at any alignment.
const ROOM: usize = 4096;

/// A struct that begins with its size, as an argument.
pub struct Sized<T> {
    bytes: Box<[u64; ROOM / 8 + 1]>,
    pointer: *mut T,
}

impl<T: abi::Grown> Sized<T> {
    /// The value with a size that is right (also a newer caller's), or wrong.
    pub fn new(random: &mut Random, value: T, is_wrong: bool) -> Self {
        let choice = random.below(5);
        Self::with(random, value, is_wrong, choice)
    }

    /// A struct that the library only writes: what lies behind what it knows does not matter.
    pub fn output(random: &mut Random, value: T, is_wrong: bool) -> Self {
        let choice = random.below(3);
        Self::with(random, value, is_wrong, choice)
    }

    fn with(random: &mut Random, value: T, is_wrong: bool, choice: usize) -> Self {
        let mut this = Self { bytes: Box::new([0; ROOM / 8 + 1]), pointer: ptr::null_mut() };
        let start = this.bytes.as_mut_ptr().cast::<u8>();
        let own = size_of::<T>();
        let place = |offset: usize, size: usize| {
            // SAFETY: there is room for 4096 bytes behind each of the first 8; `T` is plain data
            // that begins with its size.
            unsafe {
                let at = start.add(offset).cast::<T>();
                at.write_unaligned(value);
                at.cast::<usize>().write_unaligned(size);
                at
            }
        };
        this.pointer = match (is_wrong, choice) {
            (false, 0) => place(0, own + 8 + random.below(ROOM - own - 8)),
            (false, _) => place(0, own),
            (true, 0) => ptr::null_mut(),
            (true, 1) => place(1 + random.below(7), own),
            (true, 2) => place(0, random.pick(&[0, 1, 8, own / 2, own - 8, own - 1])),
            (true, 3) => place(0, random.pick(&[ROOM + 1, 1 << 40, isize::MAX as usize, !0])),
            (true, _) => {
                let size = own + 1 + random.below(ROOM - own - 1);
                let at = place(0, size);
                // SAFETY: within the room.
                unsafe { at.cast::<u8>().add(own + random.below(size - own)).write(1) };
                at
            }
        };
        this
    }

    pub fn pointer(&self) -> *mut T {
        self.pointer
    }

    pub fn contents(&self) -> Vec<u64> {
        self.bytes.to_vec()
    }
}

/// Room for a handle that tells whether it was written.
pub struct Slot<T> {
    room: Box<[*mut T; 2]>,
    pointer: *mut *mut T,
}

impl<T> Slot<T> {
    pub fn new(random: &mut Random, is_wrong: bool) -> Self {
        let mut room = Box::new([Self::untouched(); 2]);
        let start = room.as_mut_ptr();
        let pointer = match (is_wrong, random.one_in(2)) {
            (false, _) => start,
            (true, true) => ptr::null_mut(),
            (true, false) => start.wrapping_byte_add(1 + random.below(7)),
        };
        Self { room, pointer }
    }

    fn untouched() -> *mut T {
        ptr::without_provenance_mut(0x5a5a_5a5a)
    }

    pub fn pointer(&self) -> *mut *mut T {
        self.pointer
    }

    /// What the library wrote, after it succeeded or not.
    pub fn made(&self, success: bool) -> Option<*mut T> {
        let [made, behind] = *self.room;
        assert_eq!(behind, Self::untouched(), "too much was written");
        assert_eq!(made != Self::untouched(), success, "written on failure, or not on success");
        success.then_some(made).inspect(|made| assert!(!made.is_null()))
    }
}

pub fn not_text(random: &mut Random) -> *const std::ffi::c_char {
    random.pick(&[ptr::null(), c"\xff\xfe".as_ptr(), c"ink\xc3".as_ptr(), c"\xed\xa0\x80".as_ptr()])
}

pub const SIDE: u32 = 24;

/// Pixels with the memory that they describe.
pub struct Described {
    pub form: Form,
    pub bytes: Vec<u8>,
    pub pixels: abi::Pixels,
}

impl Described {
    pub fn any(random: &mut Random) -> Self {
        let space = random.pick(&CURVES);
        let (width, height) = (1 + random.below(SIDE as usize), 1 + random.below(SIDE as usize));
        Self::sized(random, width as u32, height as u32, space)
    }

    /// Of the same size and curve.
    pub fn like(random: &mut Random, other: &Self) -> Self {
        let Form { width, height, space, .. } = other.form.clone();
        Self::sized(random, width, height, space)
    }

    fn sized(
        random: &mut Random,
        width: u32,
        height: u32,
        space: impasto::image::ColorSpace,
    ) -> Self {
        let format = PixelFormat {
            channels: random.pick(&CHANNELS),
            sample: random.pick(&SAMPLES),
            alpha: random.pick(&ALPHAS),
        };
        let mut form = Form::packed(width, height, format, space);
        form.stride += random.pick(&[0, 0, 1, 16, 1000]);
        form.stride *= random.pick(&[1, 1, -1]);
        // Random bits are also infinities and what is not a number.
        let mut bytes: Vec<u8> = match random.one_in(2) {
            true => form.scene(),
            false => (0..form.length()).map(|_| random.next() as u8).collect(),
        };
        let pixels = form.described(bytes.as_mut_ptr());
        Self { form, bytes, pixels }
    }

    /// The description with one field wrong, so that it is refused before memory is looked at.
    pub fn wronged(&self, random: &mut Random) -> abi::Pixels {
        let mut pixels = self.pixels;
        let row = (self.form.width as usize * self.form.format.bytes()) as isize;
        let number = random.pick(&[-1, 5, 6, i32::MIN, i32::MAX]);
        let side = random.pick(&[0, 30_001, 1 << 31, u32::MAX]);
        match random.below(9) {
            0 => pixels.channels = number,
            1 => pixels.sample = number,
            2 => pixels.alpha = number,
            3 => pixels.curve = number,
            4 => pixels.width = side,
            5 => pixels.height = side,
            6 => pixels.data = ptr::null_mut(),
            7 => {
                // No memory holds two such rows.
                pixels.height = 30_000;
                pixels.row_stride = random.pick(&[isize::MAX, isize::MIN, isize::MAX / 2, 1, -1]);
                pixels.row_stride = if row == 1 { isize::MIN } else { pixels.row_stride };
            }
            _ => {
                pixels.height = 2;
                pixels.row_stride = isize::MIN + random.below(100) as isize;
            }
        }
        pixels
    }
}
