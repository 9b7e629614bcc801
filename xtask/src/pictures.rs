//! Pictures that tests and measurements start from and look at.

use std::fs::File;
use std::io::{BufReader, BufWriter, Write};
use std::path::Path;

use anyhow::{Context, Result, ensure};
use fast_image_resize::images::TypedImage;
use fast_image_resize::pixels::U16x3;
use fast_image_resize::{FilterType, ResizeAlg, ResizeOptions, Resizer};
use png::{BitDepth, ColorType};

/// 8-bit values are held as 16-bit ones.
#[derive(Clone, PartialEq)]
pub struct Picture {
    pub width: u32,
    pub height: u32,
    pub channels: usize,
    pub is_deep: bool,
    pub values: Vec<u16>,
}

/// Reads a PNG of 8 or 16 bits, RGB or RGBA.
pub fn read(path: &Path) -> Result<Picture> {
    let attempt = || format!("reading {}", path.display());
    let file = File::open(path).with_context(attempt)?;
    let mut reader = png::Decoder::new(BufReader::new(file)).read_info().with_context(attempt)?;
    let mut bytes = vec![0; reader.output_buffer_size().with_context(attempt)?];
    let info = reader.next_frame(&mut bytes).with_context(attempt)?;
    bytes.truncate(info.buffer_size());
    let channels = info.color_type.samples();
    ensure!(channels >= 3, "{} is not RGB or RGBA", path.display());
    let is_deep = info.bit_depth == BitDepth::Sixteen;
    let values = match is_deep {
        true => bytes.as_chunks::<2>().0.iter().map(|two| u16::from_be_bytes(*two)).collect(),
        false => bytes.iter().map(|&byte| u16::from(byte) * 257).collect(),
    };
    Ok(Picture { width: info.width, height: info.height, channels, is_deep, values })
}

impl Picture {
    /// A part of it.
    pub fn part(&self, left: u32, top: u32, width: u32, height: u32) -> Self {
        let row = |y: u32| ((top + y) * self.width + left) as usize * self.channels;
        let rows = (0..height).map(|y| &self.values[row(y)..][..width as usize * self.channels]);
        Self { width, height, values: rows.flatten().copied().collect(), ..*self }
    }

    /// Scaled by Catmull and Rom's cubic.
    pub fn resized(&self, width: u32, height: u32) -> Result<Self> {
        ensure!(self.channels == 3, "a picture with alpha is to be scaled");
        let pixels = self.values.as_chunks().0.iter().map(|&pixel| U16x3::new(pixel)).collect();
        let whole = TypedImage::from_pixels(self.width, self.height, pixels)?;
        let mut made = TypedImage::new(width, height);
        let cubic = ResizeAlg::Convolution(FilterType::CatmullRom);
        Resizer::new().resize_typed(&whole, &mut made, &ResizeOptions::new().resize_alg(cubic))?;
        let values = made.pixels().iter().flat_map(|pixel| pixel.0).collect();
        Ok(Self { width, height, values, ..*self })
    }

    /// With as many bits that matter as 16-bit pictures have.
    pub fn deepened(&self) -> Self {
        let finer = |(k, &value): (usize, &u16)| value.saturating_sub((k * 37 % 200) as u16);
        let values = self.values.iter().enumerate().map(finer).collect();
        Self { is_deep: true, values, ..*self }
    }

    /// With an alpha that grows along x; a quarter is opaque.
    pub fn with_alpha(&self) -> Self {
        let mut values = Vec::new();
        for (k, pixel) in self.values.chunks_exact(self.channels).enumerate() {
            let x = k as u32 % self.width;
            let alpha = (x * 4 * 255 / (3 * self.width)).min(255) as u16;
            values.extend([pixel[0], pixel[1], pixel[2], alpha * 257]);
        }
        Self { channels: 4, values, ..*self }
    }

    pub fn write(&self, path: &Path) -> Result<()> {
        let mut encoder =
            png::Encoder::new(BufWriter::new(File::create(path)?), self.width, self.height);
        encoder.set_color(if self.channels == 4 { ColorType::Rgba } else { ColorType::Rgb });
        encoder.set_depth(if self.is_deep { BitDepth::Sixteen } else { BitDepth::Eight });
        let bytes: Vec<u8> = match self.is_deep {
            true => self.values.iter().flat_map(|value| value.to_be_bytes()).collect(),
            false => self.values.iter().map(|&value| in_8_bits(value)).collect(),
        };
        encoder.write_header()?.write_image_data(&bytes)?;
        Ok(())
    }

    pub fn write_ppm(&self, path: &Path) -> Result<()> {
        let mut file = BufWriter::new(File::create(path)?);
        write!(file, "P6\n{} {}\n255\n", self.width, self.height)?;
        for pixel in self.values.chunks_exact(self.channels) {
            file.write_all(&[pixel[0], pixel[1], pixel[2]].map(in_8_bits))?;
        }
        Ok(file.flush()?)
    }

    /// The most that a visible colour or alpha differs, from 0 to 1.
    pub fn most_difference(&self, other: &Self) -> Result<f64> {
        ensure!(
            (self.width, self.height) == (other.width, other.height),
            "one picture is {}x{}, the other {}x{}",
            self.width,
            self.height,
            other.width,
            other.height
        );
        let pairs = self.values.chunks_exact(self.channels);
        let pairs = pairs.zip(other.values.chunks_exact(other.channels));
        let mut most = 0;
        for (a, b) in pairs {
            for (a, b) in a.iter().zip(b) {
                most = most.max(a.abs_diff(*b));
            }
        }
        Ok(f64::from(most) / 65535.0)
    }

    /// How much colours differ in the mean, from 0 to 1.
    pub fn mean_difference(&self, other: &Self) -> f64 {
        let colors = |picture: &Self| {
            let pixels = picture.values.chunks_exact(picture.channels);
            pixels.flat_map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect::<Vec<_>>()
        };
        let (a, b) = (colors(self), colors(other));
        let sum: f64 = a.iter().zip(&b).map(|(a, b)| f64::from(a.abs_diff(*b))).sum();
        sum / 65535.0 / a.len() as f64
    }
}

fn in_8_bits(value: u16) -> u8 {
    ((u32::from(value) + 128) / 257) as u8
}
