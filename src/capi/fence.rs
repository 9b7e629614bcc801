//! The fence around every function: errors become a status and words, panics too.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::last_error;
use super::status::impasto_status::{self, *};
use crate::error::Result;

/// Runs the body of an exported function.
pub(super) fn fenced(body: impl FnOnce() -> Result<()>) -> impasto_status {
    // What a panic leaves behind is behind locks and cells that are never half-filled.
    match catch_unwind(AssertUnwindSafe(body)) {
        Ok(Ok(())) => IMPASTO_STATUS_OK,
        Ok(Err(error)) => {
            last_error::keep(&error.full_message());
            error.kind().into()
        }
        Err(panic) => {
            last_error::keep(&format!("a defect in Impasto was met: {}", words(&*panic)));
            discard(panic);
            IMPASTO_STATUS_PANIC
        }
    }
}

/// Runs the body of a function that returns no status; what goes wrong gives `otherwise`.
pub(super) fn fenced_or<T>(otherwise: T, body: impl FnOnce() -> T) -> T {
    catch_unwind(AssertUnwindSafe(body)).unwrap_or_else(|panic| {
        last_error::keep(&format!("a defect in Impasto was met: {}", words(&*panic)));
        discard(panic);
        otherwise
    })
}

/// Drops what a panic carried, whose own destructor may panic, too.
fn discard(panic: Box<dyn Any + Send>) {
    if let Err(again) = catch_unwind(AssertUnwindSafe(|| drop(panic))) {
        std::mem::forget(again);
    }
}

fn words(panic: &(dyn Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no words")
}
