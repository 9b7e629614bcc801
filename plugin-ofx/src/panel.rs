//! The node's controls: those of a painting from the engine's table, and its own. Hosts are told of
//! them in `definitions`; programs that want files about an effect get those made of the same list.

use std::ffi::CStr;

use impasto_client::{Place, Setting, SettingKind, StyleEntry};

use crate::controls::{
    DEFAULT_LOOK_FRAMES, DEFAULT_STEADY, DEVICE, DEVICES, FIRST_STYLE, INPUT, INPUTS, LAST, LOOK,
    LOOK_FILE, LOOK_FRAME, LOOK_FRAMES, LOOKS, MEMORY, MOST_LOOK_FRAMES, MOST_MEMORY, MOST_STEADY,
    SECOND_STYLE, SECOND_STYLE_FILE, SECOND_STYLE_NAME, SHOW_LAST, STEADY, STYLE, STYLE_FILE,
    STYLE_MIX, STYLE_NAME, STYLES_BEFORE, USE_FRAME, script_name, style_label,
};

/// Controls that stand together.
pub struct Group {
    pub name: &'static CStr,
    pub label: &'static CStr,
    /// Whether it is unfolded at first; others are for controls that few need.
    pub is_open: bool,
    pub controls: Vec<Control>,
}

pub struct Control {
    pub name: &'static CStr,
    pub label: &'static str,
    /// One or two sentences for people.
    pub hint: &'static str,
    pub kind: ControlKind,
}

pub enum ControlKind {
    /// Can be animated.
    Number {
        range: [f64; 2],
        default: f64,
        step: f64,
    },
    /// Can be animated. `shown` is what a slider covers.
    Integer {
        range: [i32; 2],
        shown: [i32; 2],
        default: i32,
    },
    /// Of names that projects keep, and labels.
    Choice {
        choices: Vec<(String, String)>,
        default: usize,
    },
    /// As [`ControlKind::Choice`], of styles, which differ from machine to machine.
    Style {
        choices: Vec<(String, String)>,
        default: usize,
    },
    Text {
        default: &'static str,
    },
    /// The path of a file that exists.
    File,
    /// What a project keeps of a style besides its place in the list; never shown.
    StyleName,
    Button,
    /// A line that the node writes.
    Line {
        default: &'static CStr,
    },
}

/// All of them. Only a node in the context General has the input Style.
pub fn groups(settings: &[Setting], styles: &[StyleEntry], is_general: bool) -> Vec<Group> {
    let is_quick = |setting: &Setting| setting.methods.fast;
    let of_settings = |wanted: &dyn Fn(&Setting) -> bool| -> Vec<Control> {
        settings.iter().filter(|setting| wanted(setting)).filter_map(of_setting).collect()
    };
    let group = |name, label, controls| Group { name, label, is_open: true, controls };
    let folded = |name, label, controls| Group { name, label, is_open: false, controls };
    vec![
        group(c"style_group", c"Style", of_styles(styles, is_general)),
        group(
            c"painting_group",
            c"Painting",
            of_settings(&|setting| setting.place == Place::Front && is_quick(setting)),
        ),
        folded(
            c"advanced_group",
            c"Advanced",
            of_settings(&|setting| setting.place == Place::Advanced && is_quick(setting)),
        ),
        group(c"color_group", c"Colours", of_color()),
        group(c"time_group", c"Time", of_look()),
        group(c"machine_group", c"Machine", of_machine()),
        folded(
            c"optimize_group",
            c"Optimise and Studio: half a minute to hours a frame",
            of_settings(&|setting| !is_quick(setting)),
        ),
    ]
}

fn of_setting(setting: &Setting) -> Option<Control> {
    let range = setting.range().unwrap_or_default();
    let kind = match &setting.kind {
        SettingKind::Float { default, step, .. } => {
            ControlKind::Number { range, default: *default, step: *step }
        }
        SettingKind::Integer { default, .. } => {
            let range = range.map(|value| value as i32);
            let shown = [range[0], range[1].min(1000)];
            ControlKind::Integer { range, shown, default: *default as i32 }
        }
        SettingKind::Choice { choices, default } => {
            let choices = choices.iter().map(|c| (c.name.to_owned(), c.label.to_owned()));
            ControlKind::Choice { choices: choices.collect(), default: *default }
        }
        SettingKind::Text { default, .. } => ControlKind::Text { default },
        // A kind of a newer engine keeps its default.
        _ => return None,
    };
    let name = script_name(setting);
    Some(Control { name, label: setting.label, hint: setting.help, kind })
}

