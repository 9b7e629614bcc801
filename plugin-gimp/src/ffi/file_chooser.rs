//! The window to choose a file in.

use std::ffi::CStr;
use std::path::{Path, PathBuf};
use std::ptr::{null, null_mut};

use super::closure::connect;
use super::object::{Object, c_text, copied_text, taken_text};
use super::pixbuf::Pixbuf;
use super::tables::{Raw, gimp, windows};
use super::widget::Widget;

/// Pixels of the picture beside the files.
const PREVIEW: i32 = 192;

/// Lets the user choose a picture file; `None` where they do not. `near` is in the window that
/// this one stands before.
pub fn choose_picture(title: &str, near: &Widget) -> Option<PathBuf> {
    const OPEN: i32 = 0;
    const ACCEPT: i32 = -3;
    const CANCEL: i32 = -6;
    // SAFETY: the texts end with NUL and the list of buttons with NULL; GTK owns the window, of
    // which a reference of ours is kept until it is destroyed.
    let chooser = unsafe {
        let parent = (windows().gtk_widget_get_toplevel)(near.raw());
        Object::shared((windows().gtk_file_chooser_dialog_new)(
            c_text(title).as_ptr(),
            parent,
            OPEN,
            c_text(&crate::words::tr("_Cancel")).as_ptr(),
            CANCEL,
            c_text(&crate::words::tr("_Open")).as_ptr(),
            ACCEPT,
            null::<std::ffi::c_char>(),
        ))
    }?;
    let preview = Widget::picture();
    // SAFETY: both live.
    unsafe {
        (windows().gtk_file_chooser_set_preview_widget)(chooser.raw(), preview.raw());
    }
    let raw = Chooser(chooser.raw());
    connect(&chooser, "update-preview", move || raw.show(&preview));
    // SAFETY: the window lives until it is destroyed; the name is ours to free.
    let path = unsafe {
        let is_chosen = (windows().gtk_dialog_run)(chooser.raw()) == ACCEPT;
        let path = taken_text((windows().gtk_file_chooser_get_filename)(chooser.raw()));
        (windows().gtk_widget_destroy)(chooser.raw());
        path.filter(|_| is_chosen)
    };
    path.map(PathBuf::from)
}

/// The picture in a file; of a format that GTK does not read, such as XCF, the thumbnail that GIMP
/// or a file manager left of it, if any.
fn small(path: &Path) -> Option<Pixbuf> {
    const THUMBNAIL: &CStr = c"thumbnail::path";
    let read = |path: &Path| Pixbuf::from_file(path, PREVIEW, PREVIEW);
    read(path).or_else(|| {
        let path = c_text(&path.to_string_lossy());
        // SAFETY: the texts end with NUL, no error is asked for, and what comes back is ours but for
        // the thumbnail's path, which is copied.
        let thumbnail = unsafe {
            let file = Object::owned((gimp().g_file_new_for_path)(path.as_ptr()))?;
            let (name, query) = (THUMBNAIL.as_ptr(), gimp().g_file_query_info);
            let about = Object::owned(query(file.raw(), name, 0, null_mut(), null_mut()))?;
            copied_text((gimp().g_file_info_get_attribute_byte_string)(about.raw(), name))?
        };
        read(Path::new(&thumbnail))
    })
}

/// A chooser that lives as long as its signals are told; a reference would keep it for ever.
struct Chooser(Raw);

impl Chooser {
    fn show(&self, preview: &Widget) {
        // SAFETY: its own signal is told, so it lives; the name is ours to free.
        let path = unsafe { taken_text((windows().gtk_file_chooser_get_preview_filename)(self.0)) };
        let pixbuf = path.and_then(|path| small(Path::new(&path)));
        if let Some(pixbuf) = &pixbuf {
            preview.set_picture(pixbuf);
        }
        // SAFETY: as above.
        unsafe {
            (windows().gtk_file_chooser_set_preview_widget_active)(self.0, pixbuf.is_some().into());
        }
    }
}
