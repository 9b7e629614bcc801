//! The dialog: a style, the engine's settings, a live preview.

mod controls;
mod gallery;
mod preview;
mod spacing;
mod worker;

use std::rc::Rc;

use impasto_client::{Engine, EngineOptions, Library};

use crate::arguments::{DEVICE, Labels, OUTPUT, settings};
use crate::ffi::{Call, Control, ProcedureDialog, Widget, every, open_windows};
use crate::filter::{Stop, Target};
use crate::kept_style;
use crate::mnemonics::{BEFORE, GALLERY};
use controls::Controls;
use gallery::Gallery;
use preview::Preview;
use spacing::SPACING;

/// Between two looks at what has changed, in milliseconds.
const TICK: u32 = 50;

/// Lets the user choose, and returns the engine that painted the previews if it suits.
pub fn ask(call: &Call, target: &Target, library: Library) -> Result<Option<Engine>, Stop> {
    open_windows()?;
    let dialog = ProcedureDialog::new(call, "Neural Style Transfer")
        .ok_or_else(|| "opening the dialog failed: GIMP gave none. Try again".to_owned())?;
    // Knows the styles and loads nothing else.
    let styles = Engine::new(&library, &EngineOptions::default())?.styles()?;
    let labels = Labels::new(&settings(&library));

    let preview = Rc::new(Preview::new(call, target, library, BEFORE)?);
    let gallery = Rc::new(Gallery::new(&call.config, &styles));
    let controls = Rc::new(Controls::new(&dialog, &call.config, &library, &styles, &labels));

    gallery.follow();
    let left = Widget::column(SPACING);
    left.pack(preview.widget(), false);
    if let Some(output) = dialog.control(OUTPUT, Control::List) {
        output.set_help(labels.words(OUTPUT).help);
        left.pack(&output, false);
    }
    left.pack(&controls.mix, false);
    let right = Widget::column(SPACING);
    right.pack(&Widget::label_for(GALLERY, &gallery.focus()), false);
    right.pack(gallery.widget(), true);
    right.pack(&controls.styles, false);
    let top = Widget::row(2 * SPACING);
    top.pack(&left, false);
    top.pack(&right, true);
    let all = Widget::column(2 * SPACING);
    all.set_border(2 * SPACING as u32);
    all.pack(&top, true);
    all.pack(&controls.settings, false);
    all.pack(&controls.advanced, false);
    dialog.fill(&all);

    call.config.on_change({
        let (preview, gallery) = (Rc::downgrade(&preview), Rc::downgrade(&gallery));
        let controls = Rc::downgrade(&controls);
        move || {
            if let (Some(preview), Some(gallery), Some(controls)) =
                (preview.upgrade(), gallery.upgrade(), controls.upgrade())
            {
                gallery.follow();
                controls.follow();
                preview.outdate();
            }
        }
    });
    preview.before().on("toggled", {
        let preview = Rc::downgrade(&preview);
        move || {
            if let Some(preview) = preview.upgrade() {
                preview.show();
            }
        }
    });
    let timer = every(TICK, {
        let (preview, devices) = (Rc::downgrade(&preview), controls.devices.clone());
        move || {
            if let Some(preview) = preview.upgrade() {
                for device in preview.look() {
                    devices.append(&device, &device);
                }
            }
        }
    });
    gallery.lead();
    preview.outdate();
    let is_ok = dialog.run();
    drop((timer, dialog));
    if !is_ok {
        return Err(Stop::Cancelled);
    }
    kept_style::keep_layers(&call.config);
    call.config.keep(&call.image);
    let device = call.config.text(DEVICE);
    Ok(Rc::into_inner(preview).and_then(|preview| preview.into_engine(&device)))
}
