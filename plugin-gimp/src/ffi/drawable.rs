//! Layers, masks and channels.

use std::ops::Deref;
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

    /// Itself or the group round it whose pixels are locked.
    pub fn locked(&self) -> Option<Self> {
        if self.is(gimp().gimp_item_get_lock_content) {
            return Some(self.clone());
        }
        self.parent().and_then(|parent| Self::new(parent).locked())
    }

    /// Whether it is still there; people may delete it at any time.
    pub fn is_there(&self) -> bool {
        self.is(gimp().gimp_item_is_valid)
    }

    /// Whether effects change how it looks.
    pub fn has_effects(&self) -> bool {
        // SAFETY: the drawable lives; the list, if there is one, ends with NULL and is ours to free;
        // the filters in it are libgimp's.
        unsafe {
            let list = (gimp().gimp_drawable_get_filters)(self.raw());
            if list.is_null() {
                return false;
            }
            let mut filters = (0..).map(|k| *list.add(k)).take_while(|filter| !filter.is_null());
            let is_any = filters.any(|f| (gimp().gimp_drawable_filter_get_visible)(f) != 0);
            (gimp().g_free)(list.cast());
            is_any
        }
    }

    /// Makes its effects part of its pixels, which may make it larger. Says whether that succeeded.
    pub fn merge_effects(&self) -> bool {
        // One by one, GIMP 3.0 and 3.2 would release something twice. All at once, 3.0 drops those
        // that are hidden, too, and what they add at the left and at the top.
        self.is(gimp().gimp_drawable_merge_filters)
    }

    /// A copy that has the effects in its pixels.
    pub fn with_effects(&self) -> Option<LooseLayer> {
        // SAFETY: the layer lives; the copy is libgimp's.
        let copy = unsafe { LooseLayer::new((gimp().gimp_layer_copy)(self.raw())) }?;
        copy.merge_effects().then_some(copy)
    }

    /// Gives it the mask of a layer of the same size, if that has one. Says whether that succeeded.
    pub fn take_mask_of(&self, other: &Self) -> bool {
        const WHITE: Int = 0;
        const NOTHING_OUTSIDE: Int = 0;
        // SAFETY: both layers live; a mask is libgimp's.
        let theirs = unsafe { Object::shared((gimp().gimp_layer_get_mask)(other.raw())) };
        let Some(theirs) = theirs.map(Self::new) else { return true };
        // SAFETY: the layer lives and has no mask yet; the new one is libgimp's.
        let own = unsafe { Object::shared((gimp().gimp_layer_create_mask)(self.raw(), WHITE)) };
        let Some(own) = own.map(Self::new) else { return false };
        let (Some(from), Some(to)) = (theirs.buffer(), own.buffer()) else { return false };
        // SAFETY: the buffers live; without a rectangle all is copied; layers and mask live.
        unsafe {
            let (all, nothing) = (null_mut(), NOTHING_OUTSIDE);
            (gimp().gegl_buffer_copy)(from.raw(), all, nothing, to.raw(), all);
            drop(to);
            let is_applied = (gimp().gimp_layer_get_apply_mask)(other.raw());
            (gimp().gimp_layer_add_mask)(self.raw(), own.raw()) != 0
                && (gimp().gimp_layer_set_apply_mask)(self.raw(), is_applied) != 0
        }
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

/// A layer that is in no image's stack: deleted when dropped.
#[derive(Debug)]
pub struct LooseLayer(Drawable);

impl LooseLayer {
    /// # Safety
    /// `raw` is NULL or a layer that is in no stack.
    pub(super) unsafe fn new(raw: Raw) -> Option<Self> {
        // SAFETY: `raw` is NULL or a layer that lives.
        unsafe { Object::shared(raw) }.map(|object| Self(Drawable::new(object)))
    }
}

impl Deref for LooseLayer {
    type Target = Drawable;

    fn deref(&self) -> &Drawable {
        &self.0
    }
}

impl Drop for LooseLayer {
    fn drop(&mut self) {
        // It goes with its image, which may be closed.
        if self.0.is_there() {
            // SAFETY: the layer lives, and nobody else uses it.
            unsafe { (gimp().gimp_item_delete)(self.0.raw()) };
        }
    }
}

/// NULL for none.
pub(super) fn raw_or_null(object: Option<&Object>) -> Raw {
    object.map_or(null_mut(), Object::raw)
}
