//! Results of the last runs of a network: a live preview asks for the same again when only what
//! comes behind the network has changed.

use std::fmt::Display;
use std::sync::{Mutex, MutexGuard, PoisonError};

use sha2::{Digest, Sha256};

use crate::error::Result;
use crate::hash::add_floats;

/// The most results of a network: one for each layer of paint, and one to match colours by.
const MOST: usize = 5;

/// The most pixels of an input: more than the automatic brush size paints on.
const MOST_PIXELS: usize = 1024 * 1024;

/// What a run depends on.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Key([u8; 32]);

/// The last results of one network, of inputs that are not large.
pub(super) struct Recent<T>(Mutex<Vec<(Key, T)>>);

impl Key {
    /// Of what is named, such as a device and a size, of three planes and of other values; none
    /// where the planes are large.
    pub fn of(named: &[&dyn Display], planes: &[f32], others: &[&[f32]]) -> Option<Self> {
        if planes.len() > 3 * MOST_PIXELS {
            return None;
        }
        let mut hash = Sha256::new();
        for name in named {
            hash.update(format!("{name};"));
        }
        for values in [planes].iter().chain(others) {
            hash.update(values.len().to_le_bytes());
            add_floats(&mut hash, values);
        }
        Some(Self(hash.finalize().into()))
    }
}

impl<T> Default for Recent<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T: Clone> Recent<T> {
    /// What was made for this key, or is made now.
    ///
    /// # Errors
    /// Those of `make`, of which nothing is kept.
    pub fn get_or(&self, key: Option<Key>, make: impl FnOnce() -> Result<T>) -> Result<T> {
        let Some(key) = key else { return make() };
        if let Some(known) = self.get(&key) {
            return Ok(known);
        }
        let made = make()?;
        let mut kept = self.lock();
        if kept.len() >= MOST {
            kept.remove(0);
        }
        kept.push((key, made.clone()));
        Ok(made)
    }

    fn get(&self, key: &Key) -> Option<T> {
        let mut kept = self.lock();
        let place = kept.iter().position(|(each, _)| each == key)?;
        // The first is the one that was not asked for longest.
        let known = kept.remove(place);
        let result = known.1.clone();
        kept.push(known);
        Some(result)
    }

    fn lock(&self) -> MutexGuard<'_, Vec<(Key, T)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;

    fn key(value: f32) -> Option<Key> {
        Key::of(&[&"cpu", &1], &[value; 3], &[&[2.0]])
    }

    #[test]
    fn the_same_is_made_once() {
        let recent = Recent::default();
        for _ in 0..2 {
            for value in [1.0, 2.0] {
                let found = recent.get_or(key(value), || Ok(value));
                assert!(found.is_ok_and(|found| found == value));
            }
        }
        let again = recent.get_or(key(1.0), || Err(Error::cancelled()));
        assert!(again.is_ok_and(|found| found == 1.0));
    }

    #[test]
    fn what_was_not_asked_for_longest_goes_first() {
        let recent = Recent::default();
        for value in 0..MOST {
            assert!(recent.get_or(key(value as f32), || Ok(value)).is_ok());
        }
        assert_eq!(recent.get(&key(0.0).unwrap()), Some(0));
        assert!(recent.get_or(key(99.0), || Ok(99)).is_ok());
        assert_eq!(recent.get(&key(0.0).unwrap()), Some(0));
        assert_eq!(recent.get(&key(1.0).unwrap()), None);
    }

    #[test]
    fn failures_and_large_inputs_are_not_kept() {
        let recent = Recent::default();
        assert!(recent.get_or(key(1.0), || Err::<u8, _>(Error::cancelled())).is_err());
        assert!(recent.get_or(key(1.0), || Ok(7)).is_ok_and(|found| found == 7));
        let large = vec![0.0; 3 * MOST_PIXELS + 1];
        assert!(Key::of(&[], &large, &[]).is_none());
    }

    #[test]
    fn everything_in_a_key_counts() {
        let of = |named: &[&dyn Display], planes: &[f32], other: &[f32]| {
            Key::of(named, planes, &[other]).unwrap()
        };
        let one = of(&[&"cpu", &12], &[1.0, 2.0], &[3.0]);
        assert!(one == of(&[&"cpu", &12], &[1.0, 2.0], &[3.0]));
        assert!(one != of(&[&"cuda:0", &12], &[1.0, 2.0], &[3.0]));
        assert!(one != of(&[&"cpu1", &2], &[1.0, 2.0], &[3.0]));
        assert!(one != of(&[&"cpu", &12], &[1.0], &[2.0, 3.0]));
        assert!(one != of(&[&"cpu", &12], &[1.0, 2.0], &[3.5]));
    }
}
