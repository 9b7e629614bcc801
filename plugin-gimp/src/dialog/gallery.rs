//! Thumbnails of styles to choose from.

use std::cell::{Cell, RefCell};
use std::path::Path;
use std::rc::Rc;

use impasto_client::StyleEntry;

use super::chance::surprise_me;
use super::spacing::SPACING;
use super::style_list::{Choice, FIRST, Source, choices};
use crate::ffi::{Config, Drawable, FlowBox, Pixbuf, Widget, choose_picture, message};
use crate::kept_style;
use crate::labels::{Labels, ON_MY_LAYER, SURPRISE};
use crate::picture::Picture;
use crate::recent;
use crate::words::tr;

const WIDTH: i32 = 104;
const HEIGHT: i32 = 70;
const CAPTION_CHARACTERS: i32 = 13;

/// Files that the engine reads itself; GIMP opens others for it.
const ENGINE_READS: [&str; 8] = ["png", "jpg", "jpeg", "tif", "tiff", "webp", "exr", "toml"];

/// Room for two rows and the beginning of a third, which shows that there are more.
const LEAST_HEIGHT: i32 = 230;

/// The first style's thumbnails, a search, and what adds and removes pictures.
pub struct Gallery {
    frame: Widget,
    chooser: FlowBox,
    search: Widget,
    remove: Widget,
    /// Whether thumbnails show the artist's own layer.
    own: Widget,
    styles: Vec<StyleEntry>,
    target: Drawable,
    shown: RefCell<Vec<Shown>>,
    config: Config,
    is_following: Cell<bool>,
    /// The place of a style that was chosen elsewhere and may not be seen yet.
    unseen: Cell<Option<usize>>,
}

/// A choice and its thumbnail.
struct Shown {
    choice: Choice,
    picture: Widget,
    /// Of the style itself.
    thumbnail: Option<Pixbuf>,
}

impl Gallery {
    /// Shows all styles for painting `target`.
    pub fn new(
        config: &Config,
        styles: Vec<StyleEntry>,
        target: &Drawable,
        labels: &Labels,
    ) -> Rc<Self> {
        let chooser = FlowBox::new(2, 12);
        let search = Widget::search();
        search.set_placeholder(&tr("Search styles"));
        search.set_help(&tr("Enter chooses the first style that is found."));
        let add = Widget::icon_button("list-add");
        add.set_help(&tr("Take the style of a picture: any file that GIMP can open."));
        let remove = Widget::icon_button("list-remove");
        remove.set_help(&tr("Take the chosen picture out of the gallery. The file stays."));
        let surprise = Widget::button(&labels.of(SURPRISE));
        surprise.set_help(&tr("Choose a style and a look by chance."));
        let own = Widget::toggle(&labels.of(ON_MY_LAYER));
        own.set_help(&tr("Show each style on your own layer."));
        let buttons = Widget::row(SPACING);
        for button in [&add, &remove] {
            buttons.pack(button, false);
        }
        for button in [&own, &surprise] {
            buttons.pack(button, true);
        }
        let frame = Widget::column(SPACING);
        let room = Widget::sunken(chooser.widget(), LEAST_HEIGHT);
        room.grow_down();
        frame.pack(&search, false);
        frame.pack(&room, true);
        frame.pack(&buttons, false);
        let gallery = Rc::new(Self {
            frame,
            chooser,
            search,
            remove,
            own,
            styles,
            target: target.clone(),
            shown: RefCell::default(),
            config: config.clone(),
            is_following: Cell::new(false),
            unseen: Cell::new(None),
        });
        gallery.fill();
        gallery.listen(&add, &surprise);
        gallery
    }

    /// All of it.
    pub fn widget(&self) -> &Widget {
        &self.frame
    }

    /// Calls `show` with what is to be shown on the artist's own layer, or with nothing.
    pub fn on_own(self: &Rc<Self>, show: impl Fn(&[Choice]) + 'static) {
        let gallery = Rc::downgrade(self);
        self.own.on("toggled", move || {
            if let Some(gallery) = gallery.upgrade() {
                if gallery.own.is_down() {
                    show(&gallery.choices());
                } else {
                    show(&[]);
                    gallery.put_back();
                }
            }
        });
    }

    /// What takes the keyboard: the line to search in.
    pub fn focus(&self) -> &Widget {
        &self.search
    }

    /// What there is to choose from.
    pub fn choices(&self) -> Vec<Choice> {
        self.shown.borrow().iter().map(|shown| shown.choice.clone()).collect()
    }

    /// Shows `picture` for the choice of this id, as long as the layer is to be shown.
    pub fn put(&self, id: &str, picture: &Picture) {
        let shown = self.shown.borrow();
        let shown = shown.iter().find(|shown| shown.choice.id() == id);
        if let Some(shown) = shown.filter(|_| self.own.is_down())
            && let Some(pixbuf) = thumbnail_of(picture, self.room())
        {
            shown.picture.set_picture(&pixbuf);
        }
    }

    /// A thumbnail's room in the screen's pixels.
    fn room(&self) -> [i32; 2] {
        [WIDTH, HEIGHT].map(|side| side * self.frame.screen_scale() as i32)
    }

    /// Scrolls to a style that was chosen elsewhere, once it has its place; to be called often.
    pub fn look(&self) {
        if self.unseen.get().is_some_and(|place| self.chooser.scroll_to(place)) {
            self.unseen.set(None);
        }
    }

