//! GIMP's dialog for a procedure, whose controls are made from its arguments.

use std::cell::Cell;
use std::path::Path;
use std::ptr::null_mut;
use std::rc::Rc;

use super::buffer::Rectangle;
use super::closure::{connect_number, connect_with};
use super::config::Config;
use super::object::{Object, c_text};
use super::plug_in::Call;
use super::tables::{gimp, load_windows, windows};
use super::widget::Widget;
use crate::words::tr;

/// `GTK_RESPONSE_OK`
const OK: i32 = -5;
/// `GTK_RESPONSE_CANCEL`
const CANCEL: i32 = -6;

/// Makes windows possible.
///
/// # Errors
/// Words that name the library that is missing.
pub fn open_windows() -> Result<(), String> {
    load_windows()?;
    // SAFETY: the name ends with NUL.
    unsafe { (windows().gimp_ui_init)(c"impasto-gimp".as_ptr()) };
    Ok(())
}

/// The dialog: destroyed when dropped.
#[derive(Debug)]
pub struct ProcedureDialog(Object);

impl ProcedureDialog {
    /// An empty dialog for a call. [`open_windows`] comes first.
    pub fn new(call: &Call, title: &str) -> Option<Self> {
        let title = c_text(title);
        let config: &Config = &call.config;
        // SAFETY: procedure and configuration live during the call; GTK owns the window, and a
        // reference of our own keeps it.
        let dialog = unsafe {
            Object::shared((windows().gimp_procedure_dialog_new)(
                call.procedure,
                config.raw(),
                title.as_ptr(),
            ))
        };
        dialog.map(Self)
    }

    /// Puts `widget` above the buttons.
    pub fn fill(&self, widget: &Widget) {
        fill(&self.0, widget);
    }

    /// Gives it this size, or as much as the screen has room for.
    pub fn set_size(&self, size: [i32; 2]) {
        let room = screen_room().map(|side| side.max(1));
        let [width, height] = [0, 1].map(|axis| size[axis].min(room[axis]));
        // SAFETY: the dialog lives.
        unsafe { (windows().gtk_window_set_default_size)(self.0.raw(), width, height) };
    }

    /// Whether OK can be pressed; it is gray otherwise.
    pub fn set_ready(&self, is_ready: bool) {
        // SAFETY: the dialog lives.
        unsafe {
            (windows().gtk_dialog_set_response_sensitive)(self.0.raw(), OK, is_ready.into());
        }
    }

    /// Shows it, and waits for OK, which is true, or Cancel.
    pub fn run(&self) -> bool {
        // SAFETY: the dialog lives.
        unsafe { (windows().gimp_procedure_dialog_run)(self.0.raw()) != 0 }
    }
}

impl Drop for ProcedureDialog {
    fn drop(&mut self) {
        // SAFETY: it lives; our reference stays until after.
        unsafe { (windows().gtk_widget_destroy)(self.0.raw()) };
    }
}

/// A dialog of our own, with buttons; it stays on the screen until it is closed.
#[derive(Debug)]
pub struct Dialog {
    object: Object,
    answer: Rc<Cell<Option<Answer>>>,
}

/// A button of a dialog.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Also by closing the window.
    Cancel,
    Ok,
}

impl Answer {
    /// Of `GtkResponseType`.
    const fn number(self) -> i32 {
        match self {
            Self::Cancel => CANCEL,
            Self::Ok => OK,
        }
    }

    fn of(number: i32) -> Self {
        if number == OK { Self::Ok } else { Self::Cancel }
    }
}

impl Dialog {
    /// An empty dialog. It stands before the window that `near` is in.
    pub fn new(title: &str, near: Option<&Widget>, buttons: &[(&str, Answer)]) -> Option<Self> {
        // SAFETY: the texts are copied; GTK owns the window, of which a reference of ours is kept.
        let object = unsafe {
            let dialog = Object::shared((windows().gtk_dialog_new)())?;
            let raw = dialog.raw();
            (windows().gtk_window_set_title)(raw, c_text(title).as_ptr());
            if let Some(near) = near {
                let parent = (windows().gtk_widget_get_toplevel)(near.raw());
                (windows().gtk_window_set_transient_for)(raw, parent);
            }
            for (label, answer) in buttons {
                let label = c_text(label);
                (windows().gtk_dialog_add_button)(raw, label.as_ptr(), answer.number());
            }
            (windows().gtk_dialog_set_default_response)(raw, OK);
            dialog
        };
        let answer = Rc::new(Cell::new(None));
        connect_number(&object, "response", {
            let answer = Rc::clone(&answer);
            move |number| answer.set(Some(Answer::of(number)))
        });
        // Closing its window answers; the window itself stays until it is closed here.
        connect_with(&object, "delete-event", |_| true);
        Some(Self { object, answer })
    }

