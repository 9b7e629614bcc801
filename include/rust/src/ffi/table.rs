//! The table of settings.

use std::ffi::c_char;

use super::functions::Functions;
use super::text::{borrowed, meant, text};
use super::types;
use crate::setting::{Choice, Methods, Place, Setting, SettingKind};

impl Functions {
    /// All settings that this crate knows the kind of.
    pub fn settings(&self) -> Vec<Setting> {
        // SAFETY: the function takes nothing and reads a table that never changes.
        let count = unsafe { (self.impasto_setting_count)() };
        // SAFETY: any index is allowed; what is returned is NULL or stays as it is for the life of
        // the library, which is never unloaded.
        let at = |index| unsafe { (self.impasto_setting_at)(index).as_ref() };
        (0..count).filter_map(at).filter_map(setting).collect()
    }

    pub fn setting(&self, name: &str) -> Option<Setting> {
        let name = text(name).ok()?;
        // SAFETY: the name lives until the call returns; what that gives is NULL or stays as it is
        // for the life of the library, which is never unloaded.
        let found = unsafe { (self.impasto_setting_find)(name.as_ptr()).as_ref() };
        found.and_then(setting)
    }
}

/// `None` for a kind that this crate does not know: the setting keeps its default.
fn setting(raw: &'static types::Setting) -> Option<Setting> {
    // SAFETY: the table's strings are NULL or end with NUL, and are as static as the entry.
    let text = |pointer: *const c_char| -> &'static str { unsafe { borrowed(pointer) } };
    // SAFETY: the table's strings are NULL or end with NUL, and are as static as the entry.
    let meaning = |pointer: *const c_char| -> Option<&'static str> { unsafe { meant(pointer) } };
    let zero = meaning(raw.zero);
    let (least, most, default) = (raw.least, raw.most, raw.default_value);
    let kind = match raw.kind {
        0 => SettingKind::Float { least, most, default, step: raw.step, zero },
        1 => SettingKind::Integer {
            least: least as i64,
            most: most as i64,
            default: default as i64,
            zero,
        },
        2 => {
            let choice = |k| {
                // SAFETY: both lists of a choice have `choice_count` entries, and `k` is less.
                let (name, label) =
                    unsafe { (*raw.choice_names.add(k), *raw.choice_labels.add(k)) };
                Choice { name: text(name), label: text(label) }
            };
            let choices = (0..raw.choice_count as usize).map(choice).collect();
            SettingKind::Choice { choices, default: default as usize }
        }
        3 => SettingKind::Text {
            default: text(raw.default_text),
            form: text(raw.form),
            empty: meaning(raw.empty),
        },
        _ => return None,
    };
    let place = match raw.place {
        0 => Place::Front,
        1 => Place::Advanced,
        _ => Place::Programs,
    };
    Some(Setting {
        name: text(raw.name),
        label: text(raw.label),
        help: text(raw.help),
        unit: text(raw.unit),
        default_text: text(raw.default_text),
        methods: Methods {
            fast: raw.methods & 1 != 0,
            optimize: raw.methods & 2 != 0,
            studio: raw.methods & 4 != 0,
        },
        place,
        kind,
    })
}