    fn put_back(&self) {
        for shown in &*self.shown.borrow() {
            if let Some(thumbnail) = &shown.thumbnail {
                shown.picture.set_picture(thumbnail);
            }
        }
    }

    /// Shows what the arguments say, after one of them changed.
    pub fn follow(&self) {
        if self.is_following.get() {
            return;
        }
        let current = FIRST.current(&self.config);
        let place = self.shown.borrow().iter().position(|shown| shown.choice.id() == current);
        if place.is_none() && FIRST.has_file(&self.config) {
            // Of a preset, say, which names a picture that the gallery did not have.
            return self.fill();
        }
        self.is_following.set(true);
        if place != self.chooser.chosen() {
            self.chooser.choose(place);
            self.unseen.set(place);
        }
        let is_own = |shown: &Shown| matches!(shown.choice.source, Source::File(_));
        let can_go = place.is_some_and(|place| is_own(&self.shown.borrow()[place]));
        self.remove.set_usable(can_go);
        self.is_following.set(false);
    }

    fn listen(self: &Rc<Self>, add: &Widget, surprise: &Widget) {
        let on = |widget: &Widget, signal: &str, act: fn(&Self)| {
            let gallery = Rc::downgrade(self);
            widget.on(signal, move || {
                if let Some(gallery) = gallery.upgrade() {
                    act(&gallery);
                }
            });
        };
        on(self.chooser.widget(), "selected-children-changed", Self::take);
        on(&self.search, "search-changed", Self::search);
        on(&self.search, "activate", Self::choose_found);
        on(add, "clicked", Self::add);
        on(surprise, "clicked", |gallery| surprise_me(&gallery.config, &gallery.choices()));
        on(&self.remove, "clicked", Self::remove);
    }

    fn fill(&self) {
        self.is_following.set(true);
        self.chooser.clear();
        let mut shown = self.shown.borrow_mut();
        shown.clear();
        for choice in choices(&self.styles, &self.config, &self.target) {
            let thumbnail = thumbnail(&choice, self.room());
            let child = Widget::column(2);
            let picture = Widget::picture();
            picture.set_size(WIDTH, HEIGHT);
            if let Some(thumbnail) = &thumbnail {
                picture.set_picture(thumbnail);
            }
            child.pack(&picture, false);
            child.pack(&Widget::caption(&choice.title, CAPTION_CHARACTERS), false);
            child.set_help(&choice.help);
            self.chooser.add(&child);
            shown.push(Shown { choice, picture, thumbnail });
        }
        drop(shown);
        self.is_following.set(false);
        self.follow();
    }

    /// Sets the arguments when a style is chosen.
    fn take(&self) {
        if self.is_following.replace(true) {
            return;
        }
        let source = self.chooser.chosen().and_then(|place| {
            self.shown.borrow().get(place).map(|shown| shown.choice.source.clone())
        });
        if let Some(source) = source {
            FIRST.choose(&self.config, Some(&source));
        }
        self.is_following.set(false);
        self.follow();
    }

    fn search(&self) {
        let search = self.search.typed();
        for (place, shown) in self.shown.borrow().iter().enumerate() {
            self.chooser.set_child_shown(place, shown.choice.matches(&search));
        }
    }

    /// The first style that the search found.
    fn choose_found(&self) {
        let search = self.search.typed();
        let found = self.shown.borrow().iter().position(|shown| shown.choice.matches(&search));
        if found.is_some() && !search.is_empty() {
            self.chooser.choose(found);
        }
    }

    fn add(&self) {
        let Some(path) = choose_picture(&tr("Style Picture"), &self.frame) else { return };
        let ending = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
        let path = if ENGINE_READS.contains(&&*ending) {
            path
        } else {
            match kept_style::keep_file(&path) {
                Ok(kept) => kept,
                Err(why) => return message(&why),
            }
        };
        recent::remember(&path);
        FIRST.choose(&self.config, Some(&Source::File(path)));
        self.refill();
    }

    fn remove(&self) {
        let place = self.chooser.chosen();
        let source =
            place.and_then(|place| self.shown.borrow().get(place).map(|s| s.choice.source.clone()));
        let Some(Source::File(path)) = source else { return };
        self.forget(&path);
        self.refill();
    }

    /// The style above takes its place.
    fn forget(&self, path: &Path) {
        recent::forget(path);
        let first = self.shown.borrow().first().map(|shown| shown.choice.source.clone());
        FIRST.choose(&self.config, first.as_ref());
    }

    fn refill(&self) {
        self.fill();
        self.frame.set_shown(true);
        self.search();
    }
}

fn thumbnail(choice: &Choice, [width, height]: [i32; 2]) -> Option<Pixbuf> {
    if let Some(file) = &choice.thumbnail {
        return Pixbuf::from_file(file, width, height);
    }
    let Source::Layer(layer) = &choice.source else { return None };
    let whole = layer.whole();
    let side = |own: i32, room: i32| f64::from(room) / f64::from(own.max(1));
    let scale = side(whole.width, width).min(side(whole.height, height)).min(1.0);
    thumbnail_of(&Picture::of_layer(layer, scale).ok()?, [width, height])
}

fn thumbnail_of(picture: &Picture, [width, height]: [i32; 2]) -> Option<Pixbuf> {
    Pixbuf::new(&picture.to_rgba8(), picture.width, picture.height)?.fitted(width, height)
}
