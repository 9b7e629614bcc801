//! What was probably meant by a command line that is wrong.

use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, Error, ErrorKind};

/// Options of other programs that transfer styles, and what serves instead of them here.
const OTHERS: [(&str, &str); 8] = [
    ("--original-colors", "`--keep-color luminance` keeps the photograph's colours"),
    ("--preserve-color", "`--keep-color luminance` keeps the photograph's colours"),
    ("--content-image", "the photograph is given without an option"),
    ("--style-image", "`--style` takes pictures, too"),
    ("--output-image", "the file to write is `--out`"),
    ("--num-iterations", "the number of steps is `--iterations`"),
    ("--image-size", "the size to optimise at is `--resolution`"),
    ("--gpu", "`--device` takes what `impasto devices` lists"),
];

/// The error, with a tip where there is one.
pub fn with_hint(mut error: Error) -> Error {
    let argument = match error.get(ContextKind::InvalidArg) {
        Some(ContextValue::String(argument)) => vec![argument.clone()],
        Some(ContextValue::Strings(arguments)) => arguments.clone(),
        _ => return error,
    };
    let hint = match error.kind() {
        ErrorKind::UnknownArgument => argument.iter().find_map(|argument| other(argument)),
        ErrorKind::MissingRequiredArgument => argument
            .iter()
            .any(|argument| argument.starts_with("--style "))
            .then_some("`impasto styles` lists the styles"),
        _ => None,
    };
    if let Some(hint) = hint {
        let tip = ContextValue::StyledStrs(vec![StyledStr::from(hint)]);
        error.insert(ContextKind::Suggested, tip);
    }
    error
}

fn other(argument: &str) -> Option<&'static str> {
    let name = argument.split('=').next()?.replace('_', "-");
    OTHERS.iter().find(|(other, _)| *other == name).map(|(_, hint)| *hint)
}
