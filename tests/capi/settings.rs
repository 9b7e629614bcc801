//! Settings by their names through the C interface.

use std::collections::HashSet;
use std::ffi::{CStr, CString, c_char};
use std::ptr;

use crate::abi::{self, checked};
use crate::fixtures::Settings;

fn text(of: *const c_char) -> Option<&'static str> {
    // SAFETY: the table's texts are NULL or static.
    (!of.is_null()).then(|| unsafe { CStr::from_ptr(of) }.to_str().unwrap())
}

fn table() -> Vec<&'static abi::Setting> {
    // SAFETY: no conditions; what is returned is static.
    unsafe {
        assert!(abi::impasto_setting_at(abi::impasto_setting_count()).is_null());
        let at = |index| abi::impasto_setting_at(index).as_ref().unwrap();
        (0..abi::impasto_setting_count()).map(at).collect()
    }
}

/// The value as a text.
fn read(settings: &Settings, name: *const c_char) -> String {
    let mut value = ptr::null();
    // SAFETY: the settings live and are not changed while the text is copied.
    unsafe {
        let status = abi::impasto_settings_text(settings.get(), name, &mut value);
        assert_eq!(checked(status), abi::OK, "{}", abi::last_error());
        CStr::from_ptr(value).to_str().unwrap().to_owned()
    }
}

#[test]
fn every_setting_is_described() {
    let mut names = HashSet::new();
    for setting in table() {
        let name = text(setting.name).unwrap();
        assert!(names.insert(name));
        assert!(!text(setting.label).unwrap().is_empty() && text(setting.unit).is_some());
        assert!(!text(setting.help).unwrap().is_empty());
        assert!((0..=2).contains(&setting.place) && (1..=7).contains(&setting.methods), "{name}");
        let choices = setting.choice_count as usize;
        match setting.kind {
            0 | 1 => {
                assert!(setting.least < setting.most && setting.step > 0.0, "{name}");
                let within = (setting.least..=setting.most).contains(&setting.default_value);
                assert!(within || !setting.zero.is_null() && setting.default_value == 0.0);
            }
            2 => assert!(choices > 1 && setting.most == choices as f64 - 1.0),
            3 => assert!(!text(setting.form).unwrap().is_empty()),
            other => panic!("{name} has the type {other}"),
        }
        assert_eq!(setting.choice_names.is_null(), choices == 0);
        for k in 0..choices {
            // SAFETY: there are so many.
            let (name, label) =
                unsafe { (*setting.choice_names.add(k), *setting.choice_labels.add(k)) };
            assert!(text(name).is_some() && text(label).is_some());
        }
        // SAFETY: the name is static.
        assert!(ptr::eq(unsafe { abi::impasto_setting_find(setting.name) }, setting));
        assert_eq!(read(&Settings::new(&[]), setting.name), text(setting.default_text).unwrap());
    }
    // SAFETY: static names and NULL.
    unsafe {
        assert!(abi::impasto_setting_find(c"nonsense".as_ptr()).is_null());
        assert!(abi::impasto_setting_find(c"".as_ptr()).is_null());
        assert!(abi::impasto_setting_find(ptr::null()).is_null());
    }
    for name in ["method", "strength", "schedule", "checkpoint", "on-cancel"] {
        assert!(names.contains(name), "{name}");
    }
}

#[test]
fn every_setting_is_set_and_read_and_copied() {
    for setting in table().into_iter().filter(|setting| setting.kind != 3) {
        let settings = Settings::new(&[]);
        let handle = settings.get().cast_mut();
        for value in [setting.least, setting.most, setting.default_value] {
            // SAFETY: the settings live; the name is static.
            unsafe {
                let status = abi::impasto_settings_set_number(handle, setting.name, value);
                assert_eq!(checked(status), abi::OK, "{}", abi::last_error());
                let mut copy = ptr::null_mut();
                assert_eq!(checked(abi::impasto_settings_copy(handle, &mut copy)), abi::OK);
                for of in [handle, copy] {
                    let mut found = f64::NAN;
                    let status = abi::impasto_settings_number(of, setting.name, &mut found);
                    assert_eq!((checked(status), found), (abi::OK, value));
                }
                abi::impasto_settings_free(&mut copy);
                assert!(copy.is_null());
                abi::impasto_settings_free(&mut copy);
            }
        }
    }
}

/// The words of a refusal.
fn refused(status: i32) -> String {
    assert_eq!(checked(status), abi::ARGUMENT);
    abi::last_error()
}

