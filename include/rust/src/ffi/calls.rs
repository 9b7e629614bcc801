//! The functions of the library with safe faces: the types say what the header asks of callers.

use std::ffi::{CStr, CString, c_char, c_void};
use std::ops::ControlFlow;
use std::path::Path;
use std::ptr;
use std::slice;

use super::callbacks::{self, Listener};
use super::{
    Cancel, Engine, EngineOptions, Functions, Handle, Look, PaintOptions, Parameter, Pixels, Style,
};
use crate::engine::{Device, PaintedFrame};
use crate::error::{Error, Result, Status};
use crate::log::Log;
use crate::options;
use crate::parameters::{self, Choice, ParameterKind};
use crate::pixels::{self, Layout};
use crate::report::Report;
use crate::style::StyleEntry;

/// An engine and what it calls.
pub(crate) struct EngineHandle {
    // Freed first: from then on nothing is logged to `_log`.
    engine: Handle<Engine>,
    _log: Option<Log>,
}

/// What is painted, and where to.
pub(crate) enum Canvas<'a> {
    Between(pixels::Pixels<'a>, pixels::PixelsMut<'a>),
    InPlace(pixels::PixelsMut<'a>),
}

/// Engines.
impl Functions {
    pub fn new_engine(&self, options: &options::EngineOptions) -> Result<EngineHandle> {
        let path = |path: &Option<_>| path.as_deref().map(path_text).transpose();
        let runtime = path(&options.runtime)?;
        let models = path(&options.models)?;
        let cache = path(&options.cache)?;
        let user_styles = path(&options.user_styles)?;
        let device = options.device.as_deref().map(text).transpose()?;

        let mut raw: EngineOptions = self.initialised(self.impasto_engine_options_init)?;
        raw.runtime_path = optional(&runtime);
        raw.models_path = optional(&models);
        raw.cache_path = optional(&cache);
        raw.user_styles_path = optional(&user_styles);
        raw.device = optional(&device);
        raw.memory_budget = options.memory_budget.map_or(0, |bytes| bytes.get());
        raw.threads = options.threads.map_or(0, |threads| threads.get());
        let log = options.log.clone();
        if let Some(Log(receiver)) = &log {
            raw.log_level = receiver.level as i32;
            raw.log_callback = Some(callbacks::log);
            raw.log_user_data = ptr::from_ref(&**receiver).cast_mut().cast();
        }
        // SAFETY: the strings live until the call returns, the receiver until the engine is freed.
        let engine = unsafe {
            self.made(self.impasto_engine_free, |engine| (self.impasto_engine_new)(&raw, engine))
        }?;
        Ok(EngineHandle { engine, _log: log })
    }

    pub fn prepare(&self, engine: &EngineHandle) -> Result<()> {
        // SAFETY: the engine lives.
        self.checked(unsafe { (self.impasto_engine_prepare)(engine.as_ptr()) })
    }

    pub fn devices(&self, engine: &EngineHandle) -> Result<Vec<Device>> {
        // SAFETY: the engine lives.
        let list = unsafe {
            self.made(self.impasto_device_list_free, |list| {
                (self.impasto_engine_devices)(engine.as_ptr(), list)
            })
        }?;
        let list = list.as_ptr();
        // SAFETY (here and below): the list lives, and its strings with it.
        let count = unsafe { (self.impasto_device_list_count)(list) };
        let device = |k| unsafe {
            Device {
                name: owned((self.impasto_device_list_name)(list, k)).unwrap_or_default(),
                unavailable: owned((self.impasto_device_list_reason)(list, k)),
            }
        };
        Ok((0..count).map(device).collect())
    }

