//! ICC profiles that are made here, of what files say in other ways.

use moxcms::{
    Chromaticity, CicpProfile, CmsError, ColorPrimaries, ColorProfile, LocalizableString,
    MatrixCoefficients, ProfileText, ToneReprCurve,
};

use crate::color::primaries::to_and_from_srgb;
use crate::error::{Error, ErrorKind, Result};
use crate::image::{Channels, CodePoints, Primaries};

/// One that says sRGB, for formats where no profile would mean something else.
pub(super) fn srgb(channels: Channels) -> Result<Vec<u8>> {
    let mut profile = ColorProfile::new_srgb();
    if channels.is_gray() {
        profile = gray(profile.red_trc);
    }
    profile.encode().map_err(not_made)
}

/// Of a power as its curve, sRGB's without one, and of these primaries.
pub(super) fn of_gamma(
    gamma: Option<f32>,
    primaries: &Primaries,
    channels: Channels,
) -> Result<Vec<u8>> {
    if let Some(gamma) = gamma.filter(|gamma| !(0.1..=10.0).contains(gamma)) {
        let what = format!("a gamma of {gamma} makes no colours");
        return Err(Error::new(ErrorKind::Picture, what));
    }
    let mut profile = ColorProfile::new_srgb();
    let power = gamma.map(|gamma| ToneReprCurve::Parametric(vec![gamma.recip()]));
    let curve = power.or_else(|| profile.red_trc.clone());
    if channels.is_gray() {
        profile = gray(curve);
    } else {
        to_and_from_srgb(primaries)?;
        let Primaries { red, green, blue, white } = *primaries;
        let [red, green, blue, white] =
            [red, green, blue, white].map(|[x, y]| Chromaticity::new(x, y));
        profile.update_rgb_colorimetry(white.to_xyyb(), ColorPrimaries { red, green, blue });
        (profile.red_trc, profile.green_trc) = (curve.clone(), curve.clone());
        profile.blue_trc = curve;
    }
    profile.description = Some(text("gAMA and cHRM of a PNG".to_owned()));
    profile.encode().map_err(not_made)
}

/// Of the curve and primaries that code points say, for numbers of full range.
pub(super) fn of_code_points(points: &CodePoints, channels: Channels) -> Result<Vec<u8>> {
    let color_primaries = points.primaries.try_into().map_err(not_made)?;
    let transfer_characteristics = points.transfer.try_into().map_err(not_made)?;
    let mut profile = ColorProfile::new_from_cicp(CicpProfile {
        color_primaries,
        transfer_characteristics,
        matrix_coefficients: MatrixCoefficients::Identity,
        full_range: true,
    });
    if channels.is_gray() {
        profile = gray(profile.red_trc);
    }
    let name = format!("ITU-T H.273 {}/{}", points.primaries, points.transfer);
    profile.description = Some(text(name));
    profile.encode().map_err(not_made)
}

fn gray(curve: Option<ToneReprCurve>) -> ColorProfile {
    let mut gray = ColorProfile::new_gray_with_gamma(2.2);
    gray.gray_trc = curve;
    gray
}

fn text(words: String) -> ProfileText {
    ProfileText::Localizable(vec![LocalizableString::new("en".to_owned(), "US".to_owned(), words)])
}

fn not_made(error: CmsError) -> Error {
    Error::new(ErrorKind::Picture, format!("a colour profile cannot be made: {error}"))
}
