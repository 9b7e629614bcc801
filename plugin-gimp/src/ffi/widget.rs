//! GTK's widgets, as many as the dialog needs.

use std::ptr::null_mut;

use super::closure::connect;
use super::object::{Object, c_text};
use super::pixbuf::Pixbuf;
use super::tables::{Raw, gimp, windows};

/// A widget.
#[derive(Debug, Clone)]
pub struct Widget(Object);

impl Widget {
    pub(super) fn new(object: Object) -> Self {
        Self(object)
    }

    pub(super) fn raw(&self) -> Raw {
        self.0.raw()
    }

    /// # Safety
    /// `raw` is a new widget, which GTK never fails to make.
    unsafe fn made(raw: Raw) -> Self {
        // SAFETY: `raw` is a widget just made, whose first reference we take. It is not NULL: where
        // memory runs out, GLib ends the program.
        unsafe { Object::shared(raw) }.map_or_else(|| std::process::abort(), Self)
    }

    /// Children side by side.
    pub fn row(spacing: i32) -> Self {
        // SAFETY: 0 is `GTK_ORIENTATION_HORIZONTAL`, any spacing will do, and the box is new.
        unsafe { Self::made((windows().gtk_box_new)(0, spacing)) }
    }

    /// Children one below the other.
    pub fn column(spacing: i32) -> Self {
        // SAFETY: 1 is `GTK_ORIENTATION_VERTICAL`, any spacing will do, and the box is new.
        unsafe { Self::made((windows().gtk_box_new)(1, spacing)) }
    }

    /// Children in columns of one width.
    pub fn grid(spacing: u32) -> Self {
        // SAFETY: a grid is made and set up.
        unsafe {
            let grid = Self::made((windows().gtk_grid_new)());
            (windows().gtk_grid_set_row_spacing)(grid.raw(), spacing);
            (windows().gtk_grid_set_column_spacing)(grid.raw(), 2 * spacing);
            (windows().gtk_grid_set_column_homogeneous)(grid.raw(), 1);
            grid
        }
    }

    /// Text at the left.
    pub fn label(text: &str) -> Self {
        // SAFETY: the text ends with NUL and is copied.
        unsafe {
            let label = (windows().gtk_label_new_with_mnemonic)(c_text(text).as_ptr());
            (windows().gtk_label_set_xalign)(label, 0.0);
            Self::made(label)
        }
    }

    /// One line below a thumbnail, shortened at its end.
    pub fn caption(text: &str, characters: i32) -> Self {
        const AT_THE_END: i32 = 3;
        let label = Self::label("");
        label.set_label(text);
        // SAFETY: a label lives.
        unsafe {
            (windows().gtk_label_set_xalign)(label.raw(), 0.5);
            (windows().gtk_label_set_ellipsize)(label.raw(), AT_THE_END);
            (windows().gtk_label_set_max_width_chars)(label.raw(), characters);
        }
        label
    }

    /// Text that may take `lines` lines, and does not widen the dialog.
    pub fn message(lines: i32) -> Self {
        const AT_THE_END: i32 = 3;
        let label = Self::label("");
        // SAFETY: a label lives.
        unsafe {
            (windows().gtk_label_set_line_wrap)(label.raw(), 1);
            (windows().gtk_label_set_lines)(label.raw(), lines);
            (windows().gtk_label_set_ellipsize)(label.raw(), AT_THE_END);
            (windows().gtk_label_set_max_width_chars)(label.raw(), 1);
        }
        label
    }

    /// Changes a label's text.
    pub fn set_label(&self, text: &str) {
        // SAFETY: the text ends with NUL and is copied; other widgets ignore it with a warning.
        unsafe { (windows().gtk_label_set_text)(self.raw(), c_text(text).as_ptr()) };
    }

    /// A label whose mnemonic leads to `target`.
    pub fn label_for(text: &str, target: &Self) -> Self {
        let label = Self::label(text);
        // SAFETY: both live.
        unsafe { (windows().gtk_label_set_mnemonic_widget)(label.raw(), target.raw()) };
        label
    }

    /// A picture, empty at first.
    pub fn picture() -> Self {
        // SAFETY: it takes nothing, and the picture's widget is new.
        unsafe { Self::made((windows().gtk_image_new)()) }
    }

    /// Shows `pixbuf` in a picture.
    pub fn set_picture(&self, pixbuf: &Pixbuf) {
        // SAFETY: both live.
        unsafe { (windows().gtk_image_set_from_pixbuf)(self.raw(), pixbuf.raw()) };
    }

    /// A fold that hides its child at first.
    pub fn fold(label: &str) -> Self {
        // SAFETY: the text ends with NUL and is copied.
        unsafe { Self::made((windows().gtk_expander_new_with_mnemonic)(c_text(label).as_ptr())) }
    }

    /// A button that stays down.
    pub fn toggle(label: &str) -> Self {
        let label = c_text(label);
        // SAFETY: the text ends with NUL and is copied.
        unsafe { Self::made((windows().gtk_toggle_button_new_with_mnemonic)(label.as_ptr())) }
    }

    /// Whether a toggle is down.
    pub fn is_down(&self) -> bool {
        // SAFETY: the widget lives; others are no toggles, which gives a warning and false.
        unsafe { (windows().gtk_toggle_button_get_active)(self.raw()) != 0 }
    }

    /// A frame whose child scrolls up and down.
    pub fn scrolled(child: &Self) -> Self {
        const AUTOMATIC: i32 = 1;
        const NEVER: i32 = 2;
        const SUNKEN: i32 = 1;
        // SAFETY: the child lives; a frame is made round it.
        unsafe {
            let frame = (windows().gtk_scrolled_window_new)(null_mut(), null_mut());
            (windows().gtk_scrolled_window_set_policy)(frame, NEVER, AUTOMATIC);
            (windows().gtk_scrolled_window_set_shadow_type)(frame, SUNKEN);
            (windows().gtk_container_add)(frame, child.raw());
            Self::made(frame)
        }
    }

