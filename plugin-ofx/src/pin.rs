//! Keeping the node in its process on Windows; on Linux the linker is told to (`build.rs`).
#![allow(unsafe_code)]

use std::ffi::c_void;
use std::ptr;

/// `GET_MODULE_HANDLE_EX_FLAG_PIN`: until the process ends, however often it is freed.
const PIN: u32 = 1;
/// `GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS`: the module that an address lies in.
const FROM_ADDRESS: u32 = 4;

#[link(name = "kernel32")]
unsafe extern "system" {
    fn GetModuleHandleExW(flags: u32, address: *const u16, module: *mut *mut c_void) -> i32;
}

/// Has Windows keep this library whatever a host frees. Once is enough, more do no harm.
pub fn pin() {
    let here = (pin as fn() as *const ()).cast();
    let mut module = ptr::null_mut();
    // SAFETY: with `FROM_ADDRESS` Windows reads nothing at `here` but looks up the module around
    // it, which is the one that runs this; `module` has room for the handle, which is not used.
    // It cannot fail for code that runs.
    unsafe { GetModuleHandleExW(PIN | FROM_ADDRESS, here, &raw mut module) };
}
