//! The enums behind settings that are one of several words.

use super::field::Choice;
use super::values::Method;
use crate::canvas::{KeepColor, PlainAreas};
use crate::optimize::{
    Averaging, Enlarging, OnCancel, Optimizer, Pooling, Preset, Start, StyleLoss,
};

/// Makes an enum a [`Choice`]: its values in the table's order.
macro_rules! choice {
    ($Type:ident: $($value:ident),+) => {
        impl Choice for $Type {
            fn place(&self) -> usize {
                [$(Self::$value),+].iter().position(|value| value == self).unwrap_or(0)
            }

            fn choose(&mut self, place: usize) {
                if let Some(value) = [$(Self::$value),+].into_iter().nth(place) {
                    *self = value;
                }
            }
        }
    };
}

choice!(Method: Fast, Optimize, Studio);
choice!(KeepColor: None, Luminance, Match);
choice!(PlainAreas: Keep, Paint);
choice!(Preset: Draft, Normal, Fine);
choice!(Enlarging: Paint, Plain);
choice!(Start: Content, Noise);
choice!(Optimizer: Adam, Lbfgs);
choice!(Pooling: Max, Average);
choice!(StyleLoss: Wasserstein, Gram, Matching);
choice!(Averaging: Off, On);
choice!(OnCancel: Discard, Keep);
