//! What was logged and waits for the host to hear it.

use std::cell::Cell;
use std::collections::VecDeque;
use std::ffi::{CString, c_char, c_void};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use ::log::{Level, LevelFilter, Log, Metadata, Record};

use super::log_level::impasto_log_level::*;

pub(super) struct Receiver {
    pub(super) callback: unsafe extern "C" fn(*mut c_void, i32, *const c_char),
    pub(super) user_data: *mut c_void,
    /// The process that named it: in a forked one the threads that were in it are gone.
    pub(super) process: u32,
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

/// Names who hears from now on what matters at least as much as `level`. When this returns, no
/// other thread is in the former callback any more; a callback does not wait for itself.
pub(super) fn hear(receiver: Option<Receiver>, level: LevelFilter) {
    let mut post = post();
    ::log::set_max_level(level);
    // What was logged for another is nothing to this one.
    post.waiting.clear();
    let Some(former) = std::mem::replace(&mut post.receiver, receiver.map(Arc::new)) else {
        return;
    };
    if former.process != std::process::id() {
        return;
    }
    let own = usize::from(within() == Arc::as_ptr(&former));
    let others =
        |post: &Post| post.calls.iter().filter(|call| Arc::ptr_eq(call, &former)).count() > own;
    while others(&post) {
        post = ENDED.wait(post).unwrap_or_else(PoisonError::into_inner);
    }
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

/// Takes what the library logs.
pub(super) struct Forwarder;

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
