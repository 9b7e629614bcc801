//! Styles and settings of the engine. `cargo xtask options` writes this file.

use crate::property::{Kind, Property};

/// The styles that come with Impasto, behind none: name and title.
pub const STYLES: &[(&str, &str)] = &[
    ("none", "None"),
    ("composition-vii", "Composition VII"),
    ("delaunay", "Portrait of Jean Metzinger"),
    ("great-wave", "The Great Wave off Kanagawa"),
    ("ink", "Ink"),
    ("mosaic", "Mosaic"),
    ("starry-night", "The Starry Night"),
    ("tableau-no-2", "Tableau No. 2"),
    ("the-scream", "The Scream"),
    ("water-lilies", "Water Lilies"),
    ("woodcut", "Woodcut"),
];

/// The settings of the fast and the studio method.
pub const SETTINGS: &[Property] = &[
    Property {
        name: "method",
        label: "Method",
        help: "fast paints with a network, in seconds; studio optimises a small composition and paints it out with the network, in half a minute.",
        kind: Kind::Choice { choices: &[("fast", "Fast"), ("studio", "Studio")], default: "fast" },
    },
    Property {
        name: "strength",
        label: "Strength",
        help: "How far the painting leaves the photograph: 0 is gentle, 1 is strong.",
        kind: Kind::Float { least: 0.0, most: 1.0, default: 0.7 },
    },
    Property {
        name: "grain",
        label: "Grain",
        help: "Which of the style's marks are used: 0 is fine grain, 1 is broad strokes.",
        kind: Kind::Float { least: 0.0, most: 1.0, default: 0.5 },
    },
    Property {
        name: "brush-size",
        label: "Brush size",
        help: "Size of the strokes in pixels, relative to those that the network learned. 0 follows the picture: large pictures then look like small ones, only sharper.",
        kind: Kind::Float { least: 0.0, most: 32.0, default: 0.0 },
    },
    Property {
        name: "turbulence",
        label: "Turbulence",
        help: "Swirling strokes, most of all where the photograph is flat, such as in a sky.",
        kind: Kind::Float { least: 0.0, most: 1.0, default: 0.3 },
    },
    Property {
        name: "layers",
        label: "Layers",
        help: "Layers of paint: broad strokes first, finer ones over them. 1 paints fine strokes alone.",
        kind: Kind::Integer { least: 0, most: 4, default: 0 },
    },
    Property {
        name: "keep-color",
        label: "Keep colours",
        help: "Whether the photograph's colours stay: only the luminance is painted, or the painting's colours are moved to the photograph's.",
        kind: Kind::Choice { choices: &[("none", "The style's colours"), ("luminance", "Paint only luminance"), ("match", "Match the photograph")], default: "none" },
    },
    Property {
        name: "opacity",
        label: "Opacity",
        help: "How much of the painting covers the photograph.",
        kind: Kind::Float { least: 0.0, most: 1.0, default: 1.0 },
    },
    Property {
        name: "detail",
        label: "Detail",
        help: "How much of the photograph's fine detail lies over strokes that are larger than 1.",
        kind: Kind::Float { least: 0.0, most: 1.0, default: 0.5 },
    },
    Property {
        name: "abstraction",
        label: "Abstraction",
        help: "How much of the broad strokes stays under the fine ones: 0 keeps the drawing, 1 dissolves it.",
        kind: Kind::Float { least: 0.0, most: 1.0, default: 0.5 },
    },
    Property {
        name: "keep-faces",
        label: "Keep faces",
        help: "Keeps eyes and mouths where strokes would take them away: how much of the photograph's drawing stays in faces, under the painting's colours.",
        kind: Kind::Float { least: 0.0, most: 1.0, default: 0.5 },
    },
    Property {
        name: "seed",
        label: "Seed",
        help: "Another number makes other swirls, or other noise to start from.",
        kind: Kind::Seed,
    },
    Property {
        name: "plain-areas",
        label: "Plain areas",
        help: "What becomes of areas that are one flat colour, such as a white background, and of dark or pale pictures, such as the frames of a fade: they stay so, or are painted in the style's full contrast.",
        kind: Kind::Choice { choices: &[("keep", "Stay plain"), ("paint", "Are painted")], default: "keep" },
    },
    Property {
        name: "content-weight",
        label: "Content weight",
        help: "How much the photograph's content counts.",
        kind: Kind::Float { least: 0.0, most: 1000000.0, default: 1.0 },
    },
    Property {
        name: "style-weight",
        label: "Style weight",
        help: "How much the style counts: 3 keeps nearly a photograph, 300 nearly dissolves it.",
        kind: Kind::Float { least: 0.0, most: 1000000.0, default: 30.0 },
    },
    Property {
        name: "style-scale",
        label: "Style scale",
        help: "The style picture's size relative to the photograph's: less makes strokes smaller. It is never enlarged.",
        kind: Kind::Float { least: 0.1, most: 4.0, default: 1.0 },
    },
    Property {
        name: "tv-weight",
        label: "Smoothness",
        help: "How much neighbouring pixels are drawn together (total variation).",
        kind: Kind::Float { least: 0.0, most: 1000000.0, default: 1.0 },
    },
    Property {
        name: "style-loss",
        label: "Style loss",
        help: "How the painting is compared with the style: wasserstein keeps its colours and strokes together, gram is the classic, matching copies strokes from its picture.",
        kind: Kind::Choice { choices: &[("wasserstein", "Wasserstein distance"), ("gram", "Gram matrices"), ("matching", "Nearest strokes")], default: "wasserstein" },
    },
    Property {
        name: "schedule",
        label: "Schedule",
        help: "Sizes from coarse to fine, the longest side of each with its steps, such as 128:200,256:150,512:100.",
        kind: Kind::Text { default: "" },
    },
    Property {
        name: "content-layers",
        label: "Content layers",
        help: "Layers of the feature network that the content is compared by, with their weights.",
        kind: Kind::Text { default: "block4_conv2" },
    },
    Property {
        name: "style-layers",
        label: "Style layers",
        help: "Layers of the feature network that the style is compared by, with their weights.",
        kind: Kind::Text { default: "block1_conv1,block2_conv1,block3_conv1,block4_conv1" },
    },
    Property {
        name: "features",
        label: "Feature network",
        help: "The network that the pictures are compared through: auto, which is vgg16-slim, and vgg16 for the last steps; vgg16, which takes twice as long; vgg16-slim, which is faster and less exact; the name of an imported one; or a .safetensors file.",
        kind: Kind::Text { default: "auto" },
    },
];
