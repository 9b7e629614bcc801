//! Defining the controls: those of a painting from the engine's table, and the node's own.

use std::ffi::CStr;

use impasto_client::{Place, Setting, SettingKind};
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

use crate::controls::{
    self, DEFAULT_LOOK_FRAMES, DEFAULT_STEADY, DEVICE, DEVICES, INPUT, INPUTS, LAST, LOOK,
    LOOK_FILE, LOOK_FRAME, LOOK_FRAMES, LOOKS, MEMORY, MOST_LOOK_FRAMES, MOST_MEMORY, MOST_STEADY,
    SECOND_STYLE, SECOND_STYLE_FILE, SECOND_STYLE_NAME, SHOW_LAST, STEADY, STYLE, STYLE_FILE,
    STYLE_MIX, STYLE_NAME, USE_FRAME, first_style, script_name,
};
use crate::engine;
use crate::host::{Kind, ParameterSet, Properties, lasting};

/// Where definitions go, one after the other.
struct Panel {
    set: ParameterSet,
    group: &'static CStr,
    page: Vec<&'static CStr>,
}

/// Only a node in the context General has the input Style.
pub fn define(set: ParameterSet, is_general: bool) {
    let mut panel = Panel { set, group: c"", page: Vec::new() };
    panel.group(c"style_group", c"Style");
    define_styles(&mut panel, is_general);
    let is_quick = |setting: &Setting| setting.methods.fast;
    panel.group(c"painting_group", c"Painting");
    panel.settings(|setting| setting.place == Place::Front && is_quick(setting));
    panel.closed_group(c"advanced_group", c"Advanced");
    panel.settings(|setting| setting.place == Place::Advanced && is_quick(setting));
    panel.group(c"color_group", c"Colours");
    panel.choice(
        INPUT,
        "Input is",
        "What the numbers of the picture mean. By host: what the host says; where it says nothing, \
         linear for floating-point pictures in Natron, Nuke and Fusion, else encoded.",
        &INPUTS,
        0,
    );
    panel.group(c"time_group", c"Time");
    define_look(&mut panel);
    panel.group(c"machine_group", c"Machine");
    define_machine(&mut panel);
    panel.closed_group(c"optimize_group", c"Optimise and Studio: half a minute to hours a frame");
    panel.settings(|setting| !is_quick(setting));
    panel.finish();
}

fn define_styles(panel: &mut Panel, is_general: bool) {
    let labels: Vec<_> = controls::style_labels().collect();
    let styles: Vec<_> = controls::style_names().zip(labels.iter().map(String::as_str)).collect();
    let hint = match is_general {
        true => "What to paint in. A picture at the input Style goes before it.",
        false => "What to paint in.",
    };
    panel.style(STYLE, "Style", hint, &styles, first_style());
    panel.kept_name(STYLE_NAME, "Name of the style");
    let hint = "The picture to take the style from, or a style that was saved (.toml). Used where \
                Style is a picture file.";
    panel.file(STYLE_FILE, "Style file", hint);
    let hint = "Another style to mix in.";
    panel.style(SECOND_STYLE, "Second style", hint, &styles, 0);
    panel.kept_name(SECOND_STYLE_NAME, "Name of the second style");
    let hint = "The picture of the second style, where that is a picture file.";
    panel.file(SECOND_STYLE_FILE, "Second style file", hint);
    let hint = "How much there is of the second style: 0 is the first alone, 1 the second alone.";
    panel.fraction(STYLE_MIX, "Mix", hint, 0.5);
}

fn define_look(panel: &mut Panel) {
    panel.choice(
        LOOK,
        "Look",
        "What the frames of a shot share so that they do not flicker. Each frame: nothing. Locked: \
         the look of one frame. Smoothed: the mean of the frames around. Of a picture: the look of \
         a picture file, such as a frame that you saved, for hosts that show one frame only.",
        &LOOKS,
        0,
    );
    let hint = "The frame that the look is locked to.";
    panel.integer(LOOK_FRAME, "Frame", hint, [i32::MIN, i32::MAX], [0, 1000], 1);
    panel.button(USE_FRAME, "Use this frame", "Locks the look to the frame that is shown.");
    let hint = "How many frames before and after count for about a third; those beyond count less.";
    let range = [0.5, MOST_LOOK_FRAMES];
    panel.double(LOOK_FRAMES, "Smoothing", hint, range, DEFAULT_LOOK_FRAMES, 0.5);
    panel.file(LOOK_FILE, "Look picture", "The picture whose look all frames get.");
    let hint = "How many frames to each side a painting is averaged with, along the motion of the \
                shot: noise then flickers less, and strokes become a little softer. The frames \
                around are painted, too, and kept: a shot that is played in order costs one \
                painting a frame and the motion, a single frame several paintings. Not with the \
                look of each frame, not in drafts, and not in hosts that show one frame only.";
    let range = [0, MOST_STEADY];
    panel.integer(STEADY, "Steady", hint, range, range, DEFAULT_STEADY);
}

