//! One painting at a time in the process: a painting uses all cores, and so it has all of the
//! memory budget.

use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use impasto_client::Cancel;

static IS_TAKEN: Mutex<bool> = Mutex::new(false);
static ENDED: Condvar = Condvar::new();

/// The leave to paint, until it is dropped.
pub struct Turn(());

impl Turn {
    /// Waits for it; `None` if `cancel` was requested meanwhile.
    pub fn wait(cancel: &Cancel) -> Option<Self> {
        let mut is_taken = IS_TAKEN.lock().unwrap_or_else(PoisonError::into_inner);
        while *is_taken {
            if cancel.is_requested() {
                return None;
            }
            let pause = Duration::from_millis(20);
            (is_taken, _) =
                ENDED.wait_timeout(is_taken, pause).unwrap_or_else(PoisonError::into_inner);
        }
        *is_taken = true;
        Some(Self(()))
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        *IS_TAKEN.lock().unwrap_or_else(PoisonError::into_inner) = false;
        ENDED.notify_one();
    }
}
