//! From values to points and back, in one dimension after the other.
//!
//! The interpolation points are 0, ±0.625, ±1.5 and infinity. They cost as much as the usual 0, ±1,
//! ±2 and infinity, and round half as much (relative error 7e-7 for 64 channels instead of 1.5e-6;
//! on the choice of points: Barabasz et al., "Error Analysis and Improving the Accuracy of Winograd
//! Convolution for Deep Neural Networks", 2018). All factors of the two are exact in binary.

/// The width and height of a tile of results.
pub(super) const TILE: usize = 4;
/// How many values along one side a tile depends on, and how many points there are along it.
const PATCH: usize = 6;
/// Points of a patch.
pub(super) const POINTS: usize = PATCH * PATCH;
/// How many tiles are taken through at once, at most.
pub(super) const MOST: usize = 64;

const NEAR: f32 = 0.625;
const FAR: f32 = 1.5;
const NEAR_2: f32 = NEAR * NEAR;
const FAR_2: f32 = FAR * FAR;

/// A kernel of 3x3 at the points.
pub(super) fn of_kernel(kernel: &[f32]) -> [f32; POINTS] {
    let (near, far) = (f64::from(NEAR), f64::from(FAR));
    // 1, p, p^2 over the product of the distances to the other points.
    let row = |point: f64, others: f64| [1.0, point, point * point].map(|power| power / others);
    let of_near = 2.0 * near.powi(2) * (near.powi(2) - far.powi(2));
    let of_far = 2.0 * far.powi(2) * (far.powi(2) - near.powi(2));
    let rows = [
        row(0.0, (near * far).powi(2)),
        row(near, of_near),
        row(-near, of_near),
        row(far, of_far),
        row(-far, of_far),
        [0.0, 0.0, 1.0],
    ];
    std::array::from_fn(|point| {
        let (vertical, horizontal) = (rows[point / PATCH], rows[point % PATCH]);
        let weights = (0..9).map(|k| vertical[k / 3] * horizontal[k % 3] * f64::from(kernel[k]));
        weights.sum::<f64>() as f32
    })
}

#[inline(always)]
fn of_line([d0, d1, d2, d3, d4, d5]: [f32; PATCH]) -> [f32; PATCH] {
    let even_near = d2.mul_add(-FAR_2, d4);
    let odd_near = NEAR * d1.mul_add(-FAR_2, d3);
    let even_far = d2.mul_add(-NEAR_2, d4);
    let odd_far = FAR * d1.mul_add(-NEAR_2, d3);
    [
        d0.mul_add(NEAR_2 * FAR_2, d2.mul_add(-(NEAR_2 + FAR_2), d4)),
        even_near + odd_near,
        even_near - odd_near,
        even_far + odd_far,
        even_far - odd_far,
        d1.mul_add(NEAR_2 * FAR_2, d3.mul_add(-(NEAR_2 + FAR_2), d5)),
    ]
}

#[inline(always)]
fn to_line([zero, near, minus_near, far, minus_far, infinity]: [f32; PATCH]) -> [f32; TILE] {
    let (even_near, odd_near) = (near + minus_near, near - minus_near);
    let (even_far, odd_far) = (far + minus_far, far - minus_far);
    [
        zero + even_near + even_far,
        odd_near.mul_add(NEAR, FAR * odd_far),
        even_near.mul_add(NEAR_2, FAR_2 * even_far),
        odd_near.mul_add(NEAR * NEAR_2, odd_far.mul_add(FAR * FAR_2, infinity)),
    ]
}

/// One channel of a picture; zero outside of it.
#[derive(Clone, Copy)]
pub(super) struct Plane<'a> {
    pub values: &'a [f32],
    /// Where this is not above zero, the value counts as zero: the gradient of ReLU.
    pub open: Option<&'a [f32]>,
    pub width: usize,
    pub height: usize,
}

/// Tiles side by side.
#[derive(Clone, Copy)]
pub(super) struct Run {
    /// The row of tiles.
    pub row: usize,
    /// The first tile's place in it.
    pub column: usize,
    /// How many; at most a block's.
    pub count: usize,
    /// The first tile's place in its block.
    pub place: usize,
}

/// Values of a line of the plane, every fourth together, so that what belongs to neighbouring
/// tiles lies side by side.
type Phases = [[f32; MOST + 1]; TILE];

/// Room for the lines that a run of tiles depends on.
pub(super) struct Lines {
    phases: [Phases; PATCH],
    padded: [f32; TILE * (MOST + 1)],
}

