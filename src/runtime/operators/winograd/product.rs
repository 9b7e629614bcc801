//! The product of matrices at one point.

use pulp::Simd;

/// How many outputs are computed at once: as many as leave room in the registers of AVX2 (16)
/// and fill those of AVX-512 (32) well enough.
pub(super) const ROWS: usize = 8;
/// Vectors of tiles that are computed at once.
pub(super) const VECTORS: usize = 2;

/// Of [`ROWS`] outputs and [`VECTORS`] vectors of tiles, the sums over the inputs. `kernels` holds
/// the rows of each input, `tiles` the vectors of each input.
#[inline(always)]
pub(super) fn multiply<S: Simd>(
    simd: S,
    kernels: &[f32],
    tiles: &[S::f32s],
) -> [[S::f32s; VECTORS]; ROWS] {
    let mut sums = [[simd.splat_f32s(0.0); VECTORS]; ROWS];
    let (kernels, _) = kernels.as_chunks::<ROWS>();
    let (tiles, _) = tiles.as_chunks::<VECTORS>();
    for (kernels, tiles) in kernels.iter().zip(tiles) {
        for (sums, &kernel) in sums.iter_mut().zip(kernels) {
            let kernel = simd.splat_f32s(kernel);
            for (sum, &tile) in sums.iter_mut().zip(tiles) {
                *sum = simd.mul_add_e_f32s(kernel, tile, *sum);
            }
        }
    }
    sums
}
