//! Looks: what the frames of a shot share so that they do not flicker.

use super::handle::{self, make};
use super::mix::weighted;
use super::status::impasto_status;
use crate::fast::Look;

/// What a painting of the fast method takes from the whole of its picture. Every picture has its
/// own, found anew at each painting; frames of a shot that are painted in one do not pump. It never
/// changes, may be used from several threads at once, and does not depend on the engine that made
/// it.
pub struct impasto_look(pub(super) Look);

/// The mean of several looks by weight, such as those of neighbouring frames. Weights need not sum
/// to 1.
///
/// @param looks `count` looks
/// @param weights `count` weights, 0 or more, at least one above 0
/// @param count at least 1
/// @param look receives the new look; free it with `impasto_look_free`
/// @return `ARGUMENT` for wrong weights and for looks of different networks
///
/// # Safety
/// `looks` and `weights` are NULL or have `count` entries; no look was freed; `look` is NULL or
/// points to writable room for a pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn impasto_look_mix(
    looks: *const *const impasto_look,
    weights: *const f32,
    count: usize,
    look: *mut *mut impasto_look,
) -> impasto_status {
    let body = || {
        // SAFETY: the caller guarantees lists of `count` entries, and looks that are not freed
        // during the call.
        let parts = unsafe { weighted(looks, weights, count, "looks") }?;
        let parts: Vec<_> = parts.iter().map(|(look, weight)| (&look.0, *weight)).collect();
        Ok(impasto_look(Look::mix(&parts)?))
    };
    // SAFETY: the caller guarantees that there is room for the handle.
    unsafe { make(look, "look", body) }
}

/// Frees the look and sets the handle to NULL. NULL and a handle of NULL are allowed.
///
/// @param look the address of the handle
///
/// # Safety
/// `look` is NULL or points to a handle that no other thread uses in this moment.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn impasto_look_free(look: *mut *mut impasto_look) {
    // SAFETY: the caller guarantees that the handle is this thread's alone.
    unsafe { handle::free(look) };
}
