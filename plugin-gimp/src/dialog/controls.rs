//! The controls of the arguments but the styles, built from the engine's table.

use std::cell::RefCell;

use impasto_client::{Library, Methods, Place, Setting, SettingKind};

use super::spacing::SPACING;
use crate::arguments::{DEFAULT_DEVICE, DEVICE, OUTPUT, OUTPUTS, Own, SOURCE, SOURCES, settings};
use crate::ffi::{Config, Widget};
use crate::labels::{Labels, MORE_LOOK, MORE_METHOD};
use crate::words::{tr, tr_with};

/// Characters of the labels beside controls, so that these stand in a line.
const LABEL: i32 = 13;

/// The settings that the method has its controls under.
const METHOD: &str = "method";

/// Above it a number is typed, not drawn.
const MOST_DRAWN: f64 = 100.0;

/// The dialog's controls but the styles.
pub struct Controls {
    /// How paint looks.
    pub look: Widget,
    /// The method and what only the methods that optimise have.
    pub method: Widget,
    /// Where the painting goes, and what paints.
    pub output: Widget,
    /// The list of devices.
    pub devices: Widget,
    /// The settings' controls, with the methods that they are for.
    of_settings: Vec<(Widget, Methods)>,
    /// The folds, each with the methods that have something in it.
    folds: Vec<(Widget, Methods)>,
    /// The method whose controls are shown.
    shown_for: RefCell<String>,
    config: Config,
}

impl Controls {
    /// The controls, filled with the values of `config`.
    pub fn new(config: &Config, library: &Library, labels: &Labels) -> Self {
        let mut made = Made { config, labels, of_settings: Vec::new(), folds: Vec::new() };
        let (look, mut method): (Vec<_>, Vec<_>) =
            settings(library).into_iter().partition(|setting| {
                setting.name != METHOD && (setting.methods.fast || is_finishing(setting))
            });
        let own = method.iter().position(|setting| setting.name == METHOD);
        let own = own.map(|place| method.remove(place));
        let column = Widget::column(SPACING);
        if let Some(own) = own {
            made.add(&column, &own);
        }
        let look = made.section(Widget::column(SPACING), look, MORE_LOOK);
        let method = made.section(column, method, MORE_METHOD);

        let output = Widget::column(SPACING);
        for (name, entries) in [(SOURCE, SOURCES.as_slice()), (OUTPUT, OUTPUTS)] {
            let own = Own::of(name);
            let (label, help) = (labels.of(own.label), tr(own.help));
            let entries: Vec<_> =
                entries.iter().map(|(name, label)| ((*name).to_owned(), tr(label))).collect();
            output.pack(&list(config, name, [&label, &help], &entries).0, false);
        }
        let devices = [DEFAULT_DEVICE, "cpu"].map(|name| (name.to_owned(), name.to_owned()));
        let own = Own::of(DEVICE);
        let (label, help) = (labels.of(own.label), tr(own.help));
        let (row, devices) = list(config, DEVICE, [&label, &help], &devices);
        output.pack(&row, false);
        let Made { of_settings, folds, .. } = made;
        let config = config.clone();
        let shown_for = RefCell::default();
        Self { look, method, output, devices, of_settings, folds, shown_for, config }
    }

    /// Shows what the chosen method has.
    pub fn follow(&self) {
        let method = self.config.text(METHOD);
        // Each move of a control is heard here.
        if self.shown_for.replace(method.clone()) == method {
            return;
        }
        for (widget, methods) in self.of_settings.iter().chain(&self.folds) {
            widget.set_shown(has(*methods, &method));
        }
    }
}

/// Controls that are being made.
struct Made<'c> {
    config: &'c Config,
    labels: &'c Labels,
    of_settings: Vec<(Widget, Methods)>,
    folds: Vec<(Widget, Methods)>,
}

