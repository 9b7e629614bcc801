//! How to paint.

use std::ffi::{c_char, c_void};

use super::cancel::impasto_cancel;
use super::fence::fenced;
use super::look::impasto_look;
use super::pointer::{Growing, check_output, read_sized, text, write_sized, wrong};
use super::status::impasto_status;
use crate::error::Result;
use crate::fast::FastOptions;
use crate::parameters::{self, ParameterKind, Value};

/// Which method paints.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum impasto_method {
    /// One network for any style: a fraction of a second.
    IMPASTO_METHOD_FAST = 0,
}

/// Whether the photograph's colours stay.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum impasto_keep_color {
    /// The style's colours.
    IMPASTO_KEEP_COLOR_NONE = 0,
    /// The photograph's colours with the painted luminance.
    IMPASTO_KEEP_COLOR_LUMINANCE = 1,
    /// The painted colours moved to the mean and covariance of the photograph's.
    IMPASTO_KEEP_COLOR_MATCH = 2,
}

/// Hears of progress, on the thread that called the library: at the start, after the statistics
/// and after each tile. It may call any function of this library but must not free what the painting uses.
///
/// @param user_data what the options hold
/// @param fraction the part that is done, 0 to 1
/// @param phase what is being done, for people: "Painting"; static
/// @return 0 to go on, anything else to cancel
pub type impasto_progress_callback = Option<
    unsafe extern "C" fn(user_data: *mut c_void, fraction: f32, phase: *const c_char) -> i32,
>;

/// How to paint. Initialise it with `impasto_paint_options_init`. The ranges and the meaning of
/// the numbers are those of the parameter of the same name; see `impasto_parameter_at`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct impasto_paint_options {
    /// The size of this struct in the caller's version.
    pub struct_size: usize,
    /// An `impasto_method`.
    pub method: i32,
    /// How far the painting leaves the photograph, 0 to 1.
    pub strength: f32,
    /// 0 (fine grain) to 1 (broad strokes).
    pub grain: f32,
    /// Size of the strokes in pixels relative to what the network learned, 0.25 to 32; 0 follows
    /// the picture's size.
    pub brush_size: f32,
    /// How much fine detail of the photograph lies over large strokes, 0 to 1.
    pub detail: f32,
    /// Swirls in flat areas, 0 to 1.
    pub turbulence: f32,
    /// How much of the painting covers the photograph, 0 to 1.
    pub opacity: f32,
    /// An `impasto_keep_color`.
    pub keep_color: i32,
    /// Varies the swirls, 0 to 4294967295.
    pub seed: u64,
    /// Bytes that the painting should take besides its pictures; 0 for the engine's.
    pub memory_budget: u64,
    /// Hears of progress; may be NULL.
    pub progress: impasto_progress_callback,
    /// Handed to `progress`.
    pub progress_user_data: *mut c_void,
    /// Stops the painting from another thread; may be NULL.
    pub cancel: *const impasto_cancel,
    /// The look to paint in, of this or another picture; NULL for the picture's own.
    pub look: *const impasto_look,
    /// How wide the picture is in comparison to the one that it stands for: 0.5 for a proxy of
    /// half the size, which then gets strokes of half the size. 0.01 to 100.
    pub scale_x: f32,
    /// As `scale_x`, of the height.
    pub scale_y: f32,
}

// SAFETY: `repr(C)`, starts with its size; pointers, numbers and an optional function pointer.
unsafe impl Growing for impasto_paint_options {
    const FIRST_SIZE: usize = 80;

    fn defaults() -> Self {
        let defaults = FastOptions::default();
        Self {
            struct_size: size_of::<Self>(),
            method: 0,
            strength: defaults.strength,
            grain: defaults.grain,
            brush_size: defaults.brush_size,
            detail: defaults.detail,
            turbulence: defaults.turbulence,
            opacity: defaults.opacity,
            keep_color: 0,
            seed: defaults.seed,
            memory_budget: 0,
            progress: None,
            progress_user_data: std::ptr::null_mut(),
            cancel: std::ptr::null(),
            look: std::ptr::null(),
            scale_x: 1.0,
            scale_y: 1.0,
        }
    }
}

impl impasto_paint_options {
    /// Reads the caller's options; NULL stands for the defaults.
    ///
    /// # Safety
    /// `options` is NULL or was initialised.
    pub(super) unsafe fn read(options: *const Self) -> Result<Self> {
        if options.is_null() {
            return Ok(Self::defaults());
        }
        // SAFETY: this function's own condition.
        unsafe { read_sized(options, "options") }
    }

