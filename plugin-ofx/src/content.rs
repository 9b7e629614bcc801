//! What tells the contents of pictures apart.

use std::sync::{Mutex, MutexGuard, PoisonError};

use xxhash_rust::xxh3::Xxh3;

use crate::host::{Effect, Image};
use crate::recent::Recent;

/// Enough for the frames around those that a few nodes render at once.
const MOST_KNOWN: usize = 256;

/// Rows that are read of a picture whose identifier is known.
const ROWS_READ: usize = 16;

/// Contents of pictures with identifiers.
fn known() -> MutexGuard<'static, Recent<u128>> {
    static KNOWN: Mutex<Recent<u128>> = Mutex::new(Recent::new());
    KNOWN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Forgets all contents, to free memory.
pub fn forget() {
    *known() = Recent::new();
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
    let found = known().find(key);
    found.unwrap_or_else(|| {
        let content = rows(image, 1).digest128();
        known().keep(key, content, MOST_KNOWN);
        content
    })
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
