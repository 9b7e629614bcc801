//! GTK's widgets, as many as the dialog needs.

use std::ptr::null_mut;

use super::closure::{connect, connect_with};
use super::config::Config;
use super::drawing::Drawing;
use super::event::Event;
use super::object::{Object, c_text, copied_text};
use super::pixbuf::Pixbuf;
use super::tables::{Raw, gimp, windows};

/// A widget.
#[derive(Debug, Clone)]
pub struct Widget(Object);

impl Widget {
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

    /// Text at the left.
    pub fn label(text: &str) -> Self {
        // SAFETY: the text ends with NUL and is copied.
        unsafe {
            let label = (windows().gtk_label_new_with_mnemonic)(c_text(text).as_ptr());
            (windows().gtk_label_set_xalign)(label, 0.0);
            Self::made(label)
        }
    }

    /// A heading whose mnemonic leads to `target`.
    pub fn heading_for(text: &str, target: &Self) -> Self {
        let label = Self::heading(text);
        // SAFETY: both live.
        unsafe { (windows().gtk_label_set_mnemonic_widget)(label.raw(), target.raw()) };
        label
    }

    /// A heading.
    pub fn heading(text: &str) -> Self {
        let label = Self::label("");
        // SAFETY: a label lives; the text is escaped, which gives a copy that is ours to free.
        unsafe {
            let escaped = (gimp().g_markup_escape_text)(c_text(text).as_ptr(), -1);
            let markup = format!("<b>{}</b>", copied_text(escaped).unwrap_or_default());
            (gimp().g_free)(escaped.cast());
            (windows().gtk_label_set_markup_with_mnemonic)(label.raw(), c_text(&markup).as_ptr());
        }
        label
    }

    /// Words below a thumbnail, in as many lines as they need.
    pub fn caption(text: &str, characters: i32) -> Self {
        const CENTER: i32 = 2;
        let label = Self::label("");
        label.set_label(text);
        // SAFETY: a label lives.
        unsafe {
            (windows().gtk_label_set_xalign)(label.raw(), 0.5);
            (windows().gtk_label_set_justify)(label.raw(), CENTER);
            (windows().gtk_label_set_line_wrap)(label.raw(), 1);
            (windows().gtk_label_set_max_width_chars)(label.raw(), characters);
        }
        label
    }

