//! One pool of memory for all networks, while there is anyone to use it.
//!
//! By default every session keeps a pool of its own. The fast method makes a session for each
//! picture, and a fresh pool costs a tenth of the time in page faults; a shared one also holds the
//! memory of only one network at a time. It never shrinks, so it goes when no one holds a [`Share`].
#![allow(unsafe_code)]

use std::ptr;
use std::sync::{Mutex, PoisonError, RwLock};

use ort::AsPointer;
use ort::environment::Environment;
use ort::sys::{OrtAllocatorType, OrtMemType, OrtMemoryInfo};

use super::status::check;

/// How many shares there are in the pool.
static SHARES: Mutex<usize> = Mutex::new(0);

/// Held while sessions are made: by one alone where the pool is another.
static MAKING: RwLock<()> = RwLock::new(());

/// Makes a session, which keeps the pool that it finds. With a limit that is one of its own, which
/// never holds more bytes. There is a [`Share`] meanwhile.
pub(super) fn within<T>(
    environment: &Environment,
    limit: Option<u64>,
    make: impl FnOnce() -> ort::Result<T>,
) -> ort::Result<T> {
    let Some(limit) = limit else {
        let _with_others = MAKING.read().unwrap_or_else(PoisonError::into_inner);
        return make();
    };
    let _alone = MAKING.write().unwrap_or_else(PoisonError::into_inner);
    let limit = usize::try_from(limit).unwrap_or(usize::MAX).max(1);
    of_processor(|memory| {
        unregister(environment, memory)?;
        let made = register(environment, memory, limit).and_then(|()| {
            let made = make();
            unregister(environment, memory)?;
            made
        });
        register(environment, memory, NO_LIMIT)?;
        made
    })
}

/// A share in the pool of an environment. Sessions that were made while there was one keep its
/// memory for as long as they live.
pub(super) struct Share(&'static Environment);

impl Share {
    /// Registers the pool for sessions with `with_env_allocators`, if this is the first share.
    pub fn new(environment: &'static Environment) -> ort::Result<Self> {
        let mut shares = SHARES.lock().unwrap_or_else(PoisonError::into_inner);
        if *shares == 0 {
            of_processor(|memory| register(environment, memory, NO_LIMIT))?;
        }
        *shares += 1;
        Ok(Self(environment))
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        let mut shares = SHARES.lock().unwrap_or_else(PoisonError::into_inner);
        *shares -= 1;
        if *shares > 0 {
            return;
        }
        if let Err(e) = of_processor(|memory| unregister(self.0, memory)) {
            log::warn!("cannot give the networks' memory back: {}", e.message());
        }
        give_free_pages_back();
    }
}

impl Clone for Share {
    fn clone(&self) -> Self {
        *SHARES.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        Self(self.0)
    }
}

/// glibc keeps what was freed, of each thread that there ever was, for the next who asks: 100 MiB
/// after a few paintings, which a host would have to live with. This gives back all but the ends of
/// threads' heaps.
fn give_free_pages_back() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    {
        unsafe extern "C" {
            fn malloc_trim(pad: usize) -> std::ffi::c_int;
        }
        // SAFETY: the function is glibc's, with this signature, and may be called at any time from
        // any thread; it touches no memory that is in use.
        unsafe { malloc_trim(0) };
    }
}

/// Hands the description of the processor's pooled memory to `work`.
fn of_processor<T>(work: impl FnOnce(*const OrtMemoryInfo) -> ort::Result<T>) -> ort::Result<T> {
    let api = ort::api();
    let mut memory = ptr::null_mut();
    // SAFETY: the function is the loaded runtime's own, and writes a description to `memory` or
    // returns an error.
    let status = unsafe {
        (api.CreateCpuMemoryInfo)(
            OrtAllocatorType::OrtArenaAllocator,
            OrtMemType::OrtMemTypeDefault,
            &mut memory,
        )
    };
    check(status)?;
    let worked = work(memory);
    // SAFETY: `memory` was made above and is not used after this; the runtime copies what it keeps
    // of it.
    unsafe { (api.ReleaseMemoryInfo)(memory) };
    worked
}

const NO_LIMIT: usize = 0;

fn register(
    environment: &Environment,
    memory: *const OrtMemoryInfo,
    limit: usize,
) -> ort::Result<()> {
    let api = ort::api();
    let mut settings = ptr::null_mut();
    // SAFETY: the function is the loaded runtime's own, and writes settings to `settings` or
    // returns an error. -1 is its default: extended by powers of two, chunks of the usual
    // sizes.
    check(unsafe { (api.CreateArenaCfg)(limit, -1, -1, -1, &mut settings) })?;
    // SAFETY: the environment lives as long as the process, both descriptions were made and are not
    // yet released; the runtime copies them.
    let status =
        unsafe { (api.CreateAndRegisterAllocator)(environment.ptr().cast_mut(), memory, settings) };
    // SAFETY: `settings` was made above and is not used after this.
    unsafe { (api.ReleaseArenaCfg)(settings) };
    check(status)
}

fn unregister(environment: &Environment, memory: *const OrtMemoryInfo) -> ort::Result<()> {
    // SAFETY: the environment lives as long as the process, and the description until this returns.
    // Sessions hold the pool themselves: none loses memory that it uses.
    check(unsafe { (ort::api().UnregisterAllocator)(environment.ptr().cast_mut(), memory) })
}