    pub fn styles(&self, engine: &EngineHandle) -> Result<Vec<StyleEntry>> {
        // SAFETY: the engine lives.
        let list = unsafe {
            self.made(self.impasto_style_list_free, |list| {
                (self.impasto_engine_styles)(engine.as_ptr(), list)
            })
        }?;
        let list = list.as_ptr();
        // SAFETY (here and below): the list lives, and its strings with it.
        let count = unsafe { (self.impasto_style_list_count)(list) };
        let entry = |k| unsafe {
            StyleEntry {
                name: owned((self.impasto_style_list_name)(list, k)).unwrap_or_default(),
                title: owned((self.impasto_style_list_title)(list, k)).unwrap_or_default(),
                painter: owned((self.impasto_style_list_painter)(list, k)).unwrap_or_default(),
                year: owned((self.impasto_style_list_year)(list, k)).unwrap_or_default(),
                thumbnail: owned((self.impasto_style_list_thumbnail)(list, k)).map(Into::into),
            }
        };
        Ok((0..count).map(entry).collect())
    }
}

/// Painting.
impl Functions {
    pub fn new_paint_options(&self) -> Result<PaintOptions> {
        self.initialised(self.impasto_paint_options_init)
    }

    pub fn set_paint_option(
        &self,
        options: &mut PaintOptions,
        name: &str,
        value: f64,
    ) -> Result<()> {
        let name = text(name)?;
        // SAFETY: the options were initialised with their true size; the string lives.
        self.checked(unsafe { (self.impasto_paint_options_set)(options, name.as_ptr(), value) })
    }

    /// Paints; a panic of `hear` goes on when the painting has ended.
    pub fn paint(
        &self,
        engine: &EngineHandle,
        style: &Handle<Style>,
        options: &options::PaintOptions,
        canvas: Canvas<'_>,
        mask: Option<&pixels::Pixels<'_>>,
        hear: &mut dyn FnMut(f32, &str) -> ControlFlow<()>,
    ) -> Result<Report> {
        let (input, output) = match canvas {
            Canvas::Between(input, mut output) => {
                (self.readable(&input)?, self.described(output.top(), output.layout())?)
            }
            Canvas::InPlace(mut pixels) => {
                let (top, layout) = (pixels.top(), pixels.layout());
                (self.described(top, layout)?, self.described(top, layout)?)
            }
        };
        let mask = mask.map(|mask| self.readable(mask)).transpose()?;
        let mut report: super::Report = self.initialised(self.impasto_report_init)?;

        let mut listener = Listener { hear, panic: None };
        let heard = ptr::from_mut(&mut listener);
        let mut raw = options.values;
        raw.progress = Some(callbacks::progress);
        raw.progress_user_data = heard.cast();
        raw.cancel = options.cancel.as_ref().map_or(ptr::null(), |c| c.handle().as_ptr());
        raw.look = options.look.as_ref().map_or(ptr::null(), |look| look.handle().as_ptr());
        // SAFETY: the objects live; options and report were initialised with their true sizes; the
        // pixels are borrowed, the output's exclusively, and their layouts were checked against
        // the slices; the listener is used by the callback alone until the call returns.
        let status = unsafe {
            (self.impasto_engine_paint)(
                engine.as_ptr(),
                style.as_ptr(),
                &raw,
                &input,
                mask.as_ref().map_or(ptr::null(), ptr::from_ref),
                &output,
                &mut report,
            )
        };
        if let Some(panic) = listener.panic {
            std::panic::resume_unwind(panic);
        }
        self.checked(status)?;
        let text = |units: &[c_char]| {
            let bytes: Vec<u8> =
                units.iter().take_while(|&&unit| unit != 0).map(|&unit| unit as u8).collect();
            String::from_utf8_lossy(&bytes).into_owned()
        };
        Ok(Report {
            device: text(&report.device),
            seconds: report.seconds,
            statistics_seconds: report.statistics_seconds,
            network_seconds: report.network_seconds,
            peak_bytes: report.peak_bytes,
            tiles: report.tiles,
            retries: report.retries,
            note: text(&report.note),
        })
    }

