//! What these tests share: one engine and one style, as handles of C.

use std::ffi::CString;
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
    paint_options: PaintOptions by impasto_paint_options_init;
    pixels: Pixels by impasto_pixels_init;
    report: Report by impasto_report_init;
}
