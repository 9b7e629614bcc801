//! Log messages to the host.

use std::ffi::{CString, c_char, c_void};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Once, PoisonError, RwLock};

use impasto_log_level::*;
use log::{Level, LevelFilter, Log, Metadata, Record};

/// How much a log message matters; lower numbers matter more.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum impasto_log_level {
    /// No messages.
    IMPASTO_LOG_OFF = 0,
    /// Something failed.
    IMPASTO_LOG_ERROR = 1,
    /// Something is not as it should be.
    IMPASTO_LOG_WARNING = 2,
    /// What was chosen.
    IMPASTO_LOG_INFO = 3,
    /// For a closer look.
    IMPASTO_LOG_DEBUG = 4,
}

/// Receives a log message. It may be called from any thread, several at once, and must not call
/// functions of this library.
///
/// @param user_data what the engine's options hold
/// @param level an `impasto_log_level`
/// @param message UTF-8; valid during the call only
pub type impasto_log_callback =
    Option<unsafe extern "C" fn(user_data: *mut c_void, level: i32, message: *const c_char)>;

struct Receiver {
    id: u64,
    level: LevelFilter,
    callback: unsafe extern "C" fn(*mut c_void, i32, *const c_char),
    user_data: *mut c_void,
}

// SAFETY: the documentation asks for a callback that any thread may call with its data.
unsafe impl Send for Receiver {}
// SAFETY: as above.
unsafe impl Sync for Receiver {}

static RECEIVERS: RwLock<Vec<Receiver>> = RwLock::new(Vec::new());

/// Keeps a callback registered.
pub(super) struct Registration(u64);

/// Registers a host's callback until the registration is dropped.
pub(super) fn register(
    callback: impasto_log_callback,
    level: i32,
    user_data: *mut c_void,
) -> Option<Registration> {
    static INSTALL: Once = Once::new();
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let callback = callback?;
    INSTALL.call_once(|| {
        // In a shared library the logger is ours alone.
        let _ = log::set_logger(&Forwarder);
    });
    let level = match level {
        level if level <= IMPASTO_LOG_OFF as i32 => LevelFilter::Off,
        level if level == IMPASTO_LOG_ERROR as i32 => LevelFilter::Error,
        level if level == IMPASTO_LOG_WARNING as i32 => LevelFilter::Warn,
        level if level == IMPASTO_LOG_INFO as i32 => LevelFilter::Info,
        _ => LevelFilter::Debug,
    };
    let id = NEXT.fetch_add(1, Ordering::Relaxed);
    let mut receivers = RECEIVERS.write().unwrap_or_else(PoisonError::into_inner);
    receivers.push(Receiver { id, level, callback, user_data });
    update_level(&receivers);
    Some(Registration(id))
}

impl Drop for Registration {
    fn drop(&mut self) {
        let mut receivers = RECEIVERS.write().unwrap_or_else(PoisonError::into_inner);
        receivers.retain(|receiver| receiver.id != self.0);
        update_level(&receivers);
    }
}

fn update_level(receivers: &[Receiver]) {
    let level = receivers.iter().map(|receiver| receiver.level).max();
    log::set_max_level(level.unwrap_or(LevelFilter::Off));
}

struct Forwarder;

impl Log for Forwarder {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("impasto") || metadata.target() == "onnxruntime"
    }

    fn log(&self, record: &Record<'_>) {
        if !self.enabled(record.metadata()) {
            return;
        }
        let level = match record.level() {
            Level::Error => IMPASTO_LOG_ERROR,
            Level::Warn => IMPASTO_LOG_WARNING,
            Level::Info => IMPASTO_LOG_INFO,
            Level::Debug | Level::Trace => IMPASTO_LOG_DEBUG,
        } as i32;
        let message = CString::new(record.args().to_string().replace('\0', " "));
        let message = message.unwrap_or_default();
        let receivers = RECEIVERS.read().unwrap_or_else(PoisonError::into_inner);
        for receiver in receivers.iter().filter(|receiver| record.level() <= receiver.level) {
            // SAFETY: the engine that registered the callback is alive: freeing it waits for the
            // lock that is held here.
            unsafe { (receiver.callback)(receiver.user_data, level, message.as_ptr()) };
        }
    }

    fn flush(&self) {}
}