    pub fn steady(
        &self,
        engine: &EngineHandle,
        frame: &PaintedFrame<'_>,
        neighbors: &[PaintedFrame<'_>],
        mask: Option<&pixels::Pixels<'_>>,
        cancel: Option<&Handle<Cancel>>,
        mut output: pixels::PixelsMut<'_>,
    ) -> Result<()> {
        let picture = self.readable(&frame.picture)?;
        let painting = self.readable(&frame.painting)?;
        let pictures: Vec<_> =
            neighbors.iter().map(|frame| self.readable(&frame.picture)).collect::<Result<_>>()?;
        let paintings: Vec<_> =
            neighbors.iter().map(|frame| self.readable(&frame.painting)).collect::<Result<_>>()?;
        let list = |all: &[Pixels]| all.iter().map(ptr::from_ref).collect::<Vec<_>>();
        let (picture_list, painting_list) = (list(&pictures), list(&paintings));
        let mask = mask.map(|mask| self.readable(mask)).transpose()?;
        let output = self.described(output.top(), output.layout())?;
        // SAFETY: the objects live; both lists have as many entries as there are neighbours; the
        // pixels are borrowed, the output's exclusively, and their layouts were checked against
        // the slices.
        self.checked(unsafe {
            (self.impasto_engine_steady)(
                engine.as_ptr(),
                &picture,
                &painting,
                picture_list.as_ptr(),
                painting_list.as_ptr(),
                neighbors.len(),
                mask.as_ref().map_or(ptr::null(), ptr::from_ref),
                cancel.map_or(ptr::null(), Handle::as_ptr),
                &output,
            )
        })
    }

    pub fn parameters(&self) -> Vec<parameters::Parameter> {
        // SAFETY: it takes nothing.
        let count = unsafe { (self.impasto_parameter_count)() };
        (0..count)
            .filter_map(|index| {
                // SAFETY: any index is allowed; what is returned is NULL or static.
                let raw: &'static Parameter =
                    unsafe { (self.impasto_parameter_at)(index).as_ref() }?;
                // SAFETY: all strings are static.
                Some(unsafe { parameter(raw) })
            })
            .collect()
    }
}

/// Styles.
impl Functions {
    pub fn style_from_name(&self, engine: &EngineHandle, name: &str) -> Result<Handle<Style>> {
        let name = text(name)?;
        // SAFETY: the engine and the string live.
        unsafe {
            self.made(self.impasto_style_free, |style| {
                (self.impasto_style_from_name)(engine.as_ptr(), name.as_ptr(), style)
            })
        }
    }

    pub fn style_from_file(
        &self,
        engine: &EngineHandle,
        path: &Path,
        cancel: Option<&Handle<Cancel>>,
    ) -> Result<Handle<Style>> {
        let (path, engine) = (path_text(path)?, engine.as_ptr());
        let cancel = cancel.map_or(ptr::null(), Handle::as_ptr);
        // SAFETY: the objects and the string live.
        unsafe {
            self.made(self.impasto_style_free, |style| {
                (self.impasto_style_from_file)(engine, path.as_ptr(), cancel, style)
            })
        }
    }

    pub fn style_from_pixels(
        &self,
        engine: &EngineHandle,
        pixels: &pixels::Pixels<'_>,
        name: Option<&str>,
        cancel: Option<&Handle<Cancel>>,
    ) -> Result<Handle<Style>> {
        let (pixels, engine) = (self.readable(pixels)?, engine.as_ptr());
        let name = name.map(text).transpose()?;
        let cancel = cancel.map_or(ptr::null(), Handle::as_ptr);
        // SAFETY: the objects and the string live; the pixels are borrowed and only read, and
        // their layout was checked against the slice.
        unsafe {
            self.made(self.impasto_style_free, |style| {
                (self.impasto_style_from_pixels)(engine, &pixels, optional(&name), cancel, style)
            })
        }
    }

    pub fn style_from_bytes(&self, bytes: &[u8]) -> Result<Handle<Style>> {
        // SAFETY: the slice is as long as it says.
        unsafe {
            self.made(self.impasto_style_free, |style| {
                (self.impasto_style_from_bytes)(bytes.as_ptr(), bytes.len(), style)
            })
        }
    }

    pub fn mix_styles(&self, parts: &[(&Handle<Style>, f32)]) -> Result<Handle<Style>> {
        let (styles, weights): (Vec<_>, Vec<_>) =
            parts.iter().map(|(style, weight)| (style.as_ptr(), *weight)).unzip();
        // SAFETY: the styles live; both lists have as many entries as there are parts.
        unsafe {
            self.made(self.impasto_style_free, |style| {
                (self.impasto_style_mix)(styles.as_ptr(), weights.as_ptr(), parts.len(), style)
            })
        }
    }

