//! The dialog: the preview at the left, which takes all spare room; at the right the styles, the
//! look, the method and the output, in one column that scrolls.

mod chance;
mod controls;
mod gallery;
mod preset_bar;
mod presets;
mod preview;
mod second_style;
mod spacing;
mod style_list;
pub mod work_window;

use std::rc::Rc;

use impasto_client::{Engine, EngineOptions, Library};

use crate::arguments::{DEVICE, settings};
use crate::ffi::{Call, Drawable, ProcedureDialog, Widget, every, open_windows, screen_room};
use crate::filter::Stop;
use crate::kept_style;
use crate::labels::{Labels, STYLES};
use crate::words::tr;
use controls::Controls;
use gallery::Gallery;
use preset_bar::PresetBar;
use preview::Preview;
use second_style::SecondStyle;
use spacing::SPACING;

/// Between two looks at what has changed, in milliseconds.
const TICK: u32 = 15;

/// The window's size at first, where the screen has room for it; the column scrolls.
const SIZE: [i32; 2] = [1120, 720];

/// The least width of the controls' column; some languages take more.
const COLUMN: i32 = 348;

/// On a screen with less room for it, it scrolls to the sides, too.
const LEAST_COLUMN: i32 = 460;

/// What else needs room beside it on a small screen.
const BESIDE_COLUMN: i32 = 300;

/// Lets the user choose, and returns the engine that painted the previews if it suits.
pub fn ask(call: &Call, chosen: &Drawable, library: Library) -> Result<Option<Engine>, Stop> {
    open_windows()?;
    let dialog = ProcedureDialog::new(call, &tr("Impasto: Neural Style Transfer"))
        .ok_or_else(|| tr("opening the dialog failed: GIMP gave none. Try again"))?;
    let dialog = Rc::new(dialog);
    // Knows the styles and loads nothing else.
    let catalogue = Engine::new(&library, &EngineOptions::default())?;
    let styles = catalogue.styles()?;

    let labels = Labels::new(&settings(&library));
    let preview = Preview::new(call, chosen, (library, catalogue), &labels)?;
    let gallery = Gallery::new(&call.config, styles, chosen, &labels);
    let second = SecondStyle::new(&call.config, &labels);
    let presets = PresetBar::new(&call.config);
    let controls = Rc::new(Controls::new(&call.config, &library, &labels));
    dialog.fill(&laid_out(&preview, &presets, &gallery, &second, &controls, &labels));
    dialog.set_size(SIZE);

    let follow = {
        let (gallery, second) = (Rc::downgrade(&gallery), Rc::downgrade(&second));
        let (preview, controls) = (Rc::downgrade(&preview), Rc::downgrade(&controls));
        move || {
            if let (Some(preview), Some(gallery), Some(second), Some(controls)) =
                (preview.upgrade(), gallery.upgrade(), second.upgrade(), controls.upgrade())
            {
                gallery.follow();
                second.follow(gallery.choices());
                controls.follow();
                preview.outdate();
            }
        }
    };
    follow();
    call.config.on_change(follow);
    let timer = every(TICK, {
        let (preview, gallery) = (Rc::downgrade(&preview), Rc::downgrade(&gallery));
        let (dialog, devices) = (Rc::downgrade(&dialog), controls.devices.clone());
        move || {
            if let (Some(preview), Some(gallery)) = (preview.upgrade(), gallery.upgrade()) {
                let noticed = preview.look();
                gallery.look();
                if let Some(dialog) = dialog.upgrade() {
                    dialog.set_ready(preview.is_ready());
                }
                for device in noticed.devices {
                    devices.append(&device, &device);
                }
                for (id, picture) in noticed.samples {
                    gallery.put(&id, &picture);
                }
            }
        }
    });
    gallery.on_own({
        let preview = Rc::downgrade(&preview);
        move |choices| {
            if let Some(preview) = preview.upgrade() {
                preview.show_samples(choices);
            }
        }
    });
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

fn laid_out(
    preview: &Preview,
    presets: &PresetBar,
    gallery: &Gallery,
    second: &SecondStyle,
    controls: &Controls,
    labels: &Labels,
) -> Widget {
    let column = Widget::column(2 * SPACING);
    column.set_border(SPACING as u32);
    column.pack(&Widget::heading_for(&labels.of(STYLES), gallery.focus()), false);
    column.pack(gallery.widget(), true);
    column.pack(second.widget(), false);
    for (heading, section) in [
        (tr("Look"), &controls.look),
        (tr("Method"), &controls.method),
        (tr("Output"), &controls.output),
    ] {
        column.pack(&Widget::heading(&heading), false);
        column.pack(section, false);
    }
    let all = Widget::row(SPACING);
    all.set_border(SPACING as u32);
    all.pack(preview.widget(), true);
    column.set_size(COLUMN, -1);
    let room = screen_room()[0] - BESIDE_COLUMN;
    let narrow = (room < LEAST_COLUMN).then_some(room);
    presets.widget().set_border(SPACING as u32);
    let side = Widget::column(0);
    side.pack(presets.widget(), false);
    side.pack(&Widget::scrolled(&column, narrow), true);
    all.pack(&side, false);
    all
}
