//! `--look`: what frames take from a whole picture.

use std::path::{Path, PathBuf};

/// The distance in frames at which a frame counts for 1/e, where none is given.
const USUAL_SMOOTHING: f64 = 3.0;

/// The most that can be given.
const MOST_SMOOTHING: f64 = 12.0;

/// What the frames of a shot share.
#[derive(Debug, Clone, PartialEq)]
pub enum LookChoice {
    /// Nothing.
    Each,
    /// The look of one.
    Frame(i64),
    /// The mean of those around.
    Smoothed(f64),
    /// The look of a picture, or one that was written to a file.
    File(PathBuf),
}

impl LookChoice {
    /// What a shot is painted in where nothing is said.
    pub const USUAL: Self = Self::Smoothed(USUAL_SMOOTHING);
}

/// # Errors
/// Words for a distance out of range.
pub fn parse_look(text: &str) -> Result<LookChoice, String> {
    if Path::new(text).is_file() {
        return Ok(LookChoice::File(text.into()));
    }
    if text == "each" {
        return Ok(LookChoice::Each);
    }
    if let Ok(frame) = text.parse() {
        return Ok(LookChoice::Frame(frame));
    }
    match text.split_once(':').unwrap_or((text, "")) {
        ("smoothed", "") => Ok(LookChoice::Smoothed(USUAL_SMOOTHING)),
        ("smoothed", frames) => {
            let frames = frames.parse().ok().filter(|f| (0.5..=MOST_SMOOTHING).contains(f));
            let frames = frames.ok_or_else(|| {
                format!("smoothed:N with N from 0.5 to {MOST_SMOOTHING} frames is expected")
            })?;
            Ok(LookChoice::Smoothed(frames))
        }
        _ => Ok(LookChoice::File(text.into())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_are_read() {
        assert_eq!(parse_look("each"), Ok(LookChoice::Each));
        assert_eq!(parse_look("1001"), Ok(LookChoice::Frame(1001)));
        assert_eq!(parse_look("smoothed"), Ok(LookChoice::Smoothed(3.0)));
        assert_eq!(parse_look("smoothed:5"), Ok(LookChoice::Smoothed(5.0)));
        assert_eq!(parse_look("shot.look"), Ok(LookChoice::File("shot.look".into())));
        assert!(parse_look("smoothed:0").is_err() && parse_look("smoothed:x").is_err());
    }
}
