//! A painting that is smaller than its picture.

use super::source::{Color, Crop, Region, mirrored, resize, scaled};
use crate::error::Result;

/// The picture painted, with a margin around it, in encoded sRGB after the picture's levels.
pub(crate) struct SmallPainting {
    /// Its pixels, with the margin.
    pub size: [u32; 2],
    pub colors: Vec<Color>,
    pub frame: SmallFrame,
}

/// What a small painting shows, in pixels of the picture.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SmallFrame {
    pub picture: [u32; 2],
    /// The picture with its margin.
    pub size: [u32; 2],
    /// Left of and above the picture.
    pub margin: [u32; 2],
}

impl SmallPainting {
    /// Of a picture without a margin.
    pub fn unframed(size: [u32; 2], colors: Vec<Color>) -> Self {
        Self { size, colors, frame: SmallFrame { picture: size, size, margin: [0; 2] } }
    }

    /// Whether it is as large as the picture.
    pub fn is_whole(&self) -> bool {
        self.size == self.frame.size
    }

    /// Pixels for each of those of a canvas that holds the picture.
    pub fn scale(&self, canvas: [u32; 2]) -> [f64; 2] {
        let SmallFrame { picture, size, .. } = self.frame;
        [0, 1].map(|k| {
            f64::from(self.size[k]) * f64::from(picture[k])
                / (f64::from(size[k]) * f64::from(canvas[k]))
        })
    }

    /// The pixels of a region of a canvas that holds the picture, enlarged; beyond the margin they
    /// are mirrored.
    pub fn pixels_on(&self, canvas: [u32; 2], region: &Region) -> Result<Vec<Color>> {
        let pixels = |region: &Region| mirrored(&self.colors, self.size, region);
        if self.is_whole() && canvas == self.frame.picture {
            let [left, top] = self.frame.margin.map(i64::from);
            let Region { x, y } = region;
            return pixels(&Region {
                x: x.start + left..x.end + left,
                y: y.start + top..y.end + top,
            });
        }
        scaled(region, self.scale(canvas), self.first(), pixels)
    }

    /// The picture without the margin at another size.
    pub fn resized(&self, size: [u32; 2]) -> Result<Vec<Color>> {
        let whole = Region { x: 0..i64::from(self.size[0]), y: 0..i64::from(self.size[1]) };
        let [left, top] = self.first();
        let [width, height] = self.scale([1, 1]);
        let crop = Crop { left, top, width, height };
        resize(&self.colors, &whole, crop, size.map(|side| side as usize))
    }

    /// Where the picture begins.
    fn first(&self) -> [f64; 2] {
        let SmallFrame { size, margin, .. } = self.frame;
        [0, 1].map(|k| f64::from(margin[k]) * f64::from(self.size[k]) / f64::from(size[k]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A slope from 0 to 1 over a picture of 100x60 with a margin of 8, at a half of its size.
    fn slope() -> SmallPainting {
        let at = |x: usize| (x as f32 * 2.0 + 1.0 - 8.0) / 100.0;
        let colors = (0..38 * 58).map(|k| Color::new([at(k % 58); 3])).collect();
        let frame = SmallFrame { picture: [100, 60], size: [116, 76], margin: [8; 2] };
        SmallPainting { size: [58, 38], colors, frame }
    }

    #[test]
    fn it_is_shown_where_the_picture_is() {
        let small = slope();
        assert!(small.scale([100, 60]).iter().all(|scale| (scale - 0.5).abs() < 1e-9));
        let pixels = small.pixels_on([100, 60], &Region { x: 20..80, y: 10..12 }).unwrap();
        for (x, color) in (20..80).zip(&pixels) {
            let expected = (x as f32 + 0.5) / 100.0;
            assert!((color.0[0] - expected).abs() < 1e-3, "{x}: {} {expected}", color.0[0]);
        }
        let tiny = small.resized([10, 6]).unwrap();
        for (x, color) in tiny[20..30].iter().enumerate() {
            assert!((color.0[1] - (x as f32 + 0.5) / 10.0).abs() < 1e-2, "{x}: {}", color.0[1]);
        }
    }

    #[test]
    fn regions_fit_together() {
        let small = slope();
        let whole = small.pixels_on([100, 60], &Region { x: -20..120, y: -20..80 }).unwrap();
        let part = small.pixels_on([100, 60], &Region { x: 70..110, y: 30..50 }).unwrap();
        for (line, row) in part.chunks_exact(40).enumerate() {
            for (a, b) in row.iter().zip(&whole[(50 + line) * 140 + 90..]) {
                assert!((a.0[0] - b.0[0]).abs() < 1e-5);
            }
        }
    }
}
