//! The values of a procedure's arguments.

use std::ffi::{CStr, c_uint};
use std::path::{Path, PathBuf};
use std::ptr::null_mut;

use super::closure::connect;
use super::drawable::Drawable;
use super::image::Image;
use super::object::{Object, c_text, taken_text};
use super::plug_in::gimp_folder;
use super::tables::{Raw, Type, gimp};
use super::widget::Widget;

const DOUBLE: Type = 15 << 2;

/// `GValue`: a type and a value.
#[repr(C)]
struct Value([u64; 3]);

/// The values of a procedure's arguments, by name. A name must be that of an argument.
#[derive(Debug, Clone)]
pub struct Config(Object);

impl Config {
    pub(super) fn new(object: Object) -> Self {
        Self(object)
    }

    pub(super) fn raw(&self) -> Raw {
        self.0.raw()
    }

    /// Any number.
    pub fn number(&self, name: &str) -> f64 {
        let mut value = Value([0; 3]);
        let (raw, name) = ((&raw mut value).cast(), c_text(name));
        // SAFETY: a GValue of zeros may be initialised; GObject turns every number into a double
        // and warns of anything else, which leaves 0.
        unsafe {
            (gimp().g_value_init)(raw, DOUBLE);
            (gimp().g_object_get_property)(self.raw(), name.as_ptr(), raw);
            let number = (gimp().g_value_get_double)(raw);
            (gimp().g_value_unset)(raw);
            number
        }
    }

    /// Sets any number; it is cut to the argument's range.
    pub fn set_number(&self, name: &str, number: f64) {
        let mut value = Value([0; 3]);
        let (raw, name) = ((&raw mut value).cast(), c_text(name));
        // SAFETY: a GValue of zeros may be initialised; GObject turns the double into the
        // argument's type, or warns and leaves it.
        unsafe {
            (gimp().g_value_init)(raw, DOUBLE);
            (gimp().g_value_set_double)(raw, number);
            (gimp().g_object_set_property)(self.raw(), name.as_ptr(), raw);
            (gimp().g_value_unset)(raw);
        }
    }

    /// Text, or the name of a choice; empty for none.
    pub fn text(&self, name: &str) -> String {
        let (name, mut text) = (c_text(name), null_mut());
        // SAFETY: arguments of text and choices give a copy that is ours to free.
        unsafe {
            (gimp().g_object_get)(self.raw(), name.as_ptr(), &raw mut text, null_mut::<Raw>());
            taken_text(text)
        }
        .unwrap_or_default()
    }

    /// Sets text or a choice.
    pub fn set_text(&self, name: &str, text: &str) {
        let (name, text) = (c_text(name), c_text(text));
        // SAFETY: such an argument takes a string that ends with NUL, and copies it.
        unsafe {
            (gimp().g_object_set)(self.raw(), name.as_ptr(), text.as_ptr(), null_mut::<Raw>());
        }
    }

    /// A file's path; `None` for none, or one that is not on this machine. GIMP puts one more slash
    /// before a path in its own folder each time that it keeps one: they are taken away.
    pub fn file(&self, name: &str) -> Option<PathBuf> {
        let file = self.object(name)?;
        // SAFETY: arguments of files hold a GFile.
        let path = unsafe { taken_text((gimp().g_file_get_path)(file.raw())) };
        path.map(|path| Path::new(&path).components().collect())
    }

    /// Sets a file, or none.
    pub fn set_file(&self, name: &str, path: Option<&Path>) {
        let file = path.and_then(|path| {
            let path = c_text(&path.to_string_lossy());
            // SAFETY: a string that ends with NUL; the file is new and ours.
            unsafe { Object::owned((gimp().g_file_new_for_path)(path.as_ptr())) }
        });
        self.set_object(name, file.as_ref());
    }

    /// Has controls of a file's argument offer files that are there, and takes one that is not for
    /// none from now on.
    pub fn want_open_file(&self, name: &str) {
        const OPEN: i32 = 0;
        let path = self.file(name).filter(|path| path.is_file());
        self.set_file(name, path.as_deref());
        // SAFETY: an object begins with its class, which lives as long; what it has of this name is
        // an argument of a file, or NULL.
        unsafe {
            let class = *self.raw().cast::<Raw>();
            let find = gimp().g_object_class_find_property;
            let argument = find(class, c_text(name).as_ptr());
            if !argument.is_null() {
                (gimp().gimp_param_spec_file_set_action)(argument, OPEN);
            }
        }
    }

    /// A layer; `None` for none.
    pub fn drawable(&self, name: &str) -> Option<Drawable> {
        self.object(name).map(Drawable::new)
    }

    /// Sets a layer, or none.
    pub fn set_drawable(&self, name: &str, layer: Option<&Drawable>) {
        self.set_object(name, layer.map(Drawable::object));
    }

