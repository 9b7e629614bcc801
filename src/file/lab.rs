//! Colours of CIE 1976 by D50.

use crate::color::curve::linear_to_srgb;

/// Encoded sRGB, within what it holds, of L* from 0 to 1, a* and b* as they are.
pub(super) fn to_srgb([l, a, b]: [f32; 3]) -> [f32; 3] {
    let fy = (l * 100.0 + 16.0) / 116.0;
    let light = |f: f32| {
        if f > 6.0 / 29.0 { f.powi(3) } else { 3.0 * (6.0_f32 / 29.0).powi(2) * (f - 4.0 / 29.0) }
    };
    let xyz = [0.9642 * light(fy + a / 500.0), light(fy), 0.8249 * light(fy - b / 200.0)];
    // From XYZ by D50 to sRGB, whose white is D65 (Bradford).
    const TO_SRGB: [[f32; 3]; 3] = [
        [3.133_856, -1.616_867, -0.490_615],
        [-0.978_768, 1.916_142, 0.033_454],
        [0.071_945, -0.228_991, 1.405_243],
    ];
    TO_SRGB.map(|row| {
        let light: f32 = row.iter().zip(xyz).map(|(m, v)| m * v).sum();
        linear_to_srgb(light.clamp(0.0, 1.0))
    })
}
