//! Styles that an engine knows by name.

use std::path::PathBuf;

/// A style that an engine knows by name.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct StyleEntry {
    /// For [`Style::from_name`](crate::Style::from_name).
    pub name: String,
    /// The title of its picture; may be empty.
    pub title: String,
    /// Who painted its picture; may be empty.
    pub painter: String,
    /// When its picture was painted; may be empty.
    pub year: String,
    /// A small picture of it, a PNG file, if there is one.
    pub thumbnail: Option<PathBuf>,
}
