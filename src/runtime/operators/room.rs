//! Memory for operators. What finds none is an error to ONNX Runtime, and so to our caller; `vec!`
//! would end the process.

use ort::Error;

/// So many zeros.
pub(super) fn zeros(count: usize) -> ort::Result<Vec<f32>> {
    let mut values = Vec::new();
    grow(&mut values, count)?;
    Ok(values)
}

/// Makes a vector that is kept as long as `count`; what is new in it is zero.
pub(super) fn grow(values: &mut Vec<f32>, count: usize) -> ort::Result<()> {
    values.try_reserve_exact(count.saturating_sub(values.len())).map_err(|_| none_left())?;
    values.resize(count, 0.0);
    Ok(())
}

/// An empty vector with room for so many values.
pub(super) fn reserved<T>(count: usize) -> ort::Result<Vec<T>> {
    let mut values = Vec::new();
    values.try_reserve_exact(count).map_err(|_| none_left())?;
    Ok(values)
}

/// The values that an iterator of known length yields.
pub(super) fn collected<T>(values: impl ExactSizeIterator<Item = T>) -> ort::Result<Vec<T>> {
    let mut all = reserved(values.len())?;
    all.extend(values);
    Ok(all)
}

/// In the words by which the session knows want of memory.
pub(super) fn none_left() -> Error {
    Error::new("failed to allocate memory for an operator")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runtime::Runtime;

    #[test]
    fn what_does_not_fit_is_an_error() {
        // Which makes the errors.
        Runtime::load(None).unwrap();
        // More than any address space holds, and more than a vector may.
        for count in [usize::MAX / 8, usize::MAX] {
            let words = zeros(count).unwrap_err().message().to_owned();
            assert!(words.contains("failed to allocate"), "{words}");
        }
        let mut kept = vec![1.0; 2];
        grow(&mut kept, 4).unwrap();
        assert_eq!(kept, [1.0, 1.0, 0.0, 0.0]);
        grow(&mut kept, 1).unwrap();
        assert_eq!(kept, [1.0]);
    }
}
