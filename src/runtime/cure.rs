//! What must be set up before a device can be used. It stands at the end of the reason why it
//! cannot, for who calls the engine; faces have words of their own for it.

pub(super) const CUDA: &str = "`pip install onnxruntime-gpu[cuda,cudnn]` and name its library with \
                               the engine's option runtime_path or the variable IMPASTO_ONNXRUNTIME";
pub(super) const CUDA_RUNTIME: &str = "use the library of the Python package onnxruntime-gpu";
pub(super) const DIRECTML_RUNTIME: &str =
    "use the library of the Python package onnxruntime-directml";
pub(super) const OPENVINO: &str = "`pip install onnxruntime-ep-openvino` and name its library with \
                                   the variable IMPASTO_OPENVINO";

/// A reason without its cure, and the cure.
pub(super) fn split(reason: &str) -> (&str, Option<&str>) {
    let cures = [CUDA, CUDA_RUNTIME, DIRECTML_RUNTIME, OPENVINO];
    let parts = cures
        .into_iter()
        .find_map(|cure| Some((reason.strip_suffix(cure)?.strip_suffix("; ")?, Some(cure))));
    parts.unwrap_or((reason, None))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_known_cure_is_split_off() {
        let reason = format!("none of a, b exists; {OPENVINO}");
        assert_eq!(split(&reason), ("none of a, b exists", Some(OPENVINO)));
        assert_eq!(split("a is full; b is not"), ("a is full; b is not", None));
    }
}
