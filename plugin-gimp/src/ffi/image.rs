//! Images.

use super::buffer::{PixelKind, Rectangle};
use super::drawable::{Drawable, raw_or_null};
use super::object::{Object, c_text, taken_list, taken_text};
use super::tables::{Raw, gimp};

/// An open image.
#[derive(Debug, Clone)]
pub struct Image(Object);

/// What a new layer holds; both have alpha. The numbers are those of `GimpImageType`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(i32)]
pub enum LayerKind {
    /// For images in colour.
    Rgb = 1,
    /// For images in gray.
    Gray = 3,
}

impl Image {
    pub(super) fn new(object: Object) -> Self {
        Self(object)
    }

    pub(super) fn raw(&self) -> Raw {
        self.0.raw()
    }

    /// All that are open.
    pub fn all() -> Vec<Self> {
        // SAFETY: the list is ours to free, and ends with NULL; its images are libgimp's.
        unsafe { taken_list((gimp().gimp_get_images)()) }.into_iter().map(Self).collect()
    }

    /// What people call it.
    pub fn name(&self) -> String {
        // SAFETY: the image lives; the text is ours.
        unsafe { taken_text((gimp().gimp_image_get_name)(self.raw())) }.unwrap_or_default()
    }

    /// Its layers with those in groups, but not the groups, from the top.
    pub fn layers(&self) -> Vec<Drawable> {
        // SAFETY: the image lives; the list is ours to free, its layers are libgimp's.
        let top = unsafe { taken_list((gimp().gimp_image_get_layers)(self.raw())) };
        let mut layers = Vec::new();
        for layer in top.into_iter().map(Drawable::new) {
            layer.add_leaves(&mut layers);
        }
        layers
    }

    /// How much each pixel of `part` is selected, 0 to 1; `None` where nothing is, which means
    /// all. `part` is in pixels of the image times `scale`.
    pub fn selection(&self, part: Rectangle, scale: f64) -> Option<Vec<f32>> {
        // SAFETY: the image lives; its selection is libgimp's.
        let selection = unsafe {
            if (gimp().gimp_selection_is_empty)(self.raw()) != 0 {
                return None;
            }
            Object::shared((gimp().gimp_image_get_selection)(self.raw()))
        }?;
        Drawable::new(selection).buffer()?.read(part, scale, PixelKind::Coverage)
    }

    /// Makes a layer as large as `below`, lets `fill` give it pixels, and puts it right above.
    /// `None` where GIMP refuses.
    pub fn add_layer_above(
        &self,
        below: &Drawable,
        name: &str,
        kind: LayerKind,
        fill: impl FnOnce(&Drawable),
    ) -> Option<()> {
        const OPAQUE: f64 = 100.0;
        /// `GIMP_LAYER_MODE_NORMAL`
        const NORMAL: i32 = 28;
        let (name, whole) = (c_text(name), below.whole());
        let (width, height) = (whole.width, whole.height);
        // SAFETY: image and name live; the layer is libgimp's.
        let layer = unsafe {
            let new = gimp().gimp_layer_new;
            let name = name.as_ptr();
            Object::shared(new(self.raw(), name, width, height, kind as i32, OPAQUE, NORMAL))
        }?;
        let layer = Drawable::new(layer);
        // Pixels of a layer that is not in the image yet are not composed again and again.
        fill(&layer);
        let (parent, (x, y)) = (below.parent(), below.offsets());
        // SAFETY: the image and both layers live; the parent is NULL or a group that lives.
        let is_in = unsafe {
            let place = (gimp().gimp_image_get_item_position)(self.raw(), below.raw());
            let parent = raw_or_null(parent.as_ref());
            (gimp().gimp_layer_set_offsets)(layer.raw(), x, y) != 0
                && (gimp().gimp_image_insert_layer)(self.raw(), layer.raw(), parent, place) != 0
        };
        layer.show(whole);
        is_in.then_some(())
    }
}

/// All that is done until this is dropped is one step to undo.
#[derive(Debug)]
pub struct UndoGroup<'a>(&'a Image);

impl<'a> UndoGroup<'a> {
    /// Begins the step.
    pub fn begin(image: &'a Image) -> Self {
        // SAFETY: the image lives.
        unsafe { (gimp().gimp_image_undo_group_start)(image.raw()) };
        Self(image)
    }
}

impl Drop for UndoGroup<'_> {
    fn drop(&mut self) {
        // SAFETY: the image lives.
        unsafe { (gimp().gimp_image_undo_group_end)(self.0.raw()) };
    }
}
