//! The table of settings, and settings by their names.

use std::thread;

use impasto::settings::{Kind, Place as EnginesPlace, SETTINGS, Value};
use impasto_client::{Place, SettingKind, Settings, Status};

use crate::fixtures::{assert_refused, library, settings};

#[test]
fn the_table_is_that_of_the_engine() {
    let table = library().settings();
    assert_eq!(table.len(), SETTINGS.len());
    for (ours, engines) in table.iter().zip(SETTINGS) {
        assert_eq!((ours.name, ours.label, ours.help), (engines.name, engines.label, engines.help));
        assert_eq!(ours.unit, engines.unit);
        assert_eq!(
            [ours.methods.fast, ours.methods.optimize, ours.methods.studio],
            [engines.methods.fast, engines.methods.optimize, engines.methods.studio]
        );
        let place = match engines.place {
            EnginesPlace::Front => Place::Front,
            EnginesPlace::Advanced => Place::Advanced,
            EnginesPlace::Programs => Place::Programs,
        };
        assert_eq!(ours.place, place, "{}", ours.name);
        match (&ours.kind, engines.kind, engines.default()) {
            (
                SettingKind::Float { least, most, default, step, zero },
                Kind::Float { least: l, most: m, step: s, zero: z },
                Value::Float(d),
            ) => assert_eq!((*least, *most, *default, *step, *zero), (l, m, d, s, z)),
            (
                SettingKind::Integer { least, most, default, zero },
                Kind::Integer { least: l, most: m, zero: z },
                Value::Integer(d),
            ) => assert_eq!((*least, *most, *default, *zero), (l, m, d, z)),
            (SettingKind::Choice { choices, default }, Kind::Choice(values), Value::Choice(d)) => {
                let choices: Vec<_> = choices.iter().map(|c| (c.name, c.label)).collect();
                assert_eq!((choices.as_slice(), *default), (values, d));
            }
            (
                SettingKind::Text { default, form, empty },
                Kind::Text { form: f, empty: e },
                Value::Text(d),
            ) => assert_eq!((*default, *form, *empty), (d.as_str(), f, e)),
            (ours, engines, _) => panic!("{ours:?} is not {engines:?}"),
        }
        assert_eq!(library().setting(ours.name).as_ref(), Some(ours));
    }
    assert_eq!(library().setting("strenght"), None);
    assert_eq!(library().setting("a\0b"), None);
}

#[test]
fn every_setting_has_its_default_at_first_and_takes_its_text() {
    let mut settings = settings(&[]);
    for setting in library().settings() {
        let name = setting.name;
        assert_eq!(settings.text(name).unwrap(), setting.default_text, "{name}");
        settings.set_text(name, setting.default_text).unwrap();
        match setting.kind {
            SettingKind::Float { default, least, most, .. } => {
                assert_eq!(settings.number(name).unwrap(), default);
                for end in [least, most] {
                    settings.set_number(name, end).unwrap();
                    assert_eq!(settings.number(name).unwrap(), end, "{name}");
                }
            }
            SettingKind::Integer { default, least, most, .. } => {
                assert_eq!(settings.number(name).unwrap(), default as f64);
                for end in [least, most] {
                    settings.set_number(name, end as f64).unwrap();
                    assert_eq!(settings.text(name).unwrap(), end.to_string());
                }
            }
            SettingKind::Choice { choices, default } => {
                assert_eq!(settings.number(name).unwrap(), default as f64);
                for (place, choice) in choices.iter().enumerate() {
                    settings.set_choice(name, choice.name).unwrap();
                    assert_eq!(settings.number(name).unwrap(), place as f64, "{name}");
                    settings.set_number(name, place as f64).unwrap();
                    assert_eq!(settings.text(name).unwrap(), choice.name);
                }
            }
            SettingKind::Text { .. } => {
                let refused = settings.number(name).unwrap_err();
                assert_refused(&refused, Status::Argument, &[name]);
            }
            kind => panic!("{kind:?}"),
        }
        settings.set_text(name, "").unwrap();
        assert_eq!(settings.text(name).unwrap(), setting.default_text, "{name}");
    }
}

