//! GIMP's dialog for a procedure, whose controls are made from its arguments.

use super::config::Config;
use super::object::{Object, c_text};
use super::plug_in::Call;
use super::tables::{Type, load_windows, windows};
use super::widget::Widget;

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

/// How an argument is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Control {
    /// As GIMP chooses by the argument's type.
    Usual,
    /// A bar with a number in it, for numbers with fractions.
    Bar,
    /// A list to open, for choices.
    List,
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

    /// The control of an argument; `None` for a name that is none.
    pub fn control(&self, argument: &str, control: Control) -> Option<Widget> {
        const UNSPECIFIED: Type = 1 << 2;
        // SAFETY: the dialog lives; it keeps a reference to the widget, and we add one.
        unsafe {
            let kind = match control {
                Control::Usual => UNSPECIFIED,
                Control::List => (windows().gtk_combo_box_get_type)(),
                Control::Bar => (windows().gimp_spin_scale_get_type)(),
            };
            let get = windows().gimp_procedure_dialog_get_widget;
            Object::shared(get(self.0.raw(), c_text(argument).as_ptr(), kind)).map(Widget::new)
        }
    }

    /// Puts `widget` above the buttons.
    pub fn fill(&self, widget: &Widget) {
        // SAFETY: both live; the dialog has such a box.
        unsafe {
            let area = (windows().gtk_dialog_get_content_area)(self.0.raw());
            (windows().gtk_box_pack_start)(area, widget.raw(), 1, 1, 0);
            (windows().gtk_widget_show_all)(widget.raw());
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
