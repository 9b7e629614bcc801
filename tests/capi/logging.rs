//! The process's log. One test, since the process has one.

use std::ffi::{CStr, CString, c_char, c_void};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Condvar, Mutex};
use std::time::Duration;
use std::{fs, ptr, thread};

use crate::abi::{self, checked};
use crate::fixtures;

/// An engine with a style of the user's own that cannot be read, which it warns of.
fn warner(folder: &CStr) -> *mut abi::Engine {
    let mut options = fixtures::engine_options();
    options.user_styles_path = folder.as_ptr();
    let mut engine = ptr::null_mut();
    // SAFETY: the folder's name outlives the call; room for a handle.
    assert_eq!(checked(unsafe { abi::impasto_engine_new(&options, &mut engine) }), abi::OK);
    engine
}

/// Lists the styles.
fn list(engine: *const abi::Engine) {
    let mut styles = ptr::null_mut();
    // SAFETY: the engine lives; the list is freed at once.
    unsafe {
        assert_eq!(checked(abi::impasto_engine_styles(engine, &mut styles)), abi::OK);
        abi::impasto_style_list_free(&mut styles);
    }
}

/// What the callbacks share.
struct Heard {
    engine: *const abi::Engine,
    folder: CString,
    count: AtomicU32,
}

/// Counts the warnings of the unreadable style; other tests have their own words to say.
unsafe extern "C" fn hear(user_data: *mut c_void, level: i32, message: *const c_char) {
    // SAFETY: what the test handed over; the message is valid during the call.
    let (heard, message) = unsafe { (&*user_data.cast::<Heard>(), CStr::from_ptr(message)) };
    assert!((1..=4).contains(&level));
    if !message.to_str().unwrap().contains("unreadable.toml") {
        return;
    }
    assert_eq!(level, 2);
    heard.count.fetch_add(1, Ordering::SeqCst);
    // Any function may be called, of the very engine that has something to say, too.
    let mut own = warner(&heard.folder);
    list(heard.engine);
    list(own);
    // SAFETY: made above; NULL is refused; a static name.
    unsafe {
        abi::impasto_engine_free(&mut own);
        assert_eq!(checked(abi::impasto_engine_prepare(ptr::null())), abi::ARGUMENT);
        let mut style = ptr::null_mut();
        let name = c"no-such-style".as_ptr();
        assert_ne!(abi::impasto_style_from_name(heard.engine, name, &mut style), abi::OK);
    }
    assert!(abi::last_error().contains("no-such-style"));
}

/// A callback that another thread waits for.
struct Slow {
    is_in: Mutex<bool>,
    changed: Condvar,
    may_go: AtomicBool,
    is_out: AtomicBool,
}

unsafe extern "C" fn linger(user_data: *mut c_void, _: i32, message: *const c_char) {
    // SAFETY: what the test handed over; the message is valid during the call.
    let (slow, message) = unsafe { (&*user_data.cast::<Slow>(), CStr::from_ptr(message)) };
    if !message.to_str().unwrap().contains("unreadable.toml") {
        return;
    }
    *slow.is_in.lock().unwrap() = true;
    slow.changed.notify_all();
    while !slow.may_go.load(Ordering::SeqCst) {
        thread::yield_now();
    }
    slow.is_out.store(true, Ordering::SeqCst);
}

/// Ends itself.
unsafe extern "C" fn leave(user_data: *mut c_void, _: i32, message: *const c_char) {
    // SAFETY: what the test handed over; the message is valid during the call.
    let (count, message) = unsafe { (&*user_data.cast::<AtomicU32>(), CStr::from_ptr(message)) };
    if message.to_str().unwrap().contains("unreadable.toml") {
        count.fetch_add(1, Ordering::SeqCst);
        // SAFETY: NULL is nobody.
        unsafe { abi::impasto_log_set(None, 0, ptr::null_mut()) };
    }
}

#[test]
fn the_log_is_told_once_and_where_no_lock_is_held() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("unreadable.toml"), "name = 1").unwrap();
    let folder = fixtures::path(folder.path());
    let [mut first, mut second] = [warner(&folder), warner(&folder)];

    let heard = Heard { engine: first, folder, count: AtomicU32::new(0) };
    let data = ptr::from_ref(&heard).cast_mut().cast();
    // SAFETY: the callback and its data live until another one is named.
    unsafe { abi::impasto_log_set(Some(hear), 2, data) };
    list(first);
    assert_eq!(heard.count.load(Ordering::SeqCst), 1, "each message once, though there are two");
    // The caller's own words stay the last, whatever the callback met.
    // SAFETY: the engine lives; a static name.
    let status = unsafe {
        abi::impasto_style_from_name(second, c"none of these".as_ptr(), &mut ptr::null_mut())
    };
    assert_eq!(checked(status), abi::ARGUMENT);
    assert!(abi::last_error().contains("none of these"), "{}", abi::last_error());
    // SAFETY: as above.
    let status = unsafe {
        abi::impasto_style_from_name(second, c"not-there".as_ptr(), &mut ptr::null_mut())
    };
    assert_ne!(checked(status), abi::OK);
    assert!(abi::last_error().contains("not-there"), "{}", abi::last_error());
    let count = heard.count.load(Ordering::SeqCst);
    assert!(count >= 2);
    // What matters less than was asked for is not told.
    // SAFETY: as above.
    unsafe { abi::impasto_log_set(Some(hear), 1, data) };
    list(first);
    assert_eq!(heard.count.load(Ordering::SeqCst), count);

    let slow = Slow {
        is_in: Mutex::new(false),
        changed: Condvar::new(),
        may_go: AtomicBool::new(false),
        is_out: AtomicBool::new(false),
    };
    // SAFETY: as above.
    unsafe { abi::impasto_log_set(Some(linger), 2, ptr::from_ref(&slow).cast_mut().cast()) };
    let engine = second as usize;
    thread::scope(|scope| {
        scope.spawn(move || list(engine as *const abi::Engine));
        let is_in = slow.is_in.lock().unwrap();
        drop(slow.changed.wait_while(is_in, |is_in| !*is_in).unwrap());
        scope.spawn(|| {
            // For as long as it takes to see whether the other waits.
            thread::sleep(Duration::from_millis(50));
            slow.may_go.store(true, Ordering::SeqCst);
        });
        // SAFETY: NULL is nobody.
        unsafe { abi::impasto_log_set(None, 0, ptr::null_mut()) };
        assert!(slow.is_out.load(Ordering::SeqCst), "the former callback still runs");
    });

    let left = AtomicU32::new(0);
    // SAFETY: as above.
    unsafe { abi::impasto_log_set(Some(leave), 2, ptr::from_ref(&left).cast_mut().cast()) };
    list(first);
    list(second);
    assert_eq!(left.load(Ordering::SeqCst), 1);
    // SAFETY: the engines are this test's own.
    unsafe {
        abi::impasto_engine_free(&mut first);
        abi::impasto_engine_free(&mut second);
    }
}
