//! Bytes as a style: both interfaces agree, and what is taken round-trips to the bit.

use std::ffi::CStr;
use std::{ptr, slice};

use impasto::fast::Style;

use crate::abi;

pub fn run(bytes: &[u8]) {
    let read = Style::from_bytes(bytes);
    let mut style = ptr::null_mut();
    // SAFETY: the slice is what it says; `style` is this function's own.
    let status = abi::checked(unsafe {
        abi::impasto_style_from_bytes(bytes.as_ptr(), bytes.len(), &mut style)
    });
    assert_eq!(status == abi::OK, read.is_ok());
    let Ok(read) = read else {
        assert!(style.is_null());
        return;
    };

    let (mut saved, mut length) = (ptr::null(), 0);
    // SAFETY: `style` is alive until it is freed below, and with it what it lends.
    unsafe {
        assert_eq!(abi::impasto_style_bytes(style, &mut saved, &mut length), abi::OK);
        let saved = slice::from_raw_parts(saved, length);
        let again = Style::from_bytes(saved).expect("what was saved can be read");
        let bits = |style: &Style| style.code.iter().map(|v| v.to_bits()).collect::<Vec<_>>();
        assert_eq!(bits(&again), bits(&read));
        assert_eq!(again, read);
        assert_eq!(again.to_text().as_bytes(), saved);

        let name = CStr::from_ptr(abi::impasto_style_name(style)).to_str().expect("UTF-8");
        assert_eq!(name, read.name.replace('\0', " "));
        abi::impasto_style_free(&mut style);
    }
    assert!(style.is_null());
}