    pub(super) fn fast(&self) -> Result<FastOptions> {
        if self.method != impasto_method::IMPASTO_METHOD_FAST as i32 {
            return Err(wrong(format!(
                "cannot paint with the method {}, which is none",
                self.method
            )));
        }
        let picture_scale = [self.scale_x, self.scale_y];
        let mut fast = FastOptions { picture_scale, ..FastOptions::default() };
        let keep_color = [
            impasto_keep_color::IMPASTO_KEEP_COLOR_NONE,
            impasto_keep_color::IMPASTO_KEEP_COLOR_LUMINANCE,
            impasto_keep_color::IMPASTO_KEEP_COLOR_MATCH,
        ]
        .into_iter()
        .position(|known| known as i32 == self.keep_color)
        .ok_or_else(|| wrong(format!("there is no keep_color {}", self.keep_color)))?;
        let seed = i64::try_from(self.seed)
            .map_err(|_| wrong(format!("the seed {} is too large", self.seed)))?;
        let float = |value: f32| Value::Float(value.into());
        for (name, value) in [
            ("strength", float(self.strength)),
            ("grain", float(self.grain)),
            ("brush-size", float(self.brush_size)),
            ("detail", float(self.detail)),
            ("turbulence", float(self.turbulence)),
            ("opacity", float(self.opacity)),
            ("keep-color", Value::Choice(keep_color)),
            ("seed", Value::Integer(seed)),
        ] {
            fast.set(name, value)?;
        }
        Ok(fast)
    }

    /// Sets the field of a parameter.
    fn set(&mut self, name: &str, value: Value) {
        match (name, value) {
            ("strength", Value::Float(v)) => self.strength = v as f32,
            ("grain", Value::Float(v)) => self.grain = v as f32,
            ("brush-size", Value::Float(v)) => self.brush_size = v as f32,
            ("detail", Value::Float(v)) => self.detail = v as f32,
            ("turbulence", Value::Float(v)) => self.turbulence = v as f32,
            ("opacity", Value::Float(v)) => self.opacity = v as f32,
            ("keep-color", Value::Choice(v)) => self.keep_color = v as i32,
            ("seed", Value::Integer(v)) => self.seed = v as u64,
            // A parameter without a field fails the test below.
            _ => {}
        }
    }
}

/// Fills in the defaults.
///
/// @param options receives the defaults
/// @param struct_size `sizeof(impasto_paint_options)`
/// @return `ARGUMENT` for NULL or a size that is too small
///
/// # Safety
/// `options` is NULL or has room for `struct_size` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn impasto_paint_options_init(
    options: *mut impasto_paint_options,
    struct_size: usize,
) -> impasto_status {
    // SAFETY: the caller's.
    fenced(|| unsafe { write_sized(options, struct_size, Growing::defaults(), "options") })
}

/// Sets the option of a parameter by its name, so that a host can offer controls for all of
/// `impasto_parameter_at` without knowing them.
///
/// @param options initialised
/// @param name the parameter's name, such as "brush-size"
/// @param value the number; for a choice its place in the list
/// @return `ARGUMENT` for an unknown name or a value outside the range
///
/// # Safety
/// `options` is NULL or was initialised; `name` is NULL or ends with NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn impasto_paint_options_set(
    options: *mut impasto_paint_options,
    name: *const c_char,
    value: f64,
) -> impasto_status {
    fenced(|| {
        check_output(options, "options")?;
        // SAFETY: the caller's.
        let name = unsafe { text(name, "name") }?;
        let parameter = parameters::find(name)
            .ok_or_else(|| wrong(format!("there is no parameter called '{name}'")))?;
        let whole = || value.fract() == 0.0 && value.abs() < 1e15;
        let typed = match parameter.kind {
            ParameterKind::Float { .. } => Value::Float(value),
            ParameterKind::Integer { .. } if whole() => Value::Integer(value as i64),
            ParameterKind::Choice { .. } if whole() && value >= 0.0 => {
                Value::Choice(value as usize)
            }
            _ => return Err(wrong(format!("{name} is a whole number, not {value}"))),
        };
        FastOptions::default().set(name, typed)?;
        // SAFETY: the caller's.
        let mut known = unsafe { impasto_paint_options::read(options) }?;
        known.set(name, typed);
        // SAFETY: the caller's; the struct says its own size.
        unsafe { write_sized(options, (*options).struct_size, known, "options") }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parameters::PARAMETERS;

    #[test]
    fn every_parameter_has_a_field() {
        for parameter in PARAMETERS {
            let other = match parameter.kind {
                ParameterKind::Float { least, most, default, .. } => {
                    Value::Float(if default == most { least } else { most })
                }
                ParameterKind::Integer { .. } => Value::Integer(77),
                ParameterKind::Choice { .. } => Value::Choice(1),
            };
            let mut options = impasto_paint_options::defaults();
            options.set(parameter.name, other);
            assert_eq!(options.fast().unwrap().get(parameter.name), Some(other));
        }
    }

    #[test]
    fn first_sizes_are_those_of_the_first_version() {
        use crate::capi::engine::impasto_engine_options;
        use crate::capi::pixels::impasto_pixels;
        use crate::capi::report::impasto_report;
        fn whole<T: Growing>() -> bool {
            size_of::<T>() >= T::FIRST_SIZE && T::FIRST_SIZE % align_of::<T>() == 0
        }
        assert!(whole::<impasto_paint_options>() && whole::<impasto_engine_options>());
        assert!(whole::<impasto_pixels>() && whole::<impasto_report>());
    }
}
