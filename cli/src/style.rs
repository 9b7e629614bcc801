//! `--style NAME`, `--style picture.jpg:0.7`.

use std::path::Path;

use impasto::fast::Style;
use impasto::file;
use impasto::{Engine, Error, ErrorKind, Job, Result};

/// The style that one or more `--style` arguments ask for.
///
/// # Errors
/// `Style` for one that is not there, or what went wrong with its picture.
pub fn resolve(engine: &Engine, arguments: &[String], job: Job<'_>) -> Result<Style> {
    let mut parts = Vec::new();
    for argument in arguments {
        let (name, weight) = split_weight(argument);
        parts.push((one(engine, name, job)?, weight));
    }
    match &parts[..] {
        [(style, weight)] if *weight > 0.0 => Ok(style.clone()),
        parts => {
            let parts: Vec<_> = parts.iter().map(|(style, weight)| (style, *weight)).collect();
            Style::mix(&parts)
        }
    }
}

fn one(engine: &Engine, name: &str, job: Job<'_>) -> Result<Style> {
    let path = Path::new(name);
    if path.extension().is_some_and(|ending| ending == "toml") {
        return Style::from_file(path);
    }
    if path.is_file() {
        let picture = file::read(path)?;
        let stem = path.file_stem().map_or(name.into(), |stem| stem.to_string_lossy());
        return engine.style_of_picture(&picture, &stem, job);
    }
    check_is_name(name)?;
    engine.styles()?.find(name)
}

/// Refuses what was meant for a file, and a weight with a comma.
///
/// # Errors
/// `Style` for it.
pub fn check_is_name(name: &str) -> Result<()> {
    if let Some((style, weight)) = name.rsplit_once(':')
        && let Ok(weight) = weight.replace(',', ".").parse::<f32>()
    {
        let what = format!("cannot read the weight of the style '{style}': write {weight}");
        return Err(Error::new(ErrorKind::Style, what));
    }
    if name.contains(['/', '\\', '.']) {
        let what = format!("cannot read the style picture '{name}': there is no such file");
        return Err(Error::new(ErrorKind::Style, what));
    }
    Ok(())
}

/// `a.jpg:0.7` is a style and its weight, unless a file has that very name.
pub fn split_weight(argument: &str) -> (&str, f32) {
    match argument.rsplit_once(':') {
        Some((name, weight)) if !Path::new(argument).exists() => match weight.parse() {
            Ok(weight) => (name, weight),
            Err(_) => (argument, 1.0),
        },
        _ => (argument, 1.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_follow_the_last_colon() {
        assert_eq!(split_weight("a.jpg:0.7"), ("a.jpg", 0.7));
        assert_eq!(split_weight("great-wave"), ("great-wave", 1.0));
        assert_eq!(split_weight("C:\\a.jpg"), ("C:\\a.jpg", 1.0));
        assert_eq!(split_weight("C:\\a.jpg:2"), ("C:\\a.jpg", 2.0));
    }
}
