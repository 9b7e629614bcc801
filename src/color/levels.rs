//! How far a picture's tones reach.

use super::Thumbnail;
use crate::image::luminance;

/// The share of pixels that may be darker than the dark end, and lighter than the light one.
const OUTSIDE: f32 = 0.01;

/// The tones that a picture is taken to reach at least, in encoded sRGB: less is a fade, a dark
/// picture, a frame between two shots. A hazy landscape reaches them, and gets the style's blacks.
const DARK: f32 = 0.3;
const LIGHT: f32 = 0.85;

/// The least distance of the ends: one step of 8 bits.
const LEAST_SPAN: f32 = 1.0 / 255.0;

/// A map of tones after which a picture reaches from shadows to lights. Methods lift whatever they
/// see to the style's contrast, the last frame of a fade, too. They see a picture after its levels,
/// and these are taken back from the painting: so a fade fades, and a dark picture stays dark. A
/// picture that reaches far enough is seen as it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Levels {
    gain: f32,
    offset: f32,
}

impl Levels {
    /// Changes nothing.
    pub const IDENTITY: Self = Self { gain: 1.0, offset: 0.0 };

    /// What the tones of a picture need.
    pub fn of(thumbnail: &Thumbnail) -> Self {
        let seen =
            thumbnail.colors.iter().zip(&thumbnail.alphas).filter(|(_, alpha)| **alpha > 0.0);
        let mut tones: Vec<f32> = seen.map(|(&[r, g, b], _)| luminance(r, g, b)).collect();
        if tones.is_empty() {
            return Self::IDENTITY;
        }
        let outside = (tones.len() as f32 * OUTSIDE) as usize;
        let last = tones.len() - 1;
        let dark = *tones.select_nth_unstable_by(outside, f32::total_cmp).1;
        let light = *tones.select_nth_unstable_by(last - outside, f32::total_cmp).1;
        let middle = f32::midpoint(dark, light);
        let half = 0.5 * (light - dark).max(LEAST_SPAN);
        let (dark, light) = (middle - half, middle + half);
        let gain = (light.max(LIGHT) - dark.min(DARK)) / (light - dark);
        Self { gain, offset: dark.min(DARK) - dark * gain }
    }

    /// Whether nothing changes.
    pub fn is_identity(&self) -> bool {
        self.gain == 1.0
    }

    /// Maps a colour; what leaves 0..1 is clamped.
    pub fn apply(&self, color: [f32; 3]) -> [f32; 3] {
        if self.is_identity() {
            return color;
        }
        color.map(|v| (v * self.gain + self.offset).clamp(0.0, 1.0))
    }

    /// Maps a colour back.
    pub fn restore(&self, color: [f32; 3]) -> [f32; 3] {
        if self.is_identity() {
            return color;
        }
        color.map(|v| ((v - self.offset) / self.gain).clamp(0.0, 1.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gray(tones: impl Fn(usize) -> f32) -> Thumbnail {
        let colors = (0..1000).map(|k| [tones(k); 3]).collect();
        Thumbnail { width: 100, height: 10, colors, alphas: vec![1.0; 1000] }
    }

    #[test]
    fn a_picture_of_all_tones_stays() {
        let levels = Levels::of(&gray(|k| k as f32 / 999.0));
        assert_eq!(levels.apply([0.0, 0.4, 1.5]), [0.0, 0.4, 1.5]);
        assert_eq!(levels.restore([0.0, 0.4, 1.5]), [0.0, 0.4, 1.5]);
    }

    #[test]
    fn a_fade_to_black_gets_its_lights_back_and_one_to_white_its_shadows() {
        let dark = Levels::of(&gray(|k| 0.1 * k as f32 / 999.0));
        let [black, _, light] = dark.apply([0.0, 0.05, 0.099]);
        assert!(black < 0.02 && (0.82..0.88).contains(&light), "{black} {light}");
        let light = Levels::of(&gray(|k| 1.0 - 0.1 * k as f32 / 999.0));
        let [white, _, shadow] = light.apply([1.0, 0.95, 0.901]);
        assert!(white > 0.98 && (0.27..0.33).contains(&shadow), "{white} {shadow}");
    }

    #[test]
    fn levels_are_taken_back() {
        let levels = Levels::of(&gray(|k| 0.3 + 0.2 * k as f32 / 999.0));
        for tone in [0.31, 0.4, 0.49] {
            let there_and_back = levels.restore(levels.apply([tone; 3]));
            assert!((there_and_back[0] - tone).abs() < 1e-5, "{there_and_back:?}");
        }
    }

    #[test]
    fn a_flat_picture_and_an_empty_one_have_levels() {
        for tone in [0.0, 0.5, 1.0] {
            let levels = Levels::of(&gray(|_| tone));
            assert!(levels.apply([tone; 3]).iter().all(|v| (0.3..0.7).contains(v)), "{levels:?}");
        }
        let mut empty = gray(|_| 0.0);
        empty.alphas.fill(0.0);
        assert!(Levels::of(&empty).is_identity());
    }
}
