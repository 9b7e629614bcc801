//! The fence around every function: errors become a status and words, panics too.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::status::impasto_status::{self, *};
use super::{last_error, log_post};
use crate::error::Result;

/// Runs the body of an exported function. What there is to log is told when the body has let go
/// of all locks, and before its words are kept: the host's callback may call functions that fail.
pub(super) fn fenced(body: impl FnOnce() -> Result<()>) -> impasto_status {
    // What a panic leaves behind is behind locks and cells that are never half-filled.
    let ended = catch_unwind(AssertUnwindSafe(body));
    log_post::deliver();
    match ended {
        Ok(Ok(())) => IMPASTO_STATUS_OK,
        Ok(Err(error)) => {
            last_error::keep(&error);
            error.kind().into()
        }
        Err(panic) => {
            keep_words(panic);
            IMPASTO_STATUS_PANIC
        }
    }
}

/// Runs the body of a function that returns no status; what goes wrong gives `otherwise`.
pub(super) fn fenced_or<T>(otherwise: T, body: impl FnOnce() -> T) -> T {
    catch_unwind(AssertUnwindSafe(body)).unwrap_or_else(|panic| {
        keep_words(panic);
        otherwise
    })
}

fn keep_words(panic: Box<dyn Any + Send>) {
    let words = panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no words");
    last_error::keep_defect(&format!("a defect in Impasto was met: {words}"));
    // What a panic carried may panic, too, when it is dropped.
    if let Err(again) = catch_unwind(AssertUnwindSafe(|| drop(panic))) {
        std::mem::forget(again);
    }
}
