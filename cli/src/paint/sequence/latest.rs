//! What was read and made last.

use std::collections::VecDeque;

/// The latest used few, the latest last.
pub struct Latest<T>(VecDeque<(i64, T)>);

impl<T> Default for Latest<T> {
    fn default() -> Self {
        Self(VecDeque::new())
    }
}

impl<T: Clone> Latest<T> {
    pub fn find(&mut self, frame: i64) -> Option<T> {
        let place = self.0.iter().position(|(known, _)| *known == frame)?;
        let found = self.0.remove(place)?;
        let value = found.1.clone();
        self.0.push_back(found);
        Some(value)
    }

    pub fn keep(&mut self, frame: i64, value: T, most: usize) {
        self.0.push_back((frame, value));
        while self.0.len() > most {
            self.0.pop_front();
        }
    }
}
