//! What a call paints, and where the painting goes.

use crate::arguments::{NEW_LAYER, OUTPUT, SOURCE, VISIBLE};
use crate::ffi::{Call, Drawable, LooseLayer};
use crate::words::{msgid, tr, tr_named, tr_with};

/// What one painting is made of, as it is seen.
#[derive(Debug)]
pub struct Target {
    /// What is painted: the chosen layer, a copy that has its effects in its pixels, or all that is
    /// visible.
    pub layer: Drawable,
    /// The layer that was chosen.
    pub chosen: Drawable,
    /// Where the painting goes.
    pub place: Place,
    /// Lives as long as what is painted is needed.
    _copy: Option<LooseLayer>,
}

/// Where a painting goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Into the chosen layer.
    Here,
    /// Into a new layer right above the chosen one, that is mixed and masked as that is.
    Above,
    /// Into a new layer above all that the chosen one stands beside.
    OnTop,
}

impl Target {
    /// What the call's values ask to be painted of a layer that is chosen.
    ///
    /// # Errors
    /// Words where GIMP does not give it.
    pub fn new(call: &Call, chosen: &Drawable) -> Result<Self, String> {
        let place = place(call);
        let copy = match place {
            Place::OnTop => Some(call.image.visible().ok_or_else(|| {
                tr("reading all that is visible failed: GIMP gave nothing. Close other images, \
                    and try again")
            })?),
            Place::Here | Place::Above => with_effects(chosen)?,
        };
        let layer = copy.as_deref().unwrap_or(chosen).clone();
        Ok(Self { layer, chosen: chosen.clone(), place, _copy: copy })
    }
}

/// A copy of a layer with its effects in its pixels, for one that has any.
///
/// # Errors
/// Words where GIMP refuses.
pub fn with_effects(layer: &Drawable) -> Result<Option<LooseLayer>, String> {
    if !layer.has_effects() {
        return Ok(None);
    }
    let copy = layer.with_effects().ok_or_else(|| {
        tr_with(
            "reading the effects of the layer '%s' failed: GIMP refused it. Merge them first \
             (with the fx beside it in the Layers dialog), and try again",
            &layer.name(),
        )
    })?;
    Ok(Some(copy))
}

fn place(call: &Call) -> Place {
    // All that is visible has no layer of its own to go to.
    match (call.config.text(SOURCE).as_str(), call.config.text(OUTPUT).as_str()) {
        (VISIBLE, _) => Place::OnTop,
        (_, NEW_LAYER) => Place::Above,
        _ => Place::Here,
    }
}

/// The layers to paint, of those that are chosen; one where all that is visible is painted.
///
/// # Errors
/// Words for what cannot be painted, wherever the painting is to go.
pub fn chosen(call: &Call) -> Result<Vec<Drawable>, String> {
    let Some(first) = call.drawables.first() else {
        return Err(tr("cannot paint: no layer is chosen. Choose one in the Layers dialog"));
    };
    if !first.is_rgb() && !first.is_gray() {
        return Err(tr("cannot paint: the image has indexed colours. Turn it into RGB first \
                       (Image > Mode > RGB)"));
    }
    if place(call) == Place::OnTop {
        return Ok(vec![first.clone()]);
    }
    for layer in &call.drawables {
        if let Some(why) = refusal(layer) {
            return Err(tr_with("cannot paint: %s", &why));
        }
    }
    Ok(call.drawables.clone())
}

fn refusal(layer: &Drawable) -> Option<String> {
    if layer.is_layer_mask() {
        return Some(tr_with(
            "'%s' is chosen, and masks are not painted. Click the layer itself in the Layers \
             dialog",
            &layer.name(),
        ));
    }
    if !layer.is_layer() {
        return Some(tr_with(
            "'%s' is a channel, and only layers are painted. Choose a layer in the Layers dialog",
            &layer.name(),
        ));
    }
    if layer.is_group() {
        return Some(tr_with(
            "'%s' is a group of layers. Choose layers in it, or merge it first \
             (Layer > Merge Layer Group)",
            &layer.name(),
        ));
    }
    if layer.selected_part().is_none() {
        return Some(tr_with(
            "the selection lies outside the layer '%s'. Select a part of the layer, or nothing \
             (Select > None)",
            &layer.name(),
        ));
    }
    None
}

/// Why the painting cannot go where the call's values want it, in words; `None` where it can. It is
/// quick, for dialogs to ask again and again.
pub fn obstacle(call: &Call) -> Option<String> {
    if place(call) != Place::Here {
        return None;
    }
    let (layer, locked) =
        call.drawables.iter().find_map(|layer| layer.locked().map(|locked| (layer, locked)))?;
    let (name, holder) = (layer.name(), locked.name());
    let text = if locked.is_group() {
        msgid(
            "cannot paint: the group '{group}', which holds '{layer}', is locked. Unlock it in \
             the Layers dialog, or paint on a new layer",
        )
    } else {
        msgid(
            "cannot paint: the pixels of '{layer}' are locked. Unlock it in the Layers dialog, or \
             paint on a new layer",
        )
    };
    Some(tr_named(text, &[("group", &holder), ("layer", &name)]))
}
