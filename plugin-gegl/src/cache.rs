//! Paintings that were made: what has not changed is not painted again.

use crate::ffi::Buffer;

/// What paintings may take in all, in bytes. They lie in GEGL's own buffers, which it moves to the
/// disk where memory is short.
const BUDGET: u64 = 1 << 30;

/// What a painting was made of: a hash of the pixels and of all settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key(pub u128);

/// The last paintings, the latest first.
#[derive(Debug, Default)]
pub struct Cache<P = Buffer>(Vec<(Key, u64, P)>);

impl<P: Clone> Cache<P> {
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    pub fn find(&mut self, key: Key) -> Option<P> {
        let place = self.0.iter().position(|(known, ..)| *known == key)?;
        let found = self.0.remove(place);
        let painting = found.2.clone();
        self.0.insert(0, found);
        Some(painting)
    }

    /// Keeps a painting of so many bytes; those that were not used for longest make room.
    pub fn keep(&mut self, key: Key, bytes: u64, painting: P) {
        self.0.insert(0, (key, bytes, painting));
        let mut sum = 0_u64;
        let mut place = 0;
        // The latest stays in any case: it is shown.
        self.0.retain(|(_, bytes, _)| {
            sum = sum.saturating_add(*bytes);
            place += 1;
            place == 1 || sum <= BUDGET
        });
    }

    pub fn clear(&mut self) {
        self.0.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_unused_make_room() {
        let mut cache = Cache::new();
        for name in 1..=3 {
            cache.keep(Key(name), BUDGET / 3, name);
        }
        assert_eq!(cache.find(Key(1)), Some(1));
        cache.keep(Key(4), BUDGET / 3, 4);
        assert_eq!([1, 2, 3, 4].map(|n| cache.find(Key(n)).is_some()), [true, false, true, true]);
        cache.keep(Key(5), 2 * BUDGET, 5);
        assert_eq!([1, 3, 4, 5].map(|n| cache.find(Key(n)).is_some()), [false, false, false, true]);
    }
}
