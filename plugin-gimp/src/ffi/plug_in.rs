//! The program as GIMP starts it: a class derived from `GimpPlugIn`, and its one procedure.

use std::ffi::{CStr, CString, OsStr, c_char, c_uint};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::ptr::{null_mut, slice_from_raw_parts};
use std::sync::OnceLock;

use impasto_gegl::words::{CATALOGUES, DOMAIN};

use super::config::Config;
use super::drawable::Drawable;
use super::image::Image;
use super::object::{Object, c_text};
use super::procedure::Description;
use super::tables::{Int, Raw, Text, Type, gimp};
use crate::words::tr;

/// A plug-in with one procedure on images.
#[derive(Debug)]
pub struct PlugIn {
    /// The name of its type: `Impasto`.
    pub type_name: &'static CStr,
    /// The procedure's name: `plug-in-impasto`.
    pub procedure: &'static CStr,
    /// Says what the procedure is and takes.
    pub describe: fn(&Description),
    /// Does it.
    pub run: fn(&Call) -> Outcome,
}

/// How a procedure is called. The numbers are those of `GimpRunMode`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunMode {
    /// With a dialog.
    Interactive,
    /// With the values given.
    NonInteractive,
    /// With those of the last call, which are the values given.
    WithLastValues,
}

/// A call of the procedure. It and its clones must not outlive it.
#[derive(Debug, Clone)]
pub struct Call {
    /// Whether there is a dialog.
    pub mode: RunMode,
    /// The image.
    pub image: Image,
    /// What is chosen in it.
    pub drawables: Vec<Drawable>,
    /// The values of the arguments.
    pub config: Config,
    pub(super) procedure: Raw,
}

/// How a call ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// All done.
    Success,
    /// The user changed their mind.
    Cancelled,
    /// Nothing was changed; GIMP shows the words.
    Failed(String),
}

static PLUG_IN: OnceLock<PlugIn> = OnceLock::new();

/// Speaks with GIMP until it is done, and returns the exit code. The arguments are those that GIMP
/// started the program with.
pub fn start(plug_in: PlugIn) -> i32 {
    let plug_in = PLUG_IN.get_or_init(|| plug_in);
    let arguments: Vec<CString> =
        std::env::args_os().map(|argument| c_text(&OsStr::to_string_lossy(&argument))).collect();
    let mut pointers: Vec<*mut c_char> = arguments.iter().map(|a| a.as_ptr().cast_mut()).collect();
    pointers.push(null_mut());
    let count = Int::try_from(arguments.len()).unwrap_or(0);
    // SAFETY: the type is registered once, as large as its parent, from which all of it but three
    // functions comes; the arguments live until GIMP is done, and end with NULL.
    unsafe {
        let parent = (gimp().gimp_plug_in_get_type)();
        let mut query = TypeQuery::default();
        (gimp().g_type_query)(parent, (&raw mut query).cast());
        let own = (gimp().g_type_register_static_simple)(
            parent,
            plug_in.type_name.as_ptr(),
            query.class_size,
            init_class as *const () as Raw,
            query.instance_size,
            null_mut(),
            0,
        );
        (gimp().gimp_main)(own, count, pointers.as_mut_ptr())
    }
}

/// The folder of the user's settings of GIMP.
pub fn gimp_folder() -> PathBuf {
    // SAFETY: the text ends with NUL and is GIMP's.
    let folder = unsafe { CStr::from_ptr((gimp().gimp_directory)()) };
    PathBuf::from(folder.to_string_lossy().into_owned())
}

/// `GTypeQuery`
#[repr(C)]
#[derive(Default)]
struct TypeQuery {
    own_type: Type,
    name: usize,
    class_size: c_uint,
    instance_size: c_uint,
}

/// The beginning of `GimpPlugInClass`, after `GObjectClass`.
#[repr(C)]
struct PlugInClass {
    /// `GObjectClass`: a type, 6 functions before and 3 after two words, and 6 words kept free.
    object: [usize; 17],
    query_procedures: *const (),
    init_procedures: *const (),
    create_procedure: *const (),
    quit: *const (),
    set_i18n: *const (),
}

extern "C" fn init_class(class: *mut PlugInClass, _data: Raw) {
    // SAFETY: GObject gives the class, of which the parent's functions were filled in.
    let class = unsafe { &mut *class };
    class.query_procedures = query_procedures as *const ();
    class.create_procedure = create_procedure as *const ();
    class.set_i18n = set_i18n as *const ();
}

/// The list of names, which GIMP frees.
extern "C" fn query_procedures(_plug_in: Raw) -> Raw {
    let Some(plug_in) = PLUG_IN.get() else { return null_mut() };
    // SAFETY: the name ends with NUL; the list takes over the copy.
    unsafe {
        let name = (gimp().g_strdup)(plug_in.procedure.as_ptr());
        (gimp().g_list_append)(null_mut(), name.cast())
    }
}

