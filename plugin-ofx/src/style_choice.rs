//! The style that a person chose, as a project keeps it.
//!
//! A place in a list of styles means another style on another machine, and here after one was
//! added. So a project keeps the style's name, too, and beside the name the place that it had then:
//! as long as the place is that one, the name says what is meant; another place was chosen since by
//! a host or a script that told the node nothing.

use std::ffi::CStr;
use std::path::PathBuf;

use crate::controls::{
    SECOND_STYLE, SECOND_STYLE_FILE, SECOND_STYLE_NAME, STYLE, STYLE_FILE, STYLE_NAME,
    STYLES_BEFORE, first_style, style_names,
};
use crate::engine;
use crate::host::{ParameterSet, lasting};

/// A style as a person chose it.
#[derive(Debug, Clone, PartialEq)]
pub enum StyleChoice {
    None,
    Named(&'static str),
    File(PathBuf),
    /// With words that say why, and what to do.
    Unusable(String),
}

/// Instead of a place: the name alone says what is meant.
const ANY_PLACE: &str = "*";

/// The controls of one of the two styles.
#[derive(Clone, Copy)]
pub struct Slot {
    list: &'static CStr,
    name: &'static CStr,
    file: &'static CStr,
    file_label: &'static str,
}

pub const FIRST: Slot =
    Slot { list: STYLE, name: STYLE_NAME, file: STYLE_FILE, file_label: "Style file" };
pub const SECOND: Slot = Slot {
    list: SECOND_STYLE,
    name: SECOND_STYLE_NAME,
    file: SECOND_STYLE_FILE,
    file_label: "Second style file",
};
const SLOTS: [Slot; 2] = [FIRST, SECOND];

impl Slot {
    /// The choice at a time; what the host does not tell is as in a new node.
    pub fn choice(self, set: Option<ParameterSet>, time: f64) -> StyleChoice {
        let place = match self.place(set, time) {
            Ok(place) => place,
            Err(name) => {
                return StyleChoice::Unusable(format!(
                    "cannot paint: this machine has no style '{name}'. Choose another style, or \
                     copy it from the machine that has it"
                ));
            }
        };
        match place.checked_sub(STYLES_BEFORE.len()) {
            Some(place) => StyleChoice::Named(&engine::styles()[place].name),
            None if place == 0 => StyleChoice::None,
            None => {
                let path = set.and_then(|set| set.string(self.file, time)).unwrap_or_default();
                if path.trim().is_empty() {
                    let label = self.file_label;
                    StyleChoice::Unusable(format!(
                        "cannot paint: the style is a picture file, and there is none. Choose one \
                         in {label}, or another style"
                    ))
                } else {
                    StyleChoice::File(path.trim().into())
                }
            }
        }
    }

    pub fn is_file(self, set: ParameterSet) -> bool {
        self.place(Some(set), 0.0) == Ok(1)
    }

    pub fn is_none(self, set: ParameterSet) -> bool {
        self.place(Some(set), 0.0) == Ok(0)
    }

    /// The place in the list of this machine, or what cannot be found in it.
    fn place(self, set: Option<ParameterSet>, time: f64) -> Result<usize, String> {
        let names: Vec<_> = style_names().collect();
        let usual = if self.list == STYLE { first_style() } else { 0 };
        let Some(set) = set else { return Ok(usual) };
        if set.has_string_choices() {
            let Some(name) = set.string(self.list, time) else { return Ok(usual) };
            return names.iter().position(|known| *known == name).ok_or(name);
        }
        let Some(told) = set.integer(self.list, time) else { return Ok(usual) };
        let kept = set.string(self.name, time).unwrap_or_default();
        place_of(told, &kept, &names)
    }

    /// Has the project keep the name of what is chosen.
    fn remember(self, set: ParameterSet) {
        if set.has_string_choices() || !set.has_hidden() {
            return;
        }
        let place = set.integer(self.list, 0.0).and_then(|place| usize::try_from(place).ok());
        let Some(place) = place else { return };
        let Some(name) = style_names().nth(place) else { return };
        let kept = format!("{place} {name}");
        if set.string(self.name, 0.0).as_deref() != Some(&*kept) {
            set.set_string(self.name, lasting(&kept));
        }
    }
}

/// What was chosen in a list is kept by name, if a style was.
pub fn chosen(set: ParameterSet, list: &str) {
    if let Some(slot) = SLOTS.into_iter().find(|slot| slot.list.to_bytes() == list.as_bytes()) {
        slot.remember(set);
    }
}

/// The styles of a new node are kept by name, too.
pub fn created(set: ParameterSet) {
    for slot in SLOTS {
        if set.string(slot.name, 0.0).is_none_or(|kept| kept.is_empty()) {
            slot.remember(set);
        }
    }
}

/// What keeps a style whatever its place, for editors that choose it by name: its name alone, but
/// for names that look as if they were told with a place.
pub fn in_any_place(name: &str) -> String {
    match placed(name) {
        Some(_) => format!("{ANY_PLACE} {name}"),
        None => name.to_owned(),
    }
}

/// The place and the name of `3 plum`.
fn placed(kept: &str) -> Option<(&str, &str)> {
    let is_place = |text: &str| text == ANY_PLACE || text.parse::<i32>().is_ok();
    kept.split_once(' ').filter(|(place, _)| is_place(place))
}

/// The place of what was `told` and `kept`, a place and a name, among the names of this machine, or
/// what cannot be found among them.
fn place_of(told: i32, kept: &str, names: &[&str]) -> Result<usize, String> {
    if !kept.is_empty() {
        let (place, name) = placed(kept).unwrap_or((ANY_PLACE, kept));
        let found = names.iter().position(|known| *known == name);
        let found = found.ok_or_else(|| name.to_owned())?;
        if place == ANY_PLACE || place.parse() == Ok(told) {
            return Ok(found);
        }
    }
    let place = usize::try_from(told).ok().filter(|place| *place < names.len());
    place.ok_or_else(|| told.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 5] = ["none", "file", "ink", "apple", "plum"];

    #[test]
    fn a_kept_name_goes_before_its_place() {
        assert_eq!(place_of(3, "3 plum", &NAMES), Ok(4));
        assert_eq!(place_of(12, "12 plum", &NAMES), Ok(4));
        assert_eq!(place_of(3, "", &NAMES), Ok(3));
        for name in NAMES {
            assert_eq!(in_any_place(name), name);
            assert_eq!(NAMES.get(place_of(0, name, &NAMES).unwrap()), Some(&name));
        }
        assert_eq!(in_any_place("3 plums"), "* 3 plums");
        assert_eq!(place_of(0, "* 3 plums", &["3 plums"]), Ok(0));
    }

    #[test]
    fn a_place_that_was_chosen_since_goes_before_the_name() {
        assert_eq!(place_of(2, "3 plum", &NAMES), Ok(2));
    }

    #[test]
    fn what_is_not_there_is_no_other_style() {
        assert_eq!(place_of(3, "3 cherry", &NAMES), Err("cherry".to_owned()));
        assert_eq!(place_of(2, "12 cherry pie", &NAMES), Err("cherry pie".to_owned()));
        assert_eq!(place_of(2, "cherry pie", &NAMES), Err("cherry pie".to_owned()));
        for place in [-1, 5, 99, i32::MIN] {
            assert_eq!(place_of(place, "", &NAMES), Err(place.to_string()));
        }
    }
}
