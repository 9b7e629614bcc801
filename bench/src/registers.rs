//! What a processor can do at most in one instruction set.

use std::hint::black_box;
use std::num::NonZeroUsize;
use std::thread;
use std::time::Instant;

use pulp::{Arch, Simd, WithSimd};

use crate::roof::PATIENCE;

/// Multiplications and additions a second, on all threads, of numbers that never leave the
/// registers. ONNX Runtime, which measures every other roof, cannot be kept to an instruction set.
pub fn operations_per_second(arch: Arch, threads: NonZeroUsize) -> f64 {
    let mut best = 0.0_f64;
    let started = Instant::now();
    while started.elapsed() < PATIENCE {
        let run = Instant::now();
        let operations: f64 = thread::scope(|scope| {
            let started = (0..threads.get()).map(|_| scope.spawn(|| arch.dispatch(Products)));
            let started: Vec<_> = started.collect();
            started.into_iter().filter_map(|thread| thread.join().ok()).sum()
        });
        best = best.max(operations / run.elapsed().as_secs_f64());
    }
    best
}

/// Products with sums; says how many operations they were.
struct Products;

impl WithSimd for Products {
    type Output = f64;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> f64 {
        /// Enough to keep two units busy that take four cycles, and few enough for 16 registers.
        const SUMS: usize = 12;
        const ROUNDS: usize = 1 << 24;
        let [factor, term] = [0.5, 0.25].map(|number| simd.splat_f32s(black_box(number)));
        let mut sums = [simd.splat_f32s(0.0); SUMS];
        for _ in 0..ROUNDS {
            for sum in &mut sums {
                *sum = simd.mul_add_f32s(*sum, factor, term);
            }
        }
        black_box(sums.map(|sum| simd.reduce_sum_f32s(sum)));
        (ROUNDS * SUMS * 2 * S::F32_LANES) as f64
    }
}
