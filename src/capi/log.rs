//! Log messages to the host.

use std::cell::Cell;
use std::collections::VecDeque;
use std::ffi::{CString, c_char, c_void};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, Once, PoisonError};

use ::log::{Level, LevelFilter, Log, Metadata, Record};
use impasto_log_level::*;

use super::fence::fenced_or;

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

/// Receives a log message, on a thread that called the library: before its function returns, and
/// before progress is told. Several threads may call it at once. It may call any function of this
/// library; what those have to log is not told.
///
/// @param user_data what `impasto_log_set` was given
/// @param level an `impasto_log_level`
/// @param message UTF-8; valid during the call only
pub type impasto_log_callback =
    Option<unsafe extern "C" fn(user_data: *mut c_void, level: i32, message: *const c_char)>;

struct Receiver {
    callback: unsafe extern "C" fn(*mut c_void, i32, *const c_char),
    user_data: *mut c_void,
    /// The process that named it: in a forked one the threads that were in it are gone.
    process: u32,
}

// SAFETY: `impasto_log_set` asks for a callback that any thread may call with its data.
unsafe impl Send for Receiver {}
// SAFETY: it asks for one that several threads may call at once.
unsafe impl Sync for Receiver {}

struct Message {
    level: i32,
    words: CString,
}

/// Who hears, and what was not told yet. Messages arise under locks of the engine and of ONNX
/// Runtime, so they wait until their thread, or another one, holds none.
struct Post {
    receiver: Option<Arc<Receiver>>,
    /// The receiver's each time that a thread is in it.
    calls: Vec<Arc<Receiver>>,
    waiting: VecDeque<Message>,
}

static POST: Mutex<Post> =
    Mutex::new(Post { receiver: None, calls: Vec::new(), waiting: VecDeque::new() });
/// A call of a receiver ended.
static ENDED: Condvar = Condvar::new();
/// Whether messages wait: most functions have nothing to tell.
static WAITS: AtomicBool = AtomicBool::new(false);

thread_local! {
    /// The receiver that this thread is in.
    static WITHIN: Cell<*const Receiver> = const { Cell::new(std::ptr::null()) };
}

fn post() -> MutexGuard<'static, Post> {
    POST.lock().unwrap_or_else(PoisonError::into_inner)
}

fn within() -> *const Receiver {
    WITHIN.try_with(Cell::get).unwrap_or(std::ptr::null())
}

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
            let _ = ::log::set_logger(&Forwarder);
        });
        let process = std::process::id();
        let receiver = callback.map(|callback| Arc::new(Receiver { callback, user_data, process }));
        let level = match (&receiver, level) {
            (None, _) => LevelFilter::Off,
            (_, level) if level <= IMPASTO_LOG_OFF as i32 => LevelFilter::Off,
            (_, level) if level == IMPASTO_LOG_ERROR as i32 => LevelFilter::Error,
            (_, level) if level == IMPASTO_LOG_WARNING as i32 => LevelFilter::Warn,
            (_, level) if level == IMPASTO_LOG_INFO as i32 => LevelFilter::Info,
            _ => LevelFilter::Debug,
        };
        let mut post = post();
        ::log::set_max_level(level);
        // What was logged for another is nothing to this one.
        post.waiting.clear();
        let Some(former) = std::mem::replace(&mut post.receiver, receiver) else { return };
        if former.process != process {
            return;
        }
        let own = usize::from(within() == Arc::as_ptr(&former));
        let others =
            |post: &Post| post.calls.iter().filter(|call| Arc::ptr_eq(call, &former)).count() > own;
        while others(&post) {
            post = ENDED.wait(post).unwrap_or_else(PoisonError::into_inner);
        }
    });
}

/// Tells what was logged. The calling thread holds no lock.
pub(super) fn deliver() {
    if !WAITS.load(Ordering::Relaxed) || !within().is_null() {
        return;
    }
    loop {
        let mut held = post();
        let (Some(receiver), Some(message)) = (held.receiver.clone(), held.waiting.pop_front())
        else {
            held.waiting.clear();
            WAITS.store(false, Ordering::Relaxed);
            return;
        };
        held.calls.push(Arc::clone(&receiver));
        drop(held);
        let _ = WITHIN.try_with(|within| within.set(Arc::as_ptr(&receiver)));
        // SAFETY: `impasto_log_set` was given the callback with its data, which stay valid while
        // this call is in `calls`: who replaces them waits for that.
        unsafe { (receiver.callback)(receiver.user_data, message.level, message.words.as_ptr()) };
        let _ = WITHIN.try_with(|within| within.set(std::ptr::null()));
        let mut held = post();
        let own = held.calls.iter().position(|call| Arc::ptr_eq(call, &receiver));
        own.map(|own| held.calls.swap_remove(own));
        ENDED.notify_all();
    }
}

struct Forwarder;

impl Log for Forwarder {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("impasto") || metadata.target() == "onnxruntime"
    }

    fn log(&self, record: &Record<'_>) {
        // A callback that causes messages would never come to an end.
        if !self.enabled(record.metadata()) || !within().is_null() {
            return;
        }
        let level = match record.level() {
            Level::Error => IMPASTO_LOG_ERROR,
            Level::Warn => IMPASTO_LOG_WARNING,
            Level::Info => IMPASTO_LOG_INFO,
            Level::Debug | Level::Trace => IMPASTO_LOG_DEBUG,
        } as i32;
        let words = CString::new(record.args().to_string().replace('\0', " ")).unwrap_or_default();
        post().waiting.push_back(Message { level, words });
        WAITS.store(true, Ordering::Relaxed);
    }

    fn flush(&self) {}
}
