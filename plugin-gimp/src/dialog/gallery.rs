//! Thumbnails of styles to choose from: those that the engine knows, and recent files.

use std::cell::{Cell, RefCell};
use std::path::PathBuf;
use std::rc::Rc;

use impasto_client::StyleEntry;

use crate::arguments::{STYLE, STYLE_FILE, STYLE_LAYER};
use crate::ffi::{Config, FlowBox, Pixbuf, Widget};
use crate::recent;

const WIDTH: i32 = 108;
const HEIGHT: i32 = 72;
const CAPTION_CHARACTERS: i32 = 14;
/// Room for two rows and the beginning of a third, which shows that there are more.
const GALLERY_HEIGHT: i32 = 206;

/// What the gallery shows and the style that is chosen, by name, file or layer: choosing one lets
/// go of the others.
pub struct Gallery {
    frame: Widget,
    chooser: FlowBox,
    entries: Vec<Entry>,
    config: Config,
    /// The file and whether there was a layer, as they were when last looked at.
    known: RefCell<(Option<PathBuf>, bool)>,
    is_following: Cell<bool>,
}

enum Entry {
    Named(String),
    File(PathBuf),
}

impl Gallery {
    /// Shows `styles` and the recent files.
    pub fn new(config: &Config, styles: &[StyleEntry]) -> Self {
        let chooser = FlowBox::new(3, 6);
        let mut entries = Vec::new();
        for style in styles {
            let help = help(style);
            let thumbnail = style.thumbnail.as_deref();
            let thumbnail = thumbnail.and_then(|file| Pixbuf::from_file(file, WIDTH, HEIGHT));
            chooser.add(&child(thumbnail.as_ref(), &title(style), &help));
            entries.push(Entry::Named(style.name.clone()));
        }
        for file in recent::files() {
            let name = file.file_stem().unwrap_or_default().to_string_lossy();
            let thumbnail = Pixbuf::from_file(&file, WIDTH, HEIGHT);
            chooser.add(&child(thumbnail.as_ref(), &name, &file.to_string_lossy()));
            entries.push(Entry::File(file));
        }
        let frame = Widget::scrolled(chooser.widget());
        frame.set_size(-1, GALLERY_HEIGHT);
        Self {
            frame,
            chooser,
            entries,
            config: config.clone(),
            known: RefCell::new((config.file(STYLE_FILE), config.drawable(STYLE_LAYER).is_some())),
            is_following: Cell::new(false),
        }
    }

    /// All of it.
    pub fn widget(&self) -> &Widget {
        &self.frame
    }

    /// What a mnemonic activates, and thereby takes the keyboard: the chosen style or the first.
    pub fn focus(&self) -> Widget {
        let chosen = self.chooser.chosen().unwrap_or(0);
        let Some(child) = self.chooser.child(chosen) else { return self.frame.clone() };
        child.on("activate", {
            let chooser = self.chooser.widget().clone();
            move || chooser.focus_child()
        });
        child
    }

    /// Sets the arguments from now on when a style is chosen.
    pub fn lead(self: &Rc<Self>) {
        let gallery = Rc::downgrade(self);
        self.chooser.widget().on("selected-children-changed", move || {
            if let Some(gallery) = gallery.upgrade() {
                gallery.take();
            }
        });
    }

    fn take(&self) {
        if self.is_following.get() {
            return;
        }
        let Some(entry) = self.chooser.chosen().and_then(|place| self.entries.get(place)) else {
            return;
        };
        self.is_following.set(true);
        if self.config.drawable(STYLE_LAYER).is_some() {
            self.config.clear_drawable(STYLE_LAYER);
        }
        match entry {
            Entry::Named(name) => {
                if self.config.file(STYLE_FILE).is_some() {
                    self.config.set_file(STYLE_FILE, None);
                }
                self.config.set_text(STYLE, name);
            }
            Entry::File(path) => self.config.set_file(STYLE_FILE, Some(path)),
        }
        *self.known.borrow_mut() = self.current();
        self.is_following.set(false);
    }

    /// Shows what the arguments say, after one of them changed.
    pub fn follow(&self) {
        if self.is_following.replace(true) {
            return;
        }
        let (known_file, known_layer) = self.known.take();
        let (file, layer) = self.current();
        if layer && !known_layer && file.is_some() {
            self.config.set_file(STYLE_FILE, None);
        } else if file.is_some() && file != known_file && layer {
            self.config.clear_drawable(STYLE_LAYER);
        }
        let (file, layer) = self.current();
        let name = self.config.text(STYLE);
        let is_chosen = |entry: &Entry| match (entry, &file) {
            _ if layer => false,
            (Entry::File(entry), Some(file)) => entry == file,
            (Entry::Named(entry), None) => *entry == name,
            _ => false,
        };
        let place = self.entries.iter().position(is_chosen);
        if place != self.chooser.chosen() {
            self.chooser.choose(place);
        }
        *self.known.borrow_mut() = (file, layer);
        self.is_following.set(false);
    }

    fn current(&self) -> (Option<PathBuf>, bool) {
        (self.config.file(STYLE_FILE), self.config.drawable(STYLE_LAYER).is_some())
    }
}

/// What people call a style.
pub fn title(style: &StyleEntry) -> String {
    if style.title.is_empty() { style.name.clone() } else { style.title.clone() }
}

fn help(style: &StyleEntry) -> String {
    let mut parts = vec![title(style), style.painter.clone(), style.year.clone()];
    parts.retain(|part| !part.is_empty());
    parts.join(", ")
}

fn child(thumbnail: Option<&Pixbuf>, caption: &str, help: &str) -> Widget {
    let child = Widget::column(2);
    let picture = Widget::picture();
    picture.set_size(WIDTH, HEIGHT);
    if let Some(thumbnail) = thumbnail {
        picture.set_picture(thumbnail);
    }
    child.pack(&picture, false);
    child.pack(&Widget::caption(caption, CAPTION_CHARACTERS), false);
    child.set_help(help);
    child
}
