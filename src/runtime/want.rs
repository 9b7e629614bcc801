//! Want of memory, which ONNX Runtime and the loader tell only in words.

/// Whether a message tells of it.
pub(super) fn is_of_memory(message: &str) -> bool {
    const WORDS: [&str; 8] = [
        "bad_alloc",
        "failed to allocate",
        "can't alloc",
        "out of memory",
        "bfcarena",
        // Of a thread that found no room for its stack.
        "resource temporarily unavailable",
        // Of a library that found no room.
        "cannot allocate memory",
        "failed to map segment",
    ];
    let message = message.to_ascii_lowercase();
    WORDS.iter().any(|words| message.contains(words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn want_of_memory_is_known_by_its_words() {
        for message in [
            "Failed to allocate memory for requested buffer of size 5",
            "libx.so: failed to map segment from shared object",
            "libx.so: cannot create shared object descriptor: Cannot allocate memory",
            "pthread_create failed: Resource temporarily unavailable",
        ] {
            assert!(is_of_memory(message), "{message}");
        }
        assert!(!is_of_memory("libx.so: cannot open shared object file: No such file"));
    }
}
