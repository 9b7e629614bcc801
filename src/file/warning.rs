//! Warnings in the log about the picture file that is read.

use std::cell::RefCell;
use std::fmt::Display;

thread_local! {
    static NAME: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Reads a file whose name its warnings begin with.
pub(super) fn about<T>(name: &str, read: impl FnOnce() -> T) -> T {
    let outer = NAME.replace(name.to_owned());
    let outcome = read();
    NAME.set(outer);
    outcome
}

/// To be called on the thread that reads the file; decoders' own threads do not know its name.
pub(super) fn say(what: impl Display) {
    NAME.with_borrow(|name| log::warn!("{name}: {what}"));
}
