//! The engine.

use std::ffi::{c_char, c_void};
use std::num::NonZeroUsize;
use std::sync::Arc;

use super::fence::fenced;
use super::log_callback::{Registration, impasto_log_callback, impasto_log_level, register};
use super::pointer::{
    Growing, check_output, give, optional_path, optional_text, read_sized, take, write_sized,
};
use super::status::impasto_status;
use crate::engine::{Engine, EngineOptions};
use crate::runtime::Device;

/// Networks and a device. It may be used from several threads at once; paintings then share the
/// processor. One engine for a process is enough.
pub struct impasto_engine {
    pub(super) engine: Arc<Engine>,
    _log: Option<Registration>,
}

/// Where things are and what may be used. Initialise it with `impasto_engine_options_init`. The
/// strings are copied by `impasto_engine_new`; NULL or empty means the default.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct impasto_engine_options {
    /// The size of this struct in the caller's version.
    pub struct_size: usize,
    /// ONNX Runtime's library; by default the one named by the environment variable
    /// `IMPASTO_ONNXRUNTIME`, the one beside this library, or the system's. A process has one:
    /// the first that an engine loads stays, and later engines use it whatever they name.
    pub runtime_path: *const c_char,
    /// The folder of the networks; by default the one named by the environment variable
    /// `IMPASTO_MODELS`, or the one beside this library.
    pub models_path: *const c_char,
    /// The folder that keeps the codes of style pictures; by default in the user's cache folder.
    pub cache_path: *const c_char,
    /// The folder of the user's own styles; by default in the user's data folder.
    pub user_styles_path: *const c_char,
    /// "auto" (the default), "cpu", "cuda", "cuda:1", "directml", "directml:1", "openvino",
    /// "cuda:fp16", "cuda:1:fp16", "openvino:bf16" (faster where the processor has instructions
    /// for it; all three a little different), or the path of a plug-in provider for ONNX Runtime,
    /// with a slash.
    pub device: *const c_char,
    /// Bytes that a painting should take besides the pictures it is given; 0 for a quarter of the
    /// memory that is free. Below about 200 MB the smallest tiles are used and may take more.
    pub memory_budget: u64,
    /// Threads, at most 1024; 0 for one for each core.
    pub threads: u32,
    /// The least that matters to `log_callback`: an `impasto_log_level`.
    pub log_level: i32,
    /// Receives log messages; NULL for none.
    pub log_callback: impasto_log_callback,
    /// Handed to `log_callback`; stays valid until the engine is freed.
    pub log_user_data: *mut c_void,
}

// SAFETY: `repr(C)`, starts with its size; pointers, numbers and an optional function pointer.
unsafe impl Growing for impasto_engine_options {
    const FIRST_SIZE: usize = 80;

    fn defaults() -> Self {
        Self {
            struct_size: size_of::<Self>(),
            runtime_path: std::ptr::null(),
            models_path: std::ptr::null(),
            cache_path: std::ptr::null(),
            user_styles_path: std::ptr::null(),
            device: std::ptr::null(),
            memory_budget: 0,
            threads: 0,
            log_level: impasto_log_level::IMPASTO_LOG_WARNING as i32,
            log_callback: None,
            log_user_data: std::ptr::null_mut(),
        }
    }
}

/// Fills in the defaults.
///
/// @param options receives the defaults
/// @param struct_size `sizeof(impasto_engine_options)`
/// @return `ARGUMENT` for NULL or a size that is too small
///
/// # Safety
/// `options` is NULL or has room for `struct_size` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn impasto_engine_options_init(
    options: *mut impasto_engine_options,
    struct_size: usize,
) -> impasto_status {
    // SAFETY: the caller's.
    fenced(|| unsafe { write_sized(options, struct_size, Growing::defaults(), "options") })
}

/// Makes an engine. It only takes note of the options: ONNX Runtime and the networks are loaded
/// when they are first needed. Free it with `impasto_engine_free`.
///
/// @param options NULL for all defaults
/// @param engine receives the new engine
/// @return `ARGUMENT` for options that cannot be understood
///
/// # Safety
/// `options` is NULL or was initialised; its strings end with NUL. `engine` is NULL or points to
/// writable room for a pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn impasto_engine_new(
    options: *const impasto_engine_options,
    engine: *mut *mut impasto_engine,
) -> impasto_status {
    fenced(|| {
        check_output(engine, "engine")?;
        let options = if options.is_null() {
            impasto_engine_options::defaults()
        } else {
            // SAFETY: the caller's.
            unsafe { read_sized(options, "options") }?
        };
        // SAFETY (all strings): the caller's.
        let device = match unsafe { optional_text(options.device, "device") }? {
            None | Some("") => Device::Auto,
            Some(device) => device.parse()?,
        };
        // More would not be faster, and ONNX Runtime would try to start them.
        const MOST_THREADS: u32 = 1024;
        if options.threads > MOST_THREADS {
            let what = format!("cannot use {} threads: at most {MOST_THREADS}", options.threads);
            return Err(super::pointer::wrong(what));
        }
        let options_of_engine = EngineOptions {
            runtime: unsafe { optional_path(options.runtime_path, "runtime_path") }?,
            models: unsafe { optional_path(options.models_path, "models_path") }?,
            cache: unsafe { optional_path(options.cache_path, "cache_path") }?,
            user_styles: unsafe { optional_path(options.user_styles_path, "user_styles_path") }?,
            user_networks: None,
            device,
            threads: NonZeroUsize::new(options.threads as usize),
            memory: (options.memory_budget > 0).then_some(options.memory_budget),
        };
        let new = impasto_engine {
            engine: Arc::new(Engine::new(options_of_engine)),
            _log: register(options.log_callback, options.log_level, options.log_user_data),
        };
        // SAFETY: checked; the rest is the caller's.
        unsafe { give(engine, new) };
        Ok(())
    })
}

/// Loads everything that painting needs, so that the first painting is as quick as the next.
///
/// @param engine not NULL
/// @return `RUNTIME`, `MODEL`, `DEVICE` where something cannot be loaded
///
/// # Safety
/// `engine` is NULL or an engine that was not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn impasto_engine_prepare(engine: *const impasto_engine) -> impasto_status {
    fenced(|| {
        // SAFETY: the caller's.
        let engine = unsafe { super::pointer::shared(engine, "engine") }?;
        engine.engine.prepare_fast()
    })
}

/// Frees the engine and sets the handle to NULL. No other thread may be using the engine. Styles
/// made with it stay valid. ONNX Runtime stays loaded. NULL and a handle of NULL are allowed.
///
/// @param engine the address of the handle
///
/// # Safety
/// `engine` is NULL or points to a handle that no other thread uses in this moment.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn impasto_engine_free(engine: *mut *mut impasto_engine) {
    // SAFETY: the caller's.
    super::fence::fenced_or((), || drop(unsafe { take(engine) }));
}
