//! Long work: how far it has come, and stopping it.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use serde::Serialize;

use crate::error::{Error, Result};

/// A request to stop that any thread may make. Clones share one request.
#[derive(Clone, Default)]
pub struct Cancel(Arc<State>);

#[derive(Default)]
struct State {
    requested: AtomicBool,
    watchers: Mutex<Vec<Weak<Watcher>>>,
}

type Watcher = Box<dyn Fn() + Send + Sync>;

/// Keeps a watcher of [`Cancel::on_request`] alive.
pub(crate) struct Watch {
    _watcher: Arc<Watcher>,
}

impl Cancel {
    /// No request yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks the work to stop; it ends with `Cancelled` within a fraction of a second.
    pub fn request(&self) {
        // Raised under the lock: a watcher that registers is either called here or sees the flag.
        let watchers = {
            let mut watchers = self.0.watchers.lock().unwrap_or_else(PoisonError::into_inner);
            self.0.requested.store(true, Ordering::SeqCst);
            std::mem::take(&mut *watchers)
        };
        watchers.iter().filter_map(Weak::upgrade).for_each(|stop| stop());
    }

    /// Whether a stop was asked for.
    pub fn is_requested(&self) -> bool {
        self.0.requested.load(Ordering::SeqCst)
    }

    /// `Err(Cancelled)` once a stop was asked for.
    ///
    /// # Errors
    /// `Cancelled`.
    pub fn check(&self) -> Result<()> {
        if self.is_requested() { Err(Error::cancelled()) } else { Ok(()) }
    }

    /// Calls `stop` when a stop is asked for, at once if it was already, as long as the returned
    /// guard lives.
    pub(crate) fn on_request(&self, stop: impl Fn() + Send + Sync + 'static) -> Watch {
        let watcher: Arc<Watcher> = Arc::new(Box::new(stop));
        let already = {
            let mut watchers = self.0.watchers.lock().unwrap_or_else(PoisonError::into_inner);
            watchers.retain(|watcher| watcher.strong_count() > 0);
            watchers.push(Arc::downgrade(&watcher));
            self.is_requested()
        };
        if already {
            watcher();
        }
        Watch { _watcher: watcher }
    }
}

impl fmt::Debug for Cancel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Cancel").field(&self.is_requested()).finish()
    }
}

/// How far a job has come.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Progress {
    /// What is being done, for a person: "Painting".
    pub phase: &'static str,
    /// The part of the whole job that is done, 0..1.
    pub fraction: f32,
    /// Time that the rest will take, where that can be told.
    pub remaining: Option<Duration>,
    /// What an optimisation has come to.
    pub losses: Option<Losses>,
}

/// Content, style and variation loss, and their weighted sum. All are relative, so they can be
/// compared between styles and sizes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Losses {
    /// Squared difference of content features over the square of the photograph's.
    pub content: f32,
    /// Squared difference of Gram matrices over the square of the style's.
    pub style: f32,
    /// Mean squared difference of neighbouring pixels.
    pub variation: f32,
    /// The sum by weight, which is minimised.
    pub total: f32,
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::AtomicU32;

    #[test]
    fn watchers_are_called_once_and_only_while_watched() {
        let cancel = Cancel::new();
        let calls = Arc::new(AtomicU32::new(0));
        let count = || {
            let calls = Arc::clone(&calls);
            move || _ = calls.fetch_add(1, Ordering::SeqCst)
        };
        let kept = cancel.on_request(count());
        drop(cancel.on_request(count()));
        cancel.clone().request();
        cancel.request();
        assert_eq!(calls.load(Ordering::SeqCst), 1);
        let late = cancel.on_request(count());
        assert_eq!(calls.load(Ordering::SeqCst), 2);
        assert!(cancel.check().is_err());
        drop((kept, late));
    }
}
