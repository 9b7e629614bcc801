//! Where the program or the shared library lies that contains this crate.

use std::ffi::c_void;
use std::path::PathBuf;

/// Its file by its full path; never by the working directory.
pub(crate) fn module_path() -> Option<PathBuf> {
    // A program may be known to the loader by the relative name that it was started with.
    let module = loaded_from(module_path as *const c_void).filter(|path| path.is_absolute());
    module.or_else(|| std::env::current_exe().ok())
}

/// The file that the code at `address` was loaded from, as the loader calls it.
#[cfg(unix)]
fn loaded_from(address: *const c_void) -> Option<PathBuf> {
    use std::ffi::{CStr, OsStr, c_char, c_int};
    use std::os::unix::ffi::OsStrExt;

    /// `Dl_info`.
    #[repr(C)]
    struct Info {
        file_name: *const c_char,
        file_base: *mut c_void,
        symbol_name: *const c_char,
        symbol_address: *mut c_void,
    }

    unsafe extern "C" {
        fn dladdr(address: *const c_void, info: *mut Info) -> c_int;
    }

    let mut info = Info {
        file_name: std::ptr::null(),
        file_base: std::ptr::null_mut(),
        symbol_name: std::ptr::null(),
        symbol_address: std::ptr::null_mut(),
    };
    // SAFETY: the C library declares it so; it takes any address and fills in the struct.
    let is_known = unsafe { dladdr(address, &mut info) } != 0;
    if !is_known || info.file_name.is_null() {
        return None;
    }
    // SAFETY: a string that ends with NUL and lives as long as the module, which is our own.
    let name = unsafe { CStr::from_ptr(info.file_name) };
    Some(PathBuf::from(OsStr::from_bytes(name.to_bytes())))
}

/// The file that the code at `address` was loaded from, as the loader calls it.
#[cfg(windows)]
fn loaded_from(address: *const c_void) -> Option<PathBuf> {
    use std::ffi::OsString;
    use std::os::windows::ffi::OsStringExt;

    const FROM_ADDRESS: u32 = 4;
    const UNCHANGED_REFCOUNT: u32 = 2;
    /// The longest path that Windows knows.
    const LONGEST: usize = 32_768;

    #[link(name = "kernel32")]
    unsafe extern "system" {
        fn GetModuleHandleExW(flags: u32, address: *const c_void, module: *mut *mut c_void) -> i32;
        fn GetModuleFileNameW(module: *mut c_void, name: *mut u16, size: u32) -> u32;
    }

    let mut module = std::ptr::null_mut();
    // SAFETY: with FROM_ADDRESS it takes any address, and it writes one handle.
    let is_known =
        unsafe { GetModuleHandleExW(FROM_ADDRESS | UNCHANGED_REFCOUNT, address, &mut module) } != 0;
    let mut name = vec![0_u16; LONGEST];
    // SAFETY: the module is the one that runs this code, or NULL, which stands for the program;
    // there is room for LONGEST units.
    let length = unsafe { GetModuleFileNameW(module, name.as_mut_ptr(), LONGEST as u32) };
    let name = name.get(..length as usize).filter(|name| is_known && !name.is_empty())?;
    Some(PathBuf::from(OsString::from_wide(name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_its_own_module() {
        let program = std::env::current_exe().unwrap().canonicalize().unwrap();
        assert_eq!(module_path().and_then(|path| path.canonicalize().ok()), Some(program));
    }

    #[cfg(unix)]
    #[test]
    fn code_of_no_module_is_nowhere() {
        assert_eq!(loaded_from(std::ptr::null()), None);
    }
}
