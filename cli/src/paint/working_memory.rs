//! What `--memory` leaves for a painting.

use impasto::image::Picture;
use impasto::{Error, ErrorKind, Result, memory};
use impasto_cli::size;

/// Memory that a painting needs besides pictures, whatever its size.
const LEAST: u64 = 256 << 20;

/// What a limit of the program leaves beside what it holds already, pictures included.
pub fn beside(picture: &Picture, limit: u64) -> Result<u64> {
    let held = memory::resident_bytes().unwrap_or(0);
    if held + LEAST > limit {
        let what = format!(
            "cannot paint {}x{} within {}: the program and the pictures take {} alone; allow {} or \
             more",
            picture.width(),
            picture.height(),
            size::bytes(limit),
            size::bytes(held),
            size::bytes(held + LEAST)
        );
        return Err(Error::new(ErrorKind::Memory, what));
    }
    Ok(limit - held)
}
