//! Settings that are written as text.

use std::fmt::Display;
use std::path::PathBuf;
use std::str::FromStr;

use super::field::Text;
use crate::error::{Error, Result};

impl Text for String {
    fn text(&self) -> String {
        self.clone()
    }

    fn read(&mut self, text: &str) -> Result<()> {
        text.clone_into(self);
        Ok(())
    }
}

/// A file, or none.
impl Text for Option<PathBuf> {
    fn text(&self) -> String {
        self.as_ref().map_or_else(String::new, |path| path.display().to_string())
    }

    fn read(&mut self, text: &str) -> Result<()> {
        *self = (!text.is_empty()).then(|| text.into());
        Ok(())
    }
}

/// A list with commas.
impl<T: Display + FromStr<Err = Error>> Text for Vec<T> {
    fn text(&self) -> String {
        self.iter().map(T::to_string).collect::<Vec<_>>().join(",")
    }

    fn read(&mut self, text: &str) -> Result<()> {
        let entries = text.split(',').map(str::trim).filter(|entry| !entry.is_empty());
        *self = entries.map(str::parse).collect::<Result<_>>()?;
        Ok(())
    }
}