fn define_machine(panel: &mut Panel) {
    let hint = "What paints. A device that cannot be used is an error that says why.";
    panel.choice(DEVICE, "Device", hint, &DEVICES, 0);
    let hint = "Megabytes that a painting may take besides its pictures; 0 is a quarter of what \
                is free.";
    panel.integer(MEMORY, "Memory", hint, [0, MOST_MEMORY], [0, 16384], 0);
    let hint = "Device and time of the last painting.";
    if let Some(line) = panel.define(Kind::String, LAST, "Last painting", hint) {
        line.set_text(kOfxParamPropStringMode, kOfxParamStringIsLabel);
        line.set_text(kOfxParamPropDefault, c"Nothing painted yet");
        for off in [
            kOfxParamPropAnimates,
            kOfxParamPropCanUndo,
            kOfxParamPropEnabled,
            kOfxParamPropEvaluateOnChange,
            kOfxParamPropPersistant,
        ] {
            line.set_integer(off, 0);
        }
    }
    let hint = "Brings the line above up to date.";
    panel.button(SHOW_LAST, "Show last painting", hint);
}

fn options(control: Properties, choices: &[(&str, &str)]) {
    let (names, labels): (Vec<_>, Vec<_>) =
        choices.iter().map(|(name, label)| (lasting(name), lasting(label))).unzip();
    control.set_texts(kOfxParamPropChoiceOption, &labels);
    // By these, hosts of the standard's version 1.5 and Natron keep a choice in projects.
    control.set_texts(kOfxParamPropChoiceEnum, &names);
    control.set_integer(kOfxParamPropAnimates, 0);
}

impl Panel {
    fn group(&mut self, name: &'static CStr, label: &'static CStr) -> Option<Properties> {
        self.group = name;
        let group = self.set.define(Kind::Group, name)?;
        group.set_text(kOfxPropLabel, label);
        // Natron puts groups that are on no page behind all others.
        self.page.push(name);
        Some(group)
    }

    /// For controls that few need.
    fn closed_group(&mut self, name: &'static CStr, label: &'static CStr) {
        if let Some(group) = self.group(name, label) {
            group.set_integer(kOfxParamPropGroupOpen, 0);
        }
    }

    fn define(
        &mut self,
        kind: Kind,
        name: &'static CStr,
        label: &str,
        hint: &str,
    ) -> Option<Properties> {
        let control = self.set.define(kind, name)?;
        control.set_text(kOfxPropLabel, lasting(label));
        control.set_text(kOfxParamPropHint, lasting(hint));
        control.set_text(kOfxParamPropScriptName, name);
        control.set_text(kOfxParamPropParent, self.group);
        self.page.push(name);
        Some(control)
    }

    /// Controls for those of the engine's settings that are `wanted`.
    fn settings(&mut self, wanted: impl Fn(&Setting) -> bool) {
        for setting in engine::settings().iter().filter(|setting| wanted(setting)) {
            self.setting(setting);
        }
    }

    fn setting(&mut self, setting: &Setting) {
        let (name, label, help) = (script_name(setting), setting.label, setting.help);
        let range = setting.range().unwrap_or_default();
        match &setting.kind {
            SettingKind::Float { default, step, .. } => {
                self.double(name, label, help, range, *default, *step);
            }
            SettingKind::Integer { default, .. } => {
                let range = range.map(|value| value as i32);
                let shown = [range[0], range[1].min(1000)];
                self.integer(name, label, help, range, shown, *default as i32);
            }
            SettingKind::Choice { choices, default } => {
                let choices: Vec<_> = choices.iter().map(|c| (c.name, c.label)).collect();
                self.choice(name, label, help, &choices, *default);
            }
            SettingKind::Text { default, .. } => self.text(name, label, help, default),
            // A kind of a newer engine keeps its default.
            _ => {}
        }
    }