    /// Whether it can be used; it is gray otherwise.
    pub fn set_usable(&self, is_usable: bool) {
        // SAFETY: the widget lives.
        unsafe { (windows().gtk_widget_set_sensitive)(self.raw(), is_usable.into()) };
    }

    /// A list to choose from, of names and labels; its property `active-id` is the name.
    pub fn list(entries: &[(String, String)]) -> Self {
        // SAFETY: a list is made; strings are copied.
        let list = unsafe { Self::made((windows().gtk_combo_box_text_new)()) };
        for (name, label) in entries {
            list.append(name, label);
        }
        list
    }

    /// Adds an entry to a list.
    pub fn append(&self, name: &str, label: &str) {
        let (name, label) = (c_text(name), c_text(label));
        // SAFETY: the widget lives; strings are copied.
        unsafe {
            (windows().gtk_combo_box_text_append)(self.raw(), name.as_ptr(), label.as_ptr());
        }
    }

    /// Puts `child` after the others of a row or column; it takes what room is left if `grows`.
    pub fn pack(&self, child: &Self, grows: bool) {
        // SAFETY: both live.
        unsafe {
            (windows().gtk_box_pack_start)(self.raw(), child.raw(), grows.into(), grows.into(), 0);
        }
    }

    /// Puts `child` into a fold or a frame.
    pub fn hold(&self, child: &Self) {
        // SAFETY: both live.
        unsafe { (windows().gtk_container_add)(self.raw(), child.raw()) };
    }

    /// Puts `child` into a grid.
    pub fn attach(&self, child: &Self, column: i32, row: i32) {
        // SAFETY: both live.
        unsafe {
            (windows().gtk_widget_set_hexpand)(child.raw(), 1);
            (windows().gtk_grid_attach)(self.raw(), child.raw(), column, row, 1, 1);
        }
    }

    /// Gives the keyboard's focus to the child that is to have it.
    pub fn focus_child(&self) {
        const TAB_FORWARD: i32 = 0;
        // SAFETY: the widget lives.
        unsafe { (windows().gtk_widget_child_focus)(self.raw(), TAB_FORWARD) };
    }

    /// Leaves room round the children.
    pub fn set_border(&self, pixels: u32) {
        // SAFETY: the widget lives.
        unsafe { (windows().gtk_container_set_border_width)(self.raw(), pixels) };
    }

    /// Asks for at least this much room; -1 for what the widget asks itself.
    pub fn set_size(&self, width: i32, height: i32) {
        // SAFETY: the widget lives.
        unsafe { (windows().gtk_widget_set_size_request)(self.raw(), width, height) };
    }

    /// Help that appears under the pointer.
    pub fn set_help(&self, text: &str) {
        // SAFETY: the widget lives; the text is copied.
        unsafe { (windows().gtk_widget_set_tooltip_text)(self.raw(), c_text(text).as_ptr()) };
    }

    /// Calls `function` whenever the widget emits `signal`.
    pub fn on(&self, signal: &str, function: impl Fn() + 'static) {
        connect(&self.0, signal, function);
    }
}

/// Children in as many columns as there is room for, of which one may be chosen.
#[derive(Debug, Clone)]
pub struct FlowBox(Widget);

impl FlowBox {
    /// Without children.
    pub fn new(least_columns: u32, most_columns: u32) -> Self {
        // SAFETY: a box is made and set up.
        unsafe {
            let flow = Widget::made((windows().gtk_flow_box_new)());
            (windows().gtk_flow_box_set_min_children_per_line)(flow.raw(), least_columns);
            (windows().gtk_flow_box_set_max_children_per_line)(flow.raw(), most_columns);
            Self(flow)
        }
    }

    /// As any widget.
    pub fn widget(&self) -> &Widget {
        &self.0
    }

    /// Adds a child at the end.
    pub fn add(&self, child: &Widget) {
        const AT_THE_END: i32 = -1;
        // SAFETY: both live.
        unsafe { (windows().gtk_flow_box_insert)(self.0.raw(), child.raw(), AT_THE_END) };
    }

    /// The child at `place`, which can have the keyboard's focus, unlike the box.
    pub fn child(&self, place: usize) -> Option<Widget> {
        let place = i32::try_from(place).ok()?;
        // SAFETY: the box lives; a child that is not there is NULL.
        unsafe {
            let child = (windows().gtk_flow_box_get_child_at_index)(self.0.raw(), place);
            Object::shared(child).map(Widget)
        }
    }

    /// The place of the chosen child, from 0.
    pub fn chosen(&self) -> Option<usize> {
        // SAFETY: the list is ours, its children are the box's; its first word is the first child.
        let place = unsafe {
            let list = (windows().gtk_flow_box_get_selected_children)(self.0.raw());
            if list.is_null() {
                return None;
            }
            let child = *list.cast::<Raw>();
            (gimp().g_list_free)(list);
            (windows().gtk_flow_box_child_get_index)(child)
        };
        usize::try_from(place).ok()
    }

    /// Chooses the child at `place`, or none.
    pub fn choose(&self, place: Option<usize>) {
        let child = place.and_then(|place| self.child(place));
        // SAFETY: the box lives, and so does its child.
        unsafe {
            match child {
                Some(child) => (windows().gtk_flow_box_select_child)(self.0.raw(), child.raw()),
                None => (windows().gtk_flow_box_unselect_all)(self.0.raw()),
            }
        }
    }
}
