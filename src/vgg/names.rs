//! What programs call VGG's weights in their files.

use super::architecture::{Layer, VGG16, VGG19};

/// Who named the weights: this also tells what colours the network was trained on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Naming {
    /// `block4_conv2.weight`, [out, in, 3, 3]: our own.
    Own,
    /// `features.19.weight`, [out, in, 3, 3]: torchvision and timm.
    Torchvision,
    /// `block4_conv2/kernel:0`, [3, 3, in, out]: Keras.
    Keras,
}

/// A part of a convolution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    Weight,
    Bias,
    /// Of a slim network: see [`super::Convolution::projection`].
    Projection,
}

impl Part {
    /// The part as our own files call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Weight => "weight",
            Self::Bias => "bias",
            Self::Projection => "projection",
        }
    }
}

/// What a tensor's name says; `None` for what is no convolution of VGG, such as the classifier.
pub(super) fn understand(name: &str, is_vgg19: bool) -> Option<(Layer, Part, Naming)> {
    if let Some(rest) = name.strip_prefix("features.") {
        let (index, part) = rest.split_once('.')?;
        let layer = torchvision_layer(index.parse().ok()?, is_vgg19)?;
        return Some((layer, part_of(part)?, Naming::Torchvision));
    }
    // Keras writes the layer once or twice, and versions differ in what stands between.
    let mut words = name.split(['/', '.']);
    let layer = words.find_map(|word| word.parse::<Layer>().ok())?;
    let last = name.rsplit(['/', '.']).next()?.trim_end_matches(":0");
    let last = last.strip_prefix(&format!("{layer}_")).unwrap_or(last);
    match last {
        "weight" => Some((layer, Part::Weight, Naming::Own)),
        "projection" => Some((layer, Part::Projection, Naming::Own)),
        "kernel" | "W_1" | "W" => Some((layer, Part::Weight, Naming::Keras)),
        "bias" | "b_1" | "b" => Some((layer, Part::Bias, Naming::Keras)),
        _ => None,
    }
}

fn part_of(word: &str) -> Option<Part> {
    match word {
        "weight" => Some(Part::Weight),
        "bias" => Some(Part::Bias),
        _ => None,
    }
}

/// Whether torchvision's names are those of VGG19: its ninth convolution is the sixteenth module,
/// VGG16's the seventeenth.
pub(super) fn is_torchvision_vgg19<'a>(mut names: impl Iterator<Item = &'a str>) -> bool {
    names.any(|name| name == "features.16.weight")
}

/// torchvision numbers all modules: convolution and ReLU in turn, a pooling after each block.
fn torchvision_layer(index: usize, is_vgg19: bool) -> Option<Layer> {
    let blocks = if is_vgg19 { VGG19 } else { VGG16 };
    let mut first = 0;
    for (block, convolutions) in (1..).zip(blocks) {
        let within = index.checked_sub(first)?;
        if within < 2 * convolutions {
            let convolution = within / 2 + 1;
            return within.is_multiple_of(2).then_some(Layer { block, convolution });
        }
        first += 2 * convolutions + 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_three_programs_are_understood() {
        let layer = |block, convolution| Layer { block, convolution };
        let own = Some((layer(4, 2), Part::Weight, Naming::Own));
        assert_eq!(understand("block4_conv2.weight", false), own);
        for (name, is_vgg19, wanted) in [
            ("features.0.weight", false, layer(1, 1)),
            ("features.19.weight", false, layer(4, 2)),
            ("features.28.weight", false, layer(5, 3)),
            ("features.16.weight", true, layer(3, 4)),
            ("features.34.weight", true, layer(5, 4)),
        ] {
            let wanted = Some((wanted, Part::Weight, Naming::Torchvision));
            assert_eq!(understand(name, is_vgg19), wanted, "{name}");
        }
        for name in [
            "block1_conv2/kernel:0",
            "block1_conv2.kernel",
            "block1_conv2/block1_conv2_W_1:0",
            "model_weights/block1_conv2/block1_conv2/kernel:0",
        ] {
            let wanted = Some((layer(1, 2), Part::Weight, Naming::Keras));
            assert_eq!(understand(name, false), wanted, "{name}");
        }
        for other in
            ["classifier.0.weight", "features.1.weight", "fc1/kernel:0", "features.40.bias"]
        {
            assert_eq!(understand(other, false), None, "{other}");
        }
    }
}
