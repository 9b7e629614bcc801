//! How to paint: settings by their names.

use std::ffi::{CString, c_char};

use super::fence::fenced;
use super::handle::{self, make};
use super::pointer::{check, optional, optional_text, shared, text, wrong};
use super::status::impasto_status;
use crate::error::Result;
use crate::settings::{Kind, SETTINGS, Setting, Settings, Value, find};

/// How to paint: a value for each of `impasto_setting_at`. It may be used by several threads while
/// nobody changes it.
#[derive(Clone)]
pub struct impasto_settings {
    settings: Settings,
    /// The value of each setting as a text, to be lent.
    texts: Vec<CString>,
}

impl impasto_settings {
    fn defaults() -> Self {
        let settings = Settings::default();
        let texts = SETTINGS.iter().map(|setting| text_in(&settings, setting)).collect();
        Self { settings, texts }
    }

    /// The settings that a function was given; NULL stands for the defaults.
    ///
    /// # Safety
    /// `settings` is NULL, or not freed or changed while the result lives.
    pub(super) unsafe fn read(settings: *const Self) -> Result<Settings> {
        // SAFETY: this function's condition is that of `optional`.
        let settings = unsafe { optional(settings, "settings") }?;
        Ok(settings.map_or_else(Settings::default, |settings| settings.settings.clone()))
    }

    fn set(&mut self, name: &str, value: Value) -> Result<()> {
        self.settings.set(name, value)?;
        for (setting, text) in SETTINGS.iter().zip(&mut self.texts) {
            if setting.name == name {
                *text = text_in(&self.settings, setting);
            }
        }
        Ok(())
    }
}

fn text_in(settings: &Settings, setting: &Setting) -> CString {
    CString::new(setting.text_of(&setting.value_in(settings))).unwrap_or_default()
}

fn known(name: &str) -> Result<&'static Setting> {
    find(name).ok_or_else(|| {
        wrong(format!(
            "there is no setting called '{name}': impasto_setting_at tells those there are"
        ))
    })
}

/// All defaults. Free them with `impasto_settings_free`.
///
/// @param settings receives the new object
/// @return `ARGUMENT` for NULL
///
/// # Safety
/// `settings` is NULL or points to writable room for a pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn impasto_settings_new(
    settings: *mut *mut impasto_settings,
) -> impasto_status {
    // SAFETY: the caller guarantees that there is room for the handle.
    unsafe { make(settings, "settings", || Ok(impasto_settings::defaults())) }
}

/// The same values once more. Free them with `impasto_settings_free`.
///
/// @param settings not NULL
/// @param copy receives the new object
/// @return `ARGUMENT` for NULL
///
/// # Safety
/// `settings` is NULL or not freed, and nobody changes it in this moment; `copy` is NULL or points
/// to writable room for a pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn impasto_settings_copy(
    settings: *const impasto_settings,
    copy: *mut *mut impasto_settings,
) -> impasto_status {
    let body = || {
        // SAFETY: the caller guarantees that it is not freed or changed during the call.
        let settings = unsafe { shared(settings, "settings") }?;
        Ok(settings.clone())
    };
    // SAFETY: the caller guarantees that there is room for the handle.
    unsafe { make(copy, "copy", body) }
}

/// Sets a number, or a choice by its place, so that a host can offer controls for all of
/// `impasto_setting_at` without knowing them.
///
/// @param settings not NULL
/// @param name the setting's name, such as "brush-size"
/// @param value the number; for a choice its place in the list
/// @return `ARGUMENT` for an unknown name, a text, or a value outside the range
///
/// # Safety
/// `settings` is NULL or not freed, and no other thread uses it in this moment; `name` is NULL or
/// ends with NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn impasto_settings_set_number(
    settings: *mut impasto_settings,
    name: *const c_char,
    value: f64,
) -> impasto_status {
    // SAFETY: what `change` asks for is what the caller guarantees.
    unsafe {
        change(settings, name, |setting| match setting.kind {
            Kind::Choice(values)
                if value.fract() == 0.0 && (0.0..values.len() as f64).contains(&value) =>
            {
                Ok(Value::Choice(value as usize))
            }
            Kind::Text { .. } => Err(wrong(format!(
                "cannot set {} to the number {}: it is a text",
                setting.name,
                number(value)
            ))),
            _ => setting.parse(&number(value)),
        })
    }
}

/// Sets a choice by its name.
///
/// @param settings not NULL
/// @param name the setting's name, such as "keep-color"
/// @param choice one of the setting's `choice_names`
/// @return `ARGUMENT` for an unknown name, a setting that is no choice, or a word that is none of
///         its choices
///
/// # Safety
/// `settings` is NULL or not freed, and no other thread uses it in this moment; `name` and `choice`
/// are NULL or end with NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn impasto_settings_set_choice(
    settings: *mut impasto_settings,
    name: *const c_char,
    choice: *const c_char,
) -> impasto_status {
    // SAFETY: what `change` asks for is what the caller guarantees, and that `choice` ends with
    // NUL.
    unsafe {
        change(settings, name, |setting| {
            let choice = text(choice, "choice")?;
            match setting.kind {
                Kind::Choice(_) => setting.parse(choice),
                _ => Err(wrong(format!(
                    "cannot set {} to the choice '{choice}': it has no choices",
                    setting.name
                ))),
            }
        })
    }
}

