//! Defining the controls: those of a painting from the engine's table, and the node's own.

use std::ffi::CStr;

use impasto_client::{Place, Setting, SettingKind, StyleEntry};
use openfx::sys::generic::core::kOfxPropLabel;
use openfx::sys::image_effect_v1::param::{
    kOfxParamDoubleTypeScale, kOfxParamPropAnimates, kOfxParamPropCanUndo,
    kOfxParamPropChoiceOption, kOfxParamPropDefault, kOfxParamPropDisplayMax,
    kOfxParamPropDisplayMin, kOfxParamPropDoubleType, kOfxParamPropEnabled,
    kOfxParamPropEvaluateOnChange, kOfxParamPropGroupOpen, kOfxParamPropHint,
    kOfxParamPropIncrement, kOfxParamPropMax, kOfxParamPropMin, kOfxParamPropPageChild,
    kOfxParamPropParent, kOfxParamPropPersistant, kOfxParamPropScriptName,
    kOfxParamPropStringFilePathExists, kOfxParamPropStringMode, kOfxParamStringIsFilePath,
    kOfxParamStringIsLabel,
};

use crate::controls::{
    DEFAULT_LOOK_FRAMES, DEFAULT_STEADY, DEVICE, DEVICES, INPUT, LAST, LOOK, LOOK_FILE, LOOK_FRAME,
    LOOK_FRAMES, MEMORY, MOST_LOOK_FRAMES, MOST_MEMORY, MOST_STEADY, SECOND_STYLE,
    SECOND_STYLE_FILE, SHOW_LAST, STEADY, STYLE, STYLE_FILE, STYLE_MIX, STYLES_BEFORE, first_style,
    script_name,
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
    panel.group(c"painting_group", c"Painting");
    panel.settings(Place::Front);
    panel.closed_group(c"advanced_group", c"Advanced");
    panel.settings(Place::Advanced);
    panel.group(c"color_group", c"Colours");
    panel.choice(
        INPUT,
        "Input is",
        "What the numbers of the picture mean. By host: what the host says; where it says nothing, \
         linear for floating-point pictures in Natron, Nuke and Fusion, else encoded.",
        &["By host", "Encoded (sRGB)", "Linear"],
        0,
    );
    panel.group(c"time_group", c"Time");
    define_look(&mut panel);
    panel.group(c"machine_group", c"Machine");
    define_machine(&mut panel);
    panel.finish();
}

fn define_styles(panel: &mut Panel, is_general: bool) {
    let styles = engine::styles();
    let labels: Vec<_> =
        STYLES_BEFORE.iter().map(|s| (*s).to_owned()).chain(styles.iter().map(label)).collect();
    let labels: Vec<_> = labels.iter().map(String::as_str).collect();
    let hint = match is_general {
        true => "What to paint in. A picture at the input Style goes before it.",
        false => "What to paint in.",
    };
    panel.choice(STYLE, "Style", hint, &labels, first_style());
    let hint = "The picture to take the style from, or a style that was saved (.toml). Used where \
                Style is a picture file.";
    panel.file(STYLE_FILE, "Style file", hint);
    let hint = "Another style to mix in.";
    panel.choice(SECOND_STYLE, "Second style", hint, &labels, 0);
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
        &["Each frame", "Locked to a frame", "Smoothed over time", "Of a picture"],
        0,
    );
    let hint = "The frame that the look is locked to.";
    panel.integer(LOOK_FRAME, "Frame", hint, [i32::MIN, i32::MAX], [0, 1000], 1);
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
    let labels = DEVICES.map(|(_, label)| label);
    let hint = "What paints. A device that cannot be used is an error that says why.";
    panel.choice(DEVICE, "Device", hint, &labels, 0);
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
    if let Some(button) = panel.define(Kind::PushButton, SHOW_LAST, "Show last painting", hint) {
        button.set_integer(kOfxParamPropEvaluateOnChange, 0);
    }
}

/// `The Great Wave off Kanagawa (Katsushika Hokusai)`, or what there is of it.
fn label(style: &StyleEntry) -> String {
    match (style.title.as_str(), style.painter.as_str()) {
        ("", _) => style.name.clone(),
        (title, "") => title.to_owned(),
        (title, painter) => format!("{title} ({painter})"),
    }
}

impl Panel {
    fn group(&mut self, name: &'static CStr, label: &'static CStr) -> Option<Properties> {
        self.group = name;
        let group = self.set.define(Kind::Group, name)?;
        group.set_text(kOfxPropLabel, label);
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

    /// Controls for the engine's settings of a place.
    fn settings(&mut self, place: Place) {
        for setting in engine::settings().iter().filter(|setting| setting.place == place) {
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
                let labels: Vec<_> = choices.iter().map(|choice| choice.label).collect();
                self.choice(name, label, help, &labels, *default);
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
        choices: &[&str],
        default: usize,
    ) {
        let Some(control) = self.define(Kind::Choice, name, label, hint) else { return };
        let choices: Vec<_> = choices.iter().map(|choice| lasting(choice)).collect();
        control.set_texts(kOfxParamPropChoiceOption, &choices);
        control.set_integer(kOfxParamPropDefault, default as i32);
        control.set_integer(kOfxParamPropAnimates, 0);
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

    /// A page for hosts that lay controls out by pages.
    fn finish(self) {
        if let Some(page) = self.set.define(Kind::Page, c"Controls") {
            page.set_text(kOfxPropLabel, c"Controls");
            page.set_texts(kOfxParamPropPageChild, &self.page);
        }
    }
}