/// Says which catalogues there are; GIMP binds them. Without a folder it takes the one beside the
/// program, and complains where that is not there.
extern "C" fn set_i18n(
    _plug_in: Raw,
    _name: Text,
    domain: *mut *mut c_char,
    _folder: *mut *mut c_char,
) -> Int {
    if !has_catalogues() {
        return 0;
    }
    // SAFETY: GIMP gives a place for the name, and frees the copy.
    unsafe { *domain = (gimp().g_strdup)(DOMAIN.as_ptr()) };
    1
}

fn has_catalogues() -> bool {
    let program = std::env::current_exe();
    program.is_ok_and(|program| program.with_file_name(CATALOGUES).is_dir())
}

extern "C" fn create_procedure(plug_in: Raw, name: Text) -> Raw {
    const PLUG_IN_PROCEDURE: Int = 1;
    let run = run as *const () as Raw;
    // SAFETY: GIMP gives the plug-in and the name; what is made is GIMP's.
    let procedure = unsafe {
        let new = gimp().gimp_image_procedure_new;
        new(plug_in, name, PLUG_IN_PROCEDURE, run, null_mut(), null_mut())
    };
    if let Some(plug_in) = PLUG_IN.get() {
        // SAFETY: it lives while it is described.
        let description = unsafe { Description::new(procedure) };
        // Unwinding must not reach C; what was printed says where it happened.
        let _ = catch_unwind(AssertUnwindSafe(|| (plug_in.describe)(&description)));
    }
    procedure
}

/// `GimpRunImageFunc`
extern "C" fn run(
    procedure: Raw,
    mode: Int,
    image: Raw,
    drawables: *const Raw,
    config: Raw,
    _data: Raw,
) -> Raw {
    // SAFETY: GIMP gives all of them; they live during the call, and the drawables end with NULL.
    let call = unsafe { call(procedure, mode, image, drawables, config) };
    let outcome = match (PLUG_IN.get(), call) {
        (Some(plug_in), Some(call)) => catch_unwind(AssertUnwindSafe(|| {
            // SAFETY: GEGL may be started with nothing, and more than once.
            unsafe { (gimp().gegl_init)(null_mut(), null_mut()) };
            (plug_in.run)(&call)
        }))
        .unwrap_or_else(|_| {
            Outcome::Failed(tr(
                "painting failed: this is a defect in Impasto; the image is as it was. Start GIMP \
                 from a terminal to see more, and report it",
            ))
        }),
        _ => Outcome::Failed(tr("painting failed: GIMP named no image. Open one first")),
    };
    // SAFETY: the procedure lives.
    unsafe { answer(procedure, &outcome) }
}

/// # Safety
/// As [`run`].
unsafe fn call(
    procedure: Raw,
    mode: Int,
    image: Raw,
    drawables: *const Raw,
    config: Raw,
) -> Option<Call> {
    let mode = match mode {
        0 => RunMode::Interactive,
        2 => RunMode::WithLastValues,
        _ => RunMode::NonInteractive,
    };
    let mut chosen = Vec::new();
    if !drawables.is_null() {
        // SAFETY: the list is not NULL and ends with one, which is looked for first; GIMP keeps the
        // drawables before it alive during the call, and each gets a reference of ours.
        unsafe {
            let count = (0..).find(|&k| (*drawables.add(k)).is_null())?;
            for &drawable in &*slice_from_raw_parts(drawables, count) {
                chosen.extend(Object::shared(drawable).map(Drawable::new));
            }
        }
    }
    // SAFETY: GIMP gives an image and a configuration that live during the call, or NULL, which
    // gives nothing; both get a reference of ours.
    let (image, config) = unsafe { (Object::shared(image)?, Object::shared(config)?) };
    Some(Call {
        mode,
        image: Image::new(image),
        drawables: chosen,
        config: Config::new(config),
        procedure,
    })
}

/// # Safety
/// The procedure lives.
unsafe fn answer(procedure: Raw, outcome: &Outcome) -> Raw {
    // Of `GimpPDBStatusType`.
    const EXECUTION_ERROR: Int = 0;
    const SUCCESS: Int = 3;
    const CANCEL: Int = 4;
    let (status, words) = match outcome {
        Outcome::Success => (SUCCESS, None),
        Outcome::Cancelled => (CANCEL, None),
        Outcome::Failed(words) => (EXECUTION_ERROR, Some(c_text(words))),
    };
    // SAFETY: strings end with NUL and are copied; GIMP takes over the error and the answer.
    unsafe {
        let error = words.map_or(null_mut(), |words| {
            let domain = (gimp().g_quark_from_static_string)(c"impasto".as_ptr());
            (gimp().g_error_new_literal)(domain, 0, words.as_ptr())
        });
        (gimp().gimp_procedure_new_return_values)(procedure, status, error)
    }
}
