//! Pictures from files and standard input, paintings to files and standard output.

use std::io::Write;
use std::path::Path;

use impasto::file::{self, FileFormat, ReadOptions, WriteOptions};
use impasto::image::{Channels, ColorSpace, Picture, PixelFormat};
use impasto::{Error, ErrorKind, Result};
use impasto_cli::output::Output;

/// Whether a name stands for standard input or output.
pub fn is_standard(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// The picture to paint. A gray one is painted in colour.
pub fn read(input: &Path, options: &ReadOptions) -> Result<Picture> {
    colored(if is_standard(input) {
        file::read_stream(std::io::stdin().lock(), "standard input", options)?
    } else {
        file::read_with(input, options)?
    })
}

fn colored(picture: Picture) -> Result<Picture> {
    let format = picture.format();
    let channels = match format.channels {
        Channels::Gray => Channels::Rgb,
        Channels::GrayAlpha => Channels::Rgba,
        _ => return Ok(picture),
    };
    let space = match picture.color_space() {
        // A gray profile describes no colours.
        ColorSpace::Icc(_) => ColorSpace::Srgb,
        other => other.clone(),
    };
    picture.converted(PixelFormat { channels, ..format }, space)
}

/// Writes a painting; returns what its format could not keep.
pub fn write(painted: &Picture, output: &Path, jpeg_quality: u8) -> Result<Vec<String>> {
    let options = WriteOptions { jpeg_quality, ..Default::default() };
    if !is_standard(output) {
        return file::write(painted, output, &options);
    }
    let mut out = Output::default();
    let notes = file::write_bytes(painted, FileFormat::Png, &options, &mut out)?;
    out.flush()
        .map_err(|e| Error::caused(ErrorKind::File, "cannot write to standard output", e))?;
    Ok(notes)
}
