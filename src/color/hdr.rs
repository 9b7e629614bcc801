//! The transfer functions of pictures brighter than white (ITU-R BT.2100).
//!
//! Light of 1 is white, which ITU-R BT.2408 puts at 203 cd/m²: so bright is a sheet of paper, and the
//! white of a picture in sRGB.

/// In cd/m².
const WHITE: f64 = 203.0;

/// What PQ's 1 is, in cd/m².
const PQ_PEAK: f64 = 10_000.0;

/// What the display has for whose viewers HLG's system gamma is 1.2, in cd/m².
const HLG_PEAK: f64 = 1000.0;
const HLG_GAMMA: f64 = 1.2;

const M1: f64 = 2610.0 / 16384.0;
const M2: f64 = 2523.0 / 4096.0 * 128.0;
const C1: f64 = 3424.0 / 4096.0;
const C2: f64 = 2413.0 / 4096.0 * 32.0;
const C3: f64 = 2392.0 / 4096.0 * 32.0;

const A: f64 = 0.178_832_77;
const B: f64 = 1.0 - 4.0 * A;
/// 0.5 - A ln(4 A).
const C: f64 = 0.559_910_729_529_561_9;

/// A number of PQ (SMPTE ST 2084) to light.
pub(super) fn pq_to_light(number: f32) -> f32 {
    let root = f64::from(number.clamp(0.0, 1.0)).powf(1.0 / M2);
    let light = ((root - C1).max(0.0) / (C2 - C3 * root)).powf(1.0 / M1);
    (light * PQ_PEAK / WHITE) as f32
}

/// Light to a number of PQ.
pub(super) fn light_to_pq(light: f32) -> f32 {
    let root = (f64::from(light) * WHITE / PQ_PEAK).clamp(0.0, 1.0).powf(M1);
    ((C1 + C2 * root) / (1.0 + C3 * root)).powf(M2) as f32
}

/// Numbers of HLG (ARIB STD-B67) to the light of a display. Their primaries have these luminances.
pub(super) fn hlg_to_light(numbers: [f32; 3], luminances: [f32; 3]) -> [f32; 3] {
    let scene = numbers.map(|number| {
        let number = f64::from(number.max(0.0));
        if number <= 0.5 { number * number / 3.0 } else { (((number - C) / A).exp() + B) / 12.0 }
    });
    let system = luminance(scene, luminances).powf(HLG_GAMMA - 1.0);
    scene.map(|v| (v * system * HLG_PEAK / WHITE) as f32)
}

/// The light of a display to numbers of HLG.
pub(super) fn light_to_hlg(light: [f32; 3], luminances: [f32; 3]) -> [f32; 3] {
    let display = light.map(|v| f64::from(v.max(0.0)) * WHITE / HLG_PEAK);
    let seen = luminance(display, luminances);
    if seen <= 0.0 {
        return [0.0; 3];
    }
    let system = seen.powf(1.0 / HLG_GAMMA - 1.0);
    display.map(|v| {
        let scene = v * system;
        let number = if scene <= 1.0 / 12.0 {
            (3.0 * scene).sqrt()
        } else {
            A * (12.0 * scene - B).ln() + C
        };
        number as f32
    })
}

fn luminance(color: [f64; 3], luminances: [f32; 3]) -> f64 {
    color.iter().zip(luminances).map(|(v, part)| v * f64::from(part)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    const REC_2020: [f32; 3] = [0.2627, 0.6780, 0.0593];

    fn assert_near(a: f32, b: f32) {
        assert!((a - b).abs() < 1e-4 * b.abs().max(1.0), "{a} {b}");
    }

    /// Numbers of ITU-R BT.2408: 203 cd/m² are 58 % of PQ and 75 % of HLG.
    #[test]
    fn white_is_where_the_reports_have_it() {
        assert_near(pq_to_light(0.580_688_9), 1.0);
        assert_near(light_to_pq(1.0), 0.580_688_9);
        assert_near(light_to_hlg([1.0; 3], REC_2020)[1], 0.749_877);
        assert_near(hlg_to_light([0.75; 3], REC_2020)[1], 1.000_8);
    }

    #[test]
    fn peaks_are_where_the_standard_has_them() {
        assert_near(pq_to_light(1.0), 10_000.0 / 203.0);
        assert_near(pq_to_light(0.751_827_1), 1000.0 / 203.0);
        assert_near(hlg_to_light([1.0; 3], REC_2020)[0], 1000.0 / 203.0);
        assert_eq!(pq_to_light(0.0), 0.0);
        assert_eq!(hlg_to_light([0.0; 3], REC_2020), [0.0; 3]);
        assert_eq!(light_to_hlg([0.0, -1.0, 0.0], REC_2020), [0.0; 3]);
    }

    #[test]
    fn all_numbers_come_back() {
        for k in 0..=1000 {
            let number = k as f32 / 1000.0;
            assert!((light_to_pq(pq_to_light(number)) - number).abs() < 2e-6, "{number}");
            let numbers = [number, 0.3, 0.9 * number];
            let back = light_to_hlg(hlg_to_light(numbers, REC_2020), REC_2020);
            for (a, b) in back.iter().zip(numbers) {
                assert!((a - b).abs() < 2e-6, "{back:?} {numbers:?}");
            }
        }
    }
}
