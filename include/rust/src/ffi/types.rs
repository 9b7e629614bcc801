//! The types of the header.

use std::ffi::{c_char, c_void};

/// The types behind C's handles: known by address only.
macro_rules! opaque {
    ($($name:ident)*) => {
        $(#[repr(C)]
        pub(crate) struct $name {
            _opaque: [u8; 0],
        })*
    };
}

opaque! { Engine Settings Style Look Cancel DeviceList StyleList }

/// `impasto_log_callback`.
pub type LogCallback = Option<unsafe extern "C" fn(*mut c_void, i32, *const c_char)>;

/// `impasto_progress_callback`.
pub type ProgressCallback = Option<unsafe extern "C" fn(*mut c_void, *const Progress) -> i32>;

/// `impasto_preview_callback`.
pub type PreviewCallback = Option<unsafe extern "C" fn(*mut c_void, *const Preview)>;

/// `impasto_engine_options`.
#[repr(C)]
#[derive(Default)]
pub struct EngineOptions {
    pub struct_size: usize,
    pub runtime_path: *const c_char,
    pub models_path: *const c_char,
    pub cache_path: *const c_char,
    pub user_styles_path: *const c_char,
    pub user_networks_path: *const c_char,
    pub device: *const c_char,
    pub memory_budget: u64,
    pub threads: u32,
    pub reserved: u32,
}

/// `impasto_pixels`.
#[repr(C)]
#[derive(Default)]
pub struct Pixels {
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

/// `impasto_setting`.
#[repr(C)]
pub struct Setting {
    pub name: *const c_char,
    pub label: *const c_char,
    pub help: *const c_char,
    pub unit: *const c_char,
    pub kind: i32,
    pub place: i32,
    pub least: f64,
    pub most: f64,
    pub default_value: f64,
    pub step: f64,
    pub zero: *const c_char,
    pub default_text: *const c_char,
    pub form: *const c_char,
    pub empty: *const c_char,
    pub choice_names: *const *const c_char,
    pub choice_labels: *const *const c_char,
    pub choice_count: u32,
    pub methods: u32,
}

/// `impasto_losses`.
#[repr(C)]
#[derive(Clone, Copy, Default)]
pub struct Losses {
    pub content: f32,
    pub style: f32,
    pub variation: f32,
    pub total: f32,
}

/// `impasto_progress`.
#[repr(C)]
pub struct Progress {
    pub struct_size: usize,
    pub phase: *const c_char,
    pub fraction: f32,
    pub reserved: f32,
    pub remaining_seconds: f64,
    pub losses: *const Losses,
}

/// `impasto_preview`.
#[repr(C)]
pub struct Preview {
    pub struct_size: usize,
    pub pixels: *const Pixels,
    pub step: u32,
    pub steps: u32,
    pub losses: Losses,
}

/// `impasto_run`.
#[repr(C)]
#[derive(Default)]
pub struct Run {
    pub struct_size: usize,
    pub memory_budget: u64,
    pub cancel: *const Cancel,
    pub look: *const Look,
    pub start: *const Pixels,
    pub scale_x: f32,
    pub scale_y: f32,
    pub progress: ProgressCallback,
    pub progress_user_data: *mut c_void,
    pub preview: PreviewCallback,
    pub preview_user_data: *mut c_void,
    pub preview_every: u32,
    pub draft: u32,
}

/// `impasto_report`.
#[repr(C)]
pub struct Report {
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
    pub json: *const c_char,
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
            json: std::ptr::null(),
        }
    }
}

#[cfg(all(test, target_pointer_width = "64"))]
mod tests {
    use super::*;

    /// The sizes of the header that this crate was written for: within a minor version, structs
    /// may only grow.
    #[test]
    fn structs_have_the_sizes_of_the_header() {
        assert_eq!(size_of::<EngineOptions>(), 72);
        assert_eq!(size_of::<Pixels>(), 48);
        assert_eq!(size_of::<Setting>(), 128);
        assert_eq!(size_of::<Losses>(), 16);
        assert_eq!(size_of::<Progress>(), 40);
        assert_eq!(size_of::<Preview>(), 40);
        assert_eq!(size_of::<Run>(), 88);
        assert_eq!(size_of::<Report>(), 616);
    }
}
