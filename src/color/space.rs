//! From a picture's colours to encoded sRGB within 0..1, and back.

use std::sync::Arc;

use moxcms::{ColorProfile, DataColorSpace, Layout, TransformExecutor, TransformOptions};

use super::curve::{linear_to_srgb, srgb_to_linear};
use super::encoding::Encoding;
use crate::error::{Error, ErrorKind, Result};
use crate::image::ColorSpace;

type Transform = Arc<dyn TransformExecutor<f32> + Send + Sync>;

/// A two-way conversion between a picture's colours and what the networks see: encoded sRGB,
/// clamped to 0..1. What the clamp cuts off (wide gamut, light above 1) is put back by
/// [`Conversion::back`].
pub(crate) enum Conversion {
    Srgb,
    Linear,
    Encoded(Encoding),
    Icc { to_srgb: Transform, from_srgb: Transform, gray: bool },
}

impl Conversion {
    pub fn new(space: &ColorSpace) -> Result<Self> {
        let profile = match space {
            ColorSpace::Srgb => return Ok(Self::Srgb),
            ColorSpace::LinearSrgb => return Ok(Self::Linear),
            ColorSpace::Linear(primaries) => {
                return Ok(Self::Encoded(Encoding::linear(primaries)?));
            }
            ColorSpace::Coded(points) => return Ok(Self::Encoded(Encoding::coded(points)?)),
            ColorSpace::Icc(bytes) => ColorProfile::new_from_slice(bytes),
        };
        let failed = |e: moxcms::CmsError| {
            let what = "cannot use the picture's colour profile";
            Error::caused(ErrorKind::Picture, what, e.to_string())
        };
        let profile = profile.map_err(failed)?;
        if let Some(encoding) = Encoding::of_hdr_profile(&profile) {
            return Ok(Self::Encoded(encoding));
        }
        let gray = profile.color_space == DataColorSpace::Gray;
        let layout = if gray { Layout::Gray } else { Layout::Rgb };
        let srgb = ColorProfile::new_srgb();
        let options = TransformOptions::default();
        Ok(Self::Icc {
            to_srgb: profile
                .create_transform_f32(layout, &srgb, Layout::Rgb, options)
                .map_err(failed)?,
            from_srgb: srgb
                .create_transform_f32(Layout::Rgb, &profile, layout, options)
                .map_err(failed)?,
            gray,
        })
    }

    /// A row of native straight RGBA to encoded sRGB, clamped to 0..1.
    pub fn to_srgb(&self, native: &[[f32; 4]], srgb: &mut [[f32; 3]]) {
        match self {
            Self::Srgb => {
                for (to, from) in srgb.iter_mut().zip(native) {
                    *to = [from[0], from[1], from[2]];
                }
            }
            Self::Linear => {
                for (to, from) in srgb.iter_mut().zip(native) {
                    *to = [from[0], from[1], from[2]].map(|v| linear_to_srgb(v.clamp(0.0, 1.0)));
                }
            }
            Self::Encoded(encoding) => {
                for (to, from) in srgb.iter_mut().zip(native) {
                    let light = encoding.to_light([from[0], from[1], from[2]]);
                    *to = light.map(|v| linear_to_srgb(v.clamp(0.0, 1.0)));
                }
            }
            Self::Icc { to_srgb, gray, .. } => {
                let from: Vec<f32> = if *gray {
                    native.iter().map(|p| p[0]).collect()
                } else {
                    native.iter().flat_map(|p| [p[0], p[1], p[2]]).collect()
                };
                transform(to_srgb, &from, srgb.as_flattened_mut());
            }
        }
        for value in srgb.as_flattened_mut() {
            *value = value.clamp(0.0, 1.0);
        }
    }

