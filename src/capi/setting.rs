//! The table of settings, for hosts that build their controls from it.

use std::ffi::c_char;
use std::ptr;
use std::sync::OnceLock;

use impasto_setting_place::*;
use impasto_setting_type::*;

use super::fence::fenced_or;
use super::pointer::text;
use super::static_text::static_text;
use crate::settings::{Kind, Place, SETTINGS, Setting};

/// What values a setting has.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum impasto_setting_type {
    /// Numbers from `least` to `most`.
    IMPASTO_SETTING_FLOAT = 0,
    /// Whole numbers from `least` to `most`.
    IMPASTO_SETTING_INTEGER = 1,
    /// One of `choice_count` words; as a number it is its place, from 0.
    IMPASTO_SETTING_CHOICE = 2,
    /// A text, which has no number.
    IMPASTO_SETTING_TEXT = 3,
}

/// Where hosts offer a setting.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum impasto_setting_place {
    /// Among the first controls.
    IMPASTO_PLACE_FRONT = 0,
    /// Among controls that few need.
    IMPASTO_PLACE_ADVANCED = 1,
    /// In programs that paint one picture after another: it names files, or what becomes of long
    /// work. Editors that hold the picture themselves leave it out.
    IMPASTO_PLACE_PROGRAMS = 2,
}

/// A setting. All strings are static UTF-8. It grows at its end, so it is not to be copied.
#[repr(C)]
pub struct impasto_setting {
    /// What programs call it: "brush-size".
    pub name: *const c_char,
    /// What a control is labelled with: "Brush size".
    pub label: *const c_char,
    /// One or two sentences for people.
    pub help: *const c_char,
    /// What its numbers count: "pixels"; empty for bare numbers and words.
    pub unit: *const c_char,
    /// An `impasto_setting_type`.
    pub r#type: i32,
    /// An `impasto_setting_place`.
    pub place: i32,
    /// Least value; 0 for texts.
    pub least: f64,
    /// Greatest value; 0 for texts.
    pub most: f64,
    /// Value when not set; of a choice its place; 0 for texts.
    pub default_value: f64,
    /// A useful change at a press of an arrow key; 0 for texts.
    pub step: f64,
    /// What 0 stands for, where it lies outside `least` to `most` and may be set, too: "follows
    /// the picture"; else NULL.
    pub zero: *const c_char,
    /// The default as a text.
    pub default_text: *const c_char,
    /// How a text is written: "SIDE:STEPS,..."; NULL for others.
    pub form: *const c_char,
    /// What an empty text stands for, where that is the default: "follows the preset"; else NULL.
    pub empty: *const c_char,
    /// What programs call each choice; NULL for others.
    pub choice_names: *const *const c_char,
    /// What a control shows for each choice; NULL for others.
    pub choice_labels: *const *const c_char,
    /// How many choices there are; 0 for others.
    pub choice_count: u32,
    /// Which methods have it: the sum of 1 for fast, 2 for optimise and 4 for studio.
    pub methods: u32,
}

// SAFETY: all pointers are to what is never changed or freed.
unsafe impl Send for impasto_setting {}
// SAFETY: nothing in it is ever changed.
unsafe impl Sync for impasto_setting {}

/// The number of settings. Loads nothing.
#[unsafe(no_mangle)]
pub extern "C" fn impasto_setting_count() -> usize {
    SETTINGS.len()
}

/// A setting, in the order in which controls should stand; NULL beyond the end. It is static. Loads
/// nothing.
#[unsafe(no_mangle)]
pub extern "C" fn impasto_setting_at(index: usize) -> *const impasto_setting {
    fenced_or(ptr::null(), || table().get(index).map_or(ptr::null(), ptr::from_ref))
}

/// The setting called `name`; NULL where there is none. It is static. Loads nothing.
///
/// # Safety
/// `name` is NULL or ends with NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn impasto_setting_find(name: *const c_char) -> *const impasto_setting {
    fenced_or(ptr::null(), || {
        // SAFETY: the caller guarantees a string that ends with NUL; it is read in this call.
        let name = unsafe { text(name, "name") }.ok();
        let place = name.and_then(|name| SETTINGS.iter().position(|s| s.name == name));
        place.and_then(|place| table().get(place)).map_or(ptr::null(), ptr::from_ref)
    })
}

fn table() -> &'static [impasto_setting] {
    static TABLE: OnceLock<Vec<impasto_setting>> = OnceLock::new();
    TABLE.get_or_init(|| SETTINGS.iter().map(entry).collect())
}

fn entry(setting: &Setting) -> impasto_setting {
    let default = setting.default();
    let some = |text: Option<&'static str>| text.map_or(ptr::null(), static_text);
    let bare = impasto_setting {
        name: static_text(setting.name),
        label: static_text(setting.label),
        help: static_text(setting.help),
        unit: static_text(setting.unit),
        r#type: IMPASTO_SETTING_TEXT as i32,
        place: match setting.place {
            Place::Front => IMPASTO_PLACE_FRONT,
            Place::Advanced => IMPASTO_PLACE_ADVANCED,
            Place::Programs => IMPASTO_PLACE_PROGRAMS,
        } as i32,
        least: 0.0,
        most: 0.0,
        default_value: default.number().unwrap_or(0.0),
        step: 0.0,
        zero: ptr::null(),
        default_text: static_text(&setting.text_of(&default)),
        form: ptr::null(),
        empty: ptr::null(),
        choice_names: ptr::null(),
        choice_labels: ptr::null(),
        choice_count: 0,
        methods: u32::from(setting.methods.fast)
            + 2 * u32::from(setting.methods.optimize)
            + 4 * u32::from(setting.methods.studio),
    };
    match setting.kind {
        Kind::Float { least, most, step, zero } => impasto_setting {
            r#type: IMPASTO_SETTING_FLOAT as i32,
            least,
            most,
            step,
            zero: some(zero),
            ..bare
        },
        Kind::Integer { least, most, zero } => impasto_setting {
            r#type: IMPASTO_SETTING_INTEGER as i32,
            least: least as f64,
            most: most as f64,
            step: 1.0,
            zero: some(zero),
            ..bare
        },
        Kind::Choice(values) => impasto_setting {
            r#type: IMPASTO_SETTING_CHOICE as i32,
            most: values.len() as f64 - 1.0,
            step: 1.0,
            choice_names: list(values.iter().map(|(name, _)| *name)),
            choice_labels: list(values.iter().map(|(_, label)| *label)),
            choice_count: values.len() as u32,
            ..bare
        },
        Kind::Text { form, empty } => {
            impasto_setting { form: static_text(form), empty: some(empty), ..bare }
        }
    }
}

fn list(texts: impl Iterator<Item = &'static str>) -> *const *const c_char {
    texts.map(static_text).collect::<Vec<_>>().leak().as_ptr()
}
