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

    /// 8-bit RGBA. `None` where the pixels are not `width` times `height`.
    pub fn new(rgba: &[u8], width: u32, height: u32) -> Option<Self> {
        const RGB: i32 = 0;
        const HAS_ALPHA: i32 = 1;
        const BITS: i32 = 8;
        if rgba.is_empty() || rgba.len() != width as usize * height as usize * 4 {
            return None;
        }
        let (width, height) = (i32::try_from(width).ok()?, i32::try_from(height).ok()?);
        let row = width.checked_mul(4)?;
        // SAFETY: the bytes are copied; they hold all rows, as was checked.
        unsafe {
            let bytes = (gimp().g_bytes_new)(rgba.as_ptr().cast(), rgba.len());
            let new = windows().gdk_pixbuf_new_from_bytes;
            let pixbuf = new(bytes, RGB, HAS_ALPHA, BITS, width, height, row);
            (gimp().g_bytes_unref)(bytes);
            Object::owned(pixbuf).map(Self)
        }
    }

    /// Shrunk or enlarged to fit the size.
    pub fn fitted(&self, width: i32, height: i32) -> Option<Self> {
        const BILINEAR: i32 = 2;
        let size = self.size().map(f64::from);
        let scale = (f64::from(width) / size[0]).min(f64::from(height) / size[1]);
        let [width, height] = size.map(|side| (side * scale).round().max(1.0) as i32);
        // SAFETY: the picture lives; the new one is ours.
        let small = unsafe {
            let scale = windows().gdk_pixbuf_scale_simple;
            Object::owned(scale(self.raw(), width, height, BILINEAR))
        };
        small.map(Self)
    }

    /// Columns and rows.
    pub fn size(&self) -> [i32; 2] {
        // SAFETY: the picture lives.
        unsafe {
            [
                (windows().gdk_pixbuf_get_width)(self.raw()),
                (windows().gdk_pixbuf_get_height)(self.raw()),
            ]
        }
    }
}
