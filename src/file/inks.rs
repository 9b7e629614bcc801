//! Printing inks and the colours that they make.

use std::sync::Arc;

use moxcms::{
    ColorProfile, DataColorSpace, Layout, RenderingIntent, TransformF32Executor, TransformOptions,
};

use super::warning;
use crate::error::{Error, ErrorKind, Result};

/// What cyan, magenta, yellow and black look like.
pub(super) enum Inks {
    /// As a profile says.
    OfProfile(Arc<TransformF32Executor>),
    /// Each takes away its third of the light.
    Ideal,
}

impl Inks {
    /// The inks of a file with this profile; ideal ones without a profile that says anything of
    /// inks, with a word in the log.
    pub fn new(icc: Option<&[u8]>) -> Self {
        let Some(icc) = icc else { return Self::Ideal };
        Self::of_profile(icc).unwrap_or_else(|reason| {
            warning::say(format!("the picture's colour profile is ignored: {reason}"));
            Self::Ideal
        })
    }

    fn of_profile(icc: &[u8]) -> Result<Self, String> {
        let profile = ColorProfile::new_from_slice(icc).map_err(|e| e.to_string())?;
        if profile.color_space != DataColorSpace::Cmyk {
            return Err(format!("it is for {:?} pictures", profile.color_space));
        }
        let srgb = ColorProfile::new_srgb();
        // As other programs print it: black stays black.
        let rendering_intent = RenderingIntent::Perceptual;
        let options = TransformOptions { rendering_intent, ..TransformOptions::default() };
        // Four numbers a pixel, which this library calls so whatever they are.
        let from = Layout::Rgba;
        let transform = profile.create_transform_f32(from, &srgb, Layout::Rgb, options);
        transform.map(Self::OfProfile).map_err(|e| e.to_string())
    }

    /// Amounts from 0 to 1, four a pixel, to encoded sRGB, three a pixel.
    pub fn to_srgb(&self, amounts: &[f32], srgb: &mut [f32]) -> Result<()> {
        match self {
            Self::OfProfile(transform) => transform.transform(amounts, srgb).map_err(|e| {
                let what = format!("the colours cannot be converted from their profile: {e}");
                Error::new(ErrorKind::Picture, what)
            }),
            Self::Ideal => {
                for (to, from) in srgb.chunks_exact_mut(3).zip(amounts.chunks_exact(4)) {
                    for (to, ink) in to.iter_mut().zip(from) {
                        *to = (1.0 - ink) * (1.0 - from[3]);
                    }
                }
                Ok(())
            }
        }
    }
}
