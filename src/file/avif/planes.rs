//! A picture as AV1 has it: luminance, and chrominance of as many samples or fewer.

use super::container::{Container, Item};
use super::{decoder, not_read};
use crate::error::Result;
use crate::file::claim::{self, most_pixels};
use crate::file::failure::{damaged, truncated};
use crate::image::check_size;
use crate::memory;

/// What the samples mean, by the code points of ITU-T H.273.
#[derive(Clone, Copy)]
pub(super) struct Coding {
    pub primaries: u8,
    pub transfer: u8,
    pub matrix: u8,
    pub is_full_range: bool,
}

/// How samples are kept.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct Layout {
    pub bits: u32,
    /// Across and downwards, whether there is half the chrominance; none where there is none.
    pub halved: Option<[bool; 2]>,
}

pub(super) struct Planes {
    pub size: [u32; 2],
    pub layout: Layout,
    pub coding: Coding,
    /// One, or three.
    pub samples: Vec<Vec<u16>>,
}

impl Layout {
    /// The sizes of the planes.
    pub fn sizes(&self, [width, height]: [u32; 2]) -> Vec<[u32; 2]> {
        let mut sizes = vec![[width, height]];
        if let Some([across, down]) = self.halved {
            let half = |length: u32, is_halved| if is_halved { length.div_ceil(2) } else { length };
            sizes.resize(3, [half(width, across), half(height, down)]);
        }
        sizes
    }
}

impl Planes {
    /// An item's picture, whole or of tiles.
    pub fn read(file: &Container<'_>, item: Item) -> Result<Self> {
        match &file.kind(item)? {
            b"av01" => Self::of_one(file, item),
            b"grid" => Self::of_tiles(file, item),
            other => {
                let name = String::from_utf8_lossy(other).into_owned();
                Err(not_read(format_args!("a picture of the kind '{name}' is")))
            }
        }
    }

    fn of_one(file: &Container<'_>, item: Item) -> Result<Self> {
        let size = checked(file.size(item)?)?;
        let stream = file.content(item)?;
        claim::check_pixels(size, stream.len(), most_pixels::AV1)?;
        let planes = decoder::decode(&stream, size)?;
        if planes.size != size {
            return Err(damaged("its picture has another size than the file says"));
        }
        Ok(planes)
    }

    fn of_tiles(file: &Container<'_>, item: Item) -> Result<Self> {
        let grid = Grid::read(&file.content(item)?)?;
        let size = checked(grid.size)?;
        let tiles = file.referred(b"dimg", item);
        if tiles.len() != grid.rows * grid.columns {
            return Err(damaged("it has another number of tiles than the file says"));
        }
        let mut stored = 0;
        for &tile in tiles {
            stored += file.content(tile)?.len();
        }
        if stored > file.stored() {
            return Err(damaged("its tiles lie over each other"));
        }
        claim::check_pixels(size, stored, most_pixels::AV1)?;
        let mut whole = None;
        for (k, &tile) in tiles.iter().enumerate() {
            let tile = Self::of_one(file, tile)?;
            let whole = match &mut whole {
                Some(whole) => whole,
                none => none.insert(Self::filled_like(&tile, &grid)?),
            };
            let [column, row] = [k % grid.columns, k / grid.columns].map(|at| at as u32);
            whole.paste(&tile, [column, row], &grid)?;
        }
        whole.ok_or_else(|| damaged("it has no tiles"))
    }

    /// Room for the whole, of such tiles.
    fn filled_like(tile: &Self, grid: &Grid) -> Result<Self> {
        let covers = |k: usize, count: usize| {
            let covered = u64::from(tile.size[k]) * count as u64;
            covered >= grid.size[k].into()
        };
        if !covers(0, grid.columns) || !covers(1, grid.rows) {
            return Err(damaged("its tiles do not cover it"));
        }
        let room = |[width, height]: [u32; 2]| {
            memory::filled(0, width as usize * height as usize, "a picture of tiles")
        };
        let samples = tile.layout.sizes(grid.size).into_iter().map(room).collect::<Result<_>>()?;
        Ok(Self { size: grid.size, layout: tile.layout, coding: tile.coding, samples })
    }

    /// Puts a tile where it belongs.
    fn paste(&mut self, tile: &Self, at: [u32; 2], grid: &Grid) -> Result<()> {
        let has_odd = |k: usize, count: usize| {
            let is_halved = tile.layout.halved.is_some_and(|halved| halved[k]);
            is_halved && tile.size[k] % 2 == 1 && count > 1
        };
        if tile.layout != self.layout || has_odd(0, grid.columns) || has_odd(1, grid.rows) {
            return Err(damaged("its tiles do not fit together"));
        }
        let sizes = self.layout.sizes(self.size).into_iter().zip(tile.layout.sizes(tile.size));
        for ((whole, tile), (size, part)) in self.samples.iter_mut().zip(&tile.samples).zip(sizes) {
            let [left, top] = [0, 1].map(|k| u64::from(at[k]) * u64::from(part[k]));
            let rows = tile.chunks_exact(part[0] as usize);
            for (y, row) in (top..size[1].into()).zip(rows) {
                let Some(room) = u64::from(size[0]).checked_sub(left) else { break };
                let count = row.len().min(room as usize);
                let start = (y * u64::from(size[0]) + left) as usize;
                whole[start..start + count].copy_from_slice(&row[..count]);
            }
        }
        Ok(())
    }
}

fn checked(size: [u32; 2]) -> Result<[u32; 2]> {
    check_size(size[0], size[1]).map(|()| size)
}

/// Tiles of one size, row by row.
struct Grid {
    rows: usize,
    columns: usize,
    size: [u32; 2],
}

impl Grid {
    fn read(content: &[u8]) -> Result<Self> {
        let (&[_version, flags, rows, columns], rest) =
            content.split_first_chunk::<4>().ok_or_else(truncated)?;
        let number = |k: usize| -> Option<u32> {
            Some(match flags & 1 {
                0 => u16::from_be_bytes(*rest.get(2 * k..)?.first_chunk()?).into(),
                _ => u32::from_be_bytes(*rest.get(4 * k..)?.first_chunk()?),
            })
        };
        let size = number(0).zip(number(1)).ok_or_else(truncated)?;
        let count = |less_one| usize::from(less_one) + 1;
        Ok(Self { rows: count(rows), columns: count(columns), size: size.into() })
    }
}