    /// A line of text that does not widen the dialog: what it has no room for is left out.
    pub fn message() -> Self {
        const AT_THE_END: i32 = 3;
        let label = Self::label("");
        // SAFETY: a label lives.
        unsafe {
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

    /// Has a label take the room of so many characters.
    pub fn set_width(&self, characters: i32) {
        // SAFETY: a label lives.
        unsafe { (windows().gtk_label_set_width_chars)(self.raw(), characters) };
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

    /// Shows `pixbuf` in a picture, each of its pixels as one of the screen's.
    pub fn set_picture(&self, pixbuf: &Pixbuf) {
        let scale = self.screen_scale() as i32;
        // SAFETY: both live; the surface is ours to let go, and the picture keeps its own.
        unsafe {
            let make = windows().gdk_cairo_surface_create_from_pixbuf;
            let surface = make(pixbuf.raw(), scale, null_mut());
            (windows().gtk_image_set_from_surface)(self.raw(), surface);
            (windows().cairo_surface_destroy)(surface);
        }
    }

    /// A fold that hides its child at first.
    pub fn fold(label: &str) -> Self {
        // SAFETY: the text ends with NUL and is copied.
        unsafe { Self::made((windows().gtk_expander_new_with_mnemonic)(c_text(label).as_ptr())) }
    }

    /// A button.
    pub fn button(label: &str) -> Self {
        let label = c_text(label);
        // SAFETY: the text ends with NUL and is copied.
        unsafe { Self::made((windows().gtk_button_new_with_mnemonic)(label.as_ptr())) }
    }

    /// A button with one of the desktop's icons.
    pub fn icon_button(icon: &str) -> Self {
        const BUTTON: i32 = 4;
        // SAFETY: the name ends with NUL and is copied.
        unsafe {
            Self::made((windows().gtk_button_new_from_icon_name)(c_text(icon).as_ptr(), BUTTON))
        }
    }

    /// Room to draw in.
    pub fn drawing_area() -> Self {
        /// Moves, moves with a button, presses, releases, leaving, the wheel, smoothly or not.
        const EVENTS: i32 =
            1 << 2 | 1 << 5 | 1 << 8 | 1 << 9 | 1 << 13 | 1 << 21 | 1 << 23 | 1 << 10;
        // SAFETY: it takes nothing, and the area is new.
        unsafe {
            let area = Self::made((windows().gtk_drawing_area_new)());
            (windows().gtk_widget_add_events)(area.raw(), EVENTS);
            (windows().gtk_widget_set_can_focus)(area.raw(), 1);
            area
        }
    }

    /// A bar with a label and a number in it, which sets the argument `name`.
    pub fn bar_for(config: &Config, name: &str, label: &str, step: f64, digits: i32) -> Self {
        const PAGES: f64 = 4.0;
        // SAFETY: the configuration lives and has the argument, or a warning and NULL come, for
        // which there is an empty row; the texts are copied.
        unsafe {
            let new = windows().gimp_prop_spin_scale_new;
            let bar = new(config.raw(), c_text(name).as_ptr(), step, PAGES * step, digits);
            if bar.is_null() {
                return Self::row(0);
            }
            (windows().gimp_spin_scale_set_label)(bar, c_text(label).as_ptr());
            Self::made(bar).without_wheel()
        }
    }

    /// A number to type, which sets the argument `name`.
    pub fn number_for(config: &Config, name: &str, step: f64, digits: i32) -> Self {
        const PAGES: f64 = 10.0;
        // SAFETY: as in `bar_for`.
        unsafe {
            let new = windows().gimp_prop_spin_button_new;
            let number = new(config.raw(), c_text(name).as_ptr(), step, PAGES * step, digits);
            if number.is_null() { Self::row(0) } else { Self::made(number).without_wheel() }
        }
    }

    /// A line to type in, which sets the argument `name`.
    pub fn entry_for(config: &Config, name: &str) -> Self {
        const ANY_LENGTH: i32 = -1;
        // SAFETY: as in `bar_for`.
        unsafe {
            let new = windows().gimp_prop_entry_new;
            let entry = new(config.raw(), c_text(name).as_ptr(), ANY_LENGTH);
            if entry.is_null() { Self::row(0) } else { Self::made(entry) }
        }
    }

    /// Leaves the wheel to the column that the widget scrolls in: who scrolls past a control does
    /// not mean to change it.
    fn without_wheel(self) -> Self {
        let raw = self.raw();
        connect_with(&self.0, "scroll-event", move |event| {
            // SAFETY: the widget's own signal is told, so it lives, and the frame round it too.
            unsafe {
                let kind = (windows().gtk_scrolled_window_get_type)();
                let frame = (windows().gtk_widget_get_ancestor)(raw, kind);
                if !frame.is_null() {
                    (windows().gtk_widget_event)(frame, event);
                }
            }
            true
        });
        self
    }

    /// A line to search in.
    pub fn search() -> Self {
        // SAFETY: it takes nothing, and the entry is new.
        unsafe { Self::made((windows().gtk_search_entry_new)()) }
    }

    /// A line to type in, with this text; Enter presses the dialog's default button.
    pub fn entry(text: &str) -> Self {
        // SAFETY: the entry is new; the text is copied.
        unsafe {
            let entry = Self::made((windows().gtk_entry_new)());
            (windows().gtk_entry_set_activates_default)(entry.raw(), 1);
            (windows().gtk_entry_set_text)(entry.raw(), c_text(text).as_ptr());
            entry
        }
    }

    /// What is typed in a line.
    pub fn typed(&self) -> String {
        // SAFETY: the widget lives; the text is the entry's.
        unsafe { copied_text((windows().gtk_entry_get_text)(self.raw())) }.unwrap_or_default()
    }

    /// Gray words where nothing is typed.
    pub fn set_placeholder(&self, text: &str) {
        // SAFETY: the widget lives; the text is copied.
        unsafe {
            (windows().gtk_entry_set_placeholder_text)(self.raw(), c_text(text).as_ptr());
        }
    }

    /// A bar that fills.
    pub fn progress_bar() -> Self {
        // SAFETY: it takes nothing, and the bar is new.
        unsafe {
            let bar = Self::made((windows().gtk_progress_bar_new)());
            (windows().gtk_progress_bar_set_show_text)(bar.raw(), 1);
            bar
        }
    }

    /// Fills a bar to a fraction, with words on it.
    pub fn set_progress(&self, fraction: f32, text: &str) {
        // SAFETY: the widget lives; the text is copied.
        unsafe {
            let fraction = f64::from(fraction.clamp(0.0, 1.0));
            (windows().gtk_progress_bar_set_fraction)(self.raw(), fraction);
            (windows().gtk_progress_bar_set_text)(self.raw(), c_text(text).as_ptr());
        }
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

    /// Presses a toggle, or lets it go.
    pub fn set_down(&self, is_down: bool) {
        // SAFETY: the widget lives; others are no toggles, which gives a warning.
        unsafe { (windows().gtk_toggle_button_set_active)(self.raw(), is_down.into()) };
    }

    /// A frame whose child scrolls up and down. It is as wide as its child must be; of `width`
    /// pixels where that is given, and then the child scrolls to the sides, too.
    pub fn scrolled(child: &Self, width: Option<i32>) -> Self {
        const AUTOMATIC: i32 = 1;
        const NEVER: i32 = 2;
        let to_the_sides = if width.is_some() { AUTOMATIC } else { NEVER };
        // SAFETY: the child lives; a frame is made round it.
        unsafe {
            let frame = (windows().gtk_scrolled_window_new)(null_mut(), null_mut());
            (windows().gtk_scrolled_window_set_policy)(frame, to_the_sides, AUTOMATIC);
            (windows().gtk_scrolled_window_set_min_content_width)(frame, width.unwrap_or(-1));
            // Controls in it that would grow do not make it grow.
            (windows().gtk_widget_set_hexpand)(frame, 0);
            (windows().gtk_container_add)(frame, child.raw());
            Self::made(frame)
        }
    }

    /// A sunken frame whose child scrolls up and down, at least `height` pixels high.
    pub fn sunken(child: &Self, height: i32) -> Self {
        const SUNKEN: i32 = 1;
        let frame = Self::scrolled(child, None);
        // SAFETY: the frame lives.
        unsafe {
            (windows().gtk_scrolled_window_set_shadow_type)(frame.raw(), SUNKEN);
            (windows().gtk_scrolled_window_set_min_content_height)(frame.raw(), height);
        }
        frame
    }

    /// Whether it can be used; it is gray otherwise.
    pub fn set_usable(&self, is_usable: bool) {
        // SAFETY: the widget lives.
        unsafe { (windows().gtk_widget_set_sensitive)(self.raw(), is_usable.into()) };
    }

    /// A list to choose from, of names and labels; its property `active-id` is the name.
    pub fn list(entries: &[(String, String)]) -> Self {
        const AT_THE_END: i32 = 3;
        // SAFETY: a list is made; its first cell, which shows the text, is the list's, while the
        // list of cells is ours to free. Long texts are shortened and do not widen the dialog.
        let list = unsafe {
            let list = Self::made((windows().gtk_combo_box_text_new)());
            let cells = (windows().gtk_cell_layout_get_cells)(list.raw());
            if !cells.is_null() {
                let (cell, name) = (*cells.cast::<Raw>(), c"ellipsize".as_ptr());
                (gimp().g_object_set)(cell, name, AT_THE_END, null_mut::<Raw>());
                (gimp().g_list_free)(cells);
            }
            list
        };
        for (name, label) in entries {
            list.append(name, label);
        }
        list.without_wheel()
    }

    /// Adds an entry to a list.
    pub fn append(&self, name: &str, label: &str) {
        let (name, label) = (c_text(name), c_text(label));
        // SAFETY: the widget lives; strings are copied.
        unsafe {
            (windows().gtk_combo_box_text_append)(self.raw(), name.as_ptr(), label.as_ptr());
        }
    }

    /// Takes all entries out of a list.
    pub fn clear(&self) {
        // SAFETY: the widget lives.
        unsafe { (windows().gtk_combo_box_text_remove_all)(self.raw()) };
    }

    /// The name of a list's chosen entry.
    pub fn listed(&self) -> Option<String> {
        // SAFETY: the widget lives; the text is the list's.
        unsafe { copied_text((windows().gtk_combo_box_get_active_id)(self.raw())) }
    }

    /// Chooses the entry of this name in a list; none where there is no such entry.
    pub fn list_choose(&self, name: &str) {
        // SAFETY: the widget lives; the text is copied.
        unsafe { (windows().gtk_combo_box_set_active_id)(self.raw(), c_text(name).as_ptr()) };
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

    /// Takes what height is left over.
    pub fn grow_down(&self) {
        // SAFETY: the widget lives.
        unsafe { (windows().gtk_widget_set_vexpand)(self.raw(), 1) };
    }

    /// Shows the widget and its children, or hides it, also where all is shown afterwards.
    pub fn set_shown(&self, is_shown: bool) {
        // SAFETY: the widget lives.
        unsafe {
            (windows().gtk_widget_set_no_show_all)(self.raw(), 0);
            if is_shown {
                (windows().gtk_widget_show_all)(self.raw());
            }
            (windows().gtk_widget_set_no_show_all)(self.raw(), 1);
            (windows().gtk_widget_set_visible)(self.raw(), is_shown.into());
        }
    }

    /// Has it drawn anew.
    pub fn redraw(&self) {
        // SAFETY: the widget lives.
        unsafe { (windows().gtk_widget_queue_draw)(self.raw()) };
    }

    /// Gives it the keyboard.
    pub fn take_focus(&self) {
        // SAFETY: the widget lives.
        unsafe { (windows().gtk_widget_grab_focus)(self.raw()) };
    }

    /// The room that it was given, in its own pixels.
    pub fn room(&self) -> [f64; 2] {
        // SAFETY: the widget lives.
        unsafe {
            [
                (windows().gtk_widget_get_allocated_width)(self.raw()).into(),
                (windows().gtk_widget_get_allocated_height)(self.raw()).into(),
            ]
        }
    }

    /// The screen's pixels to one of the widget's.
    pub fn screen_scale(&self) -> f64 {
        // SAFETY: the widget lives.
        unsafe { (windows().gtk_widget_get_scale_factor)(self.raw()).into() }
    }

    /// Calls `draw` whenever it is to be drawn.
    pub fn on_draw(&self, draw: impl Fn(&Drawing) + 'static) {
        connect_with(&self.0, "draw", move |context| {
            // SAFETY: GTK lends the context while it draws.
            draw(&unsafe { Drawing::new(context) });
            false
        });
    }

    /// Calls `function` with what happens at the widget; it says whether that was all of it.
    pub fn on_event(&self, signal: &str, function: impl Fn(&Event) -> bool + 'static) {
        connect_with(&self.0, signal, move |event| {
            // SAFETY: GTK lends the event while it is told.
            function(&unsafe { Event::new(event) })
        });
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

    /// Shows the child at `place`, or hides it.
    pub fn set_child_shown(&self, place: usize, is_shown: bool) {
        if let Some(child) = self.child(place) {
            // SAFETY: the child lives.
            unsafe { (windows().gtk_widget_set_visible)(child.raw(), is_shown.into()) };
        }
    }

    /// Takes all children out.
    pub fn clear(&self) {
        while let Some(child) = self.child(0) {
            // SAFETY: the child lives, and is not used again.
            unsafe { (windows().gtk_widget_destroy)(child.raw()) };
        }
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

    /// Scrolls the window around it so that the child at `place` is seen; false as long as the child
    /// has no place in it.
    pub fn scroll_to(&self, place: usize) -> bool {
        let Some(child) = self.child(place) else { return false };
        let (mut x, mut y) = (0, 0);
        // SAFETY: the box and its child live; an ancestor that is not there is NULL, and the window's
        // scale stays with the window.
        unsafe {
            let height = (windows().gtk_widget_get_allocated_height)(child.raw());
            let kind = (windows().gtk_scrolled_window_get_type)();
            let window = (windows().gtk_widget_get_ancestor)(self.0.raw(), kind);
            let (x, y) = (&raw mut x, &raw mut y);
            let translate = windows().gtk_widget_translate_coordinates;
            if height <= 1
                || window.is_null()
                || translate(child.raw(), self.0.raw(), 0, 0, x, y) == 0
            {
                return false;
            }
            let scale = (windows().gtk_scrolled_window_get_vadjustment)(window);
            let (top, height) = (f64::from(*y), f64::from(height));
            (windows().gtk_adjustment_clamp_page)(scale, top, top + height);
        }
        true
    }
}
