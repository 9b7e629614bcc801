//! The window to choose a file in.

use std::path::{Path, PathBuf};
use std::ptr::null;

use super::closure::connect;
use super::object::{Object, c_text, taken_text};
use super::pixbuf::Pixbuf;
use super::tables::{Raw, windows};
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

/// A chooser that lives as long as its signals are told; a reference would keep it for ever.
struct Chooser(Raw);

impl Chooser {
    fn show(&self, preview: &Widget) {
        // SAFETY: its own signal is told, so it lives; the name is ours to free.
        let path = unsafe { taken_text((windows().gtk_file_chooser_get_preview_filename)(self.0)) };
        let pixbuf = path.and_then(|path| Pixbuf::from_file(Path::new(&path), PREVIEW, PREVIEW));
        if let Some(pixbuf) = &pixbuf {
            preview.set_picture(pixbuf);
        }
        // SAFETY: as above.
        unsafe {
            (windows().gtk_file_chooser_set_preview_widget_active)(self.0, pixbuf.is_some().into());
        }
    }
}
