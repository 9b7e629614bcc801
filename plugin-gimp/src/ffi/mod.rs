//! GIMP's, GEGL's and GTK's libraries behind safe types: all the unsafe code there is.
//!
//! The libraries are opened at run time, so that one program serves GIMP 3.0 and later and needs
//! no headers to be built. Those of windows are opened only for a dialog.
#![allow(unsafe_code)]

mod buffer;
mod closure;
mod config;
mod dialog;
mod drawable;
mod drawing;
#[cfg(target_os = "linux")]
mod effect;
mod event;
mod file_chooser;
mod image;
mod locale;
#[cfg(target_os = "linux")]
mod mapping;
mod object;
mod pixbuf;
mod plug_in;
mod procedure;
mod progress;
mod tables;
mod widget;

pub use buffer::{PixelKind, Rectangle};
pub use closure::every;
pub use config::Config;
pub use dialog::{Answer, Dialog, ProcedureDialog, ask_text, open_file, open_windows, screen_room};
pub use drawable::{Drawable, LooseLayer};
pub use drawing::{Area, Drawing, Surface};
#[cfg(target_os = "linux")]
pub use effect::Effect;
pub use event::Event;
pub use file_chooser::choose_picture;
pub use image::{Image, LayerKind, Stack, UndoGroup};
pub use locale::{language, translated};
#[cfg(target_os = "linux")]
pub use mapping::map_shared;
pub use pixbuf::Pixbuf;
pub use plug_in::{Call, Outcome, PlugIn, RunMode, gimp_folder, start};
pub use procedure::{Description, Words};
pub use progress::{Progress, message};
pub use tables::load_gimp;
pub use widget::{FlowBox, Widget};
