//! Where the paintings of a shot go.

use std::fs;
use std::path::Path;

use impasto::file::{self, FileFormat};
use impasto::image::Picture;
use impasto::{Error, ErrorKind, Result, check_file, make_folder};

use super::pattern::Pattern;
use super::source::Source;
use super::video::{Encoder, Encoding};
use crate::paint::{PaintArguments, rescue};

/// Where they are to go.
pub enum Target {
    Files(Pattern),
    Video(Encoding),
}

/// The same, while they are painted.
pub enum Targets<'a> {
    Files { pattern: Pattern, arguments: &'a PaintArguments },
    Video(Option<Box<Encoder>>),
}

impl Target {
    /// Files of their own, of which these frames are known.
    ///
    /// # Errors
    /// `File` where they cannot be written.
    pub fn files(pattern: Pattern, frames: Option<&[i64]>) -> Result<Self> {
        let frames = frames.unwrap_or(&[1]);
        let first = pattern.file(frames.first().copied().unwrap_or(1));
        FileFormat::for_writing(&first)?;
        make_folder(first.parent().unwrap_or(Path::new("")))?;
        frames.iter().try_for_each(|frame| check_file(&pattern.file(*frame)))?;
        Ok(Self::Files(pattern))
    }

    /// # Errors
    /// `File` where a video cannot be written.
    pub fn open(self, arguments: &PaintArguments) -> Result<Targets<'_>> {
        Ok(match self {
            Self::Files(pattern) => Targets::Files { pattern, arguments },
            Self::Video(encoding) => Targets::Video(Some(Box::new(Encoder::new(encoding)?))),
        })
    }
}

impl Targets<'_> {
    pub fn is_video(&self) -> bool {
        matches!(self, Self::Video(_))
    }

    /// What people call the painting of a frame.
    pub fn name(&self, frame: i64) -> String {
        match self {
            Self::Files { pattern, .. } => pattern.file(frame).display().to_string(),
            Self::Video(encoder) => encoder
                .as_ref()
                .map(|encoder| encoder.output().display().to_string())
                .unwrap_or_default(),
        }
    }

    /// Whether a frame need not be painted.
    pub fn is_done(&self, frame: i64, source: &Source) -> bool {
        let Self::Files { pattern, arguments } = self else { return false };
        let output = &pattern.file(frame);
        if arguments.sequence.skip_existing {
            return output.is_file();
        }
        let written = |path: &Path| fs::metadata(path).and_then(|about| about.modified()).ok();
        arguments.sequence.resume
            && output.is_file()
            && written(output) >= written(&source.file(frame))
            && file::read(output).is_ok()
    }

    /// Writes a painting; returns what its format could not keep.
    ///
    /// # Errors
    /// `File` where that fails.
    pub fn put(&mut self, frame: i64, picture: &Picture) -> Result<Vec<String>> {
        match self {
            Self::Files { pattern, arguments } => {
                rescue::write(picture, &pattern.file(frame), arguments.quality)
            }
            Self::Video(Some(encoder)) => encoder.add(picture).map(|()| Vec::new()),
            Self::Video(None) => Ok(Vec::new()),
        }
    }

    /// # Errors
    /// `File` where a video cannot be closed.
    pub fn finish(self) -> Result<()> {
        match self {
            Self::Video(Some(encoder)) => encoder.finish(),
            Self::Video(None) | Self::Files { .. } => Ok(()),
        }
    }

    /// What ended the work at a frame, with the word where the frames before it are.
    pub fn broken_off(&mut self, frame: i64, error: Error) -> Error {
        let Self::Video(encoder) = self else { return error };
        match encoder.take().and_then(|encoder| encoder.break_off()) {
            Some(kept) => {
                let what = format!(
                    "the video ends before frame {frame}; what was painted is kept as '{}'",
                    kept.display()
                );
                match error.kind() {
                    // It ends the program without words.
                    ErrorKind::Cancelled => {
                        eprintln!("impasto: {what}");
                        error
                    }
                    kind => Error::caused(kind, what, error),
                }
            }
            None => error,
        }
    }
}