    /// A row of encoded sRGB to native colours.
    pub fn to_native(&self, srgb: &[[f32; 3]], native: &mut [[f32; 3]]) {
        match self {
            Self::Srgb => native.copy_from_slice(srgb),
            Self::Linear => {
                for (to, from) in native.iter_mut().zip(srgb) {
                    *to = from.map(srgb_to_linear);
                }
            }
            Self::Encoded(encoding) => {
                for (to, from) in native.iter_mut().zip(srgb) {
                    *to = encoding.to_numbers(from.map(srgb_to_linear));
                }
            }
            Self::Icc { from_srgb, gray: false, .. } => {
                transform(from_srgb, srgb.as_flattened(), native.as_flattened_mut());
            }
            Self::Icc { from_srgb, gray: true, .. } => {
                let mut levels = vec![0.0; srgb.len()];
                transform(from_srgb, srgb.as_flattened(), &mut levels);
                for (to, level) in native.iter_mut().zip(levels) {
                    *to = [level; 3];
                }
            }
        }
    }

    /// A painted row in encoded sRGB to native colours, plus what [`Conversion::to_srgb`] could
    /// not show the network of the original row: `painted + (original - visible(original))`.
    pub fn back(
        &self,
        painted: &[[f32; 3]],
        original: &[[f32; 4]],
        original_srgb: &[[f32; 3]],
        native: &mut [[f32; 3]],
    ) {
        let mut visible = vec![[0.0; 3]; original.len()];
        self.to_native(original_srgb, &mut visible);
        self.to_native(painted, native);
        for ((to, original), visible) in native.iter_mut().zip(original).zip(&visible) {
            for channel in 0..3 {
                let hidden = original[channel] - visible[channel];
                // Rounding of the two conversions is no colour.
                if hidden.abs() > 1e-3 {
                    to[channel] += hidden;
                }
            }
        }
    }
}

fn transform(transform: &Transform, from: &[f32], to: &mut [f32]) {
    // It fails only for rows of unequal length, which the layouts rule out.
    if let Err(e) = transform.transform(from, to) {
        log::error!("colour transform: {e}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round_trip(space: &ColorSpace, native: &[[f32; 4]]) -> Vec<[f32; 3]> {
        let conversion = Conversion::new(space).unwrap();
        let mut srgb = vec![[0.0; 3]; native.len()];
        let mut back = srgb.clone();
        conversion.to_srgb(native, &mut srgb);
        assert!(srgb.as_flattened().iter().all(|v| (0.0..=1.0).contains(v)));
        conversion.back(&srgb, native, &srgb, &mut back);
        back
    }

    #[test]
    fn what_the_network_leaves_comes_back_whole() {
        let p3 = ColorProfile::new_display_p3().encode().unwrap();
        let native = [[0.0, 1.0, 0.1, 1.0], [0.4, 0.5, 0.6, 0.5], [1.0, 1.0, 1.0, 0.0]];
        let bright = [[7.5, 0.2, -0.1, 1.0]];
        for (space, pixels) in [
            (ColorSpace::Srgb, &native[..]),
            (ColorSpace::LinearSrgb, &native[..]),
            (ColorSpace::Icc(p3.into()), &native[..]),
            (ColorSpace::Srgb, &bright[..]),
            (ColorSpace::LinearSrgb, &bright[..]),
        ] {
            for (pixel, back) in pixels.iter().zip(round_trip(&space, pixels)) {
                for channel in 0..3 {
                    let difference = (pixel[channel] - back[channel]).abs();
                    assert!(difference < 2e-3, "{space:?} {pixel:?} {back:?}");
                }
            }
        }
    }

    #[test]
    fn a_wide_gamut_is_seen_as_srgb() {
        let p3 = ColorProfile::new_display_p3().encode().unwrap();
        let conversion = Conversion::new(&ColorSpace::Icc(p3.into())).unwrap();
        let mut srgb = [[0.0; 3]];
        // Display P3 (0.5, 0.4, 0.3) is about sRGB (0.518, 0.396, 0.280).
        conversion.to_srgb(&[[0.5, 0.4, 0.3, 1.0]], &mut srgb);
        for (value, expected) in srgb[0].iter().zip([0.518, 0.396, 0.280]) {
            assert!((value - expected).abs() < 0.01, "{srgb:?}");
        }
    }
}
