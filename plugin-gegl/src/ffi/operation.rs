//! The operation's functions, as GEGL calls them.

use std::ffi::{c_uint, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr::null_mut;
use std::sync::atomic::{AtomicPtr, Ordering};

use super::buffer::{Buffer, PixelKind, Rectangle};
use super::class::{FilterClass, Instance, ObjectClass, THREADED};
use super::instance;
use super::locale::read_catalogues;
use super::message::tell;
use super::properties::{self, c_text};
use super::tables::{Int, Raw, Text, gegl};
use crate::OPERATION;
use crate::painter::{Picture, paint};
use crate::program;
use crate::property;
use crate::words::{CATALOGUES, msgid, tr};

/// What GEGL and GIMP say of the operation.
const KEYS: [(&str, &str); 6] = [
    ("name", OPERATION),
    ("title", msgid("Neural Style Transfer as Layer Effect")),
    ("categories", "artistic"),
    (
        "description",
        msgid(
            "Paints the layer in the style of another picture. Every change of a setting paints the \
             whole layer again, which takes seconds.",
        ),
    ),
    ("gimp:menu-path", "<Image>/Filters/Artistic"),
    ("gimp:menu-label", msgid("Neural Style Transfer as Layer _Effect...")),
];

/// The class that ours is derived from.
static PARENT: AtomicPtr<c_void> = AtomicPtr::new(null_mut());

/// No panic reaches C; what was printed says where it happened.
fn fence<T>(otherwise: T, work: impl FnOnce() -> T) -> T {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or(otherwise)
}

pub unsafe extern "C" fn init_class(class: *mut FilterClass, _data: Raw) {
    // SAFETY: GObject gives the class.
    fence((), || unsafe { fill_class(class) });
}

/// # Safety
/// The class is ours, and being initialised.
unsafe fn fill_class(class: *mut FilterClass) {
    let Some(gegl) = gegl() else { return };
    if let Ok(program) = program::find()
        && let Some(folder) = program.parent()
    {
        read_catalogues(&folder.join(CATALOGUES));
    }
    // SAFETY: GObject gives the class, as large as it was registered, with its parent's functions.
    unsafe {
        PARENT.store((gegl.g_type_class_peek_parent)(class.cast()), Ordering::Release);
        let own = &mut *class;
        own.operation.object.set_property = set_property;
        own.operation.object.get_property = get_property;
        own.operation.object.finalize = Some(finalize);
        own.operation.flags &= !THREADED;
        own.operation.prepare = prepare;
        own.operation.get_invalidated_by_change = whole_of;
        own.operation.get_required_for_output = whole_of;
        own.operation.get_cached_region = cached_region;
        own.process = process;
        for (key, value) in KEYS {
            let is_for_people = !matches!(key, "name" | "categories" | "gimp:menu-path");
            let value = if is_for_people { tr(value) } else { value.to_owned() };
            let (key, value) = (c_text(key), c_text(&value));
            (gegl.gegl_operation_class_set_key)(class.cast(), key.as_ptr(), value.as_ptr());
        }
        for (place, property) in (1..).zip(property::all()) {
            properties::install(gegl, class.cast(), place, property);
        }
    }
}

pub unsafe extern "C" fn init_instance(operation: *mut Instance, _class: Raw) {
    // SAFETY: GObject gives a new instance of our class.
    fence((), || unsafe { instance::init(operation) });
}

unsafe extern "C" fn finalize(operation: Raw) {
    // SAFETY: GObject gives an instance of our class that nobody uses any more.
    fence((), || unsafe { instance::finish(operation.cast()) });
    // SAFETY: the parent is a class of objects.
    unsafe {
        let parent = PARENT.load(Ordering::Acquire).cast::<ObjectClass>().as_ref();
        if let Some(finalize) = parent.and_then(|parent| parent.finalize) {
            finalize(operation);
        }
    }
}

unsafe extern "C" fn set_property(operation: Raw, place: c_uint, value: Raw, _spec: Raw) {
    fence((), || {
        let place = (place as usize).wrapping_sub(1);
        let (Some(gegl), Some(property)) = (gegl(), property::all().nth(place)) else { return };
        // SAFETY: GObject gives an instance of our class and a value of the property's type.
        unsafe {
            if let Some(values) = instance::values(operation) {
                values.set(place, properties::read(gegl, property, value));
            }
        }
    });
}

unsafe extern "C" fn get_property(operation: Raw, place: c_uint, value: Raw, _spec: Raw) {
    fence((), || {
        let place = (place as usize).wrapping_sub(1);
        let (Some(gegl), Some(property)) = (gegl(), property::all().nth(place)) else { return };
        // SAFETY: GObject gives an instance of our class and a value of the property's type.
        unsafe {
            if let Some(known) = instance::values(operation).and_then(|values| values.get(place)) {
                properties::write(gegl, property, &known, value);
            }
        }
    });
}

/// Pixels come and go as the engine takes them; those of gray layers stay gray.
unsafe extern "C" fn prepare(operation: Raw) {
    // SAFETY: GEGL gives an instance of our class.
    let kind = unsafe { kind(operation) };
    let (Some(gegl), Some(format)) = (gegl(), kind.format()) else { return };
    // SAFETY: as above; the pads are a filter's.
    unsafe {
        (gegl.gegl_operation_set_format)(operation, c"input".as_ptr(), format);
        (gegl.gegl_operation_set_format)(operation, c"output".as_ptr(), format);
    }
}

/// # Safety
/// `operation` is an instance of our class.
unsafe fn kind(operation: Raw) -> PixelKind {
    /// `BABL_MODEL_FLAG_GRAY`
    const GRAY: Int = 1 << 20;
    let Some(gegl) = gegl() else { return PixelKind::Rgba };
    // SAFETY: an operation that lives, a pad of filters, and a format that is not NULL.
    let flags = unsafe {
        let format = (gegl.gegl_operation_get_source_format)(operation, c"input".as_ptr());
        if format.is_null() {
            0
        } else {
            (gegl.babl_get_model_flags)((gegl.babl_format_get_model)(format))
        }
    };
    if flags & GRAY == 0 { PixelKind::Rgba } else { PixelKind::GrayAlpha }
}

/// A painting depends on all of its picture, and all of it on each pixel.
unsafe extern "C" fn whole_of(operation: Raw, _pad: Text, part: *const Rectangle) -> Rectangle {
    // SAFETY: GEGL gives an instance of our class and a rectangle.
    unsafe { whole(operation).unwrap_or(*part) }
}

/// It is painted at once.
unsafe extern "C" fn cached_region(operation: Raw, part: *const Rectangle) -> Rectangle {
    // SAFETY: GEGL gives an instance of our class and a rectangle.
    unsafe { whole(operation).unwrap_or(*part) }
}

/// All of the picture; `None` where that is nothing or has no end.
///
/// # Safety
/// `operation` is an instance of our class.
unsafe fn whole(operation: Raw) -> Option<Rectangle> {
    let gegl = gegl()?;
    // SAFETY: an operation that lives, and a pad of filters; the rectangle stays for the moment.
    unsafe {
        let input = c"input".as_ptr();
        let whole = (gegl.gegl_operation_source_get_bounding_box)(operation, input);
        let whole = whole.as_ref().copied()?;
        let is_endless = (gegl.gegl_rectangle_is_infinite_plane)(&raw const whole) != 0;
        (!is_endless && whole.width > 0 && whole.height > 0).then_some(whole)
    }
}

/// Puts the painting, or on every failure the picture itself, into `output`.
unsafe extern "C" fn process(
    operation: Raw,
    input: Raw,
    output: Raw,
    part: *const Rectangle,
    level: Int,
) -> Int {
    const DONE: Int = 1;
    // SAFETY: GEGL gives buffers that live during the call, or NULL, and a rectangle.
    let (input, output, part) = unsafe { (Buffer::shared(input), Buffer::shared(output), *part) };
    let (Some(input), Some(output)) = (input, output) else { return DONE };
    let painted = fence(None, || {
        // SAFETY: GEGL gives an instance of our class.
        let (whole, kind, values) =
            unsafe { (whole(operation)?, kind(operation), instance::values(operation)?) };
        // Smaller pictures are for drawing in a hurry.
        if level != 0 {
            return None;
        }
        let picture = Picture { buffer: &input, whole, kind };
        match paint(&picture, values.texts()) {
            Ok((painting, note)) => {
                if !note.is_empty() {
                    tell(&format!("Impasto: {note}"));
                }
                Some(painting)
            }
            Err(why) => {
                tell(&tr("Impasto's layer effect is not shown: %s").replace("%s", &why));
                None
            }
        }
    });
    painted.unwrap_or(input).copy_to(part, &output);
    DONE
}
