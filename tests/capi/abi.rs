//! The C interface as a C program sees it, declared by hand from `include/impasto.h`.

#![allow(dead_code, reason = "each user needs a part")]

use std::ffi::{CStr, c_char, c_void};

// Without this the library would not be linked.
use impasto as _;

macro_rules! opaque {
    ($($name:ident)*) => {$(
        #[repr(C)]
        pub struct $name {
            _opaque: [u8; 0],
        }
    )*};
}

opaque!(Cancel DeviceList Engine Look Settings Style StyleList);

/// A struct that begins with its size. No version of it had another size yet.
pub trait Grown {}

impl Grown for EngineOptions {}
impl Grown for Pixels {}
impl Grown for Report {}
impl Grown for Run {}

pub const OK: i32 = 0;
pub const CANCELLED: i32 = 1;
pub const ARGUMENT: i32 = 2;
pub const PICTURE: i32 = 3;
pub const MODEL: i32 = 5;
pub const FILE: i32 = 9;
pub const PANIC: i32 = 10;

pub type LogCallback = Option<unsafe extern "C" fn(*mut c_void, i32, *const c_char)>;
pub type ProgressCallback = Option<unsafe extern "C" fn(*mut c_void, *const Progress) -> i32>;
pub type PreviewCallback = Option<unsafe extern "C" fn(*mut c_void, *const Preview)>;

#[repr(C)]
#[derive(Clone, Copy)]
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

#[repr(C)]
#[derive(Clone, Copy)]
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

#[repr(C)]
#[derive(Clone, Copy)]
pub struct Losses {
    pub content: f32,
    pub style: f32,
    pub variation: f32,
    pub total: f32,
}

#[repr(C)]
pub struct Progress {
    pub struct_size: usize,
    pub phase: *const c_char,
    pub fraction: f32,
    pub reserved: f32,
    pub remaining_seconds: f64,
    pub losses: *const Losses,
}

#[repr(C)]
pub struct Preview {
    pub struct_size: usize,
    pub pixels: *const Pixels,
    pub step: u32,
    pub steps: u32,
    pub losses: Losses,
}

#[repr(C)]
#[derive(Clone, Copy)]
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

#[repr(C)]
#[derive(Clone, Copy)]
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

/// What a program that was built with this version's header relies on, where a pointer has eight
/// bytes: each size, and where the last field begins.
#[cfg(target_pointer_width = "64")]
const _: () = {
    use std::mem::offset_of;
    assert!(size_of::<EngineOptions>() == 72 && offset_of!(EngineOptions, reserved) == 68);
    assert!(size_of::<Pixels>() == 48 && offset_of!(Pixels, curve) == 44);
    assert!(size_of::<Losses>() == 16 && offset_of!(Losses, total) == 12);
    assert!(size_of::<Progress>() == 40 && offset_of!(Progress, losses) == 32);
    assert!(size_of::<Preview>() == 40 && offset_of!(Preview, losses) == 24);
    assert!(size_of::<Run>() == 88 && offset_of!(Run, draft) == 84);
    assert!(size_of::<Report>() == 616 && offset_of!(Report, json) == 608);
    assert!(size_of::<Setting>() == 128 && offset_of!(Setting, methods) == 124);
};

