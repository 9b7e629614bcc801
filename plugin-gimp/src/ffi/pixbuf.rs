//! Pictures as GTK shows them.

use std::path::Path;
use std::ptr::null_mut;

use super::object::{Object, c_text};
use super::tables::{Raw, gimp, windows};

/// A picture as GTK shows it.
#[derive(Debug, Clone)]
pub struct Pixbuf(Object);

impl Pixbuf {
    pub(super) fn raw(&self) -> Raw {
        self.0.raw()
    }

    /// The picture in a file, shrunk to fit the size; `None` where it cannot be read.
    pub fn from_file(path: &Path, width: i32, height: i32) -> Option<Self> {
        const KEEP_ASPECT: i32 = 1;
        let path = c_text(&path.to_string_lossy());
        // SAFETY: the path ends with NUL; no error is asked for; the picture is ours.
        let pixbuf = unsafe {
            Object::owned((windows().gdk_pixbuf_new_from_file_at_scale)(
                path.as_ptr(),
                width,
                height,
                KEEP_ASPECT,
                null_mut(),
            ))
        };
        pixbuf.map(Self)
    }

    /// 8-bit RGBA, over a checkerboard where it is transparent. `None` where the pixels are not
    /// `width` times `height`.
    pub fn over_checks(rgba: &[u8], width: u32, height: u32) -> Option<Self> {
        const NEAREST: i32 = 0;
        const OPAQUE: i32 = 255;
        const CHECK: i32 = 8;
        const LIGHT: u32 = 0x99_99_99;
        const DARK: u32 = 0x66_66_66;
        if rgba.is_empty() || rgba.len() != width as usize * height as usize * 4 {
            return None;
        }
        let (width, height) = (i32::try_from(width).ok()?, i32::try_from(height).ok()?);
        // SAFETY: the bytes are copied; they hold all rows, as was checked.
        unsafe {
            let bytes = (gimp().g_bytes_new)(rgba.as_ptr().cast(), rgba.len());
            let pixbuf = Object::owned((windows().gdk_pixbuf_new_from_bytes)(
                bytes,
                0,
                1,
                8,
                width,
                height,
                width * 4,
            ));
            (gimp().g_bytes_unref)(bytes);
            let pixbuf = pixbuf?;
            Object::owned((windows().gdk_pixbuf_composite_color_simple)(
                pixbuf.raw(),
                width,
                height,
                NEAREST,
                OPAQUE,
                CHECK,
                LIGHT,
                DARK,
            ))
        }
        .map(Self)
    }
}
