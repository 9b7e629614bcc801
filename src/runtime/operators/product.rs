//! The product of matrices in the processor's registers.

use pulp::Simd;

/// How many outputs are computed at once: with [`VECTORS`] they fill the 32 registers of AVX-512
/// well enough.
pub(super) const ROWS: usize = 8;
/// Vectors of values that are computed at once.
pub(super) const VECTORS: usize = 2;

/// Of [`ROWS`] outputs and [`VECTORS`] vectors of positions, the sums over the inputs. `kernels`
/// holds the rows of each input, `values` the vectors of each input.
#[inline(always)]
pub(super) fn multiply<S: Simd>(
    simd: S,
    kernels: &[f32],
    values: &[S::f32s],
) -> [[S::f32s; VECTORS]; ROWS] {
    let mut sums = [[simd.splat_f32s(0.0); VECTORS]; ROWS];
    if S::REGISTER_COUNT >= 32 {
        add_products::<S, ROWS>(simd, kernels, 0, values, &mut sums);
    } else {
        // AVX2 has 16 registers, which half as many sums leave room in.
        const HALF: usize = ROWS / 2;
        let (first, second) = sums.split_at_mut(HALF);
        add_products::<S, HALF>(simd, kernels, 0, values, first);
        add_products::<S, HALF>(simd, kernels, HALF, values, second);
    }
    sums
}

/// The sums of `COUNT` rows from `row` on.
#[inline(always)]
fn add_products<S: Simd, const COUNT: usize>(
    simd: S,
    kernels: &[f32],
    row: usize,
    values: &[S::f32s],
    results: &mut [[S::f32s; VECTORS]],
) {
    let mut sums = [[simd.splat_f32s(0.0); VECTORS]; COUNT];
    let (kernels, _) = kernels.as_chunks::<ROWS>();
    let (values, _) = values.as_chunks::<VECTORS>();
    for (kernels, values) in kernels.iter().zip(values) {
        for (sums, &kernel) in sums.iter_mut().zip(&kernels[row..row + COUNT]) {
            let kernel = simd.splat_f32s(kernel);
            for (sum, &value) in sums.iter_mut().zip(values) {
                *sum = simd.mul_add_e_f32s(kernel, value, *sum);
            }
        }
    }
    results.copy_from_slice(&sums);
}
