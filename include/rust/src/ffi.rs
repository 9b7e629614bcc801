//! The C interface as `include/impasto.h` declares it. What is unsafe about the crate is here, in
//! the folder of the same name, and in `library.rs`; their faces are safe.
#![allow(unsafe_code)]

mod callbacks;
mod calls;
mod handle;
mod module;

use std::ffi::{c_char, c_void};

pub(crate) use calls::{Canvas, EngineHandle};
pub(crate) use handle::Handle;
pub(crate) use module::module_path;

/// The types behind C's handles: known by address only.
macro_rules! opaque {
    ($($name:ident)*) => {
        $(#[repr(C)]
        pub(crate) struct $name {
            _opaque: [u8; 0],
        })*
    };
}

opaque! { Engine Style Look Cancel DeviceList StyleList }

/// `impasto_log_callback`.
pub(crate) type LogCallback = Option<unsafe extern "C" fn(*mut c_void, i32, *const c_char)>;

/// `impasto_progress_callback`.
pub(crate) type ProgressCallback =
    Option<unsafe extern "C" fn(*mut c_void, f32, *const c_char) -> i32>;

/// `impasto_preview_callback`.
pub(crate) type PreviewCallback =
    Option<unsafe extern "C" fn(*mut c_void, *const Pixels, u32, u32, f32)>;

/// `impasto_engine_options`.
#[repr(C)]
#[derive(Default)]
pub(crate) struct EngineOptions {
    pub struct_size: usize,
    pub runtime_path: *const c_char,
    pub models_path: *const c_char,
    pub cache_path: *const c_char,
    pub user_styles_path: *const c_char,
    pub device: *const c_char,
    pub memory_budget: u64,
    pub threads: u32,
    pub log_level: i32,
    pub log_callback: LogCallback,
    pub log_user_data: *mut c_void,
}

/// `impasto_pixels`.
#[repr(C)]
#[derive(Default)]
pub(crate) struct Pixels {
    pub struct_size: usize,
    pub data: *mut c_void,
    pub width: u32,
    pub height: u32,
    pub row_stride: isize,
    pub channels: i32,
    pub sample: i32,
    pub alpha: i32,
    pub curve: i32,
}

/// `impasto_parameter`.
#[repr(C)]
pub(crate) struct Parameter {
    pub name: *const c_char,
    pub label: *const c_char,
    pub help: *const c_char,
    pub kind: i32,
    pub choice_count: u32,
    pub least: f64,
    pub most: f64,
    pub default_value: f64,
    pub step: f64,
    pub choice_names: *const *const c_char,
    pub choice_labels: *const *const c_char,
    pub methods: u32,
    pub reserved: u32,
}

/// `impasto_paint_options`. Its pointers are NULL but in the copy that a painting is given.
#[repr(C)]
#[derive(Clone, Copy, Default)]
pub(crate) struct PaintOptions {
    pub struct_size: usize,
    pub method: i32,
    pub strength: f32,
    pub grain: f32,
    pub brush_size: f32,
    pub detail: f32,
    pub turbulence: f32,
    pub opacity: f32,
    pub keep_color: i32,
    pub seed: u64,
    pub memory_budget: u64,
    pub progress: ProgressCallback,
    pub progress_user_data: *mut c_void,
    pub cancel: *const Cancel,
    pub look: *const Look,
    pub scale_x: f32,
    pub scale_y: f32,
    pub preset: i32,
    pub start: i32,
    pub optimizer: i32,
    pub pooling: i32,
    pub averaging: i32,
    pub content_weight: f32,
    pub style_weight: f32,
    pub tv_weight: f32,
    pub style_scale: f32,
    pub preview_every: u32,
    pub iterations: u64,
    pub resolution: u64,
    pub preview: PreviewCallback,
    pub preview_user_data: *mut c_void,
    pub checkpoint: *const c_char,
    pub features: *const c_char,
    pub content_layers: *const c_char,
    pub style_layers: *const c_char,
    pub schedule: *const c_char,
    pub keep_on_cancel: i32,
    pub reserved: i32,
}

// SAFETY: nothing is done with the pointers but handing them to the call that they were set for,
// on the thread that set them.
unsafe impl Send for PaintOptions {}
// SAFETY: as above.
unsafe impl Sync for PaintOptions {}

/// `impasto_report`.
#[repr(C)]
pub(crate) struct Report {
    pub struct_size: usize,
    pub device: [c_char; 32],
    pub seconds: f64,
    pub statistics_seconds: f64,
    pub network_seconds: f64,
    pub peak_bytes: u64,
    pub tiles: u32,
    pub retries: u32,
    pub steps: u32,
    pub stopped: i32,
    pub content_loss: f32,
    pub style_loss: f32,
    pub note: [c_char; 512],
}

impl Default for Report {
    fn default() -> Self {
        Self {
            struct_size: 0,
            device: [0; 32],
            seconds: 0.0,
            statistics_seconds: 0.0,
            network_seconds: 0.0,
            peak_bytes: 0,
            tiles: 0,
            retries: 0,
            steps: 0,
            stopped: 0,
            content_loss: 0.0,
            style_loss: 0.0,
            note: [0; 512],
        }
    }
}

