//! The procedure's arguments: a style, the engine's settings, where the painting goes.

use impasto_client::{Library, Place, Setting, SettingKind};

use crate::ffi::{Description, Words};
use crate::installation;
use crate::labels::Labels;
use crate::words::{msgid, tr};

pub const STYLE: &str = "style";
pub const STYLE_FILE: &str = "style-file";
pub const STYLE_LAYER: &str = "style-layer";
pub const SECOND_STYLE: &str = "second-style";
pub const SECOND_STYLE_FILE: &str = "second-style-file";
pub const SECOND_STYLE_LAYER: &str = "second-style-layer";
pub const MIX: &str = "mix";
pub const SOURCE: &str = "source";
pub const OUTPUT: &str = "output";
pub const DEVICE: &str = "device";

/// Values of [`SOURCE`].
pub const LAYER: &str = "layer";
pub const VISIBLE: &str = "visible";

/// Values of [`OUTPUT`].
pub const THIS_LAYER: &str = "this-layer";
pub const NEW_LAYER: &str = "new-layer";
/// For Linux alone, as the module of the effect is.
#[cfg(target_os = "linux")]
pub const LAYER_EFFECT: &str = "layer-effect";

/// Values of [`SOURCE`] and what a control shows.
pub const SOURCES: [(&str, &str); 2] =
    [(LAYER, msgid("The layer")), (VISIBLE, msgid("All that is visible"))];

pub const DEFAULT_STYLE: &str = "great-wave";
/// Of [`SECOND_STYLE`].
pub const NO_STYLE: &str = "none";
pub const DEFAULT_DEVICE: &str = "auto";

/// Values of [`OUTPUT`] and what a control shows.
pub const OUTPUTS: &[(&str, &str)] = &[
    (THIS_LAYER, msgid("This layer")),
    (NEW_LAYER, msgid("A new layer")),
    #[cfg(target_os = "linux")]
    (LAYER_EFFECT, msgid("This layer, as a layer effect")),
];

/// The words of an argument that is not the engine's.
pub struct Own {
    pub label: &'static str,
    pub help: &'static str,
}

impl Own {
    /// Those of the argument `name`.
    pub fn of(name: &'static str) -> Self {
        let found = OWN.iter().find(|(known, ..)| *known == name);
        found.map_or(Self { label: name, help: "" }, |(_, label, help)| Self { label, help })
    }
}

/// Name, label and help of the arguments that are not the engine's.
pub const OWN: [(&str, &str, &str); 10] = [
    (
        STYLE,
        msgid("Style"),
        msgid("The name of a style: one that comes with Impasto, or one of your own."),
    ),
    (
        STYLE_FILE,
        msgid("Style file"),
        msgid(
            "A picture whose style is taken (PNG, JPEG, TIFF, WebP, OpenEXR), or a style saved as \
         TOML. It goes before the style chosen by name.",
        ),
    ),
    (
        STYLE_LAYER,
        msgid("Style layer"),
        msgid("A layer of any open image whose style is taken. It goes before file and name."),
    ),
    (SECOND_STYLE, msgid("Second style"), msgid("The name of a style that is mixed in, or none.")),
    (
        SECOND_STYLE_FILE,
        msgid("Second file"),
        msgid(
            "A picture whose style is mixed in, or a saved style. It goes before the second style \
         chosen by name.",
        ),
    ),
    (
        SECOND_STYLE_LAYER,
        msgid("Second layer"),
        msgid(
            "A layer of any open image whose style is mixed in. It goes before second file and name.",
        ),
    ),
    (
        MIX,
        msgid("Mix"),
        msgid("The second style's share: 0 is the first style alone, 1 the second alone."),
    ),
    (
        SOURCE,
        msgid("Paint from"),
        msgid(
            "What is painted: the layer with its effects, or all that is visible, as a new layer on \
         top.",
        ),
    ),
    (
        OUTPUT,
        msgid("Paint on"),
        msgid(
            "Where the painting goes: this layer, whose effects then become part of it; a new one \
         right above it, with the same mode, opacity and mask; or this layer as an effect, which \
         can be changed and taken off again.",
        ),
    ),
    (
        DEVICE,
        msgid("Device"),
        msgid(
            "What paints: auto takes the best there is; or cpu, cuda, cuda:1, directml, openvino, \
         cuda:fp16 and openvino:bf16 (faster, a little different), or the path of a plug-in provider.",
        ),
    ),
];

