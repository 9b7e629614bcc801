//! Memory that another process has, too.

use std::fs::File;
use std::io::{Error, ErrorKind, Result};

use memmap2::{MmapMut, MmapOptions};

/// Maps all of `memory`, which holds so many bytes.
///
/// # Errors
/// `InvalidData` for another size, or what the system says.
pub fn map_shared(memory: &File, bytes: Option<u64>) -> Result<MmapMut> {
    if Some(memory.metadata()?.len()) != bytes {
        return Err(Error::from(ErrorKind::InvalidData));
    }
    // SAFETY: the other process, GIMP, neither changes nor cuts it before it has our answer, and
    // any bytes are numbers.
    unsafe { MmapOptions::new().map_mut(memory) }
}
