//! What tells the contents of pictures apart.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use xxhash_rust::xxh3::Xxh3;

use crate::host::{Effect, Image};

/// Enough for the frames around those that a few nodes render at once.
const MOST_KNOWN: usize = 256;

/// Rows that are read of a picture whose identifier is known.
const ROWS_READ: usize = 16;

/// Contents of pictures with identifiers.
#[derive(Default)]
struct Known {
    contents: BTreeMap<u128, u128>,
    oldest_first: VecDeque<u128>,
}

fn known() -> MutexGuard<'static, Known> {
    static KNOWN: Mutex<Known> =
        Mutex::new(Known { contents: BTreeMap::new(), oldest_first: VecDeque::new() });
    KNOWN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Forgets all contents, to free memory.
pub fn forget() {
    *known() = Known::default();
}

/// A hash of the size and the pixels of a picture, without what lies in gaps. One with an identifier
/// is read once: a host gives each picture another. A few rows are read again, for hosts that give
/// the same to different ones.
pub fn hash(effect: Effect, image: &Image) -> u128 {
    let Some(identifier) = image.identifier() else { return rows(image, 1).digest128() };
    let mut key = rows(image, image.bounds().height().div_ceil(ROWS_READ));
    key.update(&effect.key().to_ne_bytes());
    key.update(identifier.as_bytes());
    let key = key.digest128();
    let found = known().contents.get(&key).copied();
    if let Some(content) = found {
        return content;
    }
    let content = rows(image, 1).digest128();
    let mut known = known();
    if known.contents.insert(key, content).is_none() {
        known.oldest_first.push_back(key);
    }
    if known.contents.len() > MOST_KNOWN
        && let Some(oldest) = known.oldest_first.pop_front()
    {
        known.contents.remove(&oldest);
    }
    content
}

/// Takes in the size of a picture and the pixels of every `step`th row.
fn rows(image: &Image, step: usize) -> Xxh3 {
    let bounds = image.bounds();
    let mut hash = Xxh3::new();
    hash.update(&bounds.width().to_ne_bytes());
    hash.update(&bounds.height().to_ne_bytes());
    for y in (bounds.y1..bounds.y2).step_by(step) {
        hash.update(&image.bytes()[image.place(y, bounds.x1..bounds.x2)]);
    }
    hash
}
