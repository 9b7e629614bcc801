//! Colours stored as luminance Y and the chroma RY = (R - Y) / Y and BY = (B - Y) / Y, of which
//! every second sample of every second line is kept (OpenEXR's technical introduction).

use exr::math::Vec2;
use exr::meta::header::Header;
use rayon::prelude::*;

use super::colors::Colors;
use super::source::{Line, Source, float};
use crate::error::Result;
use crate::image::{Picture, PixelFormat};
use crate::memory;

/// What a missing chroma is of its neighbours at a distance of 1, 3, 5 and so on to either side.
const WEIGHTS: [f32; 7] =
    [0.627_123, -0.186_077, 0.087_929, -0.043_159, 0.019_597, -0.007_540, 0.002_128];

/// How much of the distance to full saturation a pixel may be more saturated than its neighbours.
const MORE_SATURATED: f32 = 0.75;

/// A part's channels: luminance, red chroma, blue chroma, alpha.
struct Planes([Plane; 4]);

#[derive(Default)]
struct Plane {
    size: [usize; 2],
    samples: Vec<f32>,
}

/// Fills the picture, whose first pixel lies at `-shift` of the data.
pub fn read(
    source: &Source<'_>,
    colors: &Colors,
    weights: [f32; 3],
    shift: [i64; 2],
    picture: &mut Picture,
) -> Result<()> {
    let header = &source.headers()[colors.part];
    let planes = Planes::read(source, colors, header)?.widened()?;
    let [width, height] = planes.0[0].size;
    let format = picture.format();
    let (columns, rows) = (i64::from(picture.width()), i64::from(picture.height()));
    let (left, right) = (shift[0].max(0), (shift[0] + width as i64).min(columns));
    if left >= right {
        return Ok(());
    }
    let row_bytes = columns as usize * format.bytes();
    picture.data_mut().par_chunks_exact_mut(row_bytes).enumerate().for_each(|(row, to)| {
        let y = row as i64 - shift[1];
        if row as i64 >= rows || !(0..height as i64).contains(&y) {
            return;
        }
        let first = left as usize * format.bytes();
        let colors = planes.colors(y as usize, weights);
        let from = (left - shift[0]) as usize;
        let alpha = &planes.0[3];
        let alpha = alpha.samples.get(y as usize * width..).unwrap_or_default();
        for (x, to) in (from..).zip(to[first..].chunks_exact_mut(format.bytes())) {
            let Some(&color) = colors.get(x) else { break };
            write(color, alpha.get(x).copied(), format, to);
        }
    });
    Ok(())
}

fn write(color: [f32; 3], alpha: Option<f32>, format: PixelFormat, to: &mut [u8]) {
    let values = color.into_iter().chain(alpha);
    for (value, to) in values.zip(to.chunks_exact_mut(format.sample.bytes())) {
        format.sample.write(value, to);
    }
}

impl Planes {
    fn read(source: &Source<'_>, colors: &Colors, header: &Header) -> Result<Self> {
        let mut planes = [const { None::<Plane> }; 4];
        let channels = header.channels.list.iter();
        for (channel, place) in channels.zip(&colors.places) {
            let Some(place) = *place else { continue };
            let Vec2(width, height) = channel.subsampled_resolution(header.layer_size);
            let samples = memory::filled(0.0, width * height, "a channel of the picture")?;
            planes[place] = Some(Plane { size: [width, height], samples });
        }
        let mut planes = Self(planes.map(Option::unwrap_or_default));
        source.each_line(colors.part, |line| planes.put(&line, colors, header))?;
        Ok(planes)
    }

    fn put(&mut self, line: &Line<'_>, colors: &Colors, header: &Header) {
        let Some(place) = colors.places[line.channel] else { return };
        let channel = &header.channels.list[line.channel];
        let Vec2(across, down) = channel.sampling;
        let sample = float(channel.sample_type);
        let Plane { size: [width, _], samples } = &mut self.0[place];
        let start = line.y / down * *width + line.x / across;
        let values = line.samples.chunks_exact(sample.bytes()).map(|bytes| sample.read(bytes));
        for (to, value) in samples[start..].iter_mut().zip(values) {
            *to = value;
        }
    }

    /// With chroma for every pixel of the lines that have any.
    fn widened(mut self) -> Result<Self> {
        let width = self.0[0].size[0];
        for plane in &mut self.0[1..3] {
            if plane.size[0] < width {
                *plane = plane.widened(width)?;
            }
        }
        Ok(self)
    }

