//! What the user does with the pointer and the keyboard.

use super::tables::{Raw, windows};

/// An event that is being told.
#[derive(Debug)]
pub struct Event(Raw);

impl Event {
    /// # Safety
    /// `raw` is an event that lives as long as this.
    pub(super) unsafe fn new(raw: Raw) -> Self {
        Self(raw)
    }

    /// Where the pointer is, in the widget's pixels.
    pub fn place(&self) -> [f64; 2] {
        let [mut x, mut y] = [0.0; 2];
        // SAFETY: the event lives; two numbers are written, or none.
        unsafe { (windows().gdk_event_get_coords)(self.0, &raw mut x, &raw mut y) };
        [x, y]
    }

    /// The button that was pressed, 1 the first; 0 for none.
    pub fn button(&self) -> u32 {
        let mut button = 0;
        // SAFETY: the event lives; a number is written, or none.
        unsafe { (windows().gdk_event_get_button)(self.0, &raw mut button) };
        button
    }

    /// Whether this is the second press of a double click.
    pub fn is_double(&self) -> bool {
        const DOUBLE_PRESS: i32 = 5;
        // SAFETY: the event lives.
        unsafe { (windows().gdk_event_get_event_type)(self.0) == DOUBLE_PRESS }
    }

    /// How far a wheel was turned: above 0 away from the user.
    pub fn wheel(&self) -> f64 {
        const UP: i32 = 0;
        const DOWN: i32 = 1;
        let (mut x, mut y, mut direction) = (0.0, 0.0, -1);
        // SAFETY: the event lives; numbers are written, or none.
        unsafe {
            if (windows().gdk_event_get_scroll_deltas)(self.0, &raw mut x, &raw mut y) != 0 {
                return -y;
            }
            (windows().gdk_event_get_scroll_direction)(self.0, &raw mut direction);
        }
        match direction {
            UP => 1.0,
            DOWN => -1.0,
            _ => 0.0,
        }
    }

    /// The key that was pressed, by its name in X: `plus`, `Left`.
    pub fn key(&self) -> u32 {
        let mut key = 0;
        // SAFETY: the event lives; a number is written, or none.
        unsafe { (windows().gdk_event_get_keyval)(self.0, &raw mut key) };
        key
    }
}
