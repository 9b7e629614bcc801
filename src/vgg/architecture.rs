//! How VGG is built: blocks of 3x3 convolutions, the picture halved between them.

use std::fmt;
use std::str::FromStr;

use crate::error::{Error, ErrorKind, Result};

/// Channels of each block's convolutions.
pub(super) const WIDTHS: [usize; 5] = [64, 128, 256, 512, 512];

/// Convolutions in each block of VGG16 and VGG19.
pub(super) const VGG16: [usize; 5] = [2, 2, 3, 3, 3];
pub(super) const VGG19: [usize; 5] = [2, 2, 4, 4, 4];

/// A layer by the place of its convolution, meaning the activation after ReLU: `block4_conv2`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Layer {
    /// From 1 to 5.
    pub block: usize,
    /// From 1 to 4.
    pub convolution: usize,
}

impl Layer {
    /// Features that the layer has.
    pub fn channels(self) -> usize {
        WIDTHS[self.block - 1]
    }

    /// Picture pixels between two of its positions.
    pub fn stride(self) -> usize {
        1 << (self.block - 1)
    }
}

impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "block{}_conv{}", self.block, self.convolution)
    }
}

impl FromStr for Layer {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let numbers = || {
            let (block, convolution) = text.strip_prefix("block")?.split_once("_conv")?;
            Some((block.parse().ok()?, convolution.parse().ok()?))
        };
        match numbers() {
            Some((block @ 1..=5, convolution @ 1..=4)) if convolution <= VGG19[block - 1] => {
                Ok(Self { block, convolution })
            }
            _ => {
                let what = format!(
                    "cannot use the layer '{text}': layers are called block1_conv1 to block5_conv4"
                );
                Err(Error::new(ErrorKind::Argument, what))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_have_names() {
        let layer = Layer { block: 4, convolution: 2 };
        assert_eq!(layer.to_string().parse::<Layer>().ok(), Some(layer));
        assert_eq!((layer.channels(), layer.stride()), (512, 8));
        for wrong in ["block0_conv1", "block1_conv3", "block6_conv1", "conv1_1", ""] {
            assert!(wrong.parse::<Layer>().is_err(), "{wrong}");
        }
    }
}