fn of_styles(styles: &[StyleEntry], is_general: bool) -> Vec<Control> {
    let before = STYLES_BEFORE.map(|(name, label)| (name.to_owned(), label.to_owned()));
    let all = styles.iter().map(|style| (style.name.clone(), style_label(style)));
    let choices: Vec<_> = before.into_iter().chain(all).collect();
    let first = choices.iter().position(|(name, _)| name == FIRST_STYLE).unwrap_or(0);
    let style = |default| ControlKind::Style { choices: choices.clone(), default };
    let kept = "Kept with the project, so that another machine finds the same style.";
    vec![
        Control {
            name: STYLE,
            label: "Style",
            hint: match is_general {
                true => "What to paint in. A picture at the input Style goes before it.",
                false => "What to paint in.",
            },
            kind: style(first),
        },
        Control {
            name: STYLE_NAME,
            label: "Name of the style",
            hint: kept,
            kind: ControlKind::StyleName,
        },
        Control {
            name: STYLE_FILE,
            label: "Style file",
            hint: "The picture to take the style from, or a style that was saved (.toml). Used \
                   where Style is a picture file.",
            kind: ControlKind::File,
        },
        Control {
            name: SECOND_STYLE,
            label: "Second style",
            hint: "Another style to mix in.",
            kind: style(0),
        },
        Control {
            name: SECOND_STYLE_NAME,
            label: "Name of the second style",
            hint: kept,
            kind: ControlKind::StyleName,
        },
        Control {
            name: SECOND_STYLE_FILE,
            label: "Second style file",
            hint: "The picture of the second style, where that is a picture file.",
            kind: ControlKind::File,
        },
        Control {
            name: STYLE_MIX,
            label: "Mix",
            hint: "How much there is of the second style: 0 is the first alone, 1 the second \
                   alone.",
            kind: ControlKind::Number { range: [0.0, 1.0], default: 0.5, step: 0.05 },
        },
    ]
}

fn of_color() -> Vec<Control> {
    vec![Control {
        name: INPUT,
        label: "Input is",
        hint: "What the numbers of the picture mean. By host: what the host says; where it says \
               nothing, linear for floating-point pictures in Natron, Nuke and Fusion, else \
               encoded.",
        kind: choice(&INPUTS),
    }]
}

fn of_look() -> Vec<Control> {
    vec![
        Control {
            name: LOOK,
            label: "Look",
            hint: "What the frames of a shot share so that they do not flicker. Each frame: \
                   nothing. Locked: the look of one frame. Smoothed: the mean of the frames \
                   around. Of a picture: the look of a picture file, such as a frame that you \
                   saved, for hosts that show one frame only.",
            kind: choice(&LOOKS),
        },
        Control {
            name: LOOK_FRAME,
            label: "Frame",
            hint: "The frame that the look is locked to.",
            kind: ControlKind::Integer {
                range: [i32::MIN, i32::MAX],
                shown: [0, 1000],
                default: 1,
            },
        },
        Control {
            name: USE_FRAME,
            label: "Use this frame",
            hint: "Locks the look to the frame that is shown.",
            kind: ControlKind::Button,
        },
        Control {
            name: LOOK_FRAMES,
            label: "Smoothing",
            hint: "How many frames before and after count for about a third; those beyond count \
                   less.",
            kind: ControlKind::Number {
                range: [0.5, MOST_LOOK_FRAMES],
                default: DEFAULT_LOOK_FRAMES,
                step: 0.5,
            },
        },
        Control {
            name: LOOK_FILE,
            label: "Look picture",
            hint: "The picture whose look all frames get.",
            kind: ControlKind::File,
        },
        Control {
            name: STEADY,
            label: "Steady",
            hint: "How many frames to each side a painting is averaged with, along the motion of \
                   the shot: noise then flickers less, and strokes become a little softer. The \
                   frames around are painted, too, and kept: a shot that is played in order costs \
                   one painting a frame and the motion, a single frame several paintings. Not \
                   with the look of each frame, not in drafts, and not in hosts that show one \
                   frame only.",
            kind: ControlKind::Integer {
                range: [0, MOST_STEADY],
                shown: [0, MOST_STEADY],
                default: DEFAULT_STEADY,
            },
        },
    ]
}

fn of_machine() -> Vec<Control> {
    vec![
        Control {
            name: DEVICE,
            label: "Device",
            hint: "What paints. A device that cannot be used is an error that says why.",
            kind: choice(&DEVICES),
        },
        Control {
            name: MEMORY,
            label: "Memory",
            hint: "Megabytes that a painting may take besides its pictures; 0 is a quarter of \
                   what is free.",
            kind: ControlKind::Integer { range: [0, MOST_MEMORY], shown: [0, 16384], default: 0 },
        },
        Control {
            name: LAST,
            label: "Last painting",
            hint: "Device and time of the last painting.",
            kind: ControlKind::Line { default: c"Nothing painted yet" },
        },
        Control {
            name: SHOW_LAST,
            label: "Show last painting",
            hint: "Brings the line above up to date.",
            kind: ControlKind::Button,
        },
    ]
}

/// Whose default is the first.
fn choice(choices: &[(&str, &str)]) -> ControlKind {
    let owned = |(name, label): &(&str, &str)| ((*name).to_owned(), (*label).to_owned());
    ControlKind::Choice { choices: choices.iter().map(owned).collect(), default: 0 }
}
