//! The controls of the arguments, built from the engine's table.

use impasto_client::{Library, Place, Setting, SettingKind, StyleEntry};

use super::spacing::SPACING;
use crate::arguments::{
    DEFAULT_DEVICE, DEVICE, Labels, MIX, NO_STYLE, SECOND_STYLE, SECOND_STYLE_FILE, STYLE_FILE,
    STYLE_LAYER, settings,
};
use crate::ffi::{Config, Control, ProcedureDialog, Widget};
use crate::mnemonics::ADVANCED;

const COLUMNS: i32 = 3;

/// Pixels of the fold when it is open.
const ADVANCED_HEIGHT: i32 = 72;

/// The dialog's controls but the gallery.
pub struct Controls {
    /// Files, layer and second style.
    pub styles: Widget,
    /// The second style's share.
    pub mix: Widget,
    /// The settings that all need.
    pub settings: Widget,
    /// A fold with the others.
    pub advanced: Widget,
    /// The list of devices.
    pub devices: Widget,
    /// The settings' controls, with those that they are for.
    of_settings: Vec<(Widget, Setting)>,
    config: Config,
}

impl Controls {
    /// The controls of `dialog`, filled with the values of `config`.
    pub fn new(
        dialog: &ProcedureDialog,
        config: &Config,
        library: &Library,
        styles: &[StyleEntry],
        labels: &Labels,
    ) -> Self {
        let column = Widget::column(SPACING);
        let add = |name: &'static str, control: Control| {
            if let Some(widget) = dialog.control(name, control) {
                widget.set_help(labels.words(name).help);
                column.pack(&widget, false);
            }
        };
        add(STYLE_FILE, Control::Usual);
        add(STYLE_LAYER, Control::Usual);
        column.pack(&list(config, labels, SECOND_STYLE, &second_styles(styles)).0, false);
        add(SECOND_STYLE_FILE, Control::Usual);
        let mix = Widget::row(0);
        if let Some(bar) = dialog.control(MIX, Control::Bar) {
            bar.set_help(labels.words(MIX).help);
            mix.pack(&bar, true);
        }

        let (front, advanced): (Vec<_>, Vec<_>) =
            settings(library).into_iter().partition(|setting| setting.place == Place::Front);
        let mut of_settings = Vec::new();
        let count = i32::try_from(advanced.len()).unwrap_or(0);
        let usual = grid(dialog, labels, front, &mut of_settings);
        let folded = grid(dialog, labels, advanced, &mut of_settings);
        let devices = [DEFAULT_DEVICE, "cpu"].map(|name| (name.to_owned(), name.to_owned()));
        let (row, devices) = list(config, labels, DEVICE, &devices);
        folded.attach(&row, count % COLUMNS, count / COLUMNS);
        let advanced = Widget::fold(ADVANCED);
        // All of them are higher than small screens have room for.
        let frame = Widget::scrolled(&folded);
        frame.set_size(-1, ADVANCED_HEIGHT);
        advanced.hold(&frame);
        let controls = Self {
            styles: column,
            mix,
            settings: usual,
            advanced,
            devices,
            of_settings,
            config: config.clone(),
        };
        controls.follow();
        controls
    }

    /// Grays what the chosen method does not have.
    pub fn follow(&self) {
        let method = self.config.text("method");
        for (widget, Setting { methods, .. }) in &self.of_settings {
            widget.set_usable(match method.as_str() {
                "optimize" => methods.optimize,
                "studio" => methods.studio,
                _ => methods.fast,
            });
        }
    }
}

fn grid(
    dialog: &ProcedureDialog,
    labels: &Labels,
    settings: Vec<Setting>,
    made: &mut Vec<(Widget, Setting)>,
) -> Widget {
    let grid = Widget::grid(SPACING as u32);
    for (place, setting) in (0..).zip(settings) {
        let control = match setting.kind {
            SettingKind::Float { .. } => Control::Bar,
            SettingKind::Choice { .. } => Control::List,
            _ => Control::Usual,
        };
        if let Some(widget) = dialog.control(setting.name, control) {
            widget.set_help(labels.words(setting.name).help);
            grid.attach(&widget, place % COLUMNS, place / COLUMNS);
            made.push((widget, setting));
        }
    }
    grid
}

/// A row of a label and a list that sets the argument `name`, and the list.
fn list(
    config: &Config,
    labels: &Labels,
    name: &'static str,
    entries: &[(String, String)],
) -> (Widget, Widget) {
    let list = Widget::list(entries);
    let current = config.text(name);
    if !entries.iter().any(|(known, _)| *known == current) {
        list.append(&current, &current);
    }
    config.bind(name, &list, "active-id");
    let words = labels.words(name);
    list.set_help(words.help);
    let row = Widget::row(SPACING);
    row.pack(&Widget::label_for(words.label, &list), false);
    row.pack(&list, true);
    (row, list)
}

fn second_styles(styles: &[StyleEntry]) -> Vec<(String, String)> {
    let none = (NO_STYLE.to_owned(), "None".to_owned());
    let entry = |style: &StyleEntry| (style.name.clone(), super::gallery::title(style));
    std::iter::once(none).chain(styles.iter().map(entry)).collect()
}
