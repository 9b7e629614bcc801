//! Cutting a canvas into tiles that a network can paint within a memory budget, without seams.

use std::ops::Range;

/// How a canvas is cut: what surrounds it and how far tiles overlap.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TileRules {
    /// Pixels of mirrored picture left and right of the canvas, and above and below it.
    pub margin: [u32; 2],
    /// Pixels that a tile sees beyond its own, where the canvas and its margin have them.
    pub overlap: u32,
    /// All tiles begin and end at multiples of this.
    pub multiple: u32,
    /// The most pixels that a tile may see.
    pub most_pixels: u64,
}

/// The margin that a side needs of at most `most` pixels: beyond the mirror image of all of it there
/// is nothing new to see, and a picture of few rows would be nothing but margin.
pub(crate) fn margin(side: u32, least: u32, most: u32) -> u32 {
    side.next_multiple_of(least).clamp(least, most.max(least))
}

/// One axis of a tile, in canvas pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    /// The pixels that the tile paints.
    pub start: u32,
    /// One past the last that it paints.
    pub end: u32,
    /// The pixels that the network sees; negative in the margin.
    pub seen_start: i64,
    /// One past the last that it sees.
    pub seen_end: i64,
}

/// A tile: it paints `x.start..x.end` by `y.start..y.end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tile {
    pub x: Span,
    pub y: Span,
}

impl Span {
    /// How many pixels the network sees.
    pub fn seen(&self) -> usize {
        (self.seen_end - self.seen_start) as usize
    }
}

/// The tiles of a canvas in reading order: the cut that sees the fewest pixels in all.
/// Where even the smallest tiles see more than `most_pixels`, these are returned.
pub(crate) fn tiles(width: u32, height: u32, rules: TileRules) -> Vec<Tile> {
    tiles_of([0..width, 0..height], [width, height], rules)
}

/// As [`tiles`], of a part of a canvas, whose ranges along x and y begin at multiples.
pub(crate) fn tiles_of(part: [Range<u32>; 2], canvas: [u32; 2], rules: TileRules) -> Vec<Tile> {
    let [columns, rows] = part;
    let columns = cuts(columns, canvas[0], rules.margin[0], rules);
    let rows = cuts(rows, canvas[1], rules.margin[1], rules);
    let largest = |spans: &[Span]| spans.iter().map(Span::seen).max().unwrap_or(0) as u64;
    let total = |spans: &[Span]| spans.iter().map(Span::seen).sum::<usize>() as u64;
    let best = columns
        .iter()
        .filter_map(|xs| {
            let ys = rows.iter().find(|ys| largest(xs) * largest(ys) <= rules.most_pixels)?;
            Some((xs, ys))
        })
        .min_by_key(|(xs, ys)| total(xs) * total(ys));
    let (xs, ys) = match best {
        Some(best) => best,
        None => (&columns[columns.len() - 1], &rows[rows.len() - 1]),
    };
    ys.iter().flat_map(|&y| xs.iter().map(move |&x| Tile { x, y })).collect()
}

/// The ways to cut one axis into equal parts, from one part to the smallest worth having.
fn cuts(own: Range<u32>, length: u32, margin: u32, rules: TileRules) -> Vec<Vec<Span>> {
    // Below this a tile is mostly overlap.
    const LEAST_PAINTED: u32 = 64;
    let painted = own.end - own.start;
    let most = painted.div_ceil(LEAST_PAINTED).max(1);
    let mut cuts: Vec<Vec<Span>> = Vec::new();
    for parts in 1..=most {
        let step = painted.div_ceil(parts).next_multiple_of(rules.multiple).max(rules.multiple);
        let spans: Vec<_> = own
            .clone()
            .step_by(step as usize)
            .map(|start| span(start..(start + step).min(own.end), length, margin, rules))
            .collect();
        if cuts.last().is_none_or(|last| last.len() < spans.len()) {
            cuts.push(spans);
        }
    }
    cuts
}

fn span(own: Range<u32>, length: u32, margin: u32, rules: TileRules) -> Span {
    let Range { start, end } = own;
    let (margin, overlap) = (i64::from(margin), i64::from(rules.overlap));
    let canvas_end = i64::from(length.next_multiple_of(rules.multiple)) + margin;
    let own_end = i64::from(end.next_multiple_of(rules.multiple));
    Span {
        start,
        end,
        seen_start: (i64::from(start) - overlap).max(-margin),
        seen_end: (own_end + overlap).min(canvas_end),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: TileRules =
        TileRules { margin: [64; 2], overlap: 80, multiple: 4, most_pixels: 300 * 300 };

    #[test]
    fn tiles_cover_the_canvas_once_and_see_enough() {
        for (width, height) in [(1, 1), (3, 700), (641, 359), (1024, 1024), (30_000, 5)] {
            let tiles = tiles(width, height, RULES);
            let area: u64 = tiles
                .iter()
                .map(|t| u64::from(t.x.end - t.x.start) * u64::from(t.y.end - t.y.start))
                .sum();
            assert_eq!(area, u64::from(width) * u64::from(height));
            for tile in &tiles {
                for (span, length) in [(tile.x, width), (tile.y, height)] {
                    assert_eq!(span.seen_start.rem_euclid(4), 0);
                    assert_eq!(span.seen() % 4, 0);
                    let inside_start = i64::from(span.start) - span.seen_start;
                    let inside_end = span.seen_end - i64::from(span.end);
                    let (first, last) = (span.start == 0, span.end == length);
                    assert!(inside_start >= if first { 64 } else { 80.min(inside_start) });
                    assert!(inside_start >= 80 || span.seen_start == -64);
                    assert!(inside_end >= 80 || (last || inside_end >= 64));
                }
                assert!((tile.x.seen() * tile.y.seen()) as u64 <= RULES.most_pixels);
            }
        }
    }

    #[test]
    fn a_part_sees_what_the_whole_sees_there() {
        let rules = TileRules { most_pixels: u64::MAX, ..RULES };
        let part = tiles_of([400..600, 0..100], [1001, 501], rules);
        assert_eq!(part.len(), 1);
        assert_eq!((part[0].x.seen_start, part[0].x.seen_end), (320, 680));
        assert_eq!((part[0].y.seen_start, part[0].y.seen_end), (-64, 180));
        let small =
            tiles_of([400..600, 0..100], [1001, 501], TileRules { most_pixels: 1, ..RULES });
        let area = |tile: &Tile| (tile.x.end - tile.x.start) * (tile.y.end - tile.y.start);
        assert_eq!(small.iter().map(area).sum::<u32>(), 200 * 100);
        assert!(tiles_of([400..400, 0..0], [1001, 501], RULES).is_empty());
    }

    #[test]
    fn a_large_budget_takes_one_tile() {
        let rules = TileRules { most_pixels: u64::MAX, ..RULES };
        let tiles = tiles(1001, 501, rules);
        assert_eq!(tiles.len(), 1);
        assert_eq!((tiles[0].x.seen(), tiles[0].y.seen()), (1004 + 128, 504 + 128));
    }
}
