//! The table of parameters, for hosts that build their controls from it.

use std::ffi::{CString, c_char};
use std::ptr;
use std::sync::OnceLock;

use impasto_parameter_type::*;

use super::fence::fenced_or;
use crate::parameters::{PARAMETERS, Parameter, ParameterKind};

/// What values a parameter has.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum impasto_parameter_type {
    /// Numbers from `least` to `most`.
    IMPASTO_PARAMETER_FLOAT = 0,
    /// Whole numbers from `least` to `most`.
    IMPASTO_PARAMETER_INTEGER = 1,
    /// One of `choice_count` words; its value is its place, from 0.
    IMPASTO_PARAMETER_CHOICE = 2,
}

/// A parameter. All strings are static UTF-8.
#[repr(C)]
pub struct impasto_parameter {
    /// What programs call it: "brush-size".
    pub name: *const c_char,
    /// What a control is labelled with: "Brush size".
    pub label: *const c_char,
    /// One or two sentences for people.
    pub help: *const c_char,
    /// An `impasto_parameter_type`.
    pub r#type: i32,
    /// How many choices there are; 0 for numbers.
    pub choice_count: u32,
    /// Least value.
    pub least: f64,
    /// Greatest value.
    pub most: f64,
    /// Value when not set.
    pub default_value: f64,
    /// A useful change at a press of an arrow key.
    pub step: f64,
    /// What programs call each choice; NULL for numbers.
    pub choice_names: *const *const c_char,
    /// What a control shows for each choice; NULL for numbers.
    pub choice_labels: *const *const c_char,
    /// Which methods have it: the sum of 1 for fast and 2 for optimise.
    pub methods: u32,
    /// 0.
    pub reserved: u32,
}

// SAFETY: the strings are never changed or freed.
unsafe impl Send for impasto_parameter {}
// SAFETY: as above.
unsafe impl Sync for impasto_parameter {}

/// The number of parameters. Loads nothing.
#[unsafe(no_mangle)]
pub extern "C" fn impasto_parameter_count() -> usize {
    PARAMETERS.len()
}

/// A parameter, in the order in which controls should stand; NULL beyond the
/// end. It is static. Loads nothing.
#[unsafe(no_mangle)]
pub extern "C" fn impasto_parameter_at(index: usize) -> *const impasto_parameter {
    static TABLE: OnceLock<Vec<impasto_parameter>> = OnceLock::new();
    fenced_or(ptr::null(), || {
        let table = TABLE.get_or_init(|| PARAMETERS.iter().map(entry).collect());
        table.get(index).map_or(ptr::null(), ptr::from_ref)
    })
}

fn entry(parameter: &Parameter) -> impasto_parameter {
    let (kind, least, most, default_value, step, choices) = match parameter.kind {
        ParameterKind::Float { least, most, default, step } => {
            (IMPASTO_PARAMETER_FLOAT, least, most, default, step, &[][..])
        }
        ParameterKind::Integer { least, most, default } => {
            (IMPASTO_PARAMETER_INTEGER, least as f64, most as f64, default as f64, 1.0, &[][..])
        }
        ParameterKind::Choice { values, default } => {
            (IMPASTO_PARAMETER_CHOICE, 0.0, values.len() as f64 - 1.0, default as f64, 1.0, values)
        }
    };
    let (names, labels): (Vec<_>, Vec<_>) =
        choices.iter().map(|(name, label)| (kept(name), kept(label))).unzip();
    let list = |list: Vec<*const c_char>| {
        if list.is_empty() { ptr::null() } else { list.leak().as_ptr() }
    };
    impasto_parameter {
        name: kept(parameter.name),
        label: kept(parameter.label),
        help: kept(parameter.help),
        r#type: kind as i32,
        choice_count: choices.len() as u32,
        least,
        most,
        default_value,
        step,
        choice_names: list(names),
        choice_labels: list(labels),
        methods: u32::from(parameter.methods.fast) + 2 * u32::from(parameter.methods.optimize),
        reserved: 0,
    }
}

/// A string that lives as long as the process: hosts keep such pointers.
fn kept(text: &str) -> *const c_char {
    CString::new(text).unwrap_or_default().into_raw()
}
