//! The functions of GIMP's libraries, looked up at run time.

use std::ffi::{c_char, c_int, c_uint, c_void};
use std::sync::OnceLock;

use libloading::Library;

pub type Raw = *mut c_void;
pub type Text = *const c_char;
pub type Int = c_int;
pub type Type = usize;

/// Declares a table: a field for each function, each from the first library that has it.
macro_rules! table {
    ($(#[$doc:meta])* $table:ident from $files:expr;
     $($(#[$only:meta])* fn $name:ident($($type:ty),* $(; $more:tt)?) $(-> $returned:ty)?;)*) => {
        $(#[$doc])*
        pub struct $table {
            $($(#[$only])* pub $name: unsafe extern "C" fn($($type),* $(, $more)?) $(-> $returned)?,)*
        }

        impl $table {
            /// # Safety
            /// The libraries are those of GIMP 3, where these functions have these types.
            unsafe fn look_up(libraries: &[Library]) -> Result<Self, String> {
                Ok(Self {
                    $($(#[$only])* $name: libraries
                        .iter()
                        // SAFETY: in GIMP 3's libraries the function of this name has the type of
                        // the field, and what it was found in is never unloaded.
                        .find_map(|library| unsafe {
                            library.get(concat!(stringify!($name), "\0")).ok().map(|symbol| *symbol)
                        })
                        .ok_or_else(|| missing(stringify!($name)))?,)*
                })
            }

            fn open() -> Result<Self, String> {
                let libraries = open(&$files)?;
                // SAFETY: the names of the files are those of GIMP 3's libraries.
                let table = unsafe { Self::look_up(&libraries) };
                // Libraries with types and threads of their own are never unloaded.
                std::mem::forget(libraries);
                table
            }
        }
    };
}

table! {
    /// What every call needs.
    Gimp from [
        ("gimp-3.0", 0), ("gimpconfig-3.0", 0), ("gimpbase-3.0", 0), ("gegl-0.4", 0), ("babl-0.1", 0), ("gobject-2.0", 0), ("glib-2.0", 0),
        ("gio-2.0", 0),
    ];
    fn gimp_main(Type, Int, *mut *mut c_char) -> Int;
    fn gimp_plug_in_get_type() -> Type;
    fn gimp_directory() -> Text;
    fn gimp_image_procedure_new(Raw, Text, Int, Raw, Raw, Raw) -> Raw;
    fn gimp_procedure_set_image_types(Raw, Text);
    fn gimp_procedure_set_sensitivity_mask(Raw, Int);
    fn gimp_procedure_set_menu_label(Raw, Text);
    fn gimp_procedure_add_menu_path(Raw, Text);
    fn gimp_procedure_set_documentation(Raw, Text, Text, Text);
    fn gimp_procedure_set_attribution(Raw, Text, Text, Text);
    fn gimp_procedure_add_double_argument(Raw, Text, Text, Text, f64, f64, f64, c_uint);
    fn gimp_procedure_add_int_argument(Raw, Text, Text, Text, Int, Int, Int, c_uint);
    fn gimp_procedure_add_uint_argument(Raw, Text, Text, Text, c_uint, c_uint, c_uint, c_uint);
    fn gimp_procedure_add_string_argument(Raw, Text, Text, Text, Text, c_uint);
    fn gimp_procedure_add_choice_argument(Raw, Text, Text, Text, Raw, Text, c_uint);
    fn gimp_procedure_add_file_argument(Raw, Text, Text, Text, Int, Int, Raw, c_uint);
    fn gimp_procedure_add_drawable_argument(Raw, Text, Text, Text, Int, c_uint);
    fn gimp_procedure_new_return_values(Raw, Int, Raw) -> Raw;
    fn gimp_param_spec_file_set_action(Raw, Int);
    fn gimp_choice_new() -> Raw;
    fn gimp_choice_add(Raw, Text, Int, Text, Text);
    fn gimp_config_serialize_to_file(Raw, Raw, Text, Text, Raw, Raw) -> Int;
    fn gimp_config_serialize_to_parasite(Raw, Text, c_uint, Raw) -> Raw;
    fn gimp_parasite_free(Raw);
    fn gimp_progress_init(Text) -> Int;
    fn gimp_progress_set_text(Text) -> Int;
    fn gimp_progress_update(f64) -> Int;
    fn gimp_progress_end() -> Int;
    fn gimp_message(Text) -> Int;
    fn gimp_displays_flush();
    fn gimp_image_attach_parasite(Raw, Raw) -> Int;
    fn gimp_get_images() -> *mut Raw;
    fn gimp_image_get_layers(Raw) -> *mut Raw;
    fn gimp_image_get_name(Raw) -> *mut c_char;
    fn gimp_item_get_children(Raw) -> *mut Raw;
    fn gimp_item_get_id(Raw) -> Int;
    fn gimp_image_is_valid(Raw) -> Int;
    fn gimp_image_undo_group_start(Raw) -> Int;
    fn gimp_image_undo_group_end(Raw) -> Int;
    fn gimp_image_get_selection(Raw) -> Raw;
    fn gimp_selection_is_empty(Raw) -> Int;
    fn gimp_image_insert_layer(Raw, Raw, Raw, Int) -> Int;
    fn gimp_image_get_item_position(Raw, Raw) -> Int;
    fn gimp_layer_new(Raw, Text, Int, Int, Int, f64, Int) -> Raw;
    fn gimp_layer_set_offsets(Raw, Int, Int) -> Int;
    fn gimp_layer_new_from_visible(Raw, Raw, Text) -> Raw;
    fn gimp_layer_copy(Raw) -> Raw;
    fn gimp_layer_get_mode(Raw) -> Int;
    fn gimp_layer_get_opacity(Raw) -> f64;
    fn gimp_layer_get_mask(Raw) -> Raw;
    fn gimp_layer_create_mask(Raw, Int) -> Raw;
    fn gimp_layer_add_mask(Raw, Raw) -> Int;
    fn gimp_layer_get_apply_mask(Raw) -> Int;
    fn gimp_layer_set_apply_mask(Raw, Int) -> Int;
    fn gimp_item_is_valid(Raw) -> Int;
    fn gimp_item_delete(Raw) -> Int;
    fn gimp_item_is_layer(Raw) -> Int;
    fn gimp_item_is_layer_mask(Raw) -> Int;
    fn gimp_item_is_group(Raw) -> Int;
    fn gimp_item_get_lock_content(Raw) -> Int;
    fn gimp_item_get_parent(Raw) -> Raw;
    fn gimp_item_get_name(Raw) -> *mut c_char;
    fn gimp_drawable_get_width(Raw) -> Int;
    fn gimp_drawable_get_height(Raw) -> Int;
    fn gimp_drawable_get_offsets(Raw, *mut Int, *mut Int) -> Int;
    fn gimp_drawable_is_rgb(Raw) -> Int;
    fn gimp_drawable_is_gray(Raw) -> Int;
    fn gimp_drawable_mask_intersect(Raw, *mut Int, *mut Int, *mut Int, *mut Int) -> Int;
    fn gimp_drawable_get_buffer(Raw) -> Raw;
    fn gimp_drawable_get_shadow_buffer(Raw) -> Raw;
    fn gimp_drawable_merge_shadow(Raw, Int) -> Int;
    fn gimp_drawable_get_filters(Raw) -> *mut Raw;
    fn gimp_drawable_merge_filters(Raw) -> Int;
    fn gimp_drawable_filter_get_visible(Raw) -> Int;
    fn gimp_drawable_update(Raw, Int, Int, Int, Int) -> Int;
    #[cfg(target_os = "linux")]
    fn gimp_drawable_filter_new(Raw, Text, Text) -> Raw;
    #[cfg(target_os = "linux")]
    fn gimp_drawable_filter_get_config(Raw) -> Raw;
    #[cfg(target_os = "linux")]
    fn gimp_drawable_append_filter(Raw, Raw);
    fn gegl_init(Raw, Raw);
    fn gegl_buffer_get(Raw, *const c_void, f64, Raw, Raw, Int, Int);
    fn gegl_buffer_copy(Raw, *const c_void, Int, Raw, *const c_void);
    fn gegl_buffer_set(Raw, *const c_void, Int, Raw, *const c_void, Int);
    fn babl_format(Text) -> Raw;
    fn g_type_query(Type, Raw);
    fn g_type_name_from_instance(Raw) -> Text;
    fn g_type_register_static_simple(Type, Text, c_uint, Raw, c_uint, Raw, c_uint) -> Type;
    fn g_object_ref_sink(Raw) -> Raw;
    fn g_object_unref(Raw);
    fn g_object_get(Raw, Text; ...);
    fn g_object_set(Raw, Text; ...);
    fn g_object_class_find_property(Raw, Text) -> Raw;
    fn g_object_get_property(Raw, Text, Raw);
    fn g_object_set_property(Raw, Text, Raw);
    fn g_object_bind_property(Raw, Text, Raw, Text, Int) -> Raw;
    fn g_value_init(Raw, Type) -> Raw;
    fn g_value_unset(Raw);
    fn g_value_get_double(Raw) -> f64;
    fn g_value_set_double(Raw, f64);
    fn g_signal_connect_data(Raw, Text, Raw, Raw, Raw, Int) -> std::ffi::c_ulong;
    fn g_timeout_add_full(Int, c_uint, Raw, Raw, Raw) -> c_uint;
    fn g_source_remove(c_uint) -> Int;
    fn g_bytes_new(*const c_void, usize) -> Raw;
    fn g_bytes_unref(Raw);
    fn g_file_get_path(Raw) -> *mut c_char;
    fn g_file_get_uri(Raw) -> *mut c_char;
    fn g_file_new_for_path(Text) -> Raw;
    fn g_file_query_info(Raw, Text, Int, Raw, *mut Raw) -> Raw;
    fn g_file_info_get_attribute_byte_string(Raw, Text) -> Text;
    fn g_error_new_literal(c_uint, Int, Text) -> Raw;
    fn g_dgettext(Text, Text) -> Text;
    fn g_get_language_names() -> *const Text;
    fn g_quark_from_static_string(Text) -> c_uint;
    fn g_list_append(Raw, Raw) -> Raw;
    fn g_list_free(Raw);
    fn g_strdup(Text) -> *mut c_char;
    fn g_markup_escape_text(Text, isize) -> *mut c_char;
    fn gimp_config_serialize_to_string(Raw, Raw) -> *mut c_char;
    fn gimp_config_duplicate(Raw) -> Raw;
    fn gimp_config_deserialize_string(Raw, Text, Int, Raw, *mut Raw) -> Int;
    fn g_error_free(Raw);
    fn gimp_file_load(Int, Raw, Raw) -> Raw;
    fn gimp_image_delete(Raw) -> Int;
    fn g_free(Raw);
}

table! {
    /// What dialogs need besides.
    Windows from [
        ("gimpui-3.0", 0), ("gimpwidgets-3.0", 0), ("gtk-3", 0), ("gdk-3", 0), ("gdk_pixbuf-2.0", 0),
        ("cairo", 2),
    ];
    fn gimp_ui_init(Text);
    fn gimp_procedure_dialog_new(Raw, Raw, Text) -> Raw;
    fn gimp_procedure_dialog_run(Raw) -> Int;
    fn gimp_prop_spin_scale_new(Raw, Text, f64, f64, Int) -> Raw;
    fn gimp_spin_scale_set_label(Raw, Text);
    fn gimp_prop_spin_button_new(Raw, Text, f64, f64, Int) -> Raw;
    fn gimp_prop_entry_new(Raw, Text, Int) -> Raw;
    fn gtk_dialog_new() -> Raw;
    fn gtk_dialog_add_button(Raw, Text, Int) -> Raw;
    fn gtk_dialog_get_content_area(Raw) -> Raw;
    fn gtk_dialog_set_response_sensitive(Raw, Int, Int);
    fn gtk_dialog_set_default_response(Raw, Int);
    fn gtk_dialog_run(Raw) -> Int;
    fn gtk_events_pending() -> Int;
    fn gtk_main_iteration_do(Int) -> Int;
    fn gtk_window_set_default_size(Raw, Int, Int);
    fn gtk_window_set_title(Raw, Text);
    fn gtk_window_set_transient_for(Raw, Raw);
    fn gtk_widget_get_toplevel(Raw) -> Raw;
    fn gtk_widget_get_ancestor(Raw, Type) -> Raw;
    fn gtk_widget_event(Raw, Raw) -> Int;
    fn gtk_widget_translate_coordinates(Raw, Raw, Int, Int, *mut Int, *mut Int) -> Int;
    fn gtk_scrolled_window_get_type() -> Type;
    fn gtk_scrolled_window_get_vadjustment(Raw) -> Raw;
    fn gtk_adjustment_clamp_page(Raw, f64, f64);
    fn gtk_show_uri_on_window(Raw, Text, u32, *mut Raw) -> Int;
    fn gtk_widget_destroy(Raw);
    fn gtk_widget_show_all(Raw);
    fn gtk_widget_set_visible(Raw, Int);
    fn gtk_widget_set_no_show_all(Raw, Int);
    fn gtk_widget_set_vexpand(Raw, Int);
    fn gtk_widget_set_hexpand(Raw, Int);
    fn gtk_widget_queue_draw(Raw);
    fn gtk_widget_add_events(Raw, Int);
    fn gtk_widget_get_scale_factor(Raw) -> Int;
    fn gtk_widget_get_allocated_width(Raw) -> Int;
    fn gtk_widget_get_allocated_height(Raw) -> Int;
    fn gtk_widget_set_can_focus(Raw, Int);
    fn gtk_widget_grab_focus(Raw);
    fn gtk_widget_set_size_request(Raw, Int, Int);
    fn gtk_widget_set_tooltip_text(Raw, Text);
    fn gtk_widget_set_sensitive(Raw, Int);
    fn gtk_container_add(Raw, Raw);
    fn gtk_container_set_border_width(Raw, c_uint);
    fn gtk_box_new(Int, Int) -> Raw;
    fn gtk_box_pack_start(Raw, Raw, Int, Int, c_uint);
    fn gtk_label_new_with_mnemonic(Text) -> Raw;
    fn gtk_label_set_text(Raw, Text);
    fn gtk_label_set_xalign(Raw, f32);
    fn gtk_label_set_line_wrap(Raw, Int);
    fn gtk_label_set_ellipsize(Raw, Int);
    fn gtk_label_set_max_width_chars(Raw, Int);
    fn gtk_label_set_mnemonic_widget(Raw, Raw);
    fn gtk_label_set_markup_with_mnemonic(Raw, Text);
    fn gtk_label_set_width_chars(Raw, Int);
    fn gtk_label_set_justify(Raw, Int);
    fn gtk_drawing_area_new() -> Raw;
    fn gtk_button_new_with_mnemonic(Text) -> Raw;
    fn gtk_button_new_from_icon_name(Text, Int) -> Raw;
    fn gtk_search_entry_new() -> Raw;
    fn gtk_entry_new() -> Raw;
    fn gtk_entry_get_text(Raw) -> Text;
    fn gtk_entry_set_text(Raw, Text);
    fn gtk_entry_set_placeholder_text(Raw, Text);
    fn gtk_entry_set_activates_default(Raw, Int);
    fn gtk_progress_bar_new() -> Raw;
    fn gtk_progress_bar_set_fraction(Raw, f64);
    fn gtk_progress_bar_set_text(Raw, Text);
    fn gtk_progress_bar_set_show_text(Raw, Int);
    fn gtk_image_new() -> Raw;
    fn gtk_image_set_from_surface(Raw, Raw);
    fn gtk_expander_new_with_mnemonic(Text) -> Raw;
    fn gtk_toggle_button_new_with_mnemonic(Text) -> Raw;
    fn gtk_toggle_button_get_active(Raw) -> Int;
    fn gtk_toggle_button_set_active(Raw, Int);
    fn gtk_scrolled_window_new(Raw, Raw) -> Raw;
    fn gtk_scrolled_window_set_policy(Raw, Int, Int);
    fn gtk_scrolled_window_set_shadow_type(Raw, Int);
    fn gtk_scrolled_window_set_min_content_height(Raw, Int);
    fn gtk_scrolled_window_set_min_content_width(Raw, Int);
    fn gtk_cell_layout_get_cells(Raw) -> Raw;
    fn gtk_combo_box_text_new() -> Raw;
    fn gtk_combo_box_text_append(Raw, Text, Text);
    fn gtk_combo_box_text_remove_all(Raw);
    fn gtk_combo_box_get_active_id(Raw) -> Text;
    fn gtk_combo_box_set_active_id(Raw, Text) -> Int;
    fn gtk_flow_box_new() -> Raw;
    fn gtk_flow_box_insert(Raw, Raw, Int);
    fn gtk_flow_box_set_min_children_per_line(Raw, c_uint);
    fn gtk_flow_box_set_max_children_per_line(Raw, c_uint);
    fn gtk_flow_box_get_selected_children(Raw) -> Raw;
    fn gtk_flow_box_get_child_at_index(Raw, Int) -> Raw;
    fn gtk_flow_box_child_get_index(Raw) -> Int;
    fn gtk_flow_box_select_child(Raw, Raw);
    fn gtk_flow_box_unselect_all(Raw);
    fn gdk_pixbuf_new_from_file_at_scale(Text, Int, Int, Int, *mut Raw) -> Raw;
    fn gdk_pixbuf_new_from_bytes(Raw, Int, Int, Int, Int, Int, Int) -> Raw;
    fn gdk_pixbuf_scale_simple(Raw, Int, Int, Int) -> Raw;
    fn gdk_pixbuf_get_width(Raw) -> Int;
    fn gdk_pixbuf_get_height(Raw) -> Int;
    fn gdk_cairo_surface_create_from_pixbuf(Raw, Int, Raw) -> Raw;
    fn gdk_display_get_default() -> Raw;
    fn gdk_display_get_primary_monitor(Raw) -> Raw;
    fn gdk_display_get_monitor(Raw, Int) -> Raw;
    fn gdk_monitor_get_workarea(Raw, Raw);
    fn gdk_event_get_event_type(Raw) -> Int;
    fn gdk_event_get_coords(Raw, *mut f64, *mut f64) -> Int;
    fn gdk_event_get_button(Raw, *mut c_uint) -> Int;
    fn gdk_event_get_keyval(Raw, *mut c_uint) -> Int;
    fn gdk_event_get_scroll_deltas(Raw, *mut f64, *mut f64) -> Int;
    fn gdk_event_get_scroll_direction(Raw, *mut Int) -> Int;
    fn cairo_save(Raw);
    fn cairo_restore(Raw);
    fn cairo_translate(Raw, f64, f64);
    fn cairo_scale(Raw, f64, f64);
    fn cairo_rectangle(Raw, f64, f64, f64, f64);
    fn cairo_clip(Raw);
    fn cairo_fill(Raw);
    fn cairo_paint(Raw);
    fn cairo_set_source_rgba(Raw, f64, f64, f64, f64);
    fn cairo_set_source_surface(Raw, Raw, f64, f64);
    fn cairo_get_source(Raw) -> Raw;
    fn cairo_pattern_set_filter(Raw, Int);
    fn cairo_pattern_set_extend(Raw, Int);
    fn cairo_surface_destroy(Raw);
    fn gtk_file_chooser_dialog_new(Text, Raw, Int, *const c_char; ...) -> Raw;
    fn gtk_file_chooser_get_filename(Raw) -> *mut c_char;
    fn gtk_file_chooser_get_preview_filename(Raw) -> *mut c_char;
    fn gtk_file_chooser_set_preview_widget(Raw, Raw);
    fn gtk_file_chooser_set_preview_widget_active(Raw, Int);
}

static GIMP: OnceLock<Gimp> = OnceLock::new();
static WINDOWS: OnceLock<Windows> = OnceLock::new();

/// Opens what every call needs.
///
/// # Errors
/// Words that name the library or function that is missing.
pub fn load_gimp() -> Result<(), String> {
    if GIMP.get().is_none() {
        let _ = GIMP.set(Gimp::open()?);
    }
    Ok(())
}

/// Opens what dialogs need.
pub fn load_windows() -> Result<(), String> {
    if WINDOWS.get().is_none() {
        let _ = WINDOWS.set(Windows::open()?);
    }
    Ok(())
}

/// [`load_gimp`] comes first; without it the program can only end.
pub fn gimp() -> &'static Gimp {
    GIMP.get_or_init(|| Gimp::open().unwrap_or_else(|why| end(&why)))
}

/// [`load_windows`] comes first.
pub fn windows() -> &'static Windows {
    WINDOWS.get_or_init(|| Windows::open().unwrap_or_else(|why| end(&why)))
}

fn end(why: &str) -> ! {
    eprintln!("impasto-gimp: {why}");
    std::process::exit(1)
}

/// Opens libraries by name and version of their interface.
fn open(files: &[(&str, u32)]) -> Result<Vec<Library>, String> {
    let open_one = |&(name, version): &(&str, u32)| {
        let file = if cfg!(windows) {
            format!("lib{name}-{version}.dll")
        } else if cfg!(target_os = "macos") {
            format!("lib{name}.{version}.dylib")
        } else {
            format!("lib{name}.so.{version}")
        };
        open_file(&file).map_err(|error| {
            format!("cannot open GIMP's library {file} ({error}); install GIMP 3.0 or later")
        })
    };
    files.iter().map(open_one).collect()
}

/// The loader finds the file as it finds GIMP's own, which starts this program.
#[cfg(not(windows))]
fn open_file(file: &str) -> Result<Library, String> {
    // SAFETY: GIMP runs the same constructors.
    unsafe { Library::new(file) }.map_err(|error| error.to_string())
}

/// GIMP starts this program with its own folder in `PATH`. The loader gets a full path: left to
/// itself, it would look in the working directory, too.
#[cfg(windows)]
fn open_file(file: &str) -> Result<Library, String> {
    use libloading::os::windows::{
        LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR, LOAD_LIBRARY_SEARCH_SYSTEM32, Library,
    };
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::split_paths(&folders)
        .map(|folder| folder.join(file))
        .find(|path| path.is_absolute() && path.is_file())
        .ok_or("it is in no folder of PATH")?;
    let flags = LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR | LOAD_LIBRARY_SEARCH_SYSTEM32;
    // SAFETY: GIMP runs the same constructors.
    let library = unsafe { Library::load_with_flags(&path, flags) };
    library.map(Into::into).map_err(|error| error.to_string())
}

fn missing(function: &str) -> String {
    format!("cannot find {function} in GIMP's libraries; install GIMP 3.0 or later")
}