impl Made<'_> {
    /// Those that all need, and a fold with the others.
    fn section(&mut self, column: Widget, settings: Vec<Setting>, more: &str) -> Widget {
        let (front, others): (Vec<_>, Vec<_>) =
            settings.into_iter().partition(|setting| setting.place == Place::Front);
        for setting in &front {
            self.add(&column, setting);
        }
        let (fold, folded) = (Widget::fold(&self.labels.of(more)), Widget::column(SPACING));
        let mut methods = Methods { fast: false, optimize: false, studio: false };
        for setting in &others {
            self.add(&folded, setting);
            methods.fast |= setting.methods.fast;
            methods.optimize |= setting.methods.optimize;
            methods.studio |= setting.methods.studio;
        }
        fold.hold(&folded);
        column.pack(&fold, false);
        self.folds.push((fold, methods));
        column
    }

    fn add(&mut self, column: &Widget, setting: &Setting) {
        let widget = control(self.config, self.labels, setting);
        column.pack(&widget, false);
        self.of_settings.push((widget, setting.methods));
    }
}

/// A setting of how the painting is laid over the picture, which all methods have.
fn is_finishing(setting: &Setting) -> bool {
    let Methods { fast, optimize, studio } = setting.methods;
    fast && optimize && studio
}

fn has(methods: Methods, method: &str) -> bool {
    match method {
        "optimize" => methods.optimize,
        "studio" => methods.studio,
        _ => methods.fast,
    }
}

fn control(config: &Config, labels: &Labels, setting: &Setting) -> Widget {
    let (name, label) = (setting.name, labels.of(setting.label));
    let help = help(setting);
    match &setting.kind {
        SettingKind::Choice { choices, .. } => {
            let entries: Vec<_> =
                choices.iter().map(|choice| (choice.name.to_owned(), tr(choice.label))).collect();
            list(config, name, [&label, &help], &entries).0
        }
        SettingKind::Text { .. } => row(&label, &help, Widget::entry_for(config, name)),
        SettingKind::Integer { most, .. } if (*most as f64) > MOST_DRAWN => {
            row(&label, &help, Widget::number_for(config, name, 1.0, 0))
        }
        SettingKind::Float { most, step, .. } if *most > MOST_DRAWN => {
            row(&label, &help, Widget::number_for(config, name, *step, 1))
        }
        SettingKind::Integer { .. } => bar(config, name, &label, &help, 1.0, 0),
        SettingKind::Float { step, .. } => bar(config, name, &label, &help, *step, 2),
        // A kind of a newer library: its default is used.
        _ => Widget::row(0),
    }
}

fn help(setting: &Setting) -> String {
    let zero = match &setting.kind {
        SettingKind::Float { zero, .. } | SettingKind::Integer { zero, .. } => *zero,
        SettingKind::Text { empty, .. } => *empty,
        _ => None,
    };
    let help = tr(setting.help);
    match (zero, &setting.kind) {
        (None, _) => help,
        (Some(zero), SettingKind::Text { .. }) => {
            format!("{help} {}", tr_with("Empty: %s.", &tr(zero)))
        }
        (Some(zero), _) => format!("{help} {}", tr_with("0: %s.", &tr(zero))),
    }
}

fn bar(config: &Config, name: &str, label: &str, help: &str, step: f64, digits: i32) -> Widget {
    let bar = Widget::bar_for(config, name, label, step, digits);
    bar.set_help(help);
    bar
}

/// A row of a label and a control.
pub fn row(label: &str, help: &str, control: Widget) -> Widget {
    let row = Widget::row(SPACING);
    let label = Widget::label_for(label, &control);
    label.set_width(LABEL);
    control.set_help(help);
    row.pack(&label, false);
    row.pack(&control, true);
    row
}

/// A row of a label and a list that sets the argument `name`, and the list.
fn list(
    config: &Config,
    name: &str,
    [label, help]: [&str; 2],
    entries: &[(String, String)],
) -> (Widget, Widget) {
    let list = Widget::list(entries);
    let current = config.text(name);
    if !entries.iter().any(|(known, _)| *known == current) {
        list.append(&current, &current);
    }
    config.bind(name, &list, "active-id");
    (row(label, help, list.clone()), list)
}
