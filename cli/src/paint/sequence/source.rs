//! Where a shot's frames come from.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::rc::Rc;

use impasto::Result;
use impasto::file::ReadOptions;
use impasto::image::Picture;

use super::pattern::Pattern;
use super::video::{Decoder, FIRST};
use crate::paint::files;

pub enum Source {
    Files { pattern: Pattern, existing: BTreeSet<i64>, reading: ReadOptions },
    Video { path: PathBuf, decoder: RefCell<Decoder> },
}

impl Source {
    /// The number of its first frame.
    pub fn first(&self) -> i64 {
        match self {
            Self::Files { existing, .. } => existing.first().copied().unwrap_or(FIRST),
            Self::Video { .. } => FIRST,
        }
    }

    /// # Errors
    /// What went wrong with a video.
    pub fn has(&self, frame: i64) -> Result<bool> {
        match self {
            Self::Files { existing, .. } => Ok(existing.contains(&frame)),
            Self::Video { decoder, .. } => decoder.borrow_mut().has(frame),
        }
    }

    /// # Errors
    /// What went wrong with the file.
    pub fn picture(&self, frame: i64) -> Result<Rc<Picture>> {
        match self {
            Self::Files { pattern, reading, .. } => {
                files::read(&pattern.file(frame), reading).map(Rc::new)
            }
            Self::Video { decoder, .. } => decoder.borrow_mut().frame(frame),
        }
    }

    /// The file that it is in.
    pub fn file(&self, frame: i64) -> PathBuf {
        match self {
            Self::Files { pattern, .. } => pattern.file(frame),
            Self::Video { path, .. } => path.clone(),
        }
    }

    /// What people call a frame.
    pub fn name(&self, frame: i64) -> String {
        match self {
            Self::Files { pattern, .. } => pattern.file(frame).display().to_string(),
            Self::Video { path, .. } => format!("{}, frame {frame}", path.display()),
        }
    }
}
