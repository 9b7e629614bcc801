//! Linear light of other primaries, to and from those of sRGB.

use moxcms::{Chromaticity, ColorProfile, Matrix3d, adaption_matrix_d};

use crate::error::{Error, ErrorKind, Result};
use crate::image::Primaries;

/// What linear light is multiplied with, row by row.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Matrix([[f32; 3]; 3]);

impl Matrix {
    pub fn apply(&self, [r, g, b]: [f32; 3]) -> [f32; 3] {
        self.0.map(|[x, y, z]| x * r + y * g + z * b)
    }
}

/// To linear light with the primaries of sRGB, and back. White stays white (Bradford 1985), but
/// for CIE XYZ, whose equal numbers are not meant to be white.
///
/// # Errors
/// `Picture` for primaries that are no colours, or of which one is a mixture of the others.
pub(crate) fn to_and_from_srgb(primaries: &Primaries) -> Result<[Matrix; 2]> {
    let to_xyz = to_xyz(primaries)?;
    let from_xyz = self::to_xyz(&Primaries::REC_709)?.inverse();
    let adapted = if is_xyz(primaries) { Matrix3d::IDENTITY } else { adaptation(primaries) };
    let to_srgb = from_xyz.mat_mul(adapted).mat_mul(to_xyz);
    Ok([to_srgb, to_srgb.inverse()].map(|matrix| Matrix(matrix.v.map(|row| row.map(|v| v as f32)))))
}

/// How much of the light each of the primaries is, of white's 1.
///
/// # Errors
/// As [`to_and_from_srgb`].
pub(crate) fn luminances(primaries: &Primaries) -> Result<[f32; 3]> {
    Ok(to_xyz(primaries)?.v[1].map(|v| v as f32))
}

fn to_xyz(primaries: &Primaries) -> Result<Matrix3d> {
    let Primaries { red, green, blue, white } = *primaries;
    let [r, g, b] = [red, green, blue].map(|at| {
        let color = chromaticity(at).to_scaled_xyzd();
        [color.x, color.y, color.z]
    });
    let columns = Matrix3d { v: [0, 1, 2].map(|k| [r[k], g[k], b[k]]) };
    let is_number = [red, green, blue, white].as_flattened().iter().all(|v| v.is_finite());
    let is_volume = columns.determinant().is_some_and(|volume| volume.abs() > 1e-6);
    if !is_number || !is_volume || white[1] < 1e-3 {
        let what = format!("its primaries make no colours: {primaries:?}");
        return Err(Error::new(ErrorKind::Picture, what));
    }
    Ok(ColorProfile::rgb_to_xyz_d(columns, chromaticity(white).to_xyzd()))
}

fn adaptation(primaries: &Primaries) -> Matrix3d {
    let [from, to] = [primaries.white, Primaries::REC_709.white];
    adaption_matrix_d(chromaticity(from).to_xyz(), chromaticity(to).to_xyz())
}

fn is_xyz(primaries: &Primaries) -> bool {
    let Primaries { red, green, blue, .. } = primaries;
    let stored = [*red, *green, *blue];
    let expected = [[1.0_f32, 0.0], [0.0, 1.0], [0.0, 0.0]];
    stored.as_flattened().iter().zip(expected.as_flattened()).all(|(a, b)| (a - b).abs() < 1e-3)
}

fn chromaticity([x, y]: [f32; 2]) -> Chromaticity {
    Chromaticity::new(x, y)
}

#[cfg(test)]
mod tests {
    use super::*;

    const AP0: Primaries = Primaries {
        red: [0.7347, 0.2653],
        green: [0.0, 1.0],
        blue: [0.0001, -0.077],
        white: [0.32168, 0.33767],
    };

    fn assert_near(a: [f32; 3], b: [f32; 3]) {
        assert!(a.iter().zip(b).all(|(a, b)| (a - b).abs() < 2e-3), "{a:?} {b:?}");
    }

    #[test]
    fn aces_is_what_its_academy_says() {
        let [to, from] = to_and_from_srgb(&AP0).unwrap();
        // From the ACES project's matrix of AP0 to Rec. 709 with Bradford's adaptation.
        assert_near(to.apply([1.0, 0.0, 0.0]), [2.5217, -0.2765, -0.0154]);
        assert_near(to.apply([0.0, 1.0, 0.0]), [-1.1341, 1.3727, -0.1530]);
        assert_near(to.apply([0.18; 3]), [0.18; 3]);
        assert_near(from.apply(to.apply([0.5, 0.2, 0.1])), [0.5, 0.2, 0.1]);
    }

    #[test]
    fn xyz_is_absolute() {
        let primaries = Primaries {
            red: [1.0, 0.0],
            green: [0.0, 1.0],
            blue: [0.0, 0.0],
            white: [1.0 / 3.0, 1.0 / 3.0],
        };
        let [to, _] = to_and_from_srgb(&primaries).unwrap();
        assert_near(to.apply([0.9505, 1.0, 1.089]), [1.0; 3]);
    }

    #[test]
    fn primaries_without_a_volume_are_refused() {
        for (red, white) in [
            ([0.3, 0.6], [0.3127, 0.329]),
            ([f32::NAN, 0.3], [0.3, 0.3]),
            ([0.64, 0.33], [0.3, 0.0]),
        ] {
            let primaries = Primaries { red, white, ..Primaries::REC_709 };
            assert!(to_and_from_srgb(&primaries).is_err(), "{primaries:?}");
        }
    }
}
