//! How to paint.

use std::ffi::{c_char, c_void};
use std::path::PathBuf;
use std::ptr;
use std::str::FromStr;

use super::cancel::impasto_cancel;
use super::fence::fenced;
use super::look::impasto_look;
use super::pixels::impasto_pixels;
use super::pointer::{Growing, check_output, optional_text, read_sized, text, write_sized, wrong};
use super::status::impasto_status;
use crate::error::{Error, Result};
use crate::parameters::{self, Choice, Field, Fields, PARAMETERS, ParameterKind, Settings, Value};

/// Which method paints.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(dead_code, reason = "names for C; the engine's own types hold the values")]
pub enum impasto_method {
    /// One network for any style: a fraction of a second.
    IMPASTO_METHOD_FAST = 0,
    /// The picture itself is optimised (Gatys et al. 2016): minutes, the best quality. The style
    /// must have been made from a picture.
    IMPASTO_METHOD_OPTIMIZE = 1,
}

/// Whether the photograph's colours stay.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(dead_code, reason = "names for C; the engine's own types hold the values")]
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

/// Sees the picture that an optimisation has come to, on the thread that called the library.
///
/// @param user_data what the options hold
/// @param pixels 32-bit float RGB of encoded sRGB, at the size that is worked on, which grows from
///               coarse to fine; valid during the call
/// @param step steps done
/// @param steps steps in all
/// @param total_loss what is minimised
pub type impasto_preview_callback = Option<
    unsafe extern "C" fn(
        user_data: *mut c_void,
        pixels: *const impasto_pixels,
        step: u32,
        steps: u32,
        total_loss: f32,
    ),
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
    /// Optimise: 0 draft, 1 normal, 2 fine.
    pub preset: i32,
    /// Optimise: 0 from the photograph, 1 from noise of the seed.
    pub start: i32,
    /// Optimise: 0 Adam, 1 L-BFGS.
    pub optimizer: i32,
    /// Optimise: 0 maximum, 1 average.
    pub pooling: i32,
    /// Optimise: 1 for the mean of the last pictures instead of the very last.
    pub averaging: i32,
    /// Optimise: how much the photograph's content counts.
    pub content_weight: f32,
    /// Optimise: how much the style counts; 3 keeps nearly a photograph, 300 nearly dissolves it.
    pub style_weight: f32,
    /// Optimise: how much neighbouring pixels are drawn together.
    pub tv_weight: f32,
    /// Optimise: the style picture's size relative to the photograph's, 0.1 to 4.
    pub style_scale: f32,
    /// Optimise: steps from one preview to the next; 0 counts as 1.
    pub preview_every: u32,
    /// Optimise: steps in all; 0 follows the preset.
    pub iterations: u64,
    /// Optimise: the longest side that is worked on; 0 follows the preset.
    pub resolution: u64,
    /// Optimise: sees the picture on its way; may be NULL.
    pub preview: impasto_preview_callback,
    /// Handed to `preview`.
    pub preview_user_data: *mut c_void,
    /// Optimise: a file that keeps the state while the work goes on, and from which it goes on
    /// where it is there; NULL for none. The caller removes it when the painting is safe.
    pub checkpoint: *const c_char,
    /// Optimise: the feature network, "vgg16", the name of an imported one or a `.safetensors`
    /// file; NULL for "vgg16".
    pub features: *const c_char,
    /// Optimise: layers of the content loss with their weights, such as
    /// "block4_conv2,block5_conv2:0.5"; NULL for "block4_conv2".
    pub content_layers: *const c_char,
    /// Optimise: layers of the style loss with their weights; NULL for
    /// "block1_conv1,block2_conv1,block3_conv1,block4_conv1".
    pub style_layers: *const c_char,
    /// Optimise: sizes from coarse to fine with their steps, such as "128:200,256:150,512:100";
    /// NULL to follow the preset.
    pub schedule: *const c_char,
    /// Optimise: on a request to stop, 0 fails with `CANCELLED`, 1 finishes with the picture as
    /// it is.
    pub keep_on_cancel: i32,
    /// 0.
    pub reserved: i32,
}

// SAFETY: `repr(C)`, starts with its size; pointers, numbers and an optional function pointer.
unsafe impl Growing for impasto_paint_options {
    const FIRST_SIZE: usize = 80;

