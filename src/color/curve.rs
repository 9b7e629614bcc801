//! The transfer curve of sRGB (IEC 61966-2-1), extended to all numbers by odd symmetry.

/// Encoded sRGB to linear light.
pub fn srgb_to_linear(encoded: f32) -> f32 {
    let v = encoded.abs();
    let linear = if v <= 0.040_45 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) };
    linear.copysign(encoded)
}

/// Linear light to encoded sRGB.
pub fn linear_to_srgb(linear: f32) -> f32 {
    let v = linear.abs();
    let encoded = if v <= 0.003_130_8 { v * 12.92 } else { 1.055 * v.powf(1.0 / 2.4) - 0.055 };
    encoded.copysign(linear)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_points_and_round_trip() {
        assert!((srgb_to_linear(0.5) - 0.214_041_1).abs() < 1e-6);
        for k in -40..=80 {
            let v = k as f32 / 20.0;
            assert!((linear_to_srgb(srgb_to_linear(v)) - v).abs() < 1e-5, "{v}");
        }
    }
}
