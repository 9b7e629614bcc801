//! Rust functions that C calls: signals and timers.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::object::{Object, c_text};
use super::tables::{Int, Raw, gimp};

/// Calls `function` whenever `object` emits `signal`.
pub fn connect<F: Fn() + 'static>(object: &Object, signal: &str, function: F) {
    // SAFETY: whatever else the signal gives, `call` takes the function that comes first.
    unsafe { attach(object, signal, function, call::<F> as *const () as Raw) };
}

/// Calls `function` with what `object` emits with `signal`, which is lent; what it returns says
/// whether nobody else is to hear of it.
pub fn connect_with<F: Fn(Raw) -> bool + 'static>(object: &Object, signal: &str, function: F) {
    extern "C" fn call_with<F: Fn(Raw) -> bool>(function: *const F, argument: Raw) -> Int {
        // SAFETY: `attach` gave it, and it is not released yet.
        fenced(false, || unsafe { &*function }(argument)).into()
    }
    // SAFETY: the signal has an argument and a boolean answer.
    unsafe { attach(object, signal, function, call_with::<F> as *const () as Raw) };
}

/// Calls `function` with the number that `object` emits with `signal`.
pub fn connect_number<F: Fn(Int) + 'static>(object: &Object, signal: &str, function: F) {
    extern "C" fn call_number<F: Fn(Int)>(function: *const F, number: Int) {
        // SAFETY: `attach` gave it, and it is not released yet.
        fenced((), || unsafe { &*function }(number));
    }
    // SAFETY: the signal has a number and no answer.
    unsafe { attach(object, signal, function, call_number::<F> as *const () as Raw) };
}

/// # Safety
/// `handler` takes a pointer to `F` and what the signal gives, and answers as the signal wants.
unsafe fn attach<F: 'static>(object: &Object, signal: &str, function: F, handler: Raw) {
    /// As with `g_signal_connect_swapped`, the data comes first.
    const SWAPPED: Int = 2;
    let data = Box::into_raw(Box::new(function)).cast();
    let signal = c_text(signal);
    let release = release_closure::<F> as *const () as Raw;
    // SAFETY: the object lives; the data does until it is released; of the handler the caller says
    // that it fits.
    unsafe {
        let connect = gimp().g_signal_connect_data;
        connect(object.raw(), signal.as_ptr(), handler, data, release, SWAPPED);
    }
}

/// Calls a function again and again until it is dropped.
#[derive(Debug)]
pub struct Timer(u32);

/// Calls `function` every `milliseconds` while GTK waits for events.
pub fn every<F: Fn() + 'static>(milliseconds: u32, function: F) -> Timer {
    const DEFAULT_PRIORITY: Int = 0;
    let data = Box::into_raw(Box::new(function));
    // SAFETY: the data lives until `release` is called with it.
    Timer(unsafe {
        (gimp().g_timeout_add_full)(
            DEFAULT_PRIORITY,
            milliseconds,
            tick::<F> as *const () as Raw,
            data.cast(),
            release::<F> as *const () as Raw,
        )
    })
}

impl Drop for Timer {
    fn drop(&mut self) {
        // SAFETY: `tick` never ends the timer, so it is still there.
        unsafe { (gimp().g_source_remove)(self.0) };
    }
}

extern "C" fn call<F: Fn()>(function: *const F) {
    // SAFETY: `attach` or `every` gave it, and it is not released yet.
    fenced((), unsafe { &*function });
}

extern "C" fn tick<F: Fn()>(function: *const F) -> Int {
    call(function);
    1
}

/// Unwinding must not reach C. What was printed says where it happened.
fn fenced<T>(otherwise: T, work: impl FnOnce() -> T) -> T {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or(otherwise)
}

extern "C" fn release_closure<F>(function: *mut F, _closure: Raw) {
    release(function);
}

extern "C" fn release<F>(function: *mut F) {
    // SAFETY: made by `Box::into_raw`, and this is called once.
    drop(unsafe { Box::from_raw(function) });
}
