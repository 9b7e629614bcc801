//! How many pictures there are in files of which the first is taken.

use super::warning;

/// Says that there are so many, if there are others.
pub(super) fn tell_of(count: usize) {
    if count > 1 {
        warning::say(format!("the file holds {count} pictures: the first is taken"));
    }
}
