//! The look of a picture in a style.

use super::style::Style;
use crate::color::ColorMatch;
use crate::error::{Error, ErrorKind, Result};
use crate::models::sha256_hex;

/// What a painting takes from the whole picture: the network's normalisation, and the map of its
/// colours where they are matched. Every picture has its own; the frames of a shot that share one
/// do not flicker.
#[derive(Debug, Clone)]
pub struct Look {
    /// The normalisation of each layer of paint, the finest first.
    pub(super) affines: Vec<Vec<f32>>,
    /// Of a look at a picture whose colours are to be matched.
    pub(super) color_match: Option<ColorMatch>,
    /// SHA-256 of the network that looked.
    pub(super) network: String,
    /// SHA-256 of the style's code; `None` for a mean of looks in several.
    pub(super) style: Option<String>,
}

impl Look {
    /// The mean of several looks by weight. Weights need not sum to 1.
    ///
    /// # Errors
    /// `Argument` for no looks, a negative or not finite weight, weights that are all 0, or looks
    /// of different networks or of other numbers of layers.
    pub fn mix(parts: &[(&Self, f32)]) -> Result<Self> {
        let wrong = |why: &str| Error::new(ErrorKind::Argument, format!("cannot mix looks: {why}"));
        let total: f32 = parts.iter().map(|(_, weight)| weight).sum();
        if parts.iter().any(|(_, weight)| !weight.is_finite() || *weight < 0.0)
            || !total.is_finite()
            || total <= 0.0
        {
            return Err(wrong("weights are 0 or more, and one at least above 0"));
        }
        let (first, _) = parts[0];
        if parts.iter().any(|(look, _)| look.network != first.network) {
            return Err(wrong("different networks made them"));
        }
        if parts.iter().any(|(look, _)| look.affines.len() != first.affines.len()) {
            return Err(wrong("they have different numbers of layers"));
        }
        let shares: Vec<_> = parts.iter().map(|(look, weight)| (look, weight / total)).collect();
        let mean = |layer: usize, at: usize| {
            shares.iter().map(|(look, share)| look.affines[layer][at] * share).sum()
        };
        let affines = first.affines.iter().enumerate();
        let affines = affines
            .map(|(layer, affine)| (0..affine.len()).map(|at| mean(layer, at)).collect())
            .collect();
        let matches: Option<Vec<_>> = shares
            .iter()
            .map(|(look, share)| look.color_match.as_ref().map(|found| (found, *share)))
            .collect();
        let color_match = matches.map(|matches| ColorMatch::sum(&matches));
        let is_of_first = |(look, _): &(&Self, f32)| look.style == first.style;
        let style = first.style.clone().filter(|_| parts.iter().all(is_of_first));
        Ok(Self { affines, color_match, network: first.network.clone(), style })
    }

    /// Whether it was found for this style, as far as is known. A look holds what the network takes
    /// of a style: in one for another style, it paints in that.
    pub fn is_for(&self, style: &Style) -> bool {
        self.style.as_ref().is_none_or(|known| *known == code_hash(style))
    }

    /// The network's normalisation for the finest layer: a scale and a shift for each channel of
    /// each convolution.
    pub fn affine(&self) -> &[f32] {
        self.of_layer(0)
    }

    /// The normalisation of a layer by its place above the finest; its coarsest stands for those
    /// that it has not.
    pub(super) fn of_layer(&self, above: usize) -> &[f32] {
        let last = self.affines.len().saturating_sub(1);
        self.affines.get(above.min(last)).map_or(&[], Vec::as_slice)
    }

    pub(super) fn check(&self, network: &str) -> Result<()> {
        if self.network == network {
            return Ok(());
        }
        let what = "cannot paint in this look: another network made it; look again";
        Err(Error::new(ErrorKind::Argument, what))
    }
}

/// What tells styles apart.
pub(super) fn code_hash(style: &Style) -> String {
    let bytes: Vec<u8> = style.code.iter().flat_map(|value| value.to_le_bytes()).collect();
    sha256_hex(&bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(value: f32, network: &str) -> Look {
        let (affines, style) = (vec![vec![value; 3]; 2], Some("s".to_owned()));
        Look { affines, color_match: None, network: network.into(), style }
    }

    #[test]
    fn mixing_weighs() {
        let (a, b) = (look(1.0, "n"), look(3.0, "n"));
        let mixed = Look::mix(&[(&a, 0.5), (&b, 1.5)]).unwrap();
        assert_eq!(mixed.affines.len(), 2);
        assert!(mixed.affines.iter().flatten().all(|&v| (v - 2.5).abs() < 1e-6));
        assert!(mixed.color_match.is_none());
    }

    #[test]
    fn what_cannot_be_mixed_is_refused() {
        let (a, b) = (look(1.0, "n"), look(3.0, "other"));
        assert!(Look::mix(&[]).is_err());
        assert!(Look::mix(&[(&a, 0.0)]).is_err());
        assert!(Look::mix(&[(&a, f32::NAN)]).is_err());
        assert!(Look::mix(&[(&a, -1.0), (&a, 3.0)]).is_err());
        assert!(Look::mix(&[(&a, 1.0), (&b, 1.0)]).is_err());
        assert!(b.check("n").is_err());
    }
}