    /// Puts `widget` above the buttons.
    pub fn fill(&self, widget: &Widget) {
        fill(&self.object, widget);
    }

    /// Shows it, and waits for an answer.
    pub fn run(&self) -> Answer {
        // SAFETY: the dialog lives.
        Answer::of(unsafe { (windows().gtk_dialog_run)(self.object.raw()) })
    }

    /// Shows it, and goes on.
    pub fn show(&self) {
        // SAFETY: the dialog lives.
        unsafe { (windows().gtk_widget_show_all)(self.object.raw()) };
    }

    /// Lets windows do what there is to do, and gives what was answered since the last time.
    pub fn answered(&self) -> Option<Answer> {
        const AT_ONCE: i32 = 0;
        // SAFETY: they take nothing else; handlers run on this thread.
        unsafe {
            while (windows().gtk_events_pending)() != 0 {
                (windows().gtk_main_iteration_do)(AT_ONCE);
            }
        }
        self.answer.take()
    }

    /// Whether the button of an answer can be pressed; it is gray otherwise.
    pub fn set_ready(&self, answer: Answer, is_ready: bool) {
        // SAFETY: the dialog lives.
        unsafe {
            let set = windows().gtk_dialog_set_response_sensitive;
            set(self.object.raw(), answer.number(), is_ready.into());
        }
    }

    /// Takes it off the screen.
    pub fn close(&self) {
        // SAFETY: it lives; our reference stays until after.
        unsafe { (windows().gtk_widget_destroy)(self.object.raw()) };
    }
}

/// Asks for a line of text; `None` where the user cancels. `near` is in the window that this one
/// stands before.
pub fn ask_text(title: &str, label: &str, text: &str, near: &Widget) -> Option<String> {
    const BORDER: u32 = 12;
    const SPACING: i32 = 6;
    let entry = Widget::entry(text);
    let row = Widget::row(SPACING);
    row.set_border(BORDER);
    row.pack(&Widget::label_for(label, &entry), false);
    row.pack(&entry, true);
    let buttons = [(&*tr("_Cancel"), Answer::Cancel), (&*tr("_OK"), Answer::Ok)];
    let dialog = Dialog::new(title, Some(near), &buttons)?;
    dialog.fill(&row);
    let answer = dialog.run();
    let text = entry.typed();
    dialog.close();
    (answer == Answer::Ok && !text.trim().is_empty()).then_some(text)
}

/// Opens a file as the desktop opens such files; says whether that began. `near` is in the window
/// that asks.
pub fn open_file(path: &Path, near: &Widget) -> bool {
    const NOW: u32 = 0;
    let path = c_text(&path.to_string_lossy());
    // SAFETY: the path ends with NUL; the file is new and ours, and its address ours to free; the
    // widget lives. Without a place for it no error is given.
    unsafe {
        let Some(file) = Object::owned((gimp().g_file_new_for_path)(path.as_ptr())) else {
            return false;
        };
        let uri = (gimp().g_file_get_uri)(file.raw());
        let parent = (windows().gtk_widget_get_toplevel)(near.raw());
        let is_opened = (windows().gtk_show_uri_on_window)(parent, uri, NOW, null_mut()) != 0;
        (gimp().g_free)(uri.cast());
        is_opened
    }
}

/// What a window can have of the screen: less than panels leave, for it has borders.
pub fn screen_room() -> [i32; 2] {
    const BORDERS: [i32; 2] = [72, 56];
    const UNKNOWN: [i32; 2] = [1024, 640];
    let mut room = Rectangle { x: 0, y: 0, width: 0, height: 0 };
    // SAFETY: there is a display where there are windows; a monitor of it lives, or there is none;
    // four numbers are written.
    unsafe {
        let display = (windows().gdk_display_get_default)();
        let monitor = (windows().gdk_display_get_primary_monitor)(display);
        let first = || (windows().gdk_display_get_monitor)(display, 0);
        let monitor = if monitor.is_null() { first() } else { monitor };
        if monitor.is_null() {
            return UNKNOWN;
        }
        (windows().gdk_monitor_get_workarea)(monitor, (&raw mut room).cast());
    }
    [room.width - BORDERS[0], room.height - BORDERS[1]]
}

fn fill(dialog: &Object, widget: &Widget) {
    // SAFETY: both live; the dialog has such a box.
    unsafe {
        let area = (windows().gtk_dialog_get_content_area)(dialog.raw());
        (windows().gtk_box_pack_start)(area, widget.raw(), 1, 1, 0);
        (windows().gtk_widget_show_all)(widget.raw());
    }
}
