//! How large a host's pictures are in comparison to the frames that they stand for.
//!
//! Hosts say so with each render, but Fusion says the inverse, and some say nothing, or always 1.
//! The clip's region of definition, which is that of the whole frame at full size, tells which.

/// How far the sides of a picture may be from those that a scale means: rounding, in pixels.
const ROUNDING: f64 = 2.0;

/// How far the scales of two sides may differ by rounding, of small pictures.
const UNEVEN: f64 = 0.03;

/// The scale of each side. `told` is what the host says, where it is a scale at all; `size` is the
/// picture's in pixels, `frame` the whole frame's at full size, in its pixels.
pub fn of(told: Option<[f64; 2]>, size: [f64; 2], frame: Option<[f64; 2]>) -> [f64; 2] {
    let whole = [1.0; 2];
    let Some(frame) = frame.filter(|sides| sides.iter().all(|side| *side >= 1.0)) else {
        return told.unwrap_or(whole);
    };
    let means = |scale: [f64; 2]| {
        let off = |k: usize| (frame[k] * scale[k] - size[k]).abs();
        off(0) <= ROUNDING && off(1) <= ROUNDING
    };
    let seen = [size[0] / frame[0], size[1] / frame[1]];
    // A part of a frame has other proportions; so have pictures of other frames.
    let is_even = (seen[0] / seen[1] - 1.0).abs() <= UNEVEN;
    match told {
        Some(told) if means(told) => told,
        Some(told) if means(told.map(|scale| 1.0 / scale)) => told.map(|scale| 1.0 / scale),
        None | Some([1.0, 1.0]) if is_even => seen,
        told => told.unwrap_or(whole),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: Option<[f64; 2]> = Some([1920.0, 1080.0]);

    #[test]
    fn what_a_host_says_holds_where_it_fits() {
        assert_eq!(of(Some([0.5, 0.5]), [960.0, 540.0], FRAME), [0.5, 0.5]);
        assert_eq!(of(Some([0.5, 1.0]), [960.0, 1080.0], FRAME), [0.5, 1.0]);
        assert_eq!(of(Some([1.0, 1.0]), [1920.0, 1080.0], FRAME), [1.0, 1.0]);
        assert_eq!(of(Some([0.25, 0.25]), [100.0, 90.0], None), [0.25, 0.25]);
        // A part of the frame.
        assert_eq!(of(Some([0.5, 0.5]), [300.0, 540.0], FRAME), [0.5, 0.5]);
        assert_eq!(of(Some([1.0, 1.0]), [300.0, 1080.0], FRAME), [1.0, 1.0]);
    }

    #[test]
    fn the_inverse_nothing_and_always_one_are_seen_through() {
        assert_eq!(of(Some([2.0, 2.0]), [960.0, 540.0], FRAME), [0.5, 0.5]);
        assert_eq!(of(Some([3.0, 3.0]), [640.0, 360.0], FRAME), [1.0 / 3.0; 2]);
        assert_eq!(of(None, [480.0, 270.0], FRAME), [0.25, 0.25]);
        assert_eq!(of(Some([1.0, 1.0]), [480.0, 270.0], FRAME), [0.25, 0.25]);
        assert_eq!(of(None, [480.0, 270.0], None), [1.0, 1.0]);
        assert_eq!(of(None, [480.0, 270.0], Some([0.0, 0.0])), [1.0, 1.0]);
    }
}
