//! ICC profiles of files.

use std::borrow::Cow;
use std::sync::Arc;

use moxcms::{ColorProfile, DataColorSpace, Layout, Matrix3d, TransformF32Executor};

use super::{made_profile, note};
use crate::color::curve::srgb_to_linear;
use crate::color::{Conversion, Encoding};
use crate::error::{Error, ErrorKind, Result};
use crate::image::{Channels, CodePoints, ColorSpace, Picture};

/// The parsed profile, or why it says nothing about pictures of these channels.
pub(super) fn fitting(icc: &[u8], channels: Channels) -> Result<ColorProfile, String> {
    let profile = ColorProfile::new_from_slice(icc).map_err(|e| e.to_string())?;
    let expected = if channels.is_gray() { DataColorSpace::Gray } else { DataColorSpace::Rgb };
    if profile.color_space == expected {
        Ok(profile)
    } else {
        Err(format!("it is for {:?} pictures and this one is {expected:?}", profile.color_space))
    }
}

/// The colours that a profile says, where it fits the channels and can be converted from and to.
pub(super) fn usable(icc: Vec<u8>, channels: Channels) -> Result<ColorSpace, String> {
    fitting(&icc, channels)?;
    let space = ColorSpace::Icc(icc.into());
    Conversion::new(&space).map_err(|e| e.full_message())?;
    Ok(space)
}

/// The profile for a file with these channels: the picture's where it fits them, else a note says
/// why not; or one that says the same as its code points.
pub(super) fn to_be_written<'a>(
    picture: &'a Picture,
    channels: Channels,
    notes: &mut Vec<String>,
) -> Option<Cow<'a, [u8]>> {
    let profile = match picture.color_space() {
        ColorSpace::Icc(icc) => fitting(icc, channels).map(|_| Cow::Borrowed(&icc[..])),
        ColorSpace::Coded(points) if can_say(points) && !is_srgb(points) => {
            let made = made_profile::of_code_points(points, channels);
            made.map(Cow::Owned).map_err(|e| e.full_message())
        }
        _ => return None,
    };
    profile.map_err(|reason| notes.push(note::profile_left_out(&reason))).ok()
}

/// Whether a profile means the same as these to programs that look at no more than its curves.
pub(super) fn can_say(points: &CodePoints) -> bool {
    !points.is_hdr() && points.is_full_range()
}

fn is_srgb(points: &CodePoints) -> bool {
    *points == CodePoints::full_range(1, 13)
}

/// What a profile for HDR means.
pub(super) fn hdr(icc: &[u8], channels: Channels) -> Option<Encoding> {
    Encoding::of_hdr_profile(&fitting(icc, channels).ok()?)
}

/// The way from a profile's numbers to linear light with the primaries of sRGB.
pub(super) struct ToLinearSrgb {
    to_wide: Arc<TransformF32Executor>,
    from_wide: Matrix3d,
    is_gray: bool,
}

impl ToLinearSrgb {
    pub fn new(icc: &[u8], channels: Channels) -> Result<Self> {
        let failed = |reason: String| {
            let what = format!("the colour profile cannot be converted to linear sRGB: {reason}");
            Error::new(ErrorKind::Picture, what)
        };
        let profile = fitting(icc, channels).map_err(failed)?;
        let srgb = ColorProfile::new_srgb();
        // The transform clips to 0..1, within which the primaries of ACES hold all colours there
        // are; the curve of sRGB spares the shadows its coarse steps.
        let mut wide = ColorProfile::new_aces_aces_2065_1_linear();
        (wide.red_trc, wide.green_trc) = (srgb.red_trc.clone(), srgb.green_trc.clone());
        wide.blue_trc = srgb.blue_trc.clone();
        let is_gray = channels.is_gray();
        let layout = if is_gray { Layout::Gray } else { Layout::Rgb };
        let to_wide = profile
            .create_transform_f32(layout, &wide, Layout::Rgb, Default::default())
            .map_err(|e| failed(e.to_string()))?;
        Ok(Self { to_wide, from_wide: wide.transform_matrix(&srgb), is_gray })
    }

    pub fn apply(&self, pixels: &mut [[f32; 4]]) -> Result<()> {
        let channels = if self.is_gray { 1 } else { 3 };
        let from: Vec<f32> = pixels.iter().flat_map(|p| &p[..channels]).copied().collect();
        let mut wide = vec![0.0; pixels.len() * 3];
        self.to_wide.transform(&from, &mut wide).map_err(|e| {
            let what = format!("the colours cannot be converted from their profile: {e}");
            Error::new(ErrorKind::Picture, what)
        })?;
        for (pixel, wide) in pixels.iter_mut().zip(wide.chunks_exact(3)) {
            let light = [0, 1, 2].map(|k| srgb_to_linear(wide[k]));
            for (to, row) in pixel.iter_mut().zip(&self.from_wide.v) {
                *to = (0..3).map(|k| row[k] as f32 * light[k]).sum();
            }
        }
        Ok(())
    }
}