    fn fraction(&mut self, name: &'static CStr, label: &str, hint: &str, default: f64) {
        self.double(name, label, hint, [0.0, 1.0], default, 0.05);
    }

    fn double(
        &mut self,
        name: &'static CStr,
        label: &str,
        hint: &str,
        [least, most]: [f64; 2],
        default: f64,
        step: f64,
    ) {
        let Some(control) = self.define(Kind::Double, name, label, hint) else { return };
        if [least, most] == [0.0, 1.0] {
            control.set_text(kOfxParamPropDoubleType, kOfxParamDoubleTypeScale);
        }
        for (property, value) in [
            (kOfxParamPropDefault, default),
            (kOfxParamPropMin, least),
            (kOfxParamPropMax, most),
            (kOfxParamPropDisplayMin, least),
            (kOfxParamPropDisplayMax, most),
            (kOfxParamPropIncrement, step),
        ] {
            control.set_number(property, value);
        }
    }

    fn integer(
        &mut self,
        name: &'static CStr,
        label: &str,
        hint: &str,
        [least, most]: [i32; 2],
        shown: [i32; 2],
        default: i32,
    ) {
        let Some(control) = self.define(Kind::Integer, name, label, hint) else { return };
        for (property, value) in [
            (kOfxParamPropDefault, default),
            (kOfxParamPropMin, least),
            (kOfxParamPropMax, most),
            (kOfxParamPropDisplayMin, shown[0]),
            (kOfxParamPropDisplayMax, shown[1]),
        ] {
            control.set_integer(property, value);
        }
    }

    fn choice(
        &mut self,
        name: &'static CStr,
        label: &str,
        hint: &str,
        choices: &[(&str, &str)],
        default: usize,
    ) {
        let Some(control) = self.define(Kind::Choice, name, label, hint) else { return };
        options(control, choices);
        control.set_integer(kOfxParamPropDefault, default as i32);
    }

    /// A choice among styles, which differ from machine to machine: by name where the host can.
    fn style(
        &mut self,
        name: &'static CStr,
        label: &str,
        hint: &str,
        styles: &[(&str, &str)],
        default: usize,
    ) {
        if !self.set.has_string_choices() {
            return self.choice(name, label, hint, styles, default);
        }
        let Some(control) = self.define(Kind::StringChoice, name, label, hint) else { return };
        options(control, styles);
        let default = styles.get(default).map_or("", |(name, _)| name);
        control.set_text(kOfxParamPropDefault, lasting(default));
    }

    /// What a project keeps of a chosen style besides its place in the list.
    fn kept_name(&mut self, name: &'static CStr, label: &str) {
        let hint = "Kept with the project, so that another machine finds the same style.";
        let Some(control) = self.define(Kind::String, name, label, hint) else { return };
        control.set_text(kOfxParamPropDefault, c"");
        control.set_integer(kOfxParamPropSecret, 1);
        for off in [kOfxParamPropAnimates, kOfxParamPropCanUndo, kOfxParamPropEvaluateOnChange] {
            control.set_integer(off, 0);
        }
    }

    fn text(&mut self, name: &'static CStr, label: &str, hint: &str, default: &str) {
        let Some(control) = self.define(Kind::String, name, label, hint) else { return };
        control.set_text(kOfxParamPropDefault, lasting(default));
        control.set_integer(kOfxParamPropAnimates, 0);
    }

    fn file(&mut self, name: &'static CStr, label: &str, hint: &str) {
        let Some(control) = self.define(Kind::String, name, label, hint) else { return };
        control.set_text(kOfxParamPropStringMode, kOfxParamStringIsFilePath);
        control.set_integer(kOfxParamPropStringFilePathExists, 1);
        control.set_text(kOfxParamPropDefault, c"");
        control.set_integer(kOfxParamPropAnimates, 0);
    }

    fn button(&mut self, name: &'static CStr, label: &str, hint: &str) {
        if let Some(button) = self.define(Kind::PushButton, name, label, hint) {
            button.set_integer(kOfxParamPropEvaluateOnChange, 0);
        }
    }

    /// A page for hosts that lay controls out by pages.
    fn finish(self) {
        if let Some(page) = self.set.define(Kind::Page, c"Controls") {
            page.set_text(kOfxPropLabel, c"Controls");
            page.set_texts(kOfxParamPropPageChild, &self.page);
        }
    }
}