unsafe extern "C" {
    pub fn impasto_version_number() -> u32;
    pub fn impasto_version() -> *const c_char;
    pub fn impasto_status_name(status: i32) -> *const c_char;
    pub fn impasto_last_error_message() -> *const c_char;
    pub fn impasto_last_error_failure() -> *const c_char;
    pub fn impasto_last_error_cure() -> i32;
    pub fn impasto_log_set(callback: LogCallback, level: i32, user_data: *mut c_void);

    pub fn impasto_cancel_new(cancel: *mut *mut Cancel) -> i32;
    pub fn impasto_cancel_request(cancel: *const Cancel) -> i32;
    pub fn impasto_cancel_free(cancel: *mut *mut Cancel);

    pub fn impasto_engine_options_init(options: *mut EngineOptions, struct_size: usize) -> i32;
    pub fn impasto_engine_new(options: *const EngineOptions, engine: *mut *mut Engine) -> i32;
    pub fn impasto_engine_prepare(engine: *const Engine) -> i32;
    pub fn impasto_engine_free(engine: *mut *mut Engine);

    pub fn impasto_engine_devices(engine: *const Engine, devices: *mut *mut DeviceList) -> i32;
    pub fn impasto_device_list_count(devices: *const DeviceList) -> usize;
    pub fn impasto_device_list_name(devices: *const DeviceList, index: usize) -> *const c_char;
    pub fn impasto_device_list_reason(devices: *const DeviceList, index: usize) -> *const c_char;
    pub fn impasto_device_list_free(devices: *mut *mut DeviceList);

    pub fn impasto_pixels_init(pixels: *mut Pixels, struct_size: usize) -> i32;

    pub fn impasto_style_from_name(
        engine: *const Engine,
        name: *const c_char,
        style: *mut *mut Style,
    ) -> i32;
    pub fn impasto_style_from_file(
        engine: *const Engine,
        path: *const c_char,
        run: *const Run,
        style: *mut *mut Style,
    ) -> i32;
    pub fn impasto_style_from_pixels(
        engine: *const Engine,
        pixels: *const Pixels,
        name: *const c_char,
        run: *const Run,
        style: *mut *mut Style,
    ) -> i32;
    pub fn impasto_style_mix(
        styles: *const *const Style,
        weights: *const f32,
        count: usize,
        style: *mut *mut Style,
    ) -> i32;
    pub fn impasto_style_from_bytes(bytes: *const u8, length: usize, style: *mut *mut Style)
    -> i32;
    pub fn impasto_style_bytes(
        style: *const Style,
        bytes: *mut *const u8,
        length: *mut usize,
    ) -> i32;
    pub fn impasto_style_name(style: *const Style) -> *const c_char;
    pub fn impasto_style_free(style: *mut *mut Style);

    pub fn impasto_engine_styles(engine: *const Engine, styles: *mut *mut StyleList) -> i32;
    pub fn impasto_style_list_count(styles: *const StyleList) -> usize;
    pub fn impasto_style_list_name(styles: *const StyleList, index: usize) -> *const c_char;
    pub fn impasto_style_list_title(styles: *const StyleList, index: usize) -> *const c_char;
    pub fn impasto_style_list_painter(styles: *const StyleList, index: usize) -> *const c_char;
    pub fn impasto_style_list_year(styles: *const StyleList, index: usize) -> *const c_char;
    pub fn impasto_style_list_thumbnail(styles: *const StyleList, index: usize) -> *const c_char;
    pub fn impasto_style_list_free(styles: *mut *mut StyleList);

    pub fn impasto_setting_count() -> usize;
    pub fn impasto_setting_at(index: usize) -> *const Setting;
    pub fn impasto_setting_find(name: *const c_char) -> *const Setting;

    pub fn impasto_settings_new(settings: *mut *mut Settings) -> i32;
    pub fn impasto_settings_copy(settings: *const Settings, copy: *mut *mut Settings) -> i32;
    pub fn impasto_settings_set_number(
        settings: *mut Settings,
        name: *const c_char,
        value: f64,
    ) -> i32;
    pub fn impasto_settings_set_choice(
        settings: *mut Settings,
        name: *const c_char,
        choice: *const c_char,
    ) -> i32;
    pub fn impasto_settings_set_text(
        settings: *mut Settings,
        name: *const c_char,
        text: *const c_char,
    ) -> i32;
    pub fn impasto_settings_number(
        settings: *const Settings,
        name: *const c_char,
        value: *mut f64,
    ) -> i32;
    pub fn impasto_settings_text(
        settings: *const Settings,
        name: *const c_char,
        text: *mut *const c_char,
    ) -> i32;
    pub fn impasto_settings_free(settings: *mut *mut Settings);

    pub fn impasto_run_init(run: *mut Run, struct_size: usize) -> i32;

    pub fn impasto_style_masked(
        style: *const Style,
        mask: *const Pixels,
        region: *const Pixels,
        masked: *mut *mut Style,
    ) -> i32;
    pub fn impasto_look_from_pixels(
        engine: *const Engine,
        style: *const Style,
        settings: *const Settings,
        run: *const Run,
        pixels: *const Pixels,
        look: *mut *mut Look,
    ) -> i32;
    pub fn impasto_look_from_file(
        engine: *const Engine,
        style: *const Style,
        settings: *const Settings,
        run: *const Run,
        path: *const c_char,
        look: *mut *mut Look,
    ) -> i32;
    pub fn impasto_look_mix(
        looks: *const *const Look,
        weights: *const f32,
        count: usize,
        look: *mut *mut Look,
    ) -> i32;
    pub fn impasto_look_free(look: *mut *mut Look);

    pub fn impasto_report_init(report: *mut Report, struct_size: usize) -> i32;

    pub fn impasto_engine_paint(
        engine: *const Engine,
        style: *const Style,
        settings: *const Settings,
        run: *const Run,
        input: *const Pixels,
        mask: *const Pixels,
        output: *const Pixels,
        report: *mut Report,
    ) -> i32;
    pub fn impasto_engine_steady(
        engine: *const Engine,
        picture: *const Pixels,
        painting: *const Pixels,
        neighbor_pictures: *const *const Pixels,
        neighbor_paintings: *const *const Pixels,
        count: usize,
        mask: *const Pixels,
        run: *const Run,
        output: *const Pixels,
    ) -> i32;
}

/// The words of the last failure on this thread.
pub fn last_error() -> String {
    // SAFETY: the library's string is valid until the next failure on this thread.
    unsafe { CStr::from_ptr(impasto_last_error_message()) }.to_str().unwrap().to_owned()
}

/// Checks what every function promises of its status: a failure has one line of words.
pub fn checked(status: i32) -> i32 {
    assert!((OK..PANIC).contains(&status), "status {status}: {}", last_error());
    if status != OK {
        let words = last_error();
        assert!(!words.is_empty(), "status {status} without words");
        assert_eq!(words.lines().count(), 1, "more than one line: {words:?}");
    }
    status
}
