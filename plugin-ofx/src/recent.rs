//! What is kept by the hash of all that it was made from.

use std::collections::{BTreeMap, VecDeque};

/// The values that were kept last.
pub struct Recent<V> {
    values: BTreeMap<u128, V>,
    oldest_first: VecDeque<u128>,
}

impl<V: Clone> Recent<V> {
    pub const fn new() -> Self {
        Self { values: BTreeMap::new(), oldest_first: VecDeque::new() }
    }

    pub fn find(&self, key: u128) -> Option<V> {
        self.values.get(&key).cloned()
    }

    /// Keeps a value, and forgets the oldest where there are more than `most`.
    pub fn keep(&mut self, key: u128, value: V, most: usize) {
        if self.values.insert(key, value).is_none() {
            self.oldest_first.push_back(key);
        }
        if self.values.len() > most
            && let Some(oldest) = self.oldest_first.pop_front()
        {
            self.values.remove(&oldest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_is_forgotten() {
        let mut recent = Recent::new();
        for key in [1, 2, 1, 3] {
            recent.keep(key, 10 * key, 2);
        }
        assert_eq!([1, 2, 3].map(|key| recent.find(key)), [None, Some(20), Some(30)]);
    }
}
