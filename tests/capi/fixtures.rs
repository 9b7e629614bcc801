//! What these tests share: one engine and one style, as handles of C, and what is freed by itself.

use std::ffi::{CStr, CString};
use std::path::Path;
use std::ptr;
use std::sync::OnceLock;

use crate::abi::{self, checked};
use crate::common::scratch;

pub const STYLE: &str = "great-wave";

struct Shared {
    engine: *const abi::Engine,
    style: *const abi::Style,
}

// SAFETY: the header says that engines and styles may be shared by threads; nobody frees these.
unsafe impl Send for Shared {}
// SAFETY: as above.
unsafe impl Sync for Shared {}

fn shared() -> &'static Shared {
    static SHARED: OnceLock<Shared> = OnceLock::new();
    SHARED.get_or_init(|| {
        let cache = path(&scratch().join("codes"));
        let styles = path(&scratch().join("no-styles"));
        let mut options = engine_options();
        options.cache_path = cache.as_ptr();
        options.user_styles_path = styles.as_ptr();
        let (mut engine, mut style) = (ptr::null_mut(), ptr::null_mut());
        let name = CString::new(STYLE).unwrap();
        // SAFETY: the strings live until the calls have returned.
        unsafe {
            assert_eq!(checked(abi::impasto_engine_new(&options, &mut engine)), abi::OK);
            let status = abi::impasto_style_from_name(engine, name.as_ptr(), &mut style);
            assert_eq!(checked(status), abi::OK, "{}", abi::last_error());
        }
        Shared { engine, style }
    })
}

pub fn engine() -> *const abi::Engine {
    shared().engine
}

pub fn style() -> *const abi::Style {
    shared().style
}

pub fn path(path: &Path) -> CString {
    CString::new(path.to_str().unwrap()).unwrap()
}

macro_rules! initialised {
    ($($name:ident: $type:ident by $init:ident;)*) => {$(
        pub fn $name() -> abi::$type {
            // SAFETY: these structs are valid for zeros, and `init` is told their size.
            unsafe {
                let mut new = std::mem::zeroed::<abi::$type>();
                assert_eq!(checked(abi::$init(&mut new, size_of::<abi::$type>())), abi::OK);
                new
            }
        }
    )*};
}

initialised! {
    engine_options: EngineOptions by impasto_engine_options_init;
    pixels: Pixels by impasto_pixels_init;
    report: Report by impasto_report_init;
    run: Run by impasto_run_init;
}

/// Settings that differ from the defaults, freed with this.
pub struct Settings(*mut abi::Settings);

impl Settings {
    pub fn new(texts: &[(&CStr, &CStr)]) -> Self {
        let mut settings = Self(ptr::null_mut());
        // SAFETY: room for a handle.
        assert_eq!(checked(unsafe { abi::impasto_settings_new(&mut settings.0) }), abi::OK);
        for (name, text) in texts {
            settings.set(name, text);
        }
        settings
    }

    pub fn set(&mut self, name: &CStr, text: &CStr) {
        // SAFETY: the settings live, the texts end with NUL.
        let status =
            unsafe { abi::impasto_settings_set_text(self.0, name.as_ptr(), text.as_ptr()) };
        assert_eq!(checked(status), abi::OK, "{}", abi::last_error());
    }

    pub fn get(&self) -> *const abi::Settings {
        self.0
    }
}

impl Drop for Settings {
    fn drop(&mut self) {
        // SAFETY: made by the library, freed once.
        unsafe { abi::impasto_settings_free(&mut self.0) };
    }
}

/// A request to stop, freed with this.
pub struct Cancel(*mut abi::Cancel);

impl Cancel {
    pub fn new() -> Self {
        let mut cancel = Self(ptr::null_mut());
        // SAFETY: room for a handle.
        assert_eq!(checked(unsafe { abi::impasto_cancel_new(&mut cancel.0) }), abi::OK);
        cancel
    }

    pub fn request(&self) {
        // SAFETY: the object lives.
        assert_eq!(checked(unsafe { abi::impasto_cancel_request(self.0) }), abi::OK);
    }

    pub fn get(&self) -> *const abi::Cancel {
        self.0
    }
}

impl Drop for Cancel {
    fn drop(&mut self) {
        // SAFETY: made by the library, freed once.
        unsafe { abi::impasto_cancel_free(&mut self.0) };
    }
}
