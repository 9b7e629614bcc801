//! The table of settings.

use super::field::Field;
use super::setting::{Kind, Methods, Place, Setting};

const ALL: Methods = Methods { fast: true, optimize: true, studio: true };
/// Those that paint with the network.
const LAYERED: Methods = Methods { optimize: false, ..ALL };
/// Those that optimise.
const OPTIMIZED: Methods = Methods { fast: false, ..ALL };
const OPTIMIZE: Methods = Methods { studio: false, ..OPTIMIZED };

/// A number from 0 to 1.
const FRACTION: Kind = Kind::Float { least: 0.0, most: 1.0, step: 0.05, zero: None };

/// A weight of a loss.
const fn weight(step: f64) -> Kind {
    Kind::Float { least: 0.0, most: 1e6, step, zero: None }
}

/// All settings, in the order in which controls should stand.
pub const SETTINGS: &[Setting] = &[
    Setting {
        name: "method",
        label: "Method",
        help: "fast paints with a network, in seconds; optimize works on the picture itself, for \
               minutes or hours; studio optimises a small composition and paints it out with the \
               network, in half a minute.",
        unit: "",
        methods: ALL,
        place: Place::Front,
        kind: Kind::Choice(&[("fast", "Fast"), ("optimize", "Optimise"), ("studio", "Studio")]),
        field: |s| Field::Choice(&mut s.method),
    },
    Setting {
        name: "preset",
        label: "Preset",
        help: "How large and how long is optimised: draft up to 512 pixels, normal up to 1024, \
               fine at the picture's own size.",
        unit: "",
        methods: OPTIMIZE,
        place: Place::Front,
        kind: Kind::Choice(&[("draft", "Draft"), ("normal", "Normal"), ("fine", "Fine")]),
        field: |s| Field::Choice(&mut s.optimize.preset),
    },
    Setting {
        name: "content-weight",
        label: "Content weight",
        help: "How much the photograph's content counts.",
        unit: "",
        methods: OPTIMIZED,
        place: Place::Advanced,
        kind: weight(0.1),
        field: |s| Field::Float(&mut s.optimize.content_weight),
    },
    Setting {
        name: "style-weight",
        label: "Style weight",
        help: "How much the style counts: 3 keeps nearly a photograph, 300 nearly dissolves it.",
        unit: "",
        methods: OPTIMIZED,
        place: Place::Advanced,
        kind: weight(5.0),
        field: |s| Field::Float(&mut s.optimize.style_weight),
    },
    Setting {
        name: "strength",
        label: "Strength",
        help: "How far the painting leaves the photograph: 0 is gentle, 1 is strong.",
        unit: "",
        methods: LAYERED,
        place: Place::Front,
        kind: FRACTION,
        field: |s| Field::Float(&mut s.fast.strength),
    },
    Setting {
        name: "grain",
        label: "Grain",
        help: "Which of the style's marks are used: 0 is fine grain, 1 is broad strokes.",
        unit: "",
        methods: LAYERED,
        place: Place::Front,
        kind: FRACTION,
        field: |s| Field::Float(&mut s.fast.grain),
    },
    Setting {
        name: "brush-size",
        label: "Brush size",
        help: "Size of the strokes in pixels, relative to those that the network learned. 0 \
               follows the picture: large pictures then look like small ones, only sharper.",
        unit: "pixels",
        methods: LAYERED,
        place: Place::Front,
        kind: Kind::Float { least: 0.25, most: 32.0, step: 0.5, zero: Some("follows the picture") },
        field: |s| Field::Float(&mut s.fast.brush_size),
    },
    Setting {
        name: "detail",
        label: "Detail",
        help: "How much of the photograph's fine detail lies over strokes that are larger than 1.",
        unit: "",
        methods: LAYERED,
        place: Place::Advanced,
        kind: FRACTION,
        field: |s| Field::Float(&mut s.finishing.detail),
    },
    Setting {
        name: "turbulence",
        label: "Turbulence",
        help: "Swirling strokes, most of all where the photograph is flat, such as in a sky.",
        unit: "",
        methods: LAYERED,
        place: Place::Front,
        kind: FRACTION,
        field: |s| Field::Float(&mut s.fast.turbulence),
    },
    Setting {
        name: "layers",
        label: "Layers",
        help: "Layers of paint: broad strokes first, finer ones over them. 1 paints fine strokes \
               alone.",
        unit: "",
        methods: LAYERED,
        place: Place::Front,
        kind: Kind::Integer { least: 1, most: 4, zero: Some("follows the picture") },
        field: |s| Field::Integer(&mut s.fast.layers),
    },
    Setting {
        name: "abstraction",
        label: "Abstraction",
        help: "How much of the broad strokes stays under the fine ones: 0 keeps the drawing, 1 \
               dissolves it.",
        unit: "",
        methods: LAYERED,
        place: Place::Advanced,
        kind: FRACTION,
        field: |s| Field::Float(&mut s.fast.abstraction),
    },
    Setting {
        name: "keep-faces",
        label: "Keep faces",
        help: "Keeps eyes and mouths where strokes would take them away: how much of the \
               photograph's drawing stays in faces, under the painting's colours.",
        unit: "",
        methods: LAYERED,
        place: Place::Advanced,
        kind: FRACTION,
        field: |s| Field::Float(&mut s.fast.keep_faces),
    },
    Setting {
        name: "style-scale",
        label: "Style scale",
        help: "The style picture's size relative to the photograph's: less makes strokes smaller. \
               It is never enlarged.",
        unit: "",
        methods: OPTIMIZED,
        place: Place::Advanced,
        kind: Kind::Float { least: 0.1, most: 4.0, step: 0.1, zero: None },
        field: |s| Field::Float(&mut s.optimize.style_scale),
    },
    Setting {
        name: "iterations",
        label: "Iterations",
        help: "Steps in all, shared between the sizes from coarse to fine; 0 follows the preset.",
        unit: "steps",
        methods: OPTIMIZE,
        place: Place::Advanced,
        kind: Kind::Integer { least: 1, most: 100_000, zero: Some("follows the preset") },
        field: |s| Field::Integer(&mut s.optimize.iterations),
    },
    Setting {
        name: "resolution",
        label: "Resolution",
        help: "The longest side that is optimised; the painting of a larger picture is enlarged. 0 \
               follows the preset.",
        unit: "pixels",
        methods: OPTIMIZE,
        place: Place::Advanced,
        kind: Kind::Integer { least: 32, most: 30_000, zero: Some("follows the preset") },
        field: |s| Field::Integer(&mut s.optimize.resolution),
    },
    Setting {
        name: "enlarge",
        label: "Enlarge",
        help: "How what is optimised smaller than the picture comes to its size: paint has the fast \
               method's network paint the finer marks, which it cannot where styles have masks; \
               plain only enlarges.",
        unit: "",
        methods: OPTIMIZE,
        place: Place::Advanced,
        kind: Kind::Choice(&[("paint", "Paint finer marks"), ("plain", "Only enlarge")]),
        field: |s| Field::Choice(&mut s.optimize.enlarge),
    },
    Setting {
        name: "tv-weight",
        label: "Smoothness",
        help: "How much neighbouring pixels are drawn together (total variation).",
        unit: "",
        methods: OPTIMIZED,
        place: Place::Advanced,
        kind: weight(0.5),
        field: |s| Field::Float(&mut s.optimize.tv_weight),
    },
    Setting {
        name: "start",
        label: "Start from",
        help: "What the optimisation starts from.",
        unit: "",
        methods: OPTIMIZE,
        place: Place::Advanced,
        kind: Kind::Choice(&[("content", "The photograph"), ("noise", "Noise")]),
        field: |s| Field::Choice(&mut s.optimize.start),
    },
    Setting {
        name: "optimizer",
        label: "Optimiser",
        help: "Adam is steady; L-BFGS goes further in the same steps, with more memory.",
        unit: "",
        methods: OPTIMIZE,
        place: Place::Advanced,
        kind: Kind::Choice(&[("adam", "Adam"), ("lbfgs", "L-BFGS")]),
        field: |s| Field::Choice(&mut s.optimize.optimizer),
    },
    Setting {
        name: "style-loss",
        label: "Style loss",
        help: "How the painting is compared with the style: wasserstein keeps its colours and \
               strokes together, gram is the classic, matching copies strokes from its picture.",
        unit: "",
        methods: OPTIMIZED,
        place: Place::Advanced,
        kind: Kind::Choice(&[
            ("wasserstein", "Wasserstein distance"),
            ("gram", "Gram matrices"),
            ("matching", "Nearest strokes"),
        ]),
        field: |s| Field::Choice(&mut s.optimize.style_loss),
    },
    Setting {
        name: "pooling",
        label: "Pooling",
        help: "How the feature network halves its picture: max is crisper, average smoother.",
        unit: "",
        methods: OPTIMIZE,
        place: Place::Advanced,
        kind: Kind::Choice(&[("max", "Maximum"), ("average", "Average")]),
        field: |s| Field::Choice(&mut s.optimize.pooling),
    },
    Setting {
        name: "averaging",
        label: "Averaging",
        help: "Whether the result is the mean of the last pictures, which is less noisy than the \
               very last.",
        unit: "",
        methods: OPTIMIZE,
        place: Place::Advanced,
        kind: Kind::Choice(&[("off", "Off"), ("on", "On")]),
        field: |s| Field::Choice(&mut s.optimize.averaging),
    },
    Setting {
        name: "schedule",
        label: "Schedule",
        help: "Sizes from coarse to fine, the longest side of each with its steps, such as \
               128:200,256:150,512:100.",
        unit: "",
        methods: OPTIMIZED,
        place: Place::Advanced,
        kind: Kind::Text { form: "SIDE:STEPS,...", empty: Some("follows the preset") },
        field: |s| Field::Text(&mut s.optimize.schedule),
    },
    Setting {
        name: "content-layers",
        label: "Content layers",
        help: "Layers of the feature network that the content is compared by, with their weights.",
        unit: "",
        methods: OPTIMIZED,
        place: Place::Advanced,
        kind: Kind::Text { form: "LAYER[:WEIGHT],...", empty: None },
        field: |s| Field::Text(&mut s.optimize.content_layers),
    },
    Setting {
        name: "style-layers",
        label: "Style layers",
        help: "Layers of the feature network that the style is compared by, with their weights.",
        unit: "",
        methods: OPTIMIZED,
        place: Place::Advanced,
        kind: Kind::Text { form: "LAYER[:WEIGHT],...", empty: None },
        field: |s| Field::Text(&mut s.optimize.style_layers),
    },
    Setting {
        name: "features",
        label: "Feature network",
        help: "The network that the pictures are compared through: auto, which is vgg16-slim, and \
               vgg16 for the last steps; vgg16, which takes twice as long; vgg16-slim, which is \
               faster and less exact; the name of an imported one; or a .safetensors file.",
        unit: "",
        methods: OPTIMIZED,
        place: Place::Advanced,
        kind: Kind::Text { form: "NAME or FILE", empty: None },
        field: |s| Field::Text(&mut s.optimize.features),
    },
    Setting {
        name: "seed",
        label: "Seed",
        help: "Another number makes other swirls, or other noise to start from.",
        unit: "",
        methods: ALL,
        place: Place::Advanced,
        kind: Kind::Integer { least: 0, most: u32::MAX as i64, zero: None },
        field: |s| Field::Integer(&mut s.seed),
    },
    Setting {
        name: "keep-color",
        label: "Keep colours",
        help: "Whether the photograph's colours stay: only the luminance is painted, or the \
               painting's colours are moved to the photograph's.",
        unit: "",
        methods: ALL,
        place: Place::Front,
        kind: Kind::Choice(&[
            ("none", "The style's colours"),
            ("luminance", "Paint only luminance"),
            ("match", "Match the photograph"),
        ]),
        field: |s| Field::Choice(&mut s.finishing.keep_color),
    },
    Setting {
        name: "plain-areas",
        label: "Plain areas",
        help: "What becomes of areas that are one flat colour, such as a white background, and of \
               dark or pale pictures, such as the frames of a fade: they stay so, or are painted \
               in the style's full contrast.",
        unit: "",
        methods: ALL,
        place: Place::Advanced,
        kind: Kind::Choice(&[("keep", "Stay plain"), ("paint", "Are painted")]),
        field: |s| Field::Choice(&mut s.finishing.plain_areas),
    },
    Setting {
        name: "opacity",
        label: "Opacity",
        help: "How much of the painting covers the photograph.",
        unit: "",
        methods: ALL,
        place: Place::Front,
        kind: FRACTION,
        field: |s| Field::Float(&mut s.finishing.opacity),
    },
    Setting {
        name: "checkpoint",
        label: "Checkpoint",
        help: "A file that keeps the state while the work goes on and when it is stopped; where it \
               is there, the work goes on from it.",
        unit: "",
        methods: OPTIMIZED,
        place: Place::Programs,
        kind: Kind::Text { form: "FILE", empty: Some("none") },
        field: |s| Field::Text(&mut s.optimize.checkpoint),
    },
    Setting {
        name: "checkpoint-every",
        label: "Checkpoint every",
        help: "Time from one saving of the checkpoint to the next; 0 saves after each step.",
        unit: "seconds",
        methods: OPTIMIZED,
        place: Place::Programs,
        kind: Kind::Integer { least: 0, most: 86_400, zero: None },
        field: |s| Field::Integer(&mut s.optimize.checkpoint_every),
    },
    Setting {
        name: "on-cancel",
        label: "When stopped",
        help: "What becomes of the steps that are done when the work is asked to stop: nothing, or \
               a painting as it stands. Before the first step there is nothing to keep.",
        unit: "",
        methods: OPTIMIZED,
        place: Place::Programs,
        kind: Kind::Choice(&[("discard", "Nothing"), ("keep", "Keep the painting as it stands")]),
        field: |s| Field::Choice(&mut s.optimize.on_cancel),
    },
];

/// The setting called `name`.
pub fn find(name: &str) -> Option<&'static Setting> {
    SETTINGS.iter().find(|setting| setting.name == name)
}