#[test]
fn what_is_no_value_is_refused_in_the_callers_own_words() {
    let settings = Settings::new(&[(c"strength", c"0.25")]);
    let handle = settings.get().cast_mut();
    // SAFETY: the settings live; names are static.
    let set = |name: &CStr, value| unsafe {
        abi::impasto_settings_set_number(handle, name.as_ptr(), value)
    };
    for (name, value, given) in [
        (c"seed", -1.0, "'-1'"),
        (c"seed", 0.5, "'0.5'"),
        (c"seed", 4_294_967_296.0, "'4294967296'"),
        (c"seed", f64::NAN, "'NaN'"),
        (c"strength", 1.5, "'1.5'"),
        (c"strength", -1e300, "'-1e300'"),
        (c"method", 3.0, "'3'"),
        (c"method", -1.0, "'-1'"),
        (c"method", 0.5, "'0.5'"),
        (c"checkpoint", 7.0, "number 7"),
    ] {
        let words = refused(set(name, value));
        assert!(words.contains(given) && words.contains(name.to_str().unwrap()), "{words}");
    }
    assert!(refused(set(c"strenght", 0.5)).contains("'strenght'"));
    // SAFETY: the settings live; texts are static or NULL.
    unsafe {
        let mut number = 7.0;
        let mut lent = ptr::null();
        let (name, keep) = (c"keep-color".as_ptr(), c"match".as_ptr());
        use abi::{
            impasto_settings_number as get_number, impasto_settings_set_choice as set_choice,
            impasto_settings_set_text as set_text, impasto_settings_text as get_text,
        };
        assert_eq!(checked(set_choice(handle, name, keep)), abi::OK);
        for status in [
            set_choice(handle, name, c"all".as_ptr()),
            set_choice(handle, name, c"".as_ptr()),
            set_choice(handle, name, ptr::null()),
            set_choice(handle, c"strength".as_ptr(), keep),
            set_choice(ptr::null_mut(), name, keep),
            set_text(handle, ptr::null(), keep),
            set_text(handle, c"".as_ptr(), keep),
            get_number(handle, c"schedule".as_ptr(), &mut number),
            get_number(handle, c"nonsense".as_ptr(), &mut number),
            get_number(ptr::null(), name, &mut number),
            get_number(handle, name, ptr::null_mut()),
            get_text(handle, c"nonsense".as_ptr(), &mut lent),
            get_text(handle, name, ptr::null_mut()),
            get_text(ptr::null(), name, &mut lent),
            abi::impasto_settings_new(ptr::null_mut()),
            abi::impasto_settings_copy(ptr::null(), &mut ptr::null_mut()),
        ] {
            refused(status);
        }
        for (name, value, word) in [
            (c"schedule", c"forty", "forty"),
            (c"style-layers", c"block9_conv1", "block9_conv1"),
            (c"style-weight", c"1e30", "style-weight"),
        ] {
            let words = refused(set_text(handle, name.as_ptr(), value.as_ptr()));
            assert!(words.contains(word), "{words}");
        }
        assert!(number == 7.0 && lent.is_null());
    }
    assert_eq!(read(&settings, c"keep-color".as_ptr()), "match");
    assert_eq!(read(&settings, c"strength".as_ptr()), "0.25");
}

#[test]
fn nothing_stands_for_the_default() {
    for setting in table() {
        for nothing in [ptr::null(), c"".as_ptr()] {
            let other = match setting.kind {
                3 => continue,
                _ if setting.default_value == setting.most => setting.least,
                _ => setting.most,
            };
            let settings = Settings::new(&[]);
            let handle = settings.get().cast_mut();
            // SAFETY: the settings live; texts are static or NULL.
            unsafe {
                let status = abi::impasto_settings_set_number(handle, setting.name, other);
                assert_eq!(checked(status), abi::OK);
                assert_ne!(read(&settings, setting.name), text(setting.default_text).unwrap());
                let status = abi::impasto_settings_set_text(handle, setting.name, nothing);
                assert_eq!(checked(status), abi::OK, "{}", abi::last_error());
            }
            assert_eq!(read(&settings, setting.name), text(setting.default_text).unwrap());
        }
    }
    let mut settings = Settings::new(&[(c"schedule", c"128:2,256:1"), (c"features", c"mine")]);
    assert_eq!(read(&settings, c"schedule".as_ptr()), "128:2,256:1");
    settings.set(c"schedule", c"");
    settings.set(c"features", c"");
    assert_eq!(read(&settings, c"schedule".as_ptr()), "");
    assert_eq!(read(&settings, c"features".as_ptr()), "auto");
    let wide = CString::new("x".repeat(5000)).unwrap();
    settings.set(c"checkpoint", &wide);
    assert_eq!(read(&settings, c"checkpoint".as_ptr()).len(), 5000);
}
