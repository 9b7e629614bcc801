//! Coarse to fine: the sizes at which a picture is optimised, and the steps at each.

use super::options::{OptimizeOptions, Preset};
use crate::error::{Error, ErrorKind, Result};
use crate::tile::margin;

/// Below this the deepest features would have no neighbours.
const LEAST_SIDE: u32 = 32;

/// The longest side of the coarsest size: below it a picture says too little to start from.
const COARSEST: u32 = 128;

/// A size and its steps. Sides are multiples of what the network halves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Scale {
    pub width: u32,
    pub height: u32,
    pub iterations: u32,
}

impl Scale {
    /// Pixels times steps.
    pub fn work(&self, steps: u32) -> f64 {
        f64::from(self.width) * f64::from(self.height) * f64::from(steps)
    }
}

/// The picture with a margin of its mirror image, which keeps the frame that zero padding leaves
/// out of sight, up to sides that the network takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Frame {
    /// Pixels left of and above the picture, and at least as many right of and below it.
    pub margin: [u32; 2],
    pub width: u32,
    pub height: u32,
}

impl Frame {
    pub fn new(picture: [u32; 2], multiple: u32) -> Self {
        // A coarse size has as much of it as a fine one: strokes are as coarse.
        const MARGINS_PER_SIDE: u32 = 32;
        let near = f64::from(picture[0].max(picture[1]) / MARGINS_PER_SIDE) / f64::from(multiple);
        let most = (near.round() as u32).max(1) * multiple;
        let margin = picture.map(|side| margin(side, multiple, most));
        let [width, height] = [0, 1].map(|axis| {
            (picture[axis] + 2 * margin[axis]).max(LEAST_SIDE).next_multiple_of(multiple)
        });
        Self { margin, width, height }
    }
}

/// A style picture's size continued to what the network takes.
pub(super) fn continued(style: [u32; 2], multiple: u32) -> [u32; 2] {
    style.map(|side| side.max(LEAST_SIDE).next_multiple_of(multiple))
}

/// The sizes from coarse to fine. The last is the [`Frame`], unless less was asked for.
pub(super) fn scales(
    picture: [u32; 2],
    multiple: u32,
    options: &OptimizeOptions,
) -> Result<Vec<Scale>> {
    let longest = picture[0].max(picture[1]);
    let size = |side: u32| {
        let frame = Frame::new(picture, multiple);
        if side >= longest {
            return [frame.width, frame.height];
        }
        let scale = f64::from(side) / f64::from(longest);
        let near = |length: u32| {
            let parts = (f64::from(length) * scale / f64::from(multiple)).round() as u32;
            (parts * multiple).max(LEAST_SIDE.next_multiple_of(multiple))
        };
        [frame.width, frame.height].map(near)
    };
    let sides: Vec<(u32, u32)> = if options.schedule.is_empty() {
        let limit = match (options.resolution as u32, options.preset) {
            (0, Preset::Draft) => 512,
            (0, Preset::Normal) => 1024,
            (0, Preset::Fine) => u32::MAX,
            (chosen, _) => chosen,
        };
        let mut side = limit.min(longest);
        let mut sides = Vec::new();
        loop {
            sides.push((side, iterations(options.preset, sides.len())));
            if side < 2 * COARSEST {
                break;
            }
            side = side.div_ceil(2);
        }
        sides.reverse();
        sides
    } else {
        let sides: Vec<_> =
            options.schedule.iter().map(|scale| (scale.side, scale.iterations)).collect();
        if options.schedule.len() > 32 || !options.schedule.iter().all(|s| s.is_sensible()) {
            let what = "cannot optimise at these sizes: give up to 32 with sides from 1 to 30000 \
                        and up to 100000 iterations each";
            return Err(Error::new(ErrorKind::Argument, what));
        }
        if !sides.is_sorted() {
            let what = "cannot optimise from fine to coarse: give the sizes in rising order";
            return Err(Error::new(ErrorKind::Argument, what));
        }
        sides
    };
    let shared = match options.iterations {
        0 => sides.iter().map(|(_, iterations)| *iterations).collect(),
        all => share(all as u32, &sides),
    };
    Ok(sides
        .iter()
        .zip(shared)
        .map(|(&(side, _), iterations)| {
            let [width, height] = size(side);
            Scale { width, height, iterations }
        })
        .collect())
}

/// Steps at a size, the finest being number 0: coarser ones cost little and settle the most.
fn iterations(preset: Preset, number: usize) -> u32 {
    let (finest, more) = match preset {
        Preset::Draft => (35, 8),
        Preset::Normal => (70, 15),
        Preset::Fine => (105, 22),
    };
    finest + more * number.min(3) as u32
}

/// A number of steps shared in the ratio of the given ones.
fn share(all: u32, sides: &[(u32, u32)]) -> Vec<u32> {
    let sum: u64 = sides.iter().map(|(_, iterations)| u64::from(*iterations)).sum();
    let mut given = 0;
    let mut so_far = 0_u64;
    sides
        .iter()
        .map(|(_, iterations)| {
            so_far += u64::from(*iterations);
            let until = (u64::from(all) * so_far).checked_div(sum).unwrap_or(0) as u32;
            let own = until - given;
            given = until;
            own
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sizes(picture: [u32; 2], options: &OptimizeOptions) -> Vec<(u32, u32)> {
        let scales = scales(picture, 8, options).unwrap();
        scales.iter().map(|scale| (scale.width, scale.height)).collect()
    }

    #[test]
    fn sizes_rise_to_the_pictures_own() {
        let fine = OptimizeOptions { preset: Preset::Fine, ..Default::default() };
        assert_eq!(sizes([769, 510], &fine), [(208, 144), (416, 280), (824, 560)]);
        assert_eq!(sizes([3, 1], &fine), [(32, 32)]);
        let draft = OptimizeOptions { preset: Preset::Draft, ..Default::default() };
        assert_eq!(sizes([4000, 3000], &draft), [(136, 104), (272, 208), (544, 416)]);
    }

    #[test]
    fn steps_are_shared_whole() {
        let options = OptimizeOptions { iterations: 501, ..Default::default() };
        let all = scales([1000, 1000], 8, &options).unwrap();
        assert_eq!(all.iter().map(|scale| scale.iterations).sum::<u32>(), 501);
        let schedule = vec!["128:7".parse().unwrap(), "64:9".parse().unwrap()];
        let falling = OptimizeOptions { schedule, ..Default::default() };
        assert!(scales([1000, 1000], 8, &falling).is_err());
    }
}
