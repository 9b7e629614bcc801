//! From the host's pictures to the engine's pixels, and what is moved between pictures as it is.

use impasto_client::{Alpha, Channels, Curve, PixelFormat, Pixels, PixelsMut, Sample};

use crate::failure::Failure;
use crate::host::{Components, Image, Premultiplication, Rectangle, sample_bytes};

/// How the engine is told of an image; `None` for one without colours. Where the host does not say
/// whether colours are multiplied by alpha, `alpha` says it.
pub fn format(image: &Image, curve: Curve, alpha: Alpha) -> Option<PixelFormat> {
    let channels = match image.components() {
        Components::Rgba => Channels::Rgba,
        Components::Rgb => Channels::Rgb,
        Components::Alpha => return None,
    };
    let alpha = image.premultiplication().map_or(alpha, |told| match told {
        Premultiplication::Premultiplied => Alpha::Premultiplied,
        Premultiplication::Straight => Alpha::Straight,
    });
    Some(PixelFormat { channels, sample: image.sample(), alpha, curve })
}

/// All of an image. Its rows count upwards, the engine's downwards.
pub fn pixels(image: &Image, format: PixelFormat) -> Result<Pixels<'_>, Failure> {
    let bounds = image.bounds();
    let (width, height) = (bounds.width() as u32, bounds.height() as u32);
    Ok(Pixels::with_stride(image.bytes(), width, height, -image.row_bytes(), format)?)
}

/// As [`pixels`], to write.
pub fn pixels_mut(image: &mut Image, format: PixelFormat) -> Result<PixelsMut<'_>, Failure> {
    let (bounds, stride) = (image.bounds(), -image.row_bytes());
    let (width, height) = (bounds.width() as u32, bounds.height() as u32);
    Ok(PixelsMut::with_stride(image.bytes_mut(), width, height, stride, format)?)
}

/// A picture of the node's own, without gaps, from top to bottom.
pub struct Buffer {
    pub bytes: Vec<u8>,
    bounds: Rectangle,
    pixel_bytes: usize,
}

impl Buffer {
    /// All zeros.
    pub fn new(bounds: Rectangle, pixel_bytes: usize) -> Result<Self, Failure> {
        let mut bytes = Vec::new();
        let length = bounds.width() * bounds.height() * pixel_bytes;
        bytes
            .try_reserve_exact(length)
            .map_err(|_| Failure::new(format!("cannot get {length} bytes of memory to paint")))?;
        bytes.resize(length, 0);
        Ok(Self { bytes, bounds, pixel_bytes })
    }

    fn row(&self, y: i32, x1: i32, x2: i32) -> std::ops::Range<usize> {
        let row = (self.bounds.y2 - 1 - y) as usize * self.bounds.width();
        let at = |x: i32| (row + (x - self.bounds.x1) as usize) * self.pixel_bytes;
        at(x1)..at(x2)
    }

    /// Puts the window's pixels into an image of the same format; zeros where there are none.
    pub fn write(&self, window: Rectangle, output: &mut Image) {
        let known = window.within(self.bounds);
        for y in window.y1..window.y2 {
            let all = output.place(y, window.x1..window.x2);
            output.bytes_mut()[all].fill(0);
            if !known.is_empty() && (known.y1..known.y2).contains(&y) {
                let to = output.place(y, known.x1..known.x2);
                output.bytes_mut()[to]
                    .copy_from_slice(&self.bytes[self.row(y, known.x1, known.x2)]);
            }
        }
    }

    /// One value everywhere, as gray pixels of 32-bit floats.
    pub fn of_value(bounds: Rectangle, value: f32) -> Result<Self, Failure> {
        let mut buffer = Self::new(bounds, size_of::<f32>())?;
        buffer.bytes.as_chunks_mut::<4>().0.fill(value.to_ne_bytes());
        Ok(buffer)
    }

    /// The mask's coverage under `bounds`, as gray pixels of its own number type: its alpha, where
    /// it has one.
    pub fn of_mask(mask: &Image, bounds: Rectangle) -> Result<Self, Failure> {
        let sample = sample_bytes(mask.sample());
        let pixel = mask.pixel_bytes();
        let mut buffer = Self::new(bounds, sample)?;
        let known = bounds.within(mask.bounds());
        if known.is_empty() {
            return Ok(buffer);
        }
        for y in known.y1..known.y2 {
            let to = buffer.row(y, known.x1, known.x2);
            let from = &mask.bytes()[mask.place(y, known.x1..known.x2)];
            let values = from.chunks_exact(pixel).map(|pixel| &pixel[pixel.len() - sample..]);
            for (to, value) in buffer.bytes[to].chunks_exact_mut(sample).zip(values) {
                to.copy_from_slice(value);
            }
        }
        Ok(buffer)
    }
}

/// Puts the source into the window of the output as it is; zeros where there is none.
pub fn pass(source: Option<&Image>, output: &mut Image, window: Rectangle) {
    let source = source.filter(|source| source.sample() == output.sample());
    let known = source.map_or(Rectangle::new([0; 4]), |source| window.within(source.bounds()));
    let mut row = Vec::new();
    for y in window.y1..window.y2 {
        row.clear();
        if let Some(source) = source
            && !known.is_empty()
            && (known.y1..known.y2).contains(&y)
        {
            let from = &source.bytes()[source.place(y, known.x1..known.x2)];
            as_components(from, source, output, &mut row);
        }
        let all = output.place(y, window.x1..window.x2);
        output.bytes_mut()[all].fill(0);
        if !row.is_empty() {
            let to = output.place(y, known.x1..known.x2);
            output.bytes_mut()[to].copy_from_slice(&row);
        }
    }
}

/// Pixels of one image as the other's, which has the same number type.
fn as_components(from: &[u8], source: &Image, output: &Image, to: &mut Vec<u8>) {
    if source.components() == output.components() {
        to.extend_from_slice(from);
        return;
    }
    let sample = sample_bytes(source.sample());
    for pixel in from.chunks_exact(source.pixel_bytes()) {
        let channel = |k: usize| &pixel[k * sample..(k + 1) * sample];
        let (colors, alpha) = match source.components() {
            Components::Rgba => (Some(&pixel[..3 * sample]), Some(channel(3))),
            Components::Rgb => (Some(pixel), None),
            Components::Alpha => (None, Some(channel(0))),
        };
        if output.components() != Components::Alpha {
            to.extend(colors.unwrap_or(&[0; 3 * 4][..3 * sample]));
        }
        if output.components() != Components::Rgb {
            to.extend(alpha.unwrap_or(one(source.sample())));
        }
    }
}

fn one(sample: Sample) -> &'static [u8] {
    match sample {
        Sample::U8 => &[0xff],
        Sample::U16 => &[0xff, 0xff],
        // 1.0 in IEEE 754.
        Sample::F16 => const { &0x3c00_u16.to_ne_bytes() },
        Sample::F32 => const { &1.0_f32.to_ne_bytes() },
    }
}