/// The engine's settings but those for programs that hold no picture; none of them may be called
/// as one of our own arguments.
pub fn settings(library: &Library) -> Vec<Setting> {
    let is_own = |name: &str| OWN.iter().any(|(own, ..)| *own == name);
    let all = library.settings().into_iter();
    all.filter(|setting| setting.place != Place::Programs && !is_own(setting.name)).collect()
}

/// Tells GIMP all about the procedure.
pub fn describe(description: &Description) {
    description.image_types("RGB*, GRAY*");
    description.takes_layers();
    description.menu(
        &tr("_Neural Style Transfer..."),
        "<Image>/Filters/Artistic",
        &tr("Impasto: paints the layer in the style of another picture"),
        &tr("Impasto paints the layer in the style of another picture: a style that comes with it, a \
         picture file or a layer, or two of them mixed. Of each of the two styles the layer goes \
         before the file, and the file before the name. What is selected is painted, with the \
         whole layer as context; transparency stays. Several layers are painted one by one, in one \
         step to undo. Arguments that are left out have their defaults."),
    );
    description.attribution("The Impasto authors", "2026");

    // Without the library the procedure is there still, and says what is missing when it is run.
    let settings = match installation::library() {
        Ok(library) => settings(&library),
        Err(error) => {
            eprintln!("impasto-gimp: {}", installation::words(&error));
            Vec::new()
        }
    };
    let labels = Labels::new(&settings);
    let own = |name| {
        let own = Own::of(name);
        (name, labels.of(own.label), tr(own.help))
    };
    let file = |name| description.file(words(&own(name)));
    let layer = |name| description.drawable(words(&own(name)));
    description.text(words(&own(STYLE)), DEFAULT_STYLE);
    file(STYLE_FILE);
    layer(STYLE_LAYER);
    description.text(words(&own(SECOND_STYLE)), NO_STYLE);
    file(SECOND_STYLE_FILE);
    layer(SECOND_STYLE_LAYER);
    description.float(words(&own(MIX)), 0.0, 1.0, 0.5);
    let sources = SOURCES.map(|(name, label)| (name, tr(label)));
    description.choice(words(&own(SOURCE)), &sources, LAYER);
    let outputs: Vec<_> = OUTPUTS.iter().map(|(name, label)| (*name, tr(label))).collect();
    description.choice(words(&own(OUTPUT)), &outputs, THIS_LAYER);
    description.text(words(&own(DEVICE)), DEFAULT_DEVICE);
    // Last: GIMP passes values by their places, and those before hold without the library, too.
    for setting in &settings {
        add(description, &labels, setting);
    }
}

fn words<'w>((name, label, help): &'w (&'static str, String, String)) -> Words<'w> {
    Words { name, label, help }
}

fn add(description: &Description, labels: &Labels, setting: &Setting) {
    let all = (setting.name, labels.of(setting.label), tr(setting.help));
    let words = words(&all);
    let [least, most] = setting.range().unwrap_or_default();
    match &setting.kind {
        SettingKind::Float { default, .. } => description.float(words, least, most, *default),
        SettingKind::Integer { default, .. } => {
            description.integer(words, least as i64, most as i64, *default);
        }
        SettingKind::Choice { choices, .. } => {
            let entries: Vec<_> = choices.iter().map(|c| (c.name, tr(c.label))).collect();
            description.choice(words, &entries, setting.default_text);
        }
        SettingKind::Text { default, .. } => description.text(words, default),
        // A kind of a newer library: its default is used.
        _ => {}
    }
}