#[test]
fn what_a_control_sets_is_taken() {
    let mut settings = settings(&[]);
    for setting in library().settings() {
        let Some([least, most]) = setting.range() else { continue };
        let between = (1..100).map(|k| least + (most - least) * f64::from(k) / 100.0);
        let ends = [f64::MIN, -1.0, 0.0, 1e-9, 0.1, least, most, f64::MAX];
        for value in between.map(f64::round).chain(ends) {
            let is_whole = matches!(setting.kind, SettingKind::Integer { .. });
            let value = setting.nearest(if is_whole { value.round() } else { value });
            settings.set_number(setting.name, value).unwrap();
        }
    }
}

#[test]
fn texts_are_read_and_written() {
    let mut settings = settings(&[]);
    for (name, text) in [
        ("schedule", "128:200,512:100"),
        ("content-layers", "block4_conv2,block5_conv2:0.5"),
        ("features", "vgg19"),
        ("checkpoint", "work.state"),
        ("preset", "fine"),
        ("strength", "0.1"),
        ("seed", "4294967295"),
    ] {
        settings.set_text(name, text).unwrap();
        assert_eq!(settings.text(name).unwrap(), text);
    }
    let words = format!("{settings:?}");
    assert!(words.contains(r#""schedule": "128:200,512:100""#) && !words.contains("opacity"));
}

#[test]
fn a_clone_goes_its_own_way() {
    let first = settings(&[("strength", "0.25"), ("schedule", "64:9")]);
    let text = first.text("schedule").unwrap();
    let mut second = first.clone();
    assert_eq!(second.text("schedule").unwrap(), text);
    second.set_text("schedule", "32:1").unwrap();
    second.set_number("strength", 1.0).unwrap();
    assert_eq!((text, first.number("strength").unwrap()), ("64:9", 0.25));
    assert_eq!(
        (second.text("schedule").unwrap(), second.number("strength").unwrap()),
        ("32:1", 1.0)
    );
    drop(first);
    assert_eq!(second.text("schedule").unwrap(), "32:1");
}

#[test]
fn threads_read_the_same_settings() {
    let settings = settings(&[("schedule", "64:9")]);
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..200 {
                    assert_eq!(settings.text("schedule").unwrap(), "64:9");
                    let mut own: Settings = settings.clone();
                    own.set_number("seed", 3.0).unwrap();
                    assert_eq!(own.text("schedule").unwrap(), "64:9");
                }
            });
        }
    });
}

#[test]
fn wrong_values_change_nothing_and_have_words() {
    let mut settings = settings(&[("strength", "0.25")]);
    let before = format!("{settings:?}");
    for (name, value) in [
        ("strenght", 0.5),
        ("strength", 1.5),
        ("strength", f64::NAN),
        ("seed", 0.5),
        ("seed", -1.0),
        ("method", 3.0),
        ("brush-size", 0.1),
        ("schedule", 3.0),
    ] {
        let refused = settings.set_number(name, value).unwrap_err();
        assert_refused(&refused, Status::Argument, &[name]);
    }
    for (name, choice) in [("method", "slow"), ("strength", "fast"), ("no-such", "fast")] {
        let refused = settings.set_choice(name, choice).unwrap_err();
        assert_refused(&refused, Status::Argument, &[name]);
    }
    for (name, text) in [
        ("strength", "much"),
        ("schedule", "128"),
        ("style-layers", "block9_conv1"),
        ("no-such", "1"),
        ("a\0b", "1"),
        ("features", "a\0b"),
    ] {
        assert_eq!(settings.set_text(name, text).unwrap_err().status(), Status::Argument, "{name}");
    }
    assert_eq!(settings.text("no-such").unwrap_err().status(), Status::Argument);
    assert_eq!(format!("{settings:?}"), before);
}