/// Sets any setting to what a text stands for: a number, the name of a choice, the text itself.
///
/// @param settings not NULL
/// @param name the setting's name, such as "schedule"
/// @param text NULL or empty for the default
/// @return `ARGUMENT` for an unknown name or a text that is no value of the setting
///
/// # Safety
/// `settings` is NULL or not freed, and no other thread uses it in this moment; `name` and `text`
/// are NULL or end with NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn impasto_settings_set_text(
    settings: *mut impasto_settings,
    name: *const c_char,
    text: *const c_char,
) -> impasto_status {
    // SAFETY: what `change` asks for is what the caller guarantees, and that `text` ends with NUL.
    unsafe {
        change(settings, name, |setting| match optional_text(text, "text")? {
            Some(text) => setting.parse(text),
            None => Ok(setting.default()),
        })
    }
}

/// The value of a number; of a choice its place.
///
/// @param settings not NULL
/// @param name the setting's name
/// @param value receives the number
/// @return `ARGUMENT` for an unknown name or a text
///
/// # Safety
/// `settings` is NULL or not freed, and nobody changes it in this moment; `name` is NULL or ends
/// with NUL; `value` is NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn impasto_settings_number(
    settings: *const impasto_settings,
    name: *const c_char,
    value: *mut f64,
) -> impasto_status {
    fenced(|| {
        check(value, "value")?;
        // SAFETY: the caller guarantees that nobody frees or changes it, and that `name` ends with
        // NUL.
        let (settings, name) = unsafe { (shared(settings, "settings")?, text(name, "name")?) };
        let number = known(name)?.value_in(&settings.settings).number();
        let number = number.ok_or_else(|| wrong(format!("{name} has no number: it is a text")))?;
        // SAFETY: not NULL and aligned, as checked; the caller guarantees that it is writable.
        unsafe { value.write(number) };
        Ok(())
    })
}

/// The value of any setting as a text, which `impasto_settings_set_text` takes.
///
/// @param settings not NULL
/// @param name the setting's name
/// @param text receives the text, which belongs to the settings and is valid until they are changed
///             or freed
/// @return `ARGUMENT` for an unknown name
///
/// # Safety
/// `settings` is NULL or not freed, and nobody changes it in this moment; `name` is NULL or ends
/// with NUL; `text` is NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn impasto_settings_text(
    settings: *const impasto_settings,
    name: *const c_char,
    text: *mut *const c_char,
) -> impasto_status {
    fenced(|| {
        check(text, "text")?;
        // SAFETY: the caller guarantees that nobody frees or changes it, and that `name` ends with
        // NUL.
        let (settings, name) =
            unsafe { (shared(settings, "settings")?, super::pointer::text(name, "name")?) };
        let name = known(name)?.name;
        let mut each = SETTINGS.iter().zip(&settings.texts);
        let found = each.find(|(setting, _)| setting.name == name).map(|(_, text)| text);
        // SAFETY: not NULL and aligned, as checked; the caller guarantees that it is writable.
        unsafe { text.write(found.map_or(c"".as_ptr(), |text| text.as_ptr())) };
        Ok(())
    })
}

/// Frees the settings and sets the handle to NULL. NULL and a handle of NULL are allowed.
///
/// @param settings the address of the handle
///
/// # Safety
/// `settings` is NULL or points to a handle that no other thread uses in this moment.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn impasto_settings_free(settings: *mut *mut impasto_settings) {
    // SAFETY: the caller guarantees that the handle is this thread's alone.
    unsafe { handle::free(settings) };
}

/// # Safety
/// `settings` is NULL or not freed, and no other thread uses it in this moment; `name` is NULL or
/// ends with NUL.
unsafe fn change(
    settings: *mut impasto_settings,
    name: *const c_char,
    value: impl FnOnce(&Setting) -> Result<Value>,
) -> impasto_status {
    fenced(|| {
        check(settings, "settings")?;
        // SAFETY: it ends with NUL by this function's condition.
        let setting = known(unsafe { text(name, "name") }?)?;
        let value = value(setting)?;
        // SAFETY: not NULL and aligned, as checked; a valid object that this thread has alone by
        // this function's condition.
        unsafe { &mut *settings }.set(setting.name, value)
    })
}

/// A number for a message and as settings read it: as the caller gave it.
fn number(value: f64) -> String {
    // Whole numbers are read without an exponent, but nobody reads three hundred digits.
    if value.abs() < 1e15 { value.to_string() } else { format!("{value:e}") }
}