impl Default for Lines {
    fn default() -> Self {
        Self { phases: [[[0.0; MOST + 1]; TILE]; PATCH], padded: [0.0; TILE * (MOST + 1)] }
    }
}

/// The patches of a run of tiles at the points, into its places of a block.
#[inline(always)]
pub(super) fn of_plane<const BLOCK: usize>(
    plane: Plane<'_>,
    run: Run,
    Lines { phases: lines, padded }: &mut Lines,
    block: &mut [[f32; BLOCK]; POINTS],
) {
    // A patch reaches into the next tile.
    let count = run.count + 1;
    for (k, line) in lines.iter_mut().enumerate() {
        // The patch begins a value before its tile.
        match (TILE * run.row + k).checked_sub(1).filter(|&y| y < plane.height) {
            Some(y) => read_line(plane, y, run.column * TILE, count, padded, line),
            None => line.as_flattened_mut().fill(0.0),
        }
    }
    for phase in 0..TILE {
        for t in 0..count {
            let points = of_line(std::array::from_fn(|k| lines[k][phase][t]));
            for (line, point) in lines.iter_mut().zip(points) {
                line[phase][t] = point;
            }
        }
    }
    let places = run.place..run.place + run.count;
    for (line, out) in lines.iter().zip(block.as_chunks_mut::<PATCH>().0) {
        let [p0, p1, p2, p3] = line;
        let (p0, p1, p2, p3) = (&p0[..count], &p1[..count], &p2[..count], &p3[..count]);
        let [o0, o1, o2, o3, o4, o5] = out.each_mut().map(|point| &mut point[places.clone()]);
        for t in 0..run.count {
            let points = of_line([p0[t], p1[t], p2[t], p3[t], p0[t + 1], p1[t + 1]]);
            [o0[t], o1[t], o2[t], o3[t], o4[t], o5[t]] = points;
        }
    }
}

/// Reads from the value before `x` on.
#[inline(always)]
fn read_line(
    plane: Plane<'_>,
    y: usize,
    x: usize,
    count: usize,
    padded: &mut [f32],
    line: &mut Phases,
) {
    let of_line = y * plane.width..(y + 1) * plane.width;
    let values = &plane.values[of_line.clone()];
    let wanted = TILE * count;
    if x > 0 && x - 1 + wanted <= plane.width && plane.open.is_none() {
        return split(&values[x - 1..x - 1 + wanted], line);
    }
    let from = x.saturating_sub(1);
    let inside = from..(x + wanted - 1).min(plane.width);
    let (before, rest) = padded[..wanted].split_at_mut(from + 1 - x);
    let (padded_inside, behind) = rest.split_at_mut(inside.len());
    before.fill(0.0);
    behind.fill(0.0);
    match plane.open {
        None => padded_inside.copy_from_slice(&values[inside]),
        Some(open) => {
            let open = &open[of_line][inside.clone()];
            for ((to, &value), &open) in padded_inside.iter_mut().zip(&values[inside]).zip(open) {
                *to = if open > 0.0 { value } else { 0.0 };
            }
        }
    }
    split(&padded[..wanted], line);
}

#[inline(always)]
fn split(values: &[f32], [p0, p1, p2, p3]: &mut Phases) {
    let (values, _) = values.as_chunks::<TILE>();
    let count = values.len();
    let (p0, p1, p2, p3) = (&mut p0[..count], &mut p1[..count], &mut p2[..count], &mut p3[..count]);
    for (t, values) in values.iter().enumerate() {
        [p0[t], p1[t], p2[t], p3[t]] = *values;
    }
}

/// A block of tiles, line by line.
pub(super) type Tiles<const BLOCK: usize> = [[[f32; TILE]; BLOCK]; TILE];

/// A block of tiles from its points.
#[inline(always)]
pub(super) fn to_tiles<const BLOCK: usize>(
    points: &[&[f32; BLOCK]; POINTS],
    tiles: &mut Tiles<BLOCK>,
) {
    let mut lines = [[[0.0; BLOCK]; PATCH]; TILE];
    for column in 0..PATCH {
        let points: [_; PATCH] = std::array::from_fn(|row| points[row * PATCH + column]);
        for t in 0..BLOCK {
            let values = to_line(points.map(|point| point[t]));
            for (line, value) in lines.iter_mut().zip(values) {
                line[column][t] = value;
            }
        }
    }
    for (line, out) in lines.iter().zip(tiles) {
        for (t, out) in out.iter_mut().enumerate() {
            *out = to_line(std::array::from_fn(|column| line[column][t]));
        }
    }
}