    pub fn style_bytes<'s>(&self, style: &'s Handle<Style>) -> &'s [u8] {
        let (mut bytes, mut length) = (ptr::null(), 0);
        // SAFETY: the style lives.
        let status = unsafe { (self.impasto_style_bytes)(style.as_ptr(), &mut bytes, &mut length) };
        if status != 0 || bytes.is_null() {
            return &[];
        }
        // SAFETY: the bytes belong to the style, which never changes.
        unsafe { slice::from_raw_parts(bytes, length) }
    }

    pub fn style_name<'s>(&self, style: &'s Handle<Style>) -> &'s str {
        // SAFETY: the style lives, and the string belongs to it.
        unsafe { borrowed((self.impasto_style_name)(style.as_ptr())) }
    }
}

/// Looks.
impl Functions {
    pub fn look_from_pixels(
        &self,
        engine: &EngineHandle,
        style: &Handle<Style>,
        options: &options::PaintOptions,
        pixels: &pixels::Pixels<'_>,
    ) -> Result<Handle<Look>> {
        let (pixels, engine) = (self.readable(pixels)?, engine.as_ptr());
        let cancel = options.cancel.as_ref().map_or(ptr::null(), |c| c.handle().as_ptr());
        // SAFETY: the objects live; the options were initialised with their true size; the pixels
        // are borrowed and only read, and their layout was checked against the slice.
        unsafe {
            self.made(self.impasto_look_free, |look| {
                let (style, options) = (style.as_ptr(), &options.values);
                (self.impasto_look_from_pixels)(engine, style, options, &pixels, cancel, look)
            })
        }
    }

    pub fn look_from_file(
        &self,
        engine: &EngineHandle,
        style: &Handle<Style>,
        options: &options::PaintOptions,
        path: &Path,
    ) -> Result<Handle<Look>> {
        let (path, engine) = (path_text(path)?, engine.as_ptr());
        let cancel = options.cancel.as_ref().map_or(ptr::null(), |c| c.handle().as_ptr());
        // SAFETY: the objects and the string live; the options were initialised with their true
        // size.
        unsafe {
            self.made(self.impasto_look_free, |look| {
                let (style, options) = (style.as_ptr(), &options.values);
                (self.impasto_look_from_file)(engine, style, options, path.as_ptr(), cancel, look)
            })
        }
    }

    pub fn mix_looks(&self, parts: &[(&Handle<Look>, f32)]) -> Result<Handle<Look>> {
        let (looks, weights): (Vec<_>, Vec<_>) =
            parts.iter().map(|(look, weight)| (look.as_ptr(), *weight)).unzip();
        // SAFETY: the looks live; both lists have as many entries as there are parts.
        unsafe {
            self.made(self.impasto_look_free, |look| {
                (self.impasto_look_mix)(looks.as_ptr(), weights.as_ptr(), parts.len(), look)
            })
        }
    }
}

/// Requests to stop.
impl Functions {
    pub fn new_cancel(&self) -> Result<Handle<Cancel>> {
        // SAFETY: nothing is asked but room for the handle.
        unsafe { self.made(self.impasto_cancel_free, |cancel| (self.impasto_cancel_new)(cancel)) }
    }

    pub fn request_cancel(&self, cancel: &Handle<Cancel>) {
        // SAFETY: the object lives. Only NULL is an error.
        unsafe { (self.impasto_cancel_request)(cancel.as_ptr()) };
    }
}

/// What all calls share.
impl Functions {
    /// The error of a status, with the words that the library keeps for this thread.
    fn checked(&self, status: i32) -> Result<()> {
        let Some(status) = Status::from_number(status) else { return Ok(()) };
        // SAFETY: the string lives until the next failure on this thread.
        let words = unsafe { owned((self.impasto_last_error_message)()) };
        Err(Error::new(status, words.unwrap_or_default()))
    }

