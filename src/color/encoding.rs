//! Numbers of known primaries and transfer functions, to and from linear light.

use moxcms::{CicpColorPrimaries, ColorPrimaries, ColorProfile, TransferCharacteristics};

use super::curve::{linear_to_srgb, srgb_to_linear};
use super::hdr::{hlg_to_light, light_to_hlg, light_to_pq, pq_to_light};
use super::primaries::{Matrix, luminances, to_and_from_srgb};
use crate::error::{Error, ErrorKind, Result};
use crate::image::{CodePoints, Primaries};

/// From numbers to linear light with the primaries of sRGB, in which 1 is white, and back.
pub(crate) struct Encoding {
    transfer: Transfer,
    black: f32,
    white: f32,
    to_srgb: Matrix,
    from_srgb: Matrix,
}

#[derive(Clone, Copy)]
enum Transfer {
    Linear,
    Srgb,
    Pq,
    /// With the luminances of its primaries.
    Hlg([f32; 3]),
    Other(TransferCharacteristics),
}

impl Encoding {
    /// Of linear light.
    ///
    /// # Errors
    /// `Picture` for primaries that make no colours.
    pub fn linear(primaries: &Primaries) -> Result<Self> {
        let [to_srgb, from_srgb] = to_and_from_srgb(primaries)?;
        Ok(Self { transfer: Transfer::Linear, black: 0.0, white: 1.0, to_srgb, from_srgb })
    }

    /// Of what code points say.
    ///
    /// # Errors
    /// `Picture` for those that are reserved or say nothing.
    pub fn coded(points: &CodePoints) -> Result<Self> {
        let CodePoints { primaries, transfer, black, white } = *points;
        let known = primaries_of(primaries).zip(transfer_of(transfer)).ok_or_else(|| {
            let what =
                format!("code points {primaries}/{transfer} of ITU-T H.273 say no known colours");
            Error::new(ErrorKind::Picture, what)
        });
        let (primaries, transfer) = known?;
        let transfer = match transfer {
            TransferCharacteristics::Linear => Transfer::Linear,
            TransferCharacteristics::Srgb => Transfer::Srgb,
            TransferCharacteristics::Smpte2084 => Transfer::Pq,
            TransferCharacteristics::Hlg => Transfer::Hlg(luminances(&primaries)?),
            other => Transfer::Other(other),
        };
        Ok(Self { transfer, black, white, ..Self::linear(&primaries)? })
    }

    /// Of an ICC profile that says PQ or HLG by code points, too. Its curves alone would make the
    /// brightest light white.
    pub fn of_hdr_profile(profile: &ColorProfile) -> Option<Self> {
        let said = profile.cicp?;
        let [primaries, transfer] =
            [said.color_primaries as u8, said.transfer_characteristics as u8];
        let points = CodePoints::full_range(primaries, transfer);
        if points.is_hdr() { Self::coded(&points).ok() } else { None }
    }

    /// Linear light with the primaries of sRGB.
    pub fn to_light(&self, numbers: [f32; 3]) -> [f32; 3] {
        let numbers = numbers.map(|v| (v - self.black) / (self.white - self.black));
        self.to_srgb.apply(match self.transfer {
            Transfer::Linear => numbers,
            Transfer::Srgb => numbers.map(srgb_to_linear),
            Transfer::Pq => numbers.map(pq_to_light),
            Transfer::Hlg(luminances) => hlg_to_light(numbers, luminances),
            Transfer::Other(curve) => numbers.map(|v| curve.linearize(v.into()) as f32),
        })
    }

    /// From linear light with the primaries of sRGB.
    pub fn to_numbers(&self, light: [f32; 3]) -> [f32; 3] {
        let light = self.from_srgb.apply(light);
        let numbers = match self.transfer {
            Transfer::Linear => light,
            Transfer::Srgb => light.map(linear_to_srgb),
            Transfer::Pq => light.map(light_to_pq),
            Transfer::Hlg(luminances) => light_to_hlg(light, luminances),
            Transfer::Other(curve) => light.map(|v| curve.gamma(v.into()) as f32),
        };
        numbers.map(|v| self.black + v * (self.white - self.black))
    }
}

fn primaries_of(number: u8) -> Option<Primaries> {
    let known = CicpColorPrimaries::try_from(number).ok()?;
    let ColorPrimaries { red, green, blue } = known.try_into().ok()?;
    let white = match known {
        CicpColorPrimaries::Bt470M | CicpColorPrimaries::GenericFilm => [0.310, 0.316],
        CicpColorPrimaries::Xyz => [1.0 / 3.0; 2],
        CicpColorPrimaries::Smpte431 => [0.314, 0.351],
        _ => Primaries::REC_709.white,
    };
    let [red, green, blue] = [red, green, blue].map(|at| [at.x, at.y]);
    Some(Primaries { red, green, blue, white })
}

fn transfer_of(number: u8) -> Option<TransferCharacteristics> {
    let known = TransferCharacteristics::try_from(number).ok()?;
    let says =
        !matches!(known, TransferCharacteristics::Reserved | TransferCharacteristics::Unspecified);
    says.then_some(known)
}
