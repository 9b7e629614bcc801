//! Keeping this library in the process: ONNX Runtime, which stays too, keeps addresses in it. On
//! Linux the linker is told so.

#[cfg(not(windows))]
pub(super) fn pin() {}

/// Makes unloading this library do nothing.
#[cfg(windows)]
pub(super) fn pin() {
    use std::ffi::c_void;
    use std::sync::Once;

    const PIN: u32 = 1;
    const FROM_ADDRESS: u32 = 4;

    #[link(name = "kernel32")]
    unsafe extern "system" {
        fn GetModuleHandleExW(flags: u32, name: *const u16, module: *mut *mut c_void) -> i32;
    }

    static PINNED: Once = Once::new();
    PINNED.call_once(|| {
        let mut module = std::ptr::null_mut();
        let own = pin as fn() as *const u16;
        // SAFETY: with FROM_ADDRESS the name is any address in the module, which this function's
        // is; `module` is room for the handle, which PIN makes one that need not be released.
        let pinned = unsafe { GetModuleHandleExW(FROM_ADDRESS | PIN, own, &mut module) };
        if pinned == 0 {
            ::log::warn!("the library cannot be kept in the process: do not unload it");
        }
    });
}
