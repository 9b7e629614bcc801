//! Drawing on a widget, with Cairo.

use std::ptr::NonNull;

use super::pixbuf::Pixbuf;
use super::tables::{Raw, windows};

/// A picture as Cairo draws it.
#[derive(Debug)]
pub struct Surface {
    raw: NonNull<std::ffi::c_void>,
    /// Its pixels along x and y.
    pub size: [f64; 2],
}

impl Surface {
    /// Of a picture, whose pixels are copied.
    pub fn new(pixbuf: &Pixbuf) -> Option<Self> {
        // SAFETY: the picture lives, for which no window is needed; the surface is ours.
        let raw = unsafe {
            (windows().gdk_cairo_surface_create_from_pixbuf)(pixbuf.raw(), 1, std::ptr::null_mut())
        };
        Some(Self { raw: NonNull::new(raw)?, size: pixbuf.size().map(f64::from) })
    }
}

impl Drop for Surface {
    fn drop(&mut self) {
        // SAFETY: the surface is ours and is not used again.
        unsafe { (windows().cairo_surface_destroy)(self.raw.as_ptr()) };
    }
}

/// A place in the widget: left, top, width, height.
pub type Area = [f64; 4];

/// What a widget is drawn with while it asks for it.
#[derive(Debug)]
pub struct Drawing(Raw);

impl Drawing {
    /// # Safety
    /// `raw` is a Cairo context that lives as long as this.
    pub(super) unsafe fn new(raw: Raw) -> Self {
        Self(raw)
    }

    /// Draws what `draw` does within `area` only.
    pub fn within(&self, [x, y, width, height]: Area, draw: impl FnOnce(&Self)) {
        // SAFETY: the context lives; what is saved is restored.
        unsafe {
            (windows().cairo_save)(self.0);
            (windows().cairo_rectangle)(self.0, x, y, width, height);
            (windows().cairo_clip)(self.0);
        }
        draw(self);
        // SAFETY: the context lives, and was saved above.
        unsafe { (windows().cairo_restore)(self.0) };
    }

    /// Fills `area` with a colour: red, green, blue and opacity.
    pub fn fill(&self, [x, y, width, height]: Area, [red, green, blue, alpha]: [f64; 4]) {
        // SAFETY: the context lives.
        unsafe {
            (windows().cairo_set_source_rgba)(self.0, red, green, blue, alpha);
            (windows().cairo_rectangle)(self.0, x, y, width, height);
            (windows().cairo_fill)(self.0);
        }
    }

    /// Draws a picture into `area`, pixel by pixel where it is enlarged `sharply`.
    pub fn picture(&self, surface: &Surface, area: Area, sharply: bool) {
        const GOOD: i32 = 1;
        const NEAREST: i32 = 3;
        /// Beyond its borders the picture goes on, lest they be mixed with nothing.
        const PAD: i32 = 3;
        let [x, y, width, height] = area;
        self.within(area, |_| {
            let filter = if sharply { NEAREST } else { GOOD };
            // SAFETY: context and surface live; the state is restored by `within`.
            unsafe {
                (windows().cairo_translate)(self.0, x, y);
                let scale = [width / surface.size[0], height / surface.size[1]];
                (windows().cairo_scale)(self.0, scale[0], scale[1]);
                (windows().cairo_set_source_surface)(self.0, surface.raw.as_ptr(), 0.0, 0.0);
                let pattern = (windows().cairo_get_source)(self.0);
                (windows().cairo_pattern_set_filter)(pattern, filter);
                (windows().cairo_pattern_set_extend)(pattern, PAD);
                (windows().cairo_paint)(self.0);
            }
        });
    }

    /// Fills `area` with a picture, again and again.
    pub fn tiled(&self, surface: &Surface, area: Area) {
        const REPEAT: i32 = 1;
        self.within(area, |_| {
            // SAFETY: context and surface live; the state is restored by `within`.
            unsafe {
                (windows().cairo_set_source_surface)(self.0, surface.raw.as_ptr(), 0.0, 0.0);
                let pattern = (windows().cairo_get_source)(self.0);
                (windows().cairo_pattern_set_extend)(pattern, REPEAT);
                (windows().cairo_paint)(self.0);
            }
        });
    }
}
