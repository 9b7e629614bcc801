//! Log messages to the host.

use std::ffi::{c_char, c_void};
use std::sync::Once;

use ::log::LevelFilter;

use super::fence::fenced_or;
use super::log_level::impasto_log_level::*;
use super::log_post::{self, Receiver};

/// Receives a log message, on a thread that called the library: before its function returns, and
/// before progress is told. Several threads may call it at once. It may call any function of this
/// library; what those have to log is not told.
///
/// @param user_data what `impasto_log_set` was given
/// @param level an `impasto_log_level`
/// @param message UTF-8; valid during the call only
pub type impasto_log_callback =
    Option<unsafe extern "C" fn(user_data: *mut c_void, level: i32, message: *const c_char)>;

/// Names who hears what the library has to log, in place of who did; the process has one. When
/// this returns, no other thread is in the former callback any more, and its data may be freed. A
/// callback may call this itself; it does not wait for itself.
///
/// @param callback NULL for nobody
/// @param level the least that matters to it: an `impasto_log_level`
/// @param user_data handed to the callback
///
/// # Safety
/// Any thread may call `callback` with `user_data`, until another one is named.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn impasto_log_set(
    callback: impasto_log_callback,
    level: i32,
    user_data: *mut c_void,
) {
    static INSTALL: Once = Once::new();
    fenced_or((), || {
        INSTALL.call_once(|| {
            // In a shared library the logger is ours alone.
            let _ = ::log::set_logger(&log_post::Forwarder);
        });
        let process = std::process::id();
        let receiver = callback.map(|callback| Receiver { callback, user_data, process });
        let level = match (&receiver, level) {
            (None, _) => LevelFilter::Off,
            (_, level) if level <= IMPASTO_LOG_OFF as i32 => LevelFilter::Off,
            (_, level) if level == IMPASTO_LOG_ERROR as i32 => LevelFilter::Error,
            (_, level) if level == IMPASTO_LOG_WARNING as i32 => LevelFilter::Warn,
            (_, level) if level == IMPASTO_LOG_INFO as i32 => LevelFilter::Info,
            _ => LevelFilter::Debug,
        };
        log_post::hear(receiver, level);
    });
}
