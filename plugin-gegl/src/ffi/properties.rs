//! The operation's properties as GEGL takes them, and their values.

use std::ffi::{CStr, CString, c_char, c_int, c_uint};
use std::ptr::null;

use super::host::is_gimp_3_0;
use super::tables::{Gegl, Int, Raw, Type};
use crate::property::{Kind, Property, Value, number_of};
use crate::words::tr;

/// `G_PARAM_READWRITE | G_PARAM_CONSTRUCT`
const FLAGS: c_uint = 1 | 2 | 4;

/// `GEnumValue`
#[repr(C)]
struct EnumValue {
    value: c_int,
    name: *const c_char,
    nick: *const c_char,
}

/// Text for C; what follows a NUL is left out.
pub fn c_text(text: &str) -> CString {
    let text = text.split('\0').next().unwrap_or_default();
    CString::new(text).unwrap_or_default()
}

/// Installs a property in the class, by its place from 1.
///
/// # Safety
/// The class is that of our operation, while it is initialised.
pub unsafe fn install(gegl: &Gegl, class: Raw, place: c_uint, property: &Property) {
    let [label, help] = [property.label, property.help].map(tr);
    let [name, label, help] = [property.name, &label, &help].map(c_text);
    let (name, label, help) = (name.as_ptr(), label.as_ptr(), help.as_ptr());
    // SAFETY: texts end with NUL and are copied; defaults lie in the ranges, as a test shows; a new
    // type has the default among its values; the class takes over the specification.
    unsafe {
        let new = match property.kind {
            Kind::Float { least, most, default } => {
                let (new, shown) = (gegl.gegl_param_spec_double, most_shown(most));
                let new = new(name, label, help, least, most, default, least, shown, 1.0, FLAGS);
                (gegl.gegl_param_spec_double_set_steps)(new, 0.01, 0.1);
                (gegl.gegl_param_spec_double_set_digits)(new, 2);
                new
            }
            Kind::Integer { least, most, default } => {
                let new = gegl.gegl_param_spec_int;
                new(name, label, help, least, most, default, least, most, 1.0, FLAGS)
            }
            Kind::Seed => (gegl.gegl_param_spec_seed)(name, label, help, FLAGS),
            Kind::Choice { choices, default } => {
                let choice = choice_type(gegl, property.name, choices);
                let new = gegl.gegl_param_spec_enum;
                new(name, label, help, choice, number_of(default), FLAGS)
            }
            Kind::Text { default } => {
                let (new, default) = (gegl.gegl_param_spec_string, c_text(default));
                new(name, label, help, 1, 0, default.as_ptr(), FLAGS)
            }
            Kind::File => {
                let new = if is_gimp_3_0() {
                    gegl.gegl_param_spec_string
                } else {
                    gegl.gegl_param_spec_file_path
                };
                new(name, label, help, 1, 0, c"".as_ptr(), FLAGS)
            }
        };
        (gegl.g_object_class_install_property)(class, place, new);
    }
}

/// The end of a slider: nobody could set a good number on one that goes to a million.
fn most_shown(most: f64) -> f64 {
    if most > 1000.0 { 300.0 } else { most }
}

/// Registers a type for a choice; it is never unregistered.
fn choice_type(gegl: &Gegl, property: &str, choices: &[(&str, &str)]) -> Type {
    let kept = |text: &str| c_text(text).into_raw().cast_const();
    let entries = choices.iter().map(|(word, label)| EnumValue {
        value: number_of(word),
        name: kept(&tr(label)),
        nick: kept(word),
    });
    let end = EnumValue { value: 0, name: null(), nick: null() };
    let values: &'static mut [EnumValue] =
        Box::leak(entries.chain([end]).collect::<Vec<_>>().into_boxed_slice());
    let name = c_text(&format!("ImpastoPaint-{property}"));
    // SAFETY: name and values end with NUL and zeros; the values stay.
    unsafe { (gegl.g_enum_register_static)(name.as_ptr(), values.as_mut_ptr().cast()) }
}

/// Reads what a property is set to.
///
/// # Safety
/// `from` is a value of the property's type.
pub unsafe fn read(gegl: &Gegl, property: &Property, from: Raw) -> Value {
    // SAFETY: the value has the property's type.
    unsafe {
        match property.kind {
            Kind::Float { .. } => Value::Float((gegl.g_value_get_double)(from)),
            Kind::Integer { .. } => Value::Integer((gegl.g_value_get_int)(from).into()),
            Kind::Seed => Value::Integer((gegl.g_value_get_uint)(from).into()),
            Kind::Choice { choices, default } => {
                let number: Int = (gegl.g_value_get_enum)(from);
                let word = choices.iter().find(|(word, _)| number_of(word) == number);
                Value::Text(word.map_or(default, |(word, _)| word).to_owned())
            }
            Kind::Text { .. } | Kind::File => {
                let text = (gegl.g_value_get_string)(from);
                let text = if text.is_null() { c"" } else { CStr::from_ptr(text) };
                Value::Text(text.to_string_lossy().into_owned())
            }
        }
    }
}

/// Tells what a property is set to.
///
/// # Safety
/// `to` is a value of the property's type.
pub unsafe fn write(gegl: &Gegl, property: &Property, value: &Value, to: Raw) {
    // SAFETY: the value has the property's type; texts are copied.
    unsafe {
        match (property.kind, value) {
            (Kind::Float { .. }, Value::Float(number)) => (gegl.g_value_set_double)(to, *number),
            (Kind::Integer { .. }, Value::Integer(number)) => {
                (gegl.g_value_set_int)(to, Int::try_from(*number).unwrap_or(0));
            }
            (Kind::Seed, Value::Integer(number)) => {
                (gegl.g_value_set_uint)(to, c_uint::try_from(*number).unwrap_or(0));
            }
            (Kind::Choice { .. }, Value::Text(word)) => {
                (gegl.g_value_set_enum)(to, number_of(word));
            }
            (Kind::Text { .. } | Kind::File, Value::Text(text)) => {
                (gegl.g_value_set_string)(to, c_text(text).as_ptr());
            }
            // A value is only ever set to one of its own kind.
            _ => {}
        }
    }
}
