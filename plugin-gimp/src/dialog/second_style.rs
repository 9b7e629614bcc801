//! The style that is mixed in, and its share.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::controls::row;
use super::spacing::SPACING;
use super::style_list::{Choice, SECOND, none};
use crate::arguments::{MIX, Own, SECOND_STYLE};
use crate::ffi::{Config, Widget};
use crate::labels::Labels;
use crate::words::tr;

/// A list of all styles, and the second's share.
pub struct SecondStyle {
    frame: Widget,
    list: Widget,
    mix: Widget,
    choices: RefCell<Vec<Choice>>,
    config: Config,
    is_following: Cell<bool>,
}

impl SecondStyle {
    /// Without a style to choose yet.
    pub fn new(config: &Config, labels: &Labels) -> Rc<Self> {
        let list = Widget::list(&[]);
        let own = Own::of(MIX);
        let mix = Widget::bar_for(config, MIX, &labels.of(own.label), 0.05, 2);
        mix.set_help(&tr(own.help));
        let own = Own::of(SECOND_STYLE);
        let frame = Widget::column(SPACING);
        frame.pack(&row(&labels.of(own.label), &tr(own.help), list.clone()), false);
        frame.pack(&mix, false);
        let second = Rc::new(Self {
            frame,
            list,
            mix,
            choices: RefCell::default(),
            config: config.clone(),
            is_following: Cell::new(false),
        });
        second.list.on("changed", {
            let second = Rc::downgrade(&second);
            move || {
                if let Some(second) = second.upgrade() {
                    second.take();
                }
            }
        });
        second
    }

    /// All of it.
    pub fn widget(&self) -> &Widget {
        &self.frame
    }

    /// Shows what the arguments say, of `choices`, which are those of the first style.
    pub fn follow(&self, choices: Vec<Choice>) {
        if self.is_following.replace(true) {
            return;
        }
        let ids = |choices: &[Choice]| choices.iter().map(Choice::id).collect::<Vec<_>>();
        if ids(&choices) != ids(&self.choices.borrow()) || choices.is_empty() {
            self.list.clear();
            self.list.append(&none(), &tr("None"));
            for choice in &choices {
                self.list.append(&choice.id(), &choice.title);
            }
            self.choices.replace(choices);
        }
        let current = SECOND.current(&self.config);
        if self.list.listed().as_ref() != Some(&current) {
            self.list.list_choose(&current);
        }
        self.mix.set_usable(current != none());
        self.is_following.set(false);
    }

    fn take(&self) {
        if self.is_following.replace(true) {
            return;
        }
        let id = self.list.listed();
        let choices = self.choices.borrow();
        let choice = choices.iter().find(|choice| Some(choice.id()) == id);
        SECOND.choose(&self.config, choice.map(|choice| &choice.source));
        self.is_following.set(false);
    }
}
