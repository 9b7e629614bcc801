//! One pool of memory for all networks.
//!
//! By default every session keeps a pool of its own. The fast method makes a session for each
//! picture, and a fresh pool costs a tenth of the time in page faults; a shared one also holds the
//! memory of only one network at a time.
#![allow(unsafe_code)]

use std::ptr;

use ort::AsPointer;
use ort::environment::Environment;
use ort::sys::{OrtAllocatorType, OrtMemType, OrtStatusPtr};

/// Registers the pool that sessions with `with_env_allocators` share.
pub(super) fn share(environment: &Environment) -> ort::Result<()> {
    let api = ort::api();
    // SAFETY (all blocks): the functions come from the loaded runtime's own table; `check` takes
    // ownership of each status; outputs are written before they are read; the two descriptions
    // are released after the runtime has copied them, on failure too.
    let check = |status: OrtStatusPtr| unsafe { ort::Error::result_from_status(status) };
    let mut memory = ptr::null_mut();
    check(unsafe {
        (api.CreateCpuMemoryInfo)(
            OrtAllocatorType::OrtArenaAllocator,
            OrtMemType::OrtMemTypeDefault,
            &mut memory,
        )
    })?;
    let mut arena = ptr::null_mut();
    // Default size limit, extended by powers of two, default chunks.
    let created = check(unsafe { (api.CreateArenaCfg)(0, -1, -1, -1, &mut arena) });
    let registered = created.and_then(|()| {
        let environment = environment.ptr().cast_mut();
        let registered =
            check(unsafe { (api.CreateAndRegisterAllocator)(environment, memory, arena) });
        unsafe { (api.ReleaseArenaCfg)(arena) };
        registered
    });
    unsafe { (api.ReleaseMemoryInfo)(memory) };
    registered
}
