//! The engine.

use std::ffi::c_char;
use std::num::NonZeroUsize;
use std::ptr;

use super::fence::{fenced, fenced_or};
use super::handle::{make, take};
use super::log_post;
use super::pin::pin;
use super::pointer::{optional_path, optional_text, shared, wrong};
use super::sized::{self, Growing};
use super::status::impasto_status;
use crate::engine::{Engine, EngineOptions};
use crate::error::Result;
use crate::runtime::Device;

/// Networks and a device. It may be used from several threads at once; paintings then share the
/// processor. One engine for a process is enough.
pub struct impasto_engine {
    engine: Engine,
    /// The process that made it: a forked one has none of its threads.
    process: u32,
}

impl impasto_engine {
    /// The engine that a function was given.
    ///
    /// # Safety
    /// `engine` is NULL or not freed while the reference lives.
    pub(super) unsafe fn given<'a>(engine: *const Self) -> Result<&'a Engine> {
        // SAFETY: this function's condition is that of `shared`: engines are never changed.
        let engine = unsafe { shared(engine, "engine") }?;
        if engine.is_foreign() {
            return Err(wrong(format!(
                "this engine belongs to process {}, which this one ({}) was forked from: make an \
                 engine in this process, or start it afresh ('spawn')",
                engine.process,
                std::process::id()
            )));
        }
        Ok(&engine.engine)
    }

    fn is_foreign(&self) -> bool {
        self.process != std::process::id()
    }
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
    /// The folder of feature networks that the user imported, for the optimise method; by default
    /// in the user's data folder.
    pub user_networks_path: *const c_char,
    /// "auto" (the default), "cpu", "cuda", "cuda:1", "directml", "directml:1", "openvino",
    /// "cuda:fp16", "cuda:1:fp16", "openvino:bf16" (faster where the processor has instructions
    /// for it; all three a little different), or the path of a plug-in provider for ONNX Runtime,
    /// with a slash.
    pub device: *const c_char,
    /// Bytes that a painting should take besides the pictures it is given; 0 for a quarter of the
    /// memory that is free. Below about 200 MB the smallest tiles are used and may take more.
    pub memory_budget: u64,
    /// Threads; 0 for one for each core, and never more than that.
    pub threads: u32,
    /// 0.
    pub reserved: u32,
}

// SAFETY: `repr(C)`, begins with its size, without padding; pointers and numbers.
unsafe impl Growing for impasto_engine_options {
    fn defaults() -> Self {
        Self {
            struct_size: size_of::<Self>(),
            runtime_path: ptr::null(),
            models_path: ptr::null(),
            cache_path: ptr::null(),
            user_styles_path: ptr::null(),
            user_networks_path: ptr::null(),
            device: ptr::null(),
            memory_budget: 0,
            threads: 0,
            reserved: 0,
        }
    }
}

impl impasto_engine_options {
    /// The caller's options in the engine's words; NULL stands for the defaults.
    ///
    /// # Safety
    /// `options` is NULL or was initialised; its strings are NULL or end with NUL.
    unsafe fn read(options: *const Self) -> Result<EngineOptions> {
        if options.is_null() {
            return Ok(EngineOptions::default());
        }
        // SAFETY: it was initialised by this function's condition, so its size is true.
        let options = unsafe { sized::read(options, "options") }?;
        if options.reserved != 0 {
            return Err(wrong("the engine's option 'reserved' is not 0"));
        }
        // SAFETY: NULL or ends with NUL by this function's condition; it is read in this call.
        let path = |path: *const c_char, name: &str| unsafe { optional_path(path, name) };
        // SAFETY: NULL or ends with NUL by this function's condition; it is read in this call.
        let device = match unsafe { optional_text(options.device, "device") }? {
            None => Device::Auto,
            Some(device) => device.parse()?,
        };
        Ok(EngineOptions {
            runtime: path(options.runtime_path, "runtime_path")?,
            models: path(options.models_path, "models_path")?,
            cache: path(options.cache_path, "cache_path")?,
            user_styles: path(options.user_styles_path, "user_styles_path")?,
            user_networks: path(options.user_networks_path, "user_networks_path")?,
            device,
            threads: NonZeroUsize::new(options.threads as usize),
            memory: (options.memory_budget > 0).then_some(options.memory_budget),
        })
    }
}

/// Fills in the defaults.
///
/// @param options receives the defaults
/// @param struct_size `sizeof(impasto_engine_options)`
/// @return `ARGUMENT` for NULL or a size that no version of the struct has
///
/// # Safety
/// `options` is NULL or has room for `struct_size` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn impasto_engine_options_init(
    options: *mut impasto_engine_options,
    struct_size: usize,
) -> impasto_status {
    // SAFETY: the caller guarantees room for `struct_size` bytes, which is all that is written.
    fenced(|| unsafe { sized::write(options, struct_size, Growing::defaults(), "options") })
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
    let body = || {
        pin();
        // SAFETY: the caller guarantees that they were initialised and that strings end with NUL.
        let options = unsafe { impasto_engine_options::read(options) }?;
        Ok(impasto_engine { engine: Engine::new(options), process: std::process::id() })
    };
    // SAFETY: the caller guarantees that there is room for the handle.
    unsafe { make(engine, "engine", body) }
}

/// Loads everything that painting with the fast method needs, so that the first painting is as
/// quick as the next.
///
/// @param engine not NULL
/// @return `RUNTIME`, `MODEL`, `DEVICE` where something cannot be loaded
///
/// # Safety
/// `engine` is NULL or an engine that was not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn impasto_engine_prepare(engine: *const impasto_engine) -> impasto_status {
    // SAFETY: the caller guarantees that it is not freed during the call.
    fenced(|| unsafe { impasto_engine::given(engine) }?.prepare())
}

/// Frees the engine and sets the handle to NULL. No other thread may be using the engine. Styles
/// made with it stay valid. ONNX Runtime stays loaded. NULL and a handle of NULL are allowed. In a
/// process that was forked from the engine's own this only sets the handle to NULL.
///
/// @param engine the address of the handle
///
/// # Safety
/// `engine` is NULL or points to a handle that no other thread uses in this moment.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn impasto_engine_free(engine: *mut *mut impasto_engine) {
    fenced_or((), || {
        // SAFETY: the caller guarantees that the handle is this thread's alone.
        let engine = unsafe { take(engine) };
        match engine {
            // It would wait for threads that this process does not have.
            Some(foreign) if foreign.is_foreign() => std::mem::forget(foreign),
            own => {
                drop(own);
                log_post::deliver();
            }
        }
    });
}
