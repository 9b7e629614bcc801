//! The table of symbols.

use std::ffi::{c_char, c_void};

use super::types::{
    Cancel, DeviceList, Engine, EngineOptions, LogCallback, Look, Pixels, Report, Run, Setting,
    Settings, Style, StyleList,
};

/// `impasto_version_number`, the one function that every library of Impasto has.
pub(crate) type VersionNumber = unsafe extern "C" fn() -> u32;

/// Declares the table: a field for each function.
macro_rules! functions {
    ($(fn $name:ident($($type:ty),* $(,)?) $(-> $returned:ty)?;)*) => {
        pub(crate) struct Functions {
            $(pub $name: unsafe extern "C" fn($($type),*) $(-> $returned)?,)*
        }

        impl Functions {
            /// Looks all functions up; `Err` is the name of one that is missing.
            ///
            /// # Safety
            /// The library is `libimpasto` of a version that serves, and is never unloaded.
            pub unsafe fn look_up(library: &libloading::Library) -> Result<Self, &'static str> {
                Ok(Self {
                    // SAFETY: the header of that version declares this name with this type, and the
                    // address stays good for as long as the library is loaded.
                    $($name: *unsafe { library.get(concat!(stringify!($name), "\0")) }
                        .map_err(|_| stringify!($name))?,)*
                })
            }
        }
    };
}

functions! {
    fn impasto_last_error_message() -> *const c_char;
    fn impasto_last_error_failure() -> *const c_char;
    fn impasto_last_error_cure() -> i32;
    fn impasto_log_set(LogCallback, i32, *mut c_void);

    fn impasto_cancel_new(*mut *mut Cancel) -> i32;
    fn impasto_cancel_request(*const Cancel) -> i32;
    fn impasto_cancel_free(*mut *mut Cancel);

    fn impasto_engine_options_init(*mut EngineOptions, usize) -> i32;
    fn impasto_engine_new(*const EngineOptions, *mut *mut Engine) -> i32;
    fn impasto_engine_prepare(*const Engine) -> i32;
    fn impasto_engine_devices(*const Engine, *mut *mut DeviceList) -> i32;
    fn impasto_engine_styles(*const Engine, *mut *mut StyleList) -> i32;
    fn impasto_engine_free(*mut *mut Engine);

    fn impasto_device_list_count(*const DeviceList) -> usize;
    fn impasto_device_list_name(*const DeviceList, usize) -> *const c_char;
    fn impasto_device_list_reason(*const DeviceList, usize) -> *const c_char;
    fn impasto_device_list_free(*mut *mut DeviceList);

    fn impasto_style_list_count(*const StyleList) -> usize;
    fn impasto_style_list_name(*const StyleList, usize) -> *const c_char;
    fn impasto_style_list_title(*const StyleList, usize) -> *const c_char;
    fn impasto_style_list_painter(*const StyleList, usize) -> *const c_char;
    fn impasto_style_list_year(*const StyleList, usize) -> *const c_char;
    fn impasto_style_list_thumbnail(*const StyleList, usize) -> *const c_char;
    fn impasto_style_list_free(*mut *mut StyleList);

    fn impasto_setting_count() -> usize;
    fn impasto_setting_at(usize) -> *const Setting;
    fn impasto_setting_find(*const c_char) -> *const Setting;

    fn impasto_settings_new(*mut *mut Settings) -> i32;
    fn impasto_settings_copy(*const Settings, *mut *mut Settings) -> i32;
    fn impasto_settings_set_number(*mut Settings, *const c_char, f64) -> i32;
    fn impasto_settings_set_choice(*mut Settings, *const c_char, *const c_char) -> i32;
    fn impasto_settings_set_text(*mut Settings, *const c_char, *const c_char) -> i32;
    fn impasto_settings_number(*const Settings, *const c_char, *mut f64) -> i32;
    fn impasto_settings_text(*const Settings, *const c_char, *mut *const c_char) -> i32;
    fn impasto_settings_free(*mut *mut Settings);

    fn impasto_pixels_init(*mut Pixels, usize) -> i32;
    fn impasto_run_init(*mut Run, usize) -> i32;
    fn impasto_report_init(*mut Report, usize) -> i32;
    fn impasto_engine_paint(
        *const Engine,
        *const Style,
        *const Settings,
        *const Run,
        *const Pixels,
        *const Pixels,
        *const Pixels,
        *mut Report,
    ) -> i32;
    fn impasto_engine_steady(
        *const Engine,
        *const Pixels,
        *const Pixels,
        *const *const Pixels,
        *const *const Pixels,
        usize,
        *const Pixels,
        *const Run,
        *const Pixels,
    ) -> i32;

    fn impasto_style_from_name(*const Engine, *const c_char, *mut *mut Style) -> i32;
    fn impasto_style_from_file(*const Engine, *const c_char, *const Run, *mut *mut Style) -> i32;
    fn impasto_style_from_pixels(
        *const Engine,
        *const Pixels,
        *const c_char,
        *const Run,
        *mut *mut Style,
    ) -> i32;
    fn impasto_style_from_bytes(*const u8, usize, *mut *mut Style) -> i32;
    fn impasto_style_mix(*const *const Style, *const f32, usize, *mut *mut Style) -> i32;
    fn impasto_style_masked(
        *const Style,
        *const Pixels,
        *const Pixels,
        *mut *mut Style,
    ) -> i32;
    fn impasto_style_bytes(*const Style, *mut *const u8, *mut usize) -> i32;
    fn impasto_style_name(*const Style) -> *const c_char;
    fn impasto_style_free(*mut *mut Style);

    fn impasto_look_from_pixels(
        *const Engine,
        *const Style,
        *const Settings,
        *const Run,
        *const Pixels,
        *mut *mut Look,
    ) -> i32;
    fn impasto_look_from_file(
        *const Engine,
        *const Style,
        *const Settings,
        *const Run,
        *const c_char,
        *mut *mut Look,
    ) -> i32;
    fn impasto_look_mix(*const *const Look, *const f32, usize, *mut *mut Look) -> i32;
    fn impasto_look_free(*mut *mut Look);
}