    /// All values as text, which [`Config::take`] reads, but those of the `layers`, which text
    /// cannot name.
    pub fn without(&self, layers: &[&str]) -> String {
        // SAFETY: the object lives; its copy is ours.
        let copy = unsafe { Object::owned((gimp().gimp_config_duplicate)(self.raw())) };
        let Some(copy) = copy.map(Self) else { return String::new() };
        layers.iter().for_each(|name| copy.set_drawable(name, None));
        // SAFETY: the copy lives; the text is ours to free.
        let text =
            unsafe { taken_text((gimp().gimp_config_serialize_to_string)(copy.raw(), null_mut())) };
        text.unwrap_or_default()
    }

    /// Takes values over from a text; those that it does not name stay. Says whether all could be
    /// read.
    pub fn take(&self, text: &str) -> bool {
        let text = c_text(text);
        let Ok(length) = i32::try_from(text.as_bytes().len()) else { return false };
        let mut error: Raw = null_mut();
        // SAFETY: a configuration that lives, a text of that length, and room for an error, which
        // is ours to free.
        unsafe {
            let read = gimp().gimp_config_deserialize_string;
            let all = read(self.raw(), text.as_ptr(), length, null_mut(), &raw mut error) != 0;
            if !error.is_null() {
                (gimp().g_error_free)(error);
            }
            all
        }
    }

    fn object(&self, name: &str) -> Option<Object> {
        let (name, mut object): (_, Raw) = (c_text(name), null_mut());
        // SAFETY: such arguments give an object with a reference, or NULL.
        unsafe {
            (gimp().g_object_get)(self.raw(), name.as_ptr(), &raw mut object, null_mut::<Raw>());
            Object::owned(object)
        }
    }

    fn set_object(&self, name: &str, object: Option<&Object>) {
        let (name, object) = (c_text(name), object.map_or(null_mut(), Object::raw));
        // SAFETY: such arguments take an object, to which they add a reference, or NULL.
        unsafe { (gimp().g_object_set)(self.raw(), name.as_ptr(), object, null_mut::<Raw>()) };
    }

    /// Makes the values the last used ones, for `image` and for all others. GIMP does so by itself,
    /// to the same places, but only where a call succeeds: it ends a plug-in whose progress the user
    /// cancels.
    pub fn keep(&self, image: &Image) {
        const PERSISTENT: c_uint = 1;
        // SAFETY: the object lives; the name of its type ends with NUL and stays.
        let kind = unsafe { CStr::from_ptr((gimp().g_type_name_from_instance)(self.raw())) };
        let kind = kind.to_string_lossy();
        let path = gimp_folder().join("plug-in-settings").join(format!("{kind}.last"));
        let (path, name) = (c_text(&path.to_string_lossy()), c_text(&format!("{kind}-last")));
        // SAFETY: the path ends with NUL; the file is new and ours.
        let file = unsafe { Object::owned((gimp().g_file_new_for_path)(path.as_ptr())) };
        if let Some(file) = file {
            let (first, last) = (c"settings".as_ptr(), c"end of settings".as_ptr());
            let write = gimp().gimp_config_serialize_to_file;
            // SAFETY: a configuration and a file that live, and lines that end with NUL; the file
            // is replaced whole or not at all, and without a place for it no error is given.
            unsafe { write(self.raw(), file.raw(), first, last, null_mut(), null_mut()) };
        }
        // SAFETY: a configuration and an image that live, and a name that ends with NUL; the image
        // copies the parasite, which is ours to free, once.
        unsafe {
            let write = gimp().gimp_config_serialize_to_parasite;
            let parasite = write(self.raw(), name.as_ptr(), PERSISTENT, null_mut());
            if !parasite.is_null() {
                (gimp().gimp_image_attach_parasite)(image.raw(), parasite);
                (gimp().gimp_parasite_free)(parasite);
            }
        }
    }

    /// Calls `function` whenever a value changes. It must not hold the values themselves, which
    /// would then never go.
    pub fn on_change(&self, function: impl Fn() + 'static) {
        connect(&self.0, "notify", function);
    }

    /// Keeps a property of a widget and an argument equal, both ways.
    pub fn bind(&self, name: &str, widget: &Widget, property: &str) {
        const BIDIRECTIONAL_FROM_NOW: i32 = 1 | 2;
        let (name, property) = (c_text(name), c_text(property));
        // SAFETY: both objects live; the binding ends with the first of them.
        unsafe {
            (gimp().g_object_bind_property)(
                self.raw(),
                name.as_ptr(),
                widget.raw(),
                property.as_ptr(),
                BIDIRECTIONAL_FROM_NOW,
            );
        }
    }
}
