//! What GEGL calls when it loads the module.

use std::ffi::{c_char, c_uint};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr::null;

use libloading::os::unix::{Library, RTLD_LAZY};

use super::class::{self, FilterClass, Instance};
use super::host::own_path;
use super::message::print;
use super::operation;
use super::tables::{Int, Raw, load};

/// `GEGL_MODULE_ABI_VERSION`
const ABI: u32 = 0x000A;

/// `GeglModuleInfo`
#[repr(C)]
struct ModuleInfo {
    abi_version: u32,
}

/// `GTypeInfo`
#[repr(C)]
struct TypeInfo {
    class_size: u16,
    base_init: *const (),
    base_finalize: *const (),
    class_init: unsafe extern "C" fn(*mut FilterClass, Raw),
    class_finalize: *const (),
    class_data: *const (),
    instance_size: u16,
    preallocated: u16,
    instance_init: unsafe extern "C" fn(*mut Instance, Raw),
    value_table: *const (),
}

/// Says which GEGL this is for.
#[unsafe(no_mangle)]
extern "C" fn gegl_module_query(_module: Raw) -> *const c_char {
    static INFO: ModuleInfo = ModuleInfo { abi_version: ABI };
    (&raw const INFO).cast()
}

/// Registers the operation.
#[unsafe(no_mangle)]
extern "C" fn gegl_module_register(module: Raw) -> Int {
    const DONE: Int = 1;
    // What cannot be registered is left out: a message of GEGL's about it at each start would be in
    // the way of people who only want to use GIMP.
    match catch_unwind(AssertUnwindSafe(|| register(module))) {
        Ok(Ok(())) => {}
        Ok(Err(why)) => print(&format!("impasto: there is no layer effect: {why}")),
        Err(_) => print("impasto: there is no layer effect: this is a defect in Impasto"),
    }
    DONE
}

fn register(module: Raw) -> Result<(), String> {
    let gegl = load()?;
    class::check(gegl)?;
    stay();
    let size = |bytes: usize| u16::try_from(bytes).unwrap_or(0);
    let mut info = TypeInfo {
        class_size: size(size_of::<FilterClass>()),
        base_init: null(),
        base_finalize: null(),
        class_init: operation::init_class,
        class_finalize: null(),
        class_data: null(),
        instance_size: size(size_of::<Instance>()),
        preallocated: 0,
        instance_init: operation::init_instance,
        value_table: null(),
    };
    const NO_FLAGS: c_uint = 0;
    // SAFETY: GEGL gives its module; the sizes are the parent's, with a field behind the instance;
    // the description is copied.
    unsafe {
        let parent = (gegl.gegl_operation_filter_get_type)();
        let info = (&raw mut info).cast();
        let name = c"ImpastoPaint".as_ptr();
        (gegl.gegl_module_register_type)(module, parent, name, info, NO_FLAGS);
    }
    Ok(())
}

/// Types that refer to this module outlive what GEGL knows of it.
fn stay() {
    if let Some(path) = own_path() {
        // SAFETY: the module is loaded already.
        if let Ok(library) = unsafe { Library::open(Some(path), RTLD_LAZY) } {
            std::mem::forget(library);
        }
    }
}
