//! Painting as a layer effect: the operation `impasto:paint` with the values of the call, which GIMP
//! keeps with the layer.

use std::fs;
use std::path::{Path, PathBuf};

use impasto_client::Engine;
use impasto_gegl::OPERATION;
use impasto_gegl::property::{
    self, Kind, MIX, OWN_STYLE, SECOND_OWN_STYLE, SECOND_STYLE, SECOND_STYLE_FILE, STYLE,
    STYLE_FILE,
};
use impasto_gegl::table::STYLES;

use crate::arguments::{LAYER_EFFECT, OUTPUT, SOURCE, VISIBLE};
use crate::ffi::{Call, Drawable, Effect, UndoGroup, gimp_folder};
use crate::filter::Stop;
use crate::kept_style;
use crate::order::{Order, Source};
use crate::target;
use crate::words::{tr, tr_with};

/// In our folder of GIMP's settings: pictures of layers whose style an effect has. They stay, for
/// images refer to them.
const PICTURES: &str = "effect-styles";

/// Whether the painting is to be an effect.
pub fn is_wanted(call: &Call) -> bool {
    call.config.text(OUTPUT) == LAYER_EFFECT
}

/// Has the values name pictures in place of style layers, which no effect can refer to.
pub fn prepare(call: &Call) {
    if is_wanted(call) {
        kept_style::keep_layers(&call.config);
    }
}

/// Why no effect can be added, in words; `None` where all seems well.
pub fn obstacle(call: &Call, order: &Order, engine: &Engine) -> Option<String> {
    if call.config.text(SOURCE) == VISIBLE {
        return Some(tr(
            "cannot add a layer effect: it is put on a layer, not on all that is visible. Paint \
             from the layer",
        ));
    }
    if order.settings.text("method").is_ok_and(|method| method == "optimize") {
        return Some(tr(
            "cannot add a layer effect: the optimise method takes minutes, in which GIMP would \
             not answer. Choose another method, or paint on a new layer",
        ));
    }
    target::obstacle(call).or_else(|| order.obstacle(engine))
}

/// Adds the effect to the layers that are chosen, in one step to undo. It covers what is selected.
pub fn add(call: &Call, chosen: &[Drawable], order: &Order, engine: &Engine) -> Result<(), Stop> {
    if let Some(why) = obstacle(call, order, engine) {
        return Err(Stop::Failed(why));
    }
    let refuse = |why: String| Stop::Failed(tr_with("cannot add a layer effect: %s", &why));
    let values = values(order).map_err(refuse)?;
    let title = order.style.title(engine);
    let _one_step = UndoGroup::begin(&call.image);
    for layer in chosen {
        let effect = Effect::new(layer, OPERATION, &title).ok_or_else(|| {
            refuse(tr_with(
                "GIMP does not know the operation '%s'. Install Impasto for GIMP again, and start \
                 GIMP anew",
                OPERATION,
            ))
        })?;
        for (name, value) in &values {
            set(&effect, name, value);
        }
        effect.append(layer);
        layer.show(layer.whole());
    }
    Ok(())
}

/// The values of the operation's properties by name.
///
/// # Errors
/// Words for what an effect cannot do.
fn values(order: &Order) -> Result<Vec<(String, String)>, String> {
    let mut values = Vec::new();
    let (first, second) = order.style.sources();
    values.push(of_source(first, [STYLE, OWN_STYLE, STYLE_FILE])?);
    if let Some((second, share)) = second {
        values.push(of_source(second, [SECOND_STYLE, SECOND_OWN_STYLE, SECOND_STYLE_FILE])?);
        values.push((MIX.to_owned(), share.to_string()));
    }
    for property in property::all() {
        if let Ok(text) = order.settings.text(property.name) {
            values.push((property.name.to_owned(), text.to_owned()));
        }
    }
    Ok(values)
}

fn of_source(source: &Source, [shipped, own, file]: [&str; 3]) -> Result<(String, String), String> {
    let (name, value) = match source {
        Source::Named(name) if STYLES.iter().any(|(known, _)| known == name) => {
            (shipped, name.clone())
        }
        Source::Named(name) => (own, name.clone()),
        Source::File(path) => (file, lasting(path)?),
        Source::Layer(_, name) => {
            return Err(tr_with(
                "the style is the layer '%s', of which no picture could be kept. Export it as a \
                 picture, and choose that as the style file",
                name,
            ));
        }
    };
    Ok((name.to_owned(), value))
}

/// The path of a picture that stays: those kept of layers go when there are newer ones.
fn lasting(path: &Path) -> Result<String, String> {
    let mut path = path.to_owned();
    if kept_style::layer_name(&path).is_some() {
        path = copied(&path).map_err(|error| {
            tr_with(
                "the picture of the style layer cannot be kept in the folder of GIMP's settings \
                 (%s). Make room there, and try again",
                &error.to_string(),
            )
        })?;
    }
    let text = path.to_str().map(str::to_owned);
    text.ok_or_else(|| {
        tr_with("the name of '%s' is not in UTF-8. Rename it", &path.to_string_lossy())
    })
}

/// The file's name tells its content.
fn copied(path: &Path) -> std::io::Result<PathBuf> {
    let folder = gimp_folder().join("impasto").join(PICTURES);
    fs::create_dir_all(&folder)?;
    let copy = folder.join(path.file_name().unwrap_or_default());
    if !copy.is_file() {
        fs::copy(path, &copy)?;
    }
    Ok(copy)
}

/// Values that the operation does not have are left out.
fn set(effect: &Effect, name: &str, value: &str) {
    match property::find(name).map(|property| property.kind) {
        Some(Kind::Float { .. } | Kind::Integer { .. } | Kind::Seed) => {
            if let Ok(number) = value.parse() {
                effect.values.set_number(name, number);
            }
        }
        Some(Kind::Choice { .. } | Kind::Text { .. } | Kind::File) => {
            effect.values.set_text(name, value);
        }
        None => {}
    }
}
