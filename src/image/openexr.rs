//! What an OpenEXR file holds beside the picture that was read from it.

use std::fmt;

/// What an OpenEXR file holds beside the picture that was read from it, to be carried into another
/// OpenEXR file: channels, parts, attributes, pixels outside the display window.
#[derive(Clone, PartialEq)]
pub struct OpenExr {
    /// The file, or what stands before its pixels if those are all in the picture.
    pub(crate) bytes: Vec<u8>,
    pub(crate) is_whole: bool,
    /// The layer of the picture, as it was asked for.
    pub(crate) layer: Option<String>,
}

impl fmt::Debug for OpenExr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OpenExr({} bytes, layer {:?})", self.bytes.len(), self.layer)
    }
}
