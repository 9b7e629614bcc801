//! Rust functions that C calls: signals and timers.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::object::{Object, c_text};
use super::tables::{Int, Raw, gimp};

type Function = Box<dyn Fn()>;

/// Calls `function` whenever `object` emits `signal`.
pub fn connect(object: &Object, signal: &str, function: impl Fn() + 'static) {
    /// As with `g_signal_connect_swapped`, the data comes first, whatever else the signal gives.
    const SWAPPED: Int = 2;
    let data = Box::into_raw(Box::new(Box::new(function) as Function));
    let signal = c_text(signal);
    // SAFETY: the object lives; the data does until `release` is called with it.
    unsafe {
        (gimp().g_signal_connect_data)(
            object.raw(),
            signal.as_ptr(),
            call as *const () as Raw,
            data.cast(),
            release as *const () as Raw,
            SWAPPED,
        )
    };
}

type WithArgument = Box<dyn Fn(Raw) -> bool>;

/// Calls `function` with what `object` emits with `signal`, which is lent; what it returns says
/// whether nobody else is to hear of it.
pub fn connect_with(object: &Object, signal: &str, function: impl Fn(Raw) -> bool + 'static) {
    const SWAPPED: Int = 2;
    let data = Box::into_raw(Box::new(Box::new(function) as WithArgument));
    let signal = c_text(signal);
    // SAFETY: the object lives; the signal has an argument and a boolean answer, as `call_with`
    // takes and gives them; the data does until `release_with` is called with it.
    unsafe {
        (gimp().g_signal_connect_data)(
            object.raw(),
            signal.as_ptr(),
            call_with as *const () as Raw,
            data.cast(),
            release_with as *const () as Raw,
            SWAPPED,
        )
    };
}

extern "C" fn call_with(data: *const WithArgument, argument: Raw) -> Int {
    // SAFETY: `connect_with` gave it, and it is not released yet.
    let function = unsafe { &*data };
    // Unwinding must not reach C. What was printed says where it happened.
    catch_unwind(AssertUnwindSafe(|| function(argument))).unwrap_or(false).into()
}

extern "C" fn release_with(data: *mut WithArgument, _closure: Raw) {
    // SAFETY: made by `Box::into_raw`, and this is called once.
    drop(unsafe { Box::from_raw(data) });
}

type WithNumber = Box<dyn Fn(Int)>;

/// Calls `function` with the number that `object` emits with `signal`.
pub fn connect_number(object: &Object, signal: &str, function: impl Fn(Int) + 'static) {
    const SWAPPED: Int = 2;
    let data = Box::into_raw(Box::new(Box::new(function) as WithNumber));
    let signal = c_text(signal);
    // SAFETY: the object lives; the signal has a number and no answer, as `call_number` takes; the
    // data lives until `release_number` is called with it.
    unsafe {
        (gimp().g_signal_connect_data)(
            object.raw(),
            signal.as_ptr(),
            call_number as *const () as Raw,
            data.cast(),
            release_number as *const () as Raw,
            SWAPPED,
        )
    };
}

extern "C" fn call_number(data: *const WithNumber, number: Int) {
    // SAFETY: `connect_number` gave it, and it is not released yet.
    let function = unsafe { &*data };
    // Unwinding must not reach C. What was printed says where it happened.
    let _ = catch_unwind(AssertUnwindSafe(|| function(number)));
}

extern "C" fn release_number(data: *mut WithNumber, _closure: Raw) {
    // SAFETY: made by `Box::into_raw`, and this is called once.
    drop(unsafe { Box::from_raw(data) });
}

/// Calls a function again and again until it is dropped.
#[derive(Debug)]
pub struct Timer(u32);

/// Calls `function` every `milliseconds` while GTK waits for events.
pub fn every(milliseconds: u32, function: impl Fn() + 'static) -> Timer {
    const DEFAULT_PRIORITY: Int = 0;
    let data = Box::into_raw(Box::new(Box::new(function) as Function));
    // SAFETY: the data lives until `release_timer` is called with it.
    Timer(unsafe {
        (gimp().g_timeout_add_full)(
            DEFAULT_PRIORITY,
            milliseconds,
            tick as *const () as Raw,
            data.cast(),
            release_timer as *const () as Raw,
        )
    })
}

impl Drop for Timer {
    fn drop(&mut self) {
        // SAFETY: `tick` never ends the timer, so it is still there.
        unsafe { (gimp().g_source_remove)(self.0) };
    }
}

extern "C" fn call(data: *const Function) {
    // SAFETY: `connect` and `every` gave it, and it is not released yet.
    let function = unsafe { &*data };
    // Unwinding must not reach C. What was printed says where it happened.
    let _ = catch_unwind(AssertUnwindSafe(function));
}

extern "C" fn tick(data: *const Function) -> Int {
    call(data);
    1
}

extern "C" fn release(data: *mut Function, _closure: Raw) {
    release_timer(data);
}

extern "C" fn release_timer(data: *mut Function) {
    // SAFETY: made by `Box::into_raw`, and this is called once.
    drop(unsafe { Box::from_raw(data) });
}
