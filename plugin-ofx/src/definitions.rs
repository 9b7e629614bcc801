//! Defining the controls for a host.

use std::ffi::CStr;

use openfx::sys::generic::core::kOfxPropLabel;
use openfx::sys::image_effect_v1::param::{
    kOfxParamDoubleTypeScale, kOfxParamPropAnimates, kOfxParamPropCanUndo, kOfxParamPropChoiceEnum,
    kOfxParamPropChoiceOption, kOfxParamPropDefault, kOfxParamPropDisplayMax,
    kOfxParamPropDisplayMin, kOfxParamPropDoubleType, kOfxParamPropEnabled,
    kOfxParamPropEvaluateOnChange, kOfxParamPropGroupOpen, kOfxParamPropHint,
    kOfxParamPropIncrement, kOfxParamPropMax, kOfxParamPropMin, kOfxParamPropPageChild,
    kOfxParamPropParent, kOfxParamPropPersistant, kOfxParamPropScriptName, kOfxParamPropSecret,
    kOfxParamPropStringFilePathExists, kOfxParamPropStringMode, kOfxParamStringIsFilePath,
    kOfxParamStringIsLabel,
};

use crate::engine;
use crate::host::{Kind, ParameterSet, Properties, lasting};
use crate::panel::{Control, ControlKind, Group, groups};

/// Only a node in the context General has the input Style.
pub fn define(set: ParameterSet, is_general: bool) {
    let mut page = Vec::new();
    for group in groups(engine::settings(), engine::styles(), is_general) {
        define_group(set, &group);
        // Natron puts groups that are on no page behind all others.
        page.push(group.name);
        for control in &group.controls {
            if define_control(set, control, group.name).is_some() {
                page.push(control.name);
            }
        }
    }
    // For hosts that lay controls out by pages.
    if let Some(controls) = set.define(Kind::Page, c"Controls") {
        controls.set_text(kOfxPropLabel, c"Controls");
        controls.set_texts(kOfxParamPropPageChild, &page);
    }
}

fn define_group(set: ParameterSet, group: &Group) {
    let Some(properties) = set.define(Kind::Group, group.name) else { return };
    properties.set_text(kOfxPropLabel, group.label);
    if !group.is_open {
        properties.set_integer(kOfxParamPropGroupOpen, 0);
    }
}

fn define_control(set: ParameterSet, control: &Control, group: &'static CStr) -> Option<()> {
    let kind = match &control.kind {
        ControlKind::Number { .. } => Kind::Double,
        ControlKind::Integer { .. } => Kind::Integer,
        ControlKind::Style { .. } if set.has_string_choices() => Kind::StringChoice,
        ControlKind::Choice { .. } | ControlKind::Style { .. } => Kind::Choice,
        ControlKind::Button => Kind::PushButton,
        _ => Kind::String,
    };
    let properties = set.define(kind, control.name)?;
    properties.set_text(kOfxPropLabel, lasting(control.label));
    properties.set_text(kOfxParamPropHint, lasting(control.hint));
    properties.set_text(kOfxParamPropScriptName, control.name);
    properties.set_text(kOfxParamPropParent, group);
    match &control.kind {
        ControlKind::Number { range, default, step } => number(properties, *range, *default, *step),
        ControlKind::Integer { range, shown, default } => {
            integer(properties, *range, *shown, *default);
        }
        ControlKind::Style { choices, default } if set.has_string_choices() => {
            options(properties, choices);
            let default = choices.get(*default).map_or("", |(name, _)| name);
            properties.set_text(kOfxParamPropDefault, lasting(default));
        }
        ControlKind::Choice { choices, default } | ControlKind::Style { choices, default } => {
            options(properties, choices);
            properties.set_integer(kOfxParamPropDefault, *default as i32);
        }
        ControlKind::Text { default } => {
            properties.set_text(kOfxParamPropDefault, lasting(default));
            switch_off(properties, &[kOfxParamPropAnimates]);
        }
        ControlKind::File => {
            properties.set_text(kOfxParamPropStringMode, kOfxParamStringIsFilePath);
            properties.set_integer(kOfxParamPropStringFilePathExists, 1);
            properties.set_text(kOfxParamPropDefault, c"");
            switch_off(properties, &[kOfxParamPropAnimates]);
        }
        ControlKind::StyleName => {
            properties.set_text(kOfxParamPropDefault, c"");
            properties.set_integer(kOfxParamPropSecret, i32::from(set.has_hidden()));
            switch_off(properties, &WITHOUT_EFFECT);
        }
        ControlKind::Button => switch_off(properties, &[kOfxParamPropEvaluateOnChange]),
        ControlKind::Line { default } => {
            properties.set_text(kOfxParamPropStringMode, kOfxParamStringIsLabel);
            properties.set_text(kOfxParamPropDefault, default);
            switch_off(properties, &WITHOUT_EFFECT);
            switch_off(properties, &[kOfxParamPropEnabled, kOfxParamPropPersistant]);
        }
    }
    Some(())
}

/// What is off for a string that no painting depends on.
const WITHOUT_EFFECT: [&CStr; 3] =
    [kOfxParamPropAnimates, kOfxParamPropCanUndo, kOfxParamPropEvaluateOnChange];

fn switch_off(properties: Properties, switches: &[&CStr]) {
    for switch in switches {
        properties.set_integer(switch, 0);
    }
}

fn number(properties: Properties, [least, most]: [f64; 2], default: f64, step: f64) {
    if [least, most] == [0.0, 1.0] {
        properties.set_text(kOfxParamPropDoubleType, kOfxParamDoubleTypeScale);
    }
    for (property, value) in [
        (kOfxParamPropDefault, default),
        (kOfxParamPropMin, least),
        (kOfxParamPropMax, most),
        (kOfxParamPropDisplayMin, least),
        (kOfxParamPropDisplayMax, most),
        (kOfxParamPropIncrement, step),
    ] {
        properties.set_number(property, value);
    }
}

fn integer(properties: Properties, [least, most]: [i32; 2], shown: [i32; 2], default: i32) {
    for (property, value) in [
        (kOfxParamPropDefault, default),
        (kOfxParamPropMin, least),
        (kOfxParamPropMax, most),
        (kOfxParamPropDisplayMin, shown[0]),
        (kOfxParamPropDisplayMax, shown[1]),
    ] {
        properties.set_integer(property, value);
    }
}

fn options(properties: Properties, choices: &[(String, String)]) {
    let (names, labels): (Vec<_>, Vec<_>) =
        choices.iter().map(|(name, label)| (lasting(name), lasting(label))).unzip();
    properties.set_texts(kOfxParamPropChoiceOption, &labels);
    // By these, hosts of the standard's version 1.5 and Natron keep a choice in projects.
    properties.set_texts(kOfxParamPropChoiceEnum, &names);
    properties.set_integer(kOfxParamPropAnimates, 0);
}