    /// Calls a function that makes an object.
    ///
    /// # Safety
    /// `make` writes NULL or an object that `free` frees and nobody else owns.
    unsafe fn made<T>(
        &self,
        free: unsafe extern "C" fn(*mut *mut T),
        make: impl FnOnce(*mut *mut T) -> i32,
    ) -> Result<Handle<T>> {
        let mut object = ptr::null_mut();
        self.checked(make(&mut object))?;
        // SAFETY: this function's own condition.
        unsafe { Handle::new(object, free) }
            .ok_or_else(|| Error::new(Status::Panic, "the library made nothing"))
    }

    /// A struct with the library's defaults. Every `T` is plain data that may be all zeros.
    fn initialised<T: Default>(
        &self,
        init: unsafe extern "C" fn(*mut T, usize) -> i32,
    ) -> Result<T> {
        let mut raw = T::default();
        // SAFETY: there is room for as many bytes as are told.
        self.checked(unsafe { init(&mut raw, size_of::<T>()) })?;
        Ok(raw)
    }

    fn readable(&self, pixels: &pixels::Pixels<'_>) -> Result<Pixels> {
        self.described(pixels.top().cast_mut(), pixels.layout())
    }

    fn described(&self, top: *mut u8, layout: Layout) -> Result<Pixels> {
        let mut raw: Pixels = self.initialised(self.impasto_pixels_init)?;
        raw.data = top.cast::<c_void>();
        (raw.width, raw.height) = (layout.width, layout.height);
        raw.row_stride = layout.row_stride;
        raw.channels = layout.format.channels as i32;
        raw.sample = layout.format.sample as i32;
        raw.alpha = layout.format.alpha as i32;
        raw.curve = layout.format.curve as i32;
        Ok(raw)
    }
}

impl EngineHandle {
    fn as_ptr(&self) -> *const Engine {
        self.engine.as_ptr()
    }
}

/// # Safety
/// The strings of `raw` are static.
unsafe fn parameter(raw: &'static Parameter) -> parameters::Parameter {
    let (least, most, default) = (raw.least, raw.most, raw.default_value);
    let kind = match raw.kind {
        1 => ParameterKind::Integer {
            least: least as i64,
            most: most as i64,
            default: default as i64,
        },
        2 => ParameterKind::Choice {
            choices: (0..raw.choice_count as usize)
                // SAFETY: both lists have `choice_count` static strings.
                .map(|k| unsafe {
                    Choice {
                        name: borrowed(*raw.choice_names.add(k)),
                        label: borrowed(*raw.choice_labels.add(k)),
                    }
                })
                .collect(),
            default: default as usize,
        },
        _ => ParameterKind::Float { least, most, default, step: raw.step },
    };
    // SAFETY: this function's own condition.
    let (name, label, help) =
        unsafe { (borrowed(raw.name), borrowed(raw.label), borrowed(raw.help)) };
    let (is_fast, is_optimize) = (raw.methods & 1 != 0, raw.methods & 2 != 0);
    parameters::Parameter { name, label, help, kind, is_fast, is_optimize }
}

/// # Safety
/// `pointer` is NULL or points to a string that ends with NUL and stays as it is for `'a`.
unsafe fn borrowed<'a>(pointer: *const c_char) -> &'a str {
    if pointer.is_null() {
        return "";
    }
    // SAFETY: this function's own condition.
    unsafe { CStr::from_ptr(pointer) }.to_str().unwrap_or_default()
}

/// # Safety
/// `pointer` is NULL or points to a string that ends with NUL.
unsafe fn owned(pointer: *const c_char) -> Option<String> {
    // SAFETY: this function's own condition.
    (!pointer.is_null()).then(|| unsafe { CStr::from_ptr(pointer) }.to_string_lossy().into_owned())
}

fn text(text: &str) -> Result<CString> {
    CString::new(text).map_err(|_| Error::argument(format!("the text {text:?} holds a NUL")))
}

fn path_text(path: &Path) -> Result<CString> {
    let wrong = || Error::argument(format!("the path '{}' is not UTF-8", path.display()));
    text(path.to_str().ok_or_else(wrong)?)
}

fn optional(text: &Option<CString>) -> *const c_char {
    text.as_ref().map_or(ptr::null(), |text| text.as_ptr())
}
