//! Images.

use std::path::Path;
use std::ptr::null_mut;

use super::buffer::{PixelKind, Rectangle};
use super::drawable::{Drawable, LooseLayer, raw_or_null};
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

/// Where a new layer goes.
#[derive(Debug, Clone, Copy)]
pub enum Stack<'a> {
    /// Right above this layer.
    RightAbove(&'a Drawable),
    /// Above all that are in the same group as this one, or in none as this one.
    OnTopBeside(&'a Drawable),
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

    /// All that is visible in a picture file, as GIMP opens it; `None` for what it cannot open.
    pub fn read<T>(path: &Path, see: impl FnOnce(&Drawable) -> T) -> Option<T> {
        const WITHOUT_DIALOG: i32 = 1;
        let path = c_text(&path.to_string_lossy());
        // SAFETY: the path ends with NUL; the file is new and ours; the image is ours to
        // delete, but the object is libgimp's.
        let image = unsafe {
            let file = Object::owned((gimp().g_file_new_for_path)(path.as_ptr()))?;
            Object::shared((gimp().gimp_file_load)(WITHOUT_DIALOG, file.raw(), null_mut()))?
        };
        let image = Self(image);
        let seen = image.visible().map(|layer| see(&layer));
        // SAFETY: no display shows the image, and nobody else uses it.
        unsafe { (gimp().gimp_image_delete)(image.raw()) };
        seen
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

    /// Whether it is still open; people may close it at any time.
    pub fn is_open(&self) -> bool {
        // SAFETY: the object lives, whether or not its image does.
        unsafe { (gimp().gimp_image_is_valid)(self.raw()) != 0 }
    }

    /// All that is visible, as a layer of the image's size.
    pub fn visible(&self) -> Option<LooseLayer> {
        let name = c_text("Visible");
        // SAFETY: image and name live; the layer is libgimp's.
        unsafe {
            let new = gimp().gimp_layer_new_from_visible;
            LooseLayer::new(new(self.raw(), self.raw(), name.as_ptr()))
        }
    }

    /// Makes a layer as large as `model` and in its place, lets `fill` give it pixels, and puts it
    /// where `stack` says. `None` where GIMP refuses.
    pub fn add_layer(
        &self,
        model: &Drawable,
        stack: Stack<'_>,
        name: &str,
        kind: LayerKind,
        fill: impl FnOnce(&Drawable),
    ) -> Option<()> {
        let (name, whole) = (c_text(name), model.whole());
        let (width, height) = (whole.width, whole.height);
        // SAFETY: image, name and model live; the layer is libgimp's.
        let layer = unsafe {
            let opacity = (gimp().gimp_layer_get_opacity)(model.raw());
            let mode = (gimp().gimp_layer_get_mode)(model.raw());
            let new = gimp().gimp_layer_new;
            let name = name.as_ptr();
            Object::shared(new(self.raw(), name, width, height, kind as i32, opacity, mode))
        }?;
        let layer = Drawable::new(layer);
        // Pixels of a layer that is not in the image yet are not composed again and again.
        fill(&layer);
        let (x, y) = model.offsets();
        let (near, is_right_above) = match stack {
            Stack::RightAbove(layer) => (layer, true),
            Stack::OnTopBeside(layer) => (layer, false),
        };
        let parent = near.parent();
        // SAFETY: the image and the layers live; the parent is NULL or a group that lives.
        let is_in = unsafe {
            let position = (gimp().gimp_image_get_item_position)(self.raw(), near.raw());
            let position = if is_right_above { position } else { 0 };
            let parent = raw_or_null(parent.as_ref());
            (gimp().gimp_layer_set_offsets)(layer.raw(), x, y) != 0
                && (gimp().gimp_image_insert_layer)(self.raw(), layer.raw(), parent, position) != 0
        };
        let is_whole = is_in && layer.take_mask_of(model);
        layer.show(whole);
        is_whole.then_some(())
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