    fn defaults() -> Self {
        let mut options = Self {
            struct_size: size_of::<Self>(),
            method: 0,
            strength: 0.0,
            grain: 0.0,
            brush_size: 0.0,
            detail: 0.0,
            turbulence: 0.0,
            opacity: 0.0,
            keep_color: 0,
            seed: 0,
            memory_budget: 0,
            progress: None,
            progress_user_data: ptr::null_mut(),
            cancel: ptr::null(),
            look: ptr::null(),
            scale_x: 1.0,
            scale_y: 1.0,
            preset: 0,
            start: 0,
            optimizer: 0,
            pooling: 0,
            averaging: 0,
            content_weight: 0.0,
            style_weight: 0.0,
            tv_weight: 0.0,
            style_scale: 0.0,
            preview_every: 0,
            iterations: 0,
            resolution: 0,
            preview: None,
            preview_user_data: ptr::null_mut(),
            checkpoint: ptr::null(),
            features: ptr::null(),
            content_layers: ptr::null(),
            style_layers: ptr::null(),
            schedule: ptr::null(),
            keep_on_cancel: 0,
            reserved: 0,
        };
        for parameter in PARAMETERS {
            // Every parameter has a field, as a test makes sure.
            let _ = options.set_value(parameter.name, parameter.default());
        }
        options
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

    /// The settings in the engine's own form.
    ///
    /// # Safety
    /// The texts are NULL or end with NUL.
    pub(super) unsafe fn settings(&self) -> Result<Settings> {
        let mut settings = Settings::default();
        for parameter in PARAMETERS {
            let value = self.value(parameter.name);
            let value = value.ok_or_else(|| {
                wrong(format!("there is no {} of the number in the options", parameter.name))
            })?;
            settings.set(parameter.name, value)?;
        }
        settings.fast.picture_scale = [self.scale_x, self.scale_y];
        let optimize = &mut settings.optimize;
        optimize.keep_on_cancel = self.keep_on_cancel != 0;
        // SAFETY (all four): the caller's.
        unsafe {
            optimize.checkpoint = optional_text(self.checkpoint, "checkpoint")?.map(PathBuf::from);
            if let Some(name) = optional_text(self.features, "features")? {
                optimize.features = name.to_owned();
            }
            if let Some(list) = optional_text(self.content_layers, "content_layers")? {
                optimize.content_layers = parsed(list)?;
            }
            if let Some(list) = optional_text(self.style_layers, "style_layers")? {
                optimize.style_layers = parsed(list)?;
            }
            if let Some(list) = optional_text(self.schedule, "schedule")? {
                optimize.schedule = parsed(list)?;
            }
        }
        Ok(settings)
    }
}

/// The entries of a list with commas.
fn parsed<T: FromStr<Err = Error>>(list: &str) -> Result<Vec<T>> {
    list.split(',').map(str::trim).filter(|entry| !entry.is_empty()).map(str::parse).collect()
}

/// A number that stands for one of several values. One below 0 is none, and fails when it is set.
impl Choice for i32 {
    fn place(&self) -> usize {
        usize::try_from(*self).unwrap_or(usize::MAX)
    }

    fn choose(&mut self, place: usize) {
        *self = i32::try_from(place).unwrap_or(-1);
    }
}

impl Fields for impasto_paint_options {
    fn field(&mut self, name: &str) -> Option<Field<'_>> {
        Some(match name {
            "method" => Field::Choice(&mut self.method),
            "strength" => Field::Float(&mut self.strength),
            "grain" => Field::Float(&mut self.grain),
            "brush-size" => Field::Float(&mut self.brush_size),
            "detail" => Field::Float(&mut self.detail),
            "turbulence" => Field::Float(&mut self.turbulence),
            "opacity" => Field::Float(&mut self.opacity),
            "keep-color" => Field::Choice(&mut self.keep_color),
            "seed" => Field::Integer(&mut self.seed),
            "preset" => Field::Choice(&mut self.preset),
            "start" => Field::Choice(&mut self.start),
            "optimizer" => Field::Choice(&mut self.optimizer),
            "pooling" => Field::Choice(&mut self.pooling),
            "averaging" => Field::Choice(&mut self.averaging),
            "content-weight" => Field::Float(&mut self.content_weight),
            "style-weight" => Field::Float(&mut self.style_weight),
            "tv-weight" => Field::Float(&mut self.tv_weight),
            "style-scale" => Field::Float(&mut self.style_scale),
            "iterations" => Field::Integer(&mut self.iterations),
            "resolution" => Field::Integer(&mut self.resolution),
            _ => return None,
        })
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
        // SAFETY: the caller's.
        let mut known = unsafe { impasto_paint_options::read(options) }?;
        known.set_value(name, typed)?;
        // SAFETY: the caller's; the struct says its own size.
        unsafe { write_sized(options, (*options).struct_size, known, "options") }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

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
            options.set_value(parameter.name, other).unwrap();
            // SAFETY: there are no texts.
            let settings = unsafe { options.settings() }.unwrap();
            assert_eq!(settings.get(parameter.name), Some(other));
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
