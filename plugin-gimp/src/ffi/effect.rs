//! Layer effects: operations of GEGL that stay on a layer and can be changed.

use super::config::Config;
use super::drawable::Drawable;
use super::object::{Object, c_text};
use super::tables::gimp;

/// An effect that is on no layer yet.
#[derive(Debug)]
pub struct Effect {
    filter: Object,
    /// The values of the operation's properties.
    pub values: Config,
}

impl Effect {
    /// An effect for a layer, called `title` there; `None` where GIMP knows no such operation.
    pub fn new(layer: &Drawable, operation: &str, title: &str) -> Option<Self> {
        let (operation, title) = (c_text(operation), c_text(title));
        // SAFETY: the drawable lives, and texts end with NUL; filter and values are libgimp's.
        unsafe {
            let new = gimp().gimp_drawable_filter_new;
            let filter = new(layer.raw(), operation.as_ptr(), title.as_ptr());
            let filter = Object::shared(filter)?;
            let values = Object::shared((gimp().gimp_drawable_filter_get_config)(filter.raw()))?;
            Some(Self { filter, values: Config::new(values) })
        }
    }

    /// Puts it on top of the layer's effects, with the values as they are now.
    pub fn append(&self, layer: &Drawable) {
        // SAFETY: both live; the filter is for this drawable.
        unsafe { (gimp().gimp_drawable_append_filter)(layer.raw(), self.filter.raw()) };
    }
}
