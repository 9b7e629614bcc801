//! What a person at a command line can do about a failure, beside what the library says.

/// A variable or package that the library's words name, and what serves instead of it here.
const HERE: [(&str, &str); 7] = [
    ("IMPASTO_MODELS", "--models FOLDER"),
    ("onnxruntime-gpu", "`cargo xtask setup --cuda` in a checkout"),
    ("IMPASTO_ONNXRUNTIME", "--runtime FILE, or run `cargo xtask setup` in a checkout"),
    ("IMPASTO_OPENVINO", "`cargo xtask setup --openvino` in a checkout"),
    ("values of black and white", "--network-range BLACK..WHITE"),
    ("allow more if", "--max-input AMOUNT"),
    ("mport a feature network", "`impasto models import`, and `impasto models` lists them"),
];

/// The library's words, followed by the option that does what they advise.
pub fn with_options(words: &str) -> String {
    match HERE.iter().find(|(name, _)| words.contains(name)) {
        Some((_, option)) => format!("{words} (here: {option})"),
        None => words.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_library_advises_has_an_option_here() {
        let words = "cannot find the networks: name the folder with the variable IMPASTO_MODELS";
        assert_eq!(with_options(words), format!("{words} (here: --models FOLDER)"));
        assert_eq!(with_options("cannot read 'x.png'"), "cannot read 'x.png'");
    }
}
