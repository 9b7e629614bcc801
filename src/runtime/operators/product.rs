//! The product of matrices in the processor's registers.

use pulp::{Arch, Simd, WithSimd};

/// Vectors of values that are computed at once.
pub(super) const VECTORS: usize = 2;

/// How many outputs are computed at once: kernels lie in groups of as many. Of 16 registers, the
/// sums of six leave two for values, one for a kernel's number, and one over without which the
/// compiler moves sums to memory and back. Those of four would be too few to keep two units busy
/// that take four cycles for a product.
#[inline(always)]
pub(super) const fn rows<S: Simd>() -> usize {
    if S::REGISTER_COUNT >= 32 { 8 } else { 6 }
}

/// The same of a processor.
pub(super) fn rows_of(arch: Arch) -> usize {
    struct Rows;
    impl WithSimd for Rows {
        type Output = usize;

        #[inline(always)]
        fn with_simd<S: Simd>(self, _: S) -> usize {
            rows::<S>()
        }
    }
    arch.dispatch(Rows)
}

/// Of a group of outputs and [`VECTORS`] vectors of positions, the sums over the inputs of all
/// terms; `take` gets those of each output. Of a term, the first holds the group of each input, the
/// second the vectors of each input.
#[inline(always)]
pub(super) fn multiply<S: Simd, const TERMS: usize>(
    simd: S,
    terms: [(&[f32], &[S::f32s]); TERMS],
    mut take: impl FnMut(usize, [S::f32s; VECTORS]),
) {
    if rows::<S>() == 8 {
        sums::<S, 8>(simd, &terms).into_iter().enumerate().for_each(|(row, sums)| take(row, sums));
    } else {
        sums::<S, 6>(simd, &terms).into_iter().enumerate().for_each(|(row, sums)| take(row, sums));
    }
}

#[inline(always)]
fn sums<S: Simd, const ROWS: usize>(
    simd: S,
    terms: &[(&[f32], &[S::f32s])],
) -> [[S::f32s; VECTORS]; ROWS] {
    let mut sums = [[simd.splat_f32s(0.0); VECTORS]; ROWS];
    for (kernels, values) in terms {
        let (kernels, _) = kernels.as_chunks::<ROWS>();
        let (values, _) = values.as_chunks::<VECTORS>();
        for (kernels, values) in kernels.iter().zip(values) {
            for (sums, &kernel) in sums.iter_mut().zip(kernels) {
                let kernel = simd.splat_f32s(kernel);
                for (sum, &value) in sums.iter_mut().zip(values) {
                    *sum = simd.mul_add_e_f32s(kernel, value, *sum);
                }
            }
        }
    }
    sums
}

/// Puts the values of one of `inputs` inputs into panels, which hold `wide` values of each.
#[inline(always)]
pub(super) fn to_panels(
    values: &[f32],
    input: usize,
    inputs: usize,
    wide: usize,
    panels: &mut [f32],
) {
    let panels = panels.chunks_exact_mut(inputs * wide);
    let mut places = panels.map(|panel| &mut panel[input * wide..][..wide]);
    // Of a length that the compiler knows, copies are a few moves.
    let whole = values.chunks_exact(wide);
    let rest = whole.remainder();
    for (values, place) in whole.zip(&mut places) {
        place.copy_from_slice(values);
    }
    if let Some(place) = places.next() {
        place[..rest.len()].copy_from_slice(rest);
    }
}
