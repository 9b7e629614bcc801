//! Layers, masks and channels.

use std::ptr::null_mut;

use super::buffer::{Buffer, Rectangle};
use super::object::{Object, taken_list, taken_text};
use super::tables::{Int, Raw, gimp};

/// What has pixels in an image: a layer, a mask, a channel.
#[derive(Debug, Clone)]
pub struct Drawable(Object);

impl Drawable {
    pub(super) fn new(object: Object) -> Self {
        Self(object)
    }

    pub(super) fn raw(&self) -> Raw {
        self.0.raw()
    }

    pub(super) fn object(&self) -> &Object {
        &self.0
    }

    fn is(&self, question: unsafe extern "C" fn(Raw) -> Int) -> bool {
        // SAFETY: the questions below take any drawable.
        unsafe { question(self.raw()) != 0 }
    }

    /// Whether it is a layer, also one of text or a group.
    pub fn is_layer(&self) -> bool {
        self.is(gimp().gimp_item_is_layer)
    }

    /// Whether it is the mask of a layer.
    pub fn is_layer_mask(&self) -> bool {
        self.is(gimp().gimp_item_is_layer_mask)
    }

    /// Whether it is a group of layers.
    pub fn is_group(&self) -> bool {
        self.is(gimp().gimp_item_is_group)
    }

    /// Whether its pixels are locked.
    pub fn is_locked(&self) -> bool {
        self.is(gimp().gimp_item_get_lock_content)
    }

    /// Whether it is in colour.
    pub fn is_rgb(&self) -> bool {
        self.is(gimp().gimp_drawable_is_rgb)
    }

    /// Whether it is in shades of gray.
    pub fn is_gray(&self) -> bool {
        self.is(gimp().gimp_drawable_is_gray)
    }

    /// What people call it.
    pub fn name(&self) -> String {
        // SAFETY: the item lives; the text is ours.
        unsafe { taken_text((gimp().gimp_item_get_name)(self.raw())) }.unwrap_or_default()
    }

    /// All of it.
    pub fn whole(&self) -> Rectangle {
        // SAFETY: the drawable lives.
        let (width, height) = unsafe {
            (
                (gimp().gimp_drawable_get_width)(self.raw()),
                (gimp().gimp_drawable_get_height)(self.raw()),
            )
        };
        Rectangle { x: 0, y: 0, width, height }
    }

    /// Where its top left corner lies in the image.
    pub fn offsets(&self) -> (i32, i32) {
        let (mut x, mut y) = (0, 0);
        // SAFETY: the drawable lives; two numbers are written.
        unsafe { (gimp().gimp_drawable_get_offsets)(self.raw(), &raw mut x, &raw mut y) };
        (x, y)
    }

    /// The part that the selection touches, all where nothing is selected; `None` where the
    /// selection lies elsewhere.
    pub fn selected_part(&self) -> Option<Rectangle> {
        let mut part = Rectangle { x: 0, y: 0, width: 0, height: 0 };
        let (x, y) = (&raw mut part.x, &raw mut part.y);
        let (width, height) = (&raw mut part.width, &raw mut part.height);
        // SAFETY: the drawable lives; four numbers are written.
        let touches =
            unsafe { (gimp().gimp_drawable_mask_intersect)(self.raw(), x, y, width, height) != 0 };
        (touches && part.width > 0 && part.height > 0).then_some(part)
    }

    /// Its pixels.
    pub fn buffer(&self) -> Option<Buffer> {
        // SAFETY: the drawable lives; the buffer is ours.
        unsafe { Object::owned((gimp().gimp_drawable_get_buffer)(self.raw())) }.map(Buffer::new)
    }

    /// Room for pixels that [`Drawable::merge`] puts in.
    pub fn shadow_buffer(&self) -> Option<Buffer> {
        // SAFETY: the drawable lives; the buffer is ours.
        let buffer = unsafe { Object::owned((gimp().gimp_drawable_get_shadow_buffer)(self.raw())) };
        buffer.map(Buffer::new)
    }

    /// Puts in what was written to the shadow buffer, as far as it is selected, in a step that can
    /// be undone. Says whether that succeeded.
    pub fn merge(&self) -> bool {
        // SAFETY: the drawable lives.
        unsafe { (gimp().gimp_drawable_merge_shadow)(self.raw(), 1) != 0 }
    }

    /// Has `part` shown anew.
    pub fn show(&self, part: Rectangle) {
        let Rectangle { x, y, width, height } = part;
        // SAFETY: the drawable lives.
        unsafe {
            (gimp().gimp_drawable_update)(self.raw(), x, y, width, height);
            (gimp().gimp_displays_flush)();
        }
    }

    /// Its number, which no other item has as long as GIMP runs.
    pub fn id(&self) -> i32 {
        // SAFETY: the item lives.
        unsafe { (gimp().gimp_item_get_id)(self.raw()) }
    }

    /// Itself, or of a group the layers in it.
    pub(super) fn add_leaves(self, layers: &mut Vec<Self>) {
        if !self.is_group() {
            layers.push(self);
            return;
        }
        // SAFETY: the group lives; the list is ours to free, its layers are libgimp's.
        let children = unsafe { taken_list((gimp().gimp_item_get_children)(self.raw())) };
        children.into_iter().for_each(|child| Self::new(child).add_leaves(layers));
    }

    pub(super) fn parent(&self) -> Option<Object> {
        // SAFETY: the item lives; its parent is libgimp's.
        unsafe { Object::shared((gimp().gimp_item_get_parent)(self.raw())) }
    }
}

/// NULL for none.
pub(super) fn raw_or_null(object: Option<&Object>) -> Raw {
    object.map_or(null_mut(), Object::raw)
}