/// `impasto_version_number`, the one function that every library of Impasto has.
pub(crate) type VersionNumber = unsafe extern "C" fn() -> u32;

/// The table of symbols: a field for each function.
macro_rules! functions {
    ($(fn $name:ident($($type:ty),*) $(-> $returned:ty)?;)*) => {
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
                    // SAFETY (all): the header of that version declares these types.
                    $($name: *unsafe { library.get(concat!(stringify!($name), "\0")) }
                        .map_err(|_| stringify!($name))?,)*
                })
            }
        }
    };
}

functions! {
    fn impasto_last_error_message() -> *const c_char;

    fn impasto_cancel_new(*mut *mut Cancel) -> i32;
    fn impasto_cancel_request(*const Cancel) -> i32;
    fn impasto_cancel_free(*mut *mut Cancel);

    fn impasto_engine_options_init(*mut EngineOptions, usize) -> i32;
    fn impasto_engine_new(*const EngineOptions, *mut *mut Engine) -> i32;
    fn impasto_engine_prepare(*const Engine) -> i32;
    fn impasto_engine_devices(*const Engine, *mut *mut DeviceList) -> i32;
    fn impasto_engine_styles(*const Engine, *mut *mut StyleList) -> i32;
    fn impasto_engine_paint(
        *const Engine,
        *const Style,
        *const PaintOptions,
        *const Pixels,
        *const Pixels,
        *const Pixels,
        *mut Report
    ) -> i32;
    fn impasto_engine_steady(
        *const Engine,
        *const Pixels,
        *const Pixels,
        *const *const Pixels,
        *const *const Pixels,
        usize,
        *const Pixels,
        *const Cancel,
        *const Pixels
    ) -> i32;
    fn impasto_engine_free(*mut *mut Engine);

    fn impasto_device_list_count(*const DeviceList) -> usize;
    fn impasto_device_list_name(*const DeviceList, usize) -> *const c_char;
    fn impasto_device_list_reason(*const DeviceList, usize) -> *const c_char;
    fn impasto_device_list_free(*mut *mut DeviceList);

    fn impasto_pixels_init(*mut Pixels, usize) -> i32;
    fn impasto_paint_options_init(*mut PaintOptions, usize) -> i32;
    fn impasto_paint_options_set(*mut PaintOptions, *const c_char, f64) -> i32;
    fn impasto_report_init(*mut Report, usize) -> i32;
    fn impasto_parameter_count() -> usize;
    fn impasto_parameter_at(usize) -> *const Parameter;

    fn impasto_style_from_name(*const Engine, *const c_char, *mut *mut Style) -> i32;
    fn impasto_style_from_file(
        *const Engine,
        *const c_char,
        *const Cancel,
        *mut *mut Style
    ) -> i32;
    fn impasto_style_from_pixels(
        *const Engine,
        *const Pixels,
        *const c_char,
        *const Cancel,
        *mut *mut Style
    ) -> i32;
    fn impasto_style_from_bytes(*const u8, usize, *mut *mut Style) -> i32;
    fn impasto_style_mix(*const *const Style, *const f32, usize, *mut *mut Style) -> i32;
    fn impasto_style_bytes(*const Style, *mut *const u8, *mut usize) -> i32;
    fn impasto_style_name(*const Style) -> *const c_char;
    fn impasto_style_free(*mut *mut Style);

    fn impasto_look_from_pixels(
        *const Engine,
        *const Style,
        *const PaintOptions,
        *const Pixels,
        *const Cancel,
        *mut *mut Look
    ) -> i32;
    fn impasto_look_from_file(
        *const Engine,
        *const Style,
        *const PaintOptions,
        *const c_char,
        *const Cancel,
        *mut *mut Look
    ) -> i32;
    fn impasto_look_mix(*const *const Look, *const f32, usize, *mut *mut Look) -> i32;
    fn impasto_look_free(*mut *mut Look);

    fn impasto_style_list_count(*const StyleList) -> usize;
    fn impasto_style_list_name(*const StyleList, usize) -> *const c_char;
    fn impasto_style_list_title(*const StyleList, usize) -> *const c_char;
    fn impasto_style_list_painter(*const StyleList, usize) -> *const c_char;
    fn impasto_style_list_year(*const StyleList, usize) -> *const c_char;
    fn impasto_style_list_thumbnail(*const StyleList, usize) -> *const c_char;
    fn impasto_style_list_free(*mut *mut StyleList);
}

#[cfg(all(test, target_pointer_width = "64"))]
mod tests {
    use super::*;

    /// The sizes of the header that this crate was written for: structs may only grow.
    #[test]
    fn structs_have_the_sizes_of_the_header() {
        assert_eq!(size_of::<EngineOptions>(), 80);
        assert_eq!(size_of::<PaintOptions>(), 216);
        assert_eq!(size_of::<Pixels>(), 48);
        assert_eq!(size_of::<Report>(), 608);
        assert_eq!(size_of::<Parameter>(), 88);
    }
}
