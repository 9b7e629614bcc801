//! The process's log.

use std::ffi::{c_char, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::functions::Functions;
use super::text::borrowed;
use super::types::LogCallback;
use crate::log::Log;

/// What messages are handed to, and how often that was changed.
static SET: Mutex<(Option<Log>, u64)> = Mutex::new((None, 0));

fn set() -> MutexGuard<'static, (Option<Log>, u64)> {
    SET.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Functions {
    /// Hands messages to `log`, and to no other once this returns.
    pub fn set_log(&self, log: Option<Log>) {
        let former = {
            let mut set = set();
            let change = set.1 + 1;
            std::mem::replace(&mut *set, (log, change))
        };
        // The library waits for a callback that is busy, so the lock is not held meanwhile; where
        // another thread sets a log then, the library is told of that one.
        loop {
            let (log, change) = set().clone();
            let callback: LogCallback = if log.is_some() { Some(hand_over) } else { None };
            let level = log.map_or(0, |log| log.level() as i32);
            // SAFETY: the callback lives as long as the process and needs no data.
            unsafe { (self.impasto_log_set)(callback, level, ptr::null_mut()) };
            if set().1 == change {
                break;
            }
        }
        // What it holds may use the library when it is dropped.
        drop(former);
    }
}

/// Hands a message to the log that is set.
///
/// # Safety
/// `message` is NULL or ends with NUL.
unsafe extern "C" fn hand_over(_: *mut c_void, level: i32, message: *const c_char) {
    // The log is kept for the time of the call, in which it may be replaced.
    let Some(log) = set().0.clone() else { return };
    // SAFETY: the library's string ends with NUL and lives until this returns.
    let message = unsafe { borrowed(message) };
    if let Err(panic) = catch_unwind(AssertUnwindSafe(move || log.receive(level, message))) {
        // The payload's own destructor may panic, too.
        std::mem::forget(panic);
    }
}