    /// A line of colours as the library of OpenEXR gives them: where chroma overshot at an edge,
    /// it is drawn towards that of the lines beside it.
    fn colors(&self, y: usize, weights: [f32; 3]) -> Vec<[f32; 3]> {
        let y = y as i64;
        let own = self.line(y, weights);
        if self.0[1].size[1] == self.0[0].size[1] {
            return own;
        }
        let (above, below) = (self.line(y - 1, weights), self.line(y + 1, weights));
        let beside = |x: usize| {
            let (left, right) = (x.saturating_sub(1), (x + 1).min(own.len() - 1));
            [above[left], above[right], below[left], below[right]].map(saturation)
        };
        let steadied = |(x, &color)| steadied(color, beside(x), weights);
        own.iter().enumerate().map(steadied).collect()
    }

    /// A line as it is stored; beyond the last that with chroma goes on.
    fn line(&self, y: i64, weights: [f32; 3]) -> Vec<[f32; 3]> {
        let [luminance, red, blue, _] = &self.0;
        let [width, height] = luminance.size;
        let own = if y < height as i64 { y.max(0) as usize } else { height - 2 };
        let luminances = &luminance.samples[own * width..][..width];
        let chroma = |plane: &Plane| match plane.size[1] == height {
            true => plane.samples[own * width..][..width].to_vec(),
            false => plane.between(y),
        };
        let chromas = chroma(red).into_iter().zip(chroma(blue));
        let color = |(&y, (ry, by))| color(y, ry, by, weights);
        luminances.iter().zip(chromas).map(color).collect()
    }
}

impl Plane {
    /// As wide as the luminance.
    fn widened(&self, width: usize) -> Result<Self> {
        let [own, height] = self.size;
        let mut samples = memory::filled(0.0, width * height, "a channel of the picture")?;
        let lines = samples.par_chunks_exact_mut(width).zip(self.samples.par_chunks_exact(own));
        lines.for_each(|(to, from)| {
            for (x, to) in to.iter_mut().enumerate() {
                *to = filled_in(x as i64, own, |k| from[k]);
            }
        });
        Ok(Self { size: [width, height], samples })
    }

    /// A line of the luminance's, of which every second is here.
    fn between(&self, y: i64) -> Vec<f32> {
        let [width, height] = self.size;
        (0..width).map(|x| filled_in(y, height, |k| self.samples[k * width + x])).collect()
    }
}

/// The value at a place of which every second has a sample; beyond the ends those go on.
fn filled_in(at: i64, count: usize, sample: impl Fn(usize) -> f32) -> f32 {
    let sample = |k: i64| sample(k.clamp(0, count as i64 - 1) as usize);
    let near = at.div_euclid(2);
    if at.rem_euclid(2) == 0 {
        return sample(near);
    }
    let pair = |(weight, k): (&f32, i64)| weight * (sample(near - k) + sample(near + 1 + k));
    WEIGHTS.iter().zip(0..).map(pair).sum()
}

fn color(y: f32, ry: f32, by: f32, [red, green, blue]: [f32; 3]) -> [f32; 3] {
    if ry == 0.0 && by == 0.0 {
        return [y; 3];
    }
    let (r, b) = ((ry + 1.0) * y, (by + 1.0) * y);
    [r, (y - red * r - blue * b) / green, b]
}

fn saturation([r, g, b]: [f32; 3]) -> f32 {
    let most = r.max(g).max(b);
    if most > 0.0 { 1.0 - r.min(g).min(b) / most } else { 0.0 }
}

/// Not much more saturated than the mean of its neighbours, and as light as before.
fn steadied(color: [f32; 3], beside: [f32; 4], weights: [f32; 3]) -> [f32; 3] {
    let mean = (beside.iter().sum::<f32>() / 4.0).min(1.0);
    let most = 1.0 - (1.0 - mean) * (1.0 - MORE_SATURATED);
    let own = saturation(color);
    if own <= most {
        return color;
    }
    let lightest = color.into_iter().fold(f32::MIN, f32::max);
    let paler = color.map(|c| (lightest - (lightest - c) * (most / own)).max(0.0));
    let luminance = |color: [f32; 3]| color.iter().zip(weights).map(|(c, w)| c * w).sum::<f32>();
    let (before, after) = (luminance(color), luminance(paler));
    if after > 0.0 { paler.map(|c| c * before / after) } else { paler }
}
