//! Compositions that were painted, so that a change to what lies over them costs only that.

use std::sync::{Arc, Mutex, PoisonError};

use crate::fast::Sheet;

/// How many are kept: some hundred kilobytes each.
const KEPT: usize = 8;

/// The last compositions, the latest first, by what they were made from.
#[derive(Default)]
pub(crate) struct Compositions(Mutex<Vec<(String, Arc<Sheet>)>>);

impl Compositions {
    /// The one that was made from the same.
    pub fn find(&self, made_from: &str) -> Option<Arc<Sheet>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = kept.iter().position(|(known, _)| known == made_from)?;
        let found = kept.remove(at);
        kept.insert(0, found.clone());
        Some(found.1)
    }

    /// Keeps one.
    pub fn keep(&self, made_from: String, composition: Arc<Sheet>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(known, _)| *known != made_from);
        kept.insert(0, (made_from, composition));
        kept.truncate(KEPT);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_are_kept() {
        let compositions = Compositions::default();
        for k in 0..KEPT {
            compositions.keep(k.to_string(), Arc::new(Sheet::new([1, 1]).unwrap()));
        }
        // It is used, so another one goes.
        assert!(compositions.find("0").is_some());
        compositions.keep("new".to_owned(), Arc::new(Sheet::new([2, 1]).unwrap()));
        assert_eq!(compositions.find("new").unwrap().size, [2, 1]);
        assert!(compositions.find("0").is_some());
        assert!(compositions.find("1").is_none());
    }
}
