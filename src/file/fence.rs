//! The fence around decoders: damaged files reach their assertions, on any thread.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;

use super::failure::damaged;
use crate::error::Result;

thread_local! {
    static IS_DECODING: Cell<bool> = const { Cell::new(false) };
}

/// Runs a part of a decoder; a panic in it is the error of a damaged file. Standard error gets no
/// word of it, the log does.
pub(super) fn fenced<T>(decode: impl FnOnce() -> Result<T>) -> Result<T> {
    set_quiet_hook();
    let outer = IS_DECODING.replace(true);
    let decoded = catch_unwind(AssertUnwindSafe(decode));
    IS_DECODING.set(outer);
    decoded.unwrap_or_else(|_| Err(damaged("the file is damaged")))
}

/// The process's hook stays that of all other panics.
fn set_quiet_hook() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let of_others = take_hook();
        set_hook(Box::new(move |panic| match IS_DECODING.get() {
            true => log::debug!("a decoder gave up: {panic}"),
            false => of_others(panic),
        }));
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_the_error_of_a_damaged_file_within_another_fence_too() {
        let outer = fenced(|| {
            let inner = fenced(|| -> Result<()> { panic!("not to be seen") });
            assert!(IS_DECODING.get());
            inner
        });
        assert_eq!(outer.map_err(|error| error.to_string()), Err("the file is damaged".to_owned()));
        assert!(!IS_DECODING.get());
    }
}
