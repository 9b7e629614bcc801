//! What a procedure says of itself.

use std::ffi::{CString, c_uint};
use std::ptr::{null, null_mut};

use super::object::c_text;
use super::tables::{Raw, gimp};

/// `G_PARAM_READWRITE`
const READ_WRITE: c_uint = 3;

/// A procedure that is being described.
#[derive(Debug)]
pub struct Description(Raw);

/// An argument's name and its words for people.
#[derive(Debug, Clone, Copy)]
pub struct Words<'a> {
    /// As scripts call it: `brush-size`.
    pub name: &'a str,
    /// The label, with `_` before the letter that reaches it with Alt.
    pub label: &'a str,
    /// A sentence or two.
    pub help: &'a str,
}

impl Words<'_> {
    fn for_c(self) -> [CString; 3] {
        [self.name, self.label, self.help].map(c_text)
    }
}

impl Description {
    /// # Safety
    /// `raw` is a procedure that lives as long as this.
    pub(super) unsafe fn new(raw: Raw) -> Self {
        Self(raw)
    }

    /// Its place in the menus, and words about it.
    pub fn menu(&self, label: &str, path: &str, blurb: &str, help: &str) {
        let [label, path, blurb, help] = [label, path, blurb, help].map(c_text);
        // SAFETY: the procedure lives; strings are copied. Without an identifier of a help page
        // there is no button that leads to one.
        unsafe {
            (gimp().gimp_procedure_set_menu_label)(self.0, label.as_ptr());
            (gimp().gimp_procedure_add_menu_path)(self.0, path.as_ptr());
            (gimp().gimp_procedure_set_documentation)(
                self.0,
                blurb.as_ptr(),
                help.as_ptr(),
                null(),
            );
        }
    }

    /// Who made it, and when.
    pub fn attribution(&self, authors: &str, year: &str) {
        let [authors, year] = [authors, year].map(c_text);
        // SAFETY: the procedure lives; strings are copied.
        unsafe {
            (gimp().gimp_procedure_set_attribution)(
                self.0,
                authors.as_ptr(),
                authors.as_ptr(),
                year.as_ptr(),
            );
        }
    }

    /// The images that it takes: `RGB*, GRAY*`.
    pub fn image_types(&self, types: &str) {
        // SAFETY: the procedure lives; the string is copied.
        unsafe { (gimp().gimp_procedure_set_image_types)(self.0, c_text(types).as_ptr()) };
    }

    /// Whether it takes one layer or several; without any it cannot be chosen.
    pub fn takes_layers(&self) {
        // Of `GimpProcedureSensitivityMask`.
        const ONE: i32 = 1;
        const SEVERAL: i32 = 1 << 2;
        // SAFETY: the procedure lives.
        unsafe { (gimp().gimp_procedure_set_sensitivity_mask)(self.0, ONE | SEVERAL) };
    }

    /// A number.
    pub fn float(&self, words: Words<'_>, least: f64, most: f64, default: f64) {
        let [name, label, help] = words.for_c();
        let (name, label, help) = (name.as_ptr(), label.as_ptr(), help.as_ptr());
        let add = gimp().gimp_procedure_add_double_argument;
        // SAFETY: the procedure lives; strings are copied.
        unsafe { add(self.0, name, label, help, least, most, default, READ_WRITE) };
    }

    /// A whole number; the range is cut to what GIMP can hold.
    pub fn integer(&self, words: Words<'_>, least: i64, most: i64, default: i64) {
        let [name, label, help] = words.for_c();
        let (name, label, help) = (name.as_ptr(), label.as_ptr(), help.as_ptr());
        let numbers = [least, most, default];
        if least >= 0 {
            let [least, most, default] = numbers.map(|n| u32::try_from(n).unwrap_or(u32::MAX));
            let add = gimp().gimp_procedure_add_uint_argument;
            // SAFETY: the procedure lives; strings are copied; the numbers fit into `guint`.
            unsafe { add(self.0, name, label, help, least, most, default, READ_WRITE) };
        } else {
            let within = |n: i64| n.clamp(i32::MIN.into(), i32::MAX.into()) as i32;
            let [least, most, default] = numbers.map(within);
            let add = gimp().gimp_procedure_add_int_argument;
            // SAFETY: the procedure lives; strings are copied; the numbers fit into `gint`.
            unsafe { add(self.0, name, label, help, least, most, default, READ_WRITE) };
        }
    }

    /// Any text.
    pub fn text(&self, words: Words<'_>, default: &str) {
        let [name, label, help] = words.for_c();
        let (name, label, help) = (name.as_ptr(), label.as_ptr(), help.as_ptr());
        let (add, default) = (gimp().gimp_procedure_add_string_argument, c_text(default));
        // SAFETY: the procedure lives; strings are copied.
        unsafe { add(self.0, name, label, help, default.as_ptr(), READ_WRITE) };
    }

    /// One of several words, each with a label.
    pub fn choice(&self, words: Words<'_>, choices: &[(&str, String)], default: &str) {
        let [name, label, help] = words.for_c();
        // SAFETY: the procedure lives; strings are copied; the argument takes over the list.
        unsafe {
            let list = (gimp().gimp_choice_new)();
            for (place, (choice, label)) in (0..).zip(choices) {
                let (choice, label) = (c_text(choice), c_text(label));
                (gimp().gimp_choice_add)(list, choice.as_ptr(), place, label.as_ptr(), null());
            }
            (gimp().gimp_procedure_add_choice_argument)(
                self.0,
                name.as_ptr(),
                label.as_ptr(),
                help.as_ptr(),
                list,
                c_text(default).as_ptr(),
                READ_WRITE,
            );
        }
    }

    /// A file, or none. GIMP would take one that is not there as none.
    pub fn file(&self, words: Words<'_>) {
        const ANY: i32 = -1;
        let [name, label, help] = words.for_c();
        let (name, label, help) = (name.as_ptr(), label.as_ptr(), help.as_ptr());
        let add = gimp().gimp_procedure_add_file_argument;
        // SAFETY: the procedure lives; strings are copied; there is no default.
        unsafe { add(self.0, name, label, help, ANY, 1, null_mut(), READ_WRITE) };
    }

    /// A layer of an open image, or none.
    pub fn drawable(&self, words: Words<'_>) {
        let [name, label, help] = words.for_c();
        let (name, label, help) = (name.as_ptr(), label.as_ptr(), help.as_ptr());
        let add = gimp().gimp_procedure_add_drawable_argument;
        // SAFETY: the procedure lives; strings are copied.
        unsafe { add(self.0, name, label, help, 1, READ_WRITE) };
    }
}
