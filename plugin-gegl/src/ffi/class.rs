//! The structures of GObject's and GEGL's classes, as they are in GEGL 0.4.

use std::ffi::{c_uint, c_void};

use super::buffer::Rectangle;
use super::instance::Values;
use super::tables::{Gegl, Int, Raw, Text, Type};

/// `GObjectClass`
#[repr(C)]
pub struct ObjectClass {
    own_type: [usize; 2],
    constructor: *const (),
    pub set_property: unsafe extern "C" fn(Raw, c_uint, Raw, Raw),
    pub get_property: unsafe extern "C" fn(Raw, c_uint, Raw, Raw),
    dispose: *const (),
    pub finalize: Option<unsafe extern "C" fn(Raw)>,
    rest: [usize; 10],
}

/// `GeglOperationClass`
#[repr(C)]
pub struct OperationClass {
    pub object: ObjectClass,
    name: Text,
    compat_name: Text,
    keys: Raw,
    /// `no_cache`, `opencl_support`, `want_in_place` and `threaded` of one bit each, and
    /// `cache_policy` of two, from the lowest on.
    pub flags: u64,
    attach: *const (),
    pub prepare: unsafe extern "C" fn(Raw),
    pub get_bounding_box: unsafe extern "C" fn(Raw) -> Rectangle,
    pub get_invalidated_by_change: WholeOf,
    pub get_required_for_output: WholeOf,
    pub get_cached_region: unsafe extern "C" fn(Raw, *const Rectangle) -> Rectangle,
    process: *const (),
    detect: *const (),
    cl_data: *const c_void,
    is_available: *const (),
    pad: [usize; 8],
}

/// From a rectangle of one pad to one of another.
pub type WholeOf = unsafe extern "C" fn(Raw, Text, *const Rectangle) -> Rectangle;

/// `GeglOperationFilterClass`
#[repr(C)]
pub struct FilterClass {
    pub operation: OperationClass,
    pub process: unsafe extern "C" fn(Raw, Raw, Raw, *const Rectangle, Int) -> Int,
    get_split_strategy: *const (),
    pad: [usize; 3],
}

/// `GeglOperation`, with what is ours behind it.
#[repr(C)]
pub struct Instance {
    operation: Operation,
    pub values: *mut Values,
}

/// `GeglOperation`
#[repr(C)]
struct Operation {
    /// `GObject`
    object: [usize; 3],
    node: Raw,
}

/// Of [`OperationClass::flags`].
pub const THREADED: u64 = 1 << 3;

/// `GTypeQuery`
#[repr(C)]
#[derive(Default)]
struct TypeQuery {
    own_type: Type,
    name: usize,
    class_size: c_uint,
    instance_size: c_uint,
}

/// Whether the structures of this GEGL are as large as those above.
///
/// # Errors
/// Words for another GEGL.
pub fn check(gegl: &Gegl) -> Result<(), String> {
    // SAFETY: they take nothing and register types of GEGL.
    let (operation, filter) =
        unsafe { ((gegl.gegl_operation_get_type)(), (gegl.gegl_operation_filter_get_type)()) };
    for (kind, class) in
        [(operation, size_of::<OperationClass>()), (filter, size_of::<FilterClass>())]
    {
        let mut found = TypeQuery::default();
        // SAFETY: there is room for what is told of a type.
        unsafe { (gegl.g_type_query)(kind, (&raw mut found).cast()) };
        let sizes = [found.class_size as usize, found.instance_size as usize];
        if sizes != [class, size_of::<Operation>()] {
            return Err(format!(
                "this GEGL is another than 0.4 as Impasto knows it (sizes {sizes:?}). Install a \
                 newer Impasto for GIMP"
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::mem::offset_of;

    use super::*;

    /// As the headers of GEGL 0.4.48 to 0.4.70 have them on 64-bit machines.
    #[test]
    #[cfg(target_pointer_width = "64")]
    fn structures_are_those_of_the_headers() {
        assert_eq!(size_of::<ObjectClass>(), 136);
        assert_eq!(size_of::<OperationClass>(), 312);
        assert_eq!(size_of::<FilterClass>(), 352);
        assert_eq!(size_of::<Operation>(), 32);
        assert_eq!(offset_of!(OperationClass, get_cached_region), 208);
        assert_eq!(offset_of!(FilterClass, process), 312);
    }
}
