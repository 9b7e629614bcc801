//! The row that chooses, keeps and forgets presets, and opens the manual.

use std::cell::Cell;
use std::rc::Rc;

use super::presets::{BUILT_IN, Presets, USUAL, Value, file_name};
use super::spacing::SPACING;
use crate::arguments::{SECOND_STYLE_LAYER, STYLE_LAYER};
use crate::ffi::{Config, Widget, ask_text, message, open_file};
use crate::installation;
use crate::words::{tr, tr_with};

const OWN: &str = "own:";
const OURS: &str = "ours:";

/// The row.
pub struct PresetBar {
    frame: Widget,
    list: Widget,
    favourite: Widget,
    remove: Widget,
    presets: Presets,
    config: Config,
    is_following: Cell<bool>,
}

impl PresetBar {
    /// The row.
    pub fn new(config: &Config) -> Rc<Self> {
        let list = Widget::list(&[]);
        list.set_help(&tr("Values that are kept under a name; favorites come first."));
        let favourite = Widget::toggle("★");
        favourite.set_help(&tr("Put the chosen preset first in the list."));
        let save = Widget::icon_button("document-save");
        save.set_help(&tr("Keep all values under a name."));
        let remove = Widget::icon_button("edit-delete");
        remove.set_help(&tr("Delete the chosen preset."));
        let help = Widget::icon_button("help-browser");
        help.set_help(&tr("Open the manual page."));
        let frame = Widget::row(SPACING);
        frame.pack(&list, true);
        for button in [&favourite, &save, &remove, &help] {
            frame.pack(button, false);
        }
        let bar = Rc::new(Self {
            frame,
            list,
            favourite,
            remove,
            presets: Presets::of_user(),
            config: config.clone(),
            is_following: Cell::new(false),
        });
        bar.fill("");
        let on = |widget: &Widget, signal: &str, act: fn(&Self)| {
            let bar = Rc::downgrade(&bar);
            widget.on(signal, move || {
                if let Some(bar) = bar.upgrade() {
                    act(&bar);
                }
            });
        };
        on(&bar.list, "changed", Self::take);
        on(&bar.favourite, "toggled", Self::like);
        on(&save, "clicked", Self::save);
        on(&bar.remove, "clicked", Self::remove);
        on(&help, "clicked", |bar| open_manual(&bar.frame));
        bar
    }

    /// All of it.
    pub fn widget(&self) -> &Widget {
        &self.frame
    }

    fn fill(&self, chosen: &str) {
        self.is_following.set(true);
        self.list.clear();
        self.list.append("", &tr("Presets"));
        let own = self.presets.names().unwrap_or_else(|error| {
            message(&tr_with("reading your presets failed: %s", &error.to_string()));
            Vec::new()
        });
        let own = own.into_iter().map(|name| (format!("{OWN}{name}"), name));
        let ours =
            BUILT_IN.iter().map(|preset| (format!("{OURS}{}", preset.name), tr(preset.name)));
        let favourites = self.presets.favourites();
        let (first, others): (Vec<_>, Vec<_>) =
            own.chain(ours).partition(|(id, _)| favourites.contains(id));
        for (id, name) in &first {
            self.list.append(id, &format!("★ {name}"));
        }
        for (id, name) in &others {
            self.list.append(id, name);
        }
        self.list.list_choose(chosen);
        self.show_buttons(chosen);
        self.is_following.set(false);
    }

    fn show_buttons(&self, chosen: &str) {
        self.favourite.set_down(self.presets.favourites().iter().any(|known| known == chosen));
        self.favourite.set_usable(!chosen.is_empty());
        self.remove.set_usable(chosen.starts_with(OWN));
    }

    fn chosen(&self) -> String {
        self.list.listed().unwrap_or_default()
    }

    fn take(&self) {
        if self.is_following.replace(true) {
            return;
        }
        let chosen = self.chosen();
        if let Some(name) = chosen.strip_prefix(OWN) {
            match self.presets.read(name) {
                Ok(values) => {
                    // What a preset does not name, such as a layer, is not to stay.
                    for slot in [STYLE_LAYER, SECOND_STYLE_LAYER] {
                        self.config.set_drawable(slot, None);
                    }
                    if !self.config.take(&values) {
                        message(&tr_with("the preset '%s' could be read only in part", name));
                    }
                }
                Err(error) => {
                    let why = format!("{} ({error})", tr_with("cannot read the preset '%s'", name));
                    message(&why);
                }
            }
        } else if let Some(name) = chosen.strip_prefix(OURS)
            && let Some(preset) = BUILT_IN.iter().find(|preset| preset.name == name)
        {
            for (name, usual) in &USUAL {
                let own = preset.values.iter().find(|(own, _)| own == name);
                set(&self.config, name, own.map_or(*usual, |(_, value)| *value));
            }
        }
        self.show_buttons(&chosen);
        self.is_following.set(false);
    }

    fn like(&self) {
        let chosen = self.chosen();
        if self.is_following.get() || chosen.is_empty() {
            return;
        }
        if let Err(error) = self.presets.set_favourite(&chosen, self.favourite.is_down()) {
            message(&tr_with("keeping your favorites failed: %s", &error.to_string()));
        }
        self.fill(&chosen);
    }

    fn save(&self) {
        let old = self.chosen();
        let old = old.strip_prefix(OWN).unwrap_or_default();
        let Some(name) = ask_text(&tr("Save Preset"), &tr("_Name:"), old, &self.frame) else {
            return;
        };
        let Some(name) = file_name(&name) else { return };
        let values = self.config.without(&[STYLE_LAYER, SECOND_STYLE_LAYER]);
        if let Err(error) = self.presets.write(&name, &values) {
            message(&format!("{} ({error})", tr_with("cannot keep the preset '%s'", &name)));
            return;
        }
        self.fill(&format!("{OWN}{name}"));
    }

    fn remove(&self) {
        let chosen = self.chosen();
        let Some(name) = chosen.strip_prefix(OWN) else { return };
        if let Err(error) = self.presets.remove(name, &chosen) {
            message(&format!("{} ({error})", tr_with("cannot delete the preset '%s'", name)));
        }
        self.fill("");
    }
}

fn open_manual(near: &Widget) {
    let page = installation::manual();
    if let Some(page) = page.filter(|page| !(page.is_file() && open_file(page, near))) {
        message(&tr_with("cannot open the manual page. It is %s", &page.display().to_string()));
    }
}

fn set(config: &Config, name: &str, value: Value) {
    match value {
        Value::Number(number) => config.set_number(name, number),
        Value::Text(text) => config.set_text(name, text),
    }
}
