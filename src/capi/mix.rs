//! Lists of objects with their weights.

use super::pointer::{check, shared, wrong};
use crate::error::Result;

/// The most that can be mixed: a count beyond is no count but garbage that must not be followed.
const MOST: usize = 1024;

/// The objects of a list and their weights; `what` they are in the plural: "styles".
///
/// # Safety
/// `objects` and `weights` are NULL or have `count` entries that stay as they are; the objects are
/// NULL or valid while the references live.
pub(super) unsafe fn weighted<'a, T>(
    objects: *const *const T,
    weights: *const f32,
    count: usize,
    what: &str,
) -> Result<Vec<(&'a T, f32)>> {
    check(objects, what)?;
    check(weights, "weights")?;
    if !(1..=MOST).contains(&count) {
        return Err(wrong(format!("cannot mix {count} {what}: from 1 to {MOST} can be mixed")));
    }
    // SAFETY: both are aligned and not NULL, as checked, and have `count` entries, which are not
    // too many to count, by this function's condition.
    let (objects, weights) = unsafe {
        (std::slice::from_raw_parts(objects, count), std::slice::from_raw_parts(weights, count))
    };
    let each = objects.iter().zip(weights);
    // SAFETY: the entries are NULL or valid by this function's condition.
    each.map(|(&object, &weight)| Ok((unsafe { shared(object, what) }?, weight))).collect()
}
