//! A style: a code of 256 numbers, and what a person calls it.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::network::CODE_LENGTH;
use crate::error::{Error, ErrorKind, Result};

/// What the fast method paints with. As text it is a small TOML file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Style {
    /// The name it is called by: `great-wave`.
    pub name: String,
    /// The picture's title.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// Who painted it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub painter: String,
    /// When.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub year: String,
    /// SHA-256 of the network that made the code; no other understands it.
    pub network: String,
    /// 256 numbers.
    pub code: Vec<f32>,
}

impl Style {
    /// A style without painter or year.
    pub(crate) fn unnamed(name: &str, network: &str, code: Vec<f32>) -> Self {
        Self {
            name: name.to_owned(),
            title: String::new(),
            painter: String::new(),
            year: String::new(),
            network: network.to_owned(),
            code,
        }
    }

    /// Several styles in one: the mean of their codes by weight. Weights need not sum to 1.
    ///
    /// # Errors
    /// `Argument` for no styles, a negative or not finite weight, or weights that are all 0;
    /// `Style` where the codes come from different networks.
    pub fn mix(parts: &[(&Self, f32)]) -> Result<Self> {
        let total: f32 = parts.iter().map(|(_, weight)| weight).sum();
        if parts.iter().any(|(_, weight)| !weight.is_finite() || *weight < 0.0)
            || !total.is_finite()
            || total <= 0.0
        {
            let what = "cannot mix styles: weights are 0 or more, and one at least above 0";
            return Err(Error::new(ErrorKind::Argument, what));
        }
        let (first, _) = parts[0];
        if let Some((other, _)) = parts.iter().find(|(style, _)| style.network != first.network) {
            let what = format!(
                "cannot mix the styles '{}' and '{}': different networks made them",
                first.name, other.name
            );
            return Err(Error::new(ErrorKind::Style, what));
        }
        let code = (0..CODE_LENGTH)
            .map(|k| parts.iter().map(|(style, weight)| style.code[k] * weight / total).sum())
            .collect();
        let names: Vec<_> = parts.iter().map(|(style, _)| style.name.as_str()).collect();
        Ok(Self::unnamed(&names.join("+"), &first.network, code))
    }

    /// The style as TOML.
    pub fn to_text(&self) -> String {
        // Strings and floats always have a form in TOML.
        toml::to_string(self).unwrap_or_default()
    }

    /// Reads [`Style::to_text`].
    ///
    /// # Errors
    /// `Style` for what is no style or has no 256 finite numbers.
    pub fn from_text(text: &str) -> Result<Self> {
        let style: Self = toml::from_str(text)
            .map_err(|e| Error::caused(ErrorKind::Style, "cannot read the style", e))?;
        if style.code.len() != CODE_LENGTH || style.code.iter().any(|v| !v.is_finite()) {
            let what = format!(
                "cannot use the style '{}': its code is not {CODE_LENGTH} finite numbers",
                style.name
            );
            return Err(Error::new(ErrorKind::Style, what));
        }
        Ok(style)
    }

    /// Reads the bytes of [`Style::to_text`].
    ///
    /// # Errors
    /// As [`Style::from_text`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let text = std::str::from_utf8(bytes)
            .map_err(|e| Error::caused(ErrorKind::Style, "cannot read the style", e))?;
        Self::from_text(text)
    }

    /// Reads a style from a `.toml` file.
    ///
    /// # Errors
    /// `Style` for an unreadable file, or as [`Style::from_text`].
    pub fn from_file(path: &Path) -> Result<Self> {
        let failed = |e| {
            let what = format!("cannot read the style '{}'", path.display());
            Error::caused(ErrorKind::Style, what, e)
        };
        let text = std::fs::read_to_string(path)
            .map_err(|e| failed(Box::new(e) as Box<dyn std::error::Error + Send + Sync>))?;
        Self::from_text(&text).map_err(|e| failed(Box::new(e)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn style(name: &str, value: f32) -> Style {
        Style::unnamed(name, "net", vec![value; CODE_LENGTH])
    }

    #[test]
    fn text_round_trips_to_the_bit() {
        let mut style = style("x", 0.1 + 0.2);
        style.painter = "K. \"Hokusai\"".into();
        assert_eq!(Style::from_text(&style.to_text()).unwrap(), style);
    }

    #[test]
    fn a_short_or_strange_code_is_refused() {
        let mut short = style("x", 1.0);
        short.code.pop();
        assert_eq!(Style::from_text(&short.to_text()).unwrap_err().kind(), ErrorKind::Style);
        assert!(Style::from_text(&style("x", f32::NAN).to_text()).is_err());
        assert!(Style::from_text("name = 1").is_err());
    }

    #[test]
    fn mixing_weighs() {
        let (a, b) = (style("a", 1.0), style("b", 3.0));
        let mixed = Style::mix(&[(&a, 0.5), (&b, 1.5)]).unwrap();
        assert!(mixed.code.iter().all(|&v| (v - 2.5).abs() < 1e-6));
        assert_eq!(mixed.name, "a+b");
        for weights in [[0.0, 0.0], [-1.0, 2.0], [f32::NAN, 1.0]] {
            assert!(Style::mix(&[(&a, weights[0]), (&b, weights[1])]).is_err());
        }
        assert!(Style::mix(&[]).is_err());
        let mut foreign = style("c", 1.0);
        foreign.network = "other".into();
        assert!(Style::mix(&[(&a, 1.0), (&foreign, 1.0)]).is_err());
    }
}
