//! The functions of GEGL's libraries, looked up at run time.

use std::ffi::{c_char, c_int, c_uint, c_void};
use std::sync::OnceLock;

use libloading::Library;

pub type Raw = *mut c_void;
pub type Text = *const c_char;
pub type Int = c_int;
pub type Type = usize;

/// A libraries' table: a field for each function, each from the first library that has it.
macro_rules! table {
    ($(fn $name:ident($($type:ty),* $(; $more:tt)?) $(-> $returned:ty)?;)*) => {
        pub struct Gegl {
            $(pub $name: unsafe extern "C" fn($($type),* $(, $more)?) $(-> $returned)?,)*
        }

        impl Gegl {
            /// # Safety
            /// The libraries are those of GEGL 0.4, where these functions have these types.
            unsafe fn look_up(libraries: &[Library]) -> Result<Self, String> {
                Ok(Self {
                    $($name: libraries
                        .iter()
                        // SAFETY: in GEGL 0.4's libraries the function of this name has the type of
                        // the field, and what it was found in is never unloaded.
                        .find_map(|library| unsafe {
                            library.get(concat!(stringify!($name), "\0")).ok().map(|symbol| *symbol)
                        })
                        .ok_or_else(|| format!("GEGL has no {}", stringify!($name)))?,)*
                })
            }
        }
    };
}

table! {
    fn gegl_module_register_type(Raw, Type, Text, Raw, c_uint) -> Type;
    fn gegl_operation_get_type() -> Type;
    fn gegl_operation_filter_get_type() -> Type;
    fn gegl_operation_class_set_key(Raw, Text, Text);
    fn gegl_operation_source_get_bounding_box(Raw, Text) -> *const super::buffer::Rectangle;
    fn gegl_operation_get_source_format(Raw, Text) -> Raw;
    fn gegl_operation_set_format(Raw, Text, Raw);
    fn gegl_rectangle_is_infinite_plane(*const super::buffer::Rectangle) -> Int;
    fn gegl_param_spec_double(Text, Text, Text, f64, f64, f64, f64, f64, f64, c_uint) -> Raw;
    fn gegl_param_spec_double_set_steps(Raw, f64, f64);
    fn gegl_param_spec_double_set_digits(Raw, Int);
    fn gegl_param_spec_int(Text, Text, Text, Int, Int, Int, Int, Int, f64, c_uint) -> Raw;
    fn gegl_param_spec_seed(Text, Text, Text, c_uint) -> Raw;
    fn gegl_param_spec_enum(Text, Text, Text, Type, Int, c_uint) -> Raw;
    fn gegl_param_spec_string(Text, Text, Text, Int, Int, Text, c_uint) -> Raw;
    fn gegl_param_spec_file_path(Text, Text, Text, Int, Int, Text, c_uint) -> Raw;
    fn gegl_buffer_new(*const super::buffer::Rectangle, Raw) -> Raw;
    fn gegl_buffer_get(Raw, *const super::buffer::Rectangle, f64, Raw, Raw, Int, Int);
    fn gegl_buffer_set(Raw, *const super::buffer::Rectangle, Int, Raw, *const c_void, Int);
    fn gegl_buffer_copy(Raw, *const super::buffer::Rectangle, Int, Raw, *const super::buffer::Rectangle);
    fn babl_format(Text) -> Raw;
    fn babl_format_get_model(Raw) -> Raw;
    fn babl_get_model_flags(Raw) -> Int;
    fn g_type_query(Type, Raw);
    fn g_type_class_peek_parent(Raw) -> Raw;
    fn g_enum_register_static(Text, Raw) -> Type;
    fn g_object_class_install_property(Raw, c_uint, Raw);
    fn g_object_ref(Raw) -> Raw;
    fn g_object_unref(Raw);
    fn g_value_get_double(Raw) -> f64;
    fn g_value_set_double(Raw, f64);
    fn g_value_get_int(Raw) -> Int;
    fn g_value_set_int(Raw, Int);
    fn g_value_get_uint(Raw) -> c_uint;
    fn g_value_set_uint(Raw, c_uint);
    fn g_value_get_enum(Raw) -> Int;
    fn g_value_set_enum(Raw, Int);
    fn g_value_get_string(Raw) -> Text;
    fn g_value_set_string(Raw, Text);
    fn g_main_depth() -> Int;
    fn g_idle_add_full(Int, Raw, Raw, Raw) -> c_uint;
    fn g_log(Text, Int, Text; ...);
    fn g_dgettext(Text, Text) -> Text;
    fn g_get_language_names() -> *const Text;
    fn bindtextdomain(Text, Text) -> Text;
    fn bind_textdomain_codeset(Text, Text) -> Text;
}

static GEGL: OnceLock<Gegl> = OnceLock::new();

/// Looks the functions up.
///
/// # Errors
/// Words that name what is missing.
pub fn load() -> Result<&'static Gegl, String> {
    if let Some(gegl) = GEGL.get() {
        return Ok(gegl);
    }
    let libraries = ["gegl-0.4", "babl-0.1", "gobject-2.0", "glib-2.0"].map(open);
    let libraries = libraries.into_iter().collect::<Result<Vec<_>, _>>()?;
    // SAFETY: the names of the files are those of GEGL 0.4's libraries.
    let table = unsafe { Gegl::look_up(&libraries) };
    // Libraries with types and threads of their own are never unloaded.
    std::mem::forget(libraries);
    let table = table?;
    Ok(GEGL.get_or_init(|| table))
}

/// Nothing of this module is called before [`load`] succeeded: it would not be registered.
pub fn gegl() -> Option<&'static Gegl> {
    GEGL.get()
}

/// The loader gives the library that is in the process already.
fn open(name: &str) -> Result<Library, String> {
    let version = 0;
    let file = format!("lib{name}.so.{version}");
    // SAFETY: the host runs the same constructors, or has run them.
    unsafe { Library::new(&file) }.map_err(|error| format!("{file} cannot be opened ({error})"))
}
