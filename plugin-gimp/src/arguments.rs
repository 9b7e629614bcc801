//! The procedure's arguments: a style, the engine's settings, where the painting goes.

use impasto_client::{Library, Place, Setting, SettingKind};

use crate::ffi::{Description, Words};
use crate::installation;
use crate::mnemonics;

pub const STYLE: &str = "style";
pub const STYLE_FILE: &str = "style-file";
pub const STYLE_LAYER: &str = "style-layer";
pub const SECOND_STYLE: &str = "second-style";
pub const SECOND_STYLE_FILE: &str = "second-style-file";
pub const MIX: &str = "mix";
pub const OUTPUT: &str = "output";
pub const DEVICE: &str = "device";

/// Values of [`OUTPUT`].
pub const THIS_LAYER: &str = "this-layer";
pub const NEW_LAYER: &str = "new-layer";

pub const DEFAULT_STYLE: &str = "great-wave";
/// Of [`SECOND_STYLE`].
pub const NO_STYLE: &str = "none";
pub const DEFAULT_DEVICE: &str = "auto";

/// Name, label and help of the arguments that are not the engine's.
const OWN: [(&str, &str, &str); 8] = [
    (STYLE, "Style", "The name of a style: one that comes with Impasto, or one of your own."),
    (
        STYLE_FILE,
        "Style file",
        "A picture whose style is taken (PNG, JPEG, TIFF, WebP, OpenEXR), or a style saved as \
         TOML. It goes before the style chosen by name.",
    ),
    (
        STYLE_LAYER,
        "Style layer",
        "A layer of any open image whose style is taken. It goes before file and name.",
    ),
    (SECOND_STYLE, "Second style", "The name of a style that is mixed in, or none."),
    (SECOND_STYLE_FILE, "Second file", "A picture whose style is mixed in."),
    (MIX, "Mix", "The second style's share: 0 is the first style alone, 1 the second alone."),
    (OUTPUT, "Paint on", "Where the painting goes: this layer, or a new one above it."),
    (
        DEVICE,
        "Device",
        "What paints: auto takes the best there is; or cpu, cuda, cuda:1, directml, openvino, \
         cuda:fp16 and openvino:bf16 (faster, a little different), or the path of a plug-in provider.",
    ),
];

/// The words of arguments, with mnemonics that do not clash.
pub struct Labels(Vec<(&'static str, String, &'static str)>);

impl Labels {
    /// Of our own arguments and the engine's settings. Where letters run out, controls that few
    /// need go without.
    pub fn new(settings: &[Setting]) -> Self {
        let mut settings: Vec<_> = settings.iter().collect();
        settings.sort_by_key(|setting| setting.place != Place::Front);
        let settings = settings.into_iter().map(|s| (s.name, s.label, s.help));
        let all: Vec<_> = OWN.into_iter().chain(settings).collect();
        // The gallery stands for the style by name.
        let label =
            |&(name, label, _): &(_, &'static str, _)| if name == STYLE { "" } else { label };
        let marked = mnemonics::mark(&all.iter().map(label).collect::<Vec<_>>());
        let words = all.into_iter().zip(marked).map(|((name, label, help), marked)| {
            let marked = if marked.is_empty() { label.to_owned() } else { marked };
            (name, marked, help)
        });
        Self(words.collect())
    }

    /// The words of an argument.
    pub fn words(&self, name: &'static str) -> Words<'_> {
        let found = self.0.iter().find(|(known, ..)| *known == name);
        found.map_or(Words { name, label: name, help: "" }, |(name, label, help)| Words {
            name,
            label,
            help,
        })
    }
}

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
    description.menu(
        "_Neural Style Transfer...",
        "<Image>/Filters/Artistic",
        "Impasto: paints the layer in the style of another picture",
        "Impasto paints the layer in the style of another picture: a style that comes with it, a \
         picture file or a layer, or two of them mixed. What is selected is painted, with the \
         whole layer as context; transparency stays. Arguments that are left out have their \
         defaults.",
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
    let words = |name| labels.words(name);
    description.text(words(STYLE), DEFAULT_STYLE);
    description.file(words(STYLE_FILE));
    description.drawable(words(STYLE_LAYER));
    description.text(words(SECOND_STYLE), NO_STYLE);
    description.file(words(SECOND_STYLE_FILE));
    description.float(words(MIX), 0.0, 1.0, 0.5);
    let outputs = [(THIS_LAYER, "This layer"), (NEW_LAYER, "A new layer")];
    description.choice(words(OUTPUT), &outputs, THIS_LAYER);
    description.text(words(DEVICE), DEFAULT_DEVICE);
    // Last: GIMP passes values by their places, and those before hold without the library, too.
    for setting in &settings {
        add(description, words(setting.name), setting);
    }
}

fn add(description: &Description, words: Words<'_>, setting: &Setting) {
    let [least, most] = setting.range().unwrap_or_default();
    match &setting.kind {
        SettingKind::Float { default, .. } => description.float(words, least, most, *default),
        SettingKind::Integer { default, .. } => {
            description.integer(words, least as i64, most as i64, *default);
        }
        SettingKind::Choice { choices, .. } => {
            let entries: Vec<_> = choices.iter().map(|c| (c.name, c.label)).collect();
            description.choice(words, &entries, setting.default_text);
        }
        SettingKind::Text { default, .. } => description.text(words, default),
        // A kind of a newer library: its default is used.
        _ => {}
    }
}
