//! Files that appear whole or not at all.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Cursor, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::error::{Error, ErrorKind, Result};

/// Links that are followed before they are taken for a circle; Linux's own limit.
const MAX_LINKS: usize = 40;

/// Writes a file beside the one that is wanted and renames it when it is complete. What is no
/// regular file (a pipe, a device) cannot be replaced and is written to.
pub(crate) fn write<T>(
    path: &Path,
    fill: impl FnOnce(&mut dyn WriteSeek) -> Result<T>,
) -> Result<T> {
    match Goal::of(path)? {
        Goal::Into => write_into(path, fill),
        Goal::Replaced(target, permissions) => replace(&target, permissions, fill),
    }
}

/// Refuses a file that could not be written, before the work that would be lost with it. Nothing is
/// left behind, and an existing file is not touched.
///
/// # Errors
/// `File` where it cannot be written.
pub fn check(path: &Path) -> Result<()> {
    let tried = Goal::of(path).and_then(|goal| match goal {
        Goal::Into => OpenOptions::new().write(true).open(path).map(drop).map_err(io_error),
        Goal::Replaced(target, _) => part_beside(&target).map(drop),
    });
    tried.map_err(|e| Error::caused(e.kind(), format!("cannot write '{}'", path.display()), e))
}

/// Makes a folder and those above it.
///
/// # Errors
/// `File` where it cannot be made.
pub fn make_folder(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).map_err(|e| {
        let what = format!("cannot make the folder '{}'", folder.display());
        Error::caused(ErrorKind::File, what, e)
    })
}

/// Writes a file beside the one that is wanted and renames it when it is complete.
///
/// # Errors
/// `File` where it cannot be written; an existing file is then what it was.
pub fn write_bytes(path: &Path, bytes: &[u8]) -> Result<()> {
    write(path, |file| file.write_all(bytes).map_err(io_error))
        .map_err(|e| Error::caused(e.kind(), format!("cannot write '{}'", path.display()), e))
}

/// How what is wanted comes to be.
enum Goal {
    /// It is there, and is written to.
    Into,
    /// A file takes this place, with the permissions of the one that was there.
    Replaced(PathBuf, Option<fs::Permissions>),
}

impl Goal {
    fn of(path: &Path) -> Result<Self> {
        match fs::metadata(path).ok() {
            Some(metadata) if metadata.is_dir() => {
                Err(Error::new(ErrorKind::File, "there is a folder of this name"))
            }
            Some(metadata) if !metadata.is_file() || is_descriptor(path) => Ok(Self::Into),
            Some(metadata) if metadata.permissions().readonly() => {
                Err(Error::new(ErrorKind::File, "the existing file is write-protected"))
            }
            existing => Ok(Self::Replaced(link_target(path)?, existing.map(|m| m.permissions()))),
        }
    }
}

/// What files are written to.
pub(crate) trait WriteSeek: Write + Seek {}
impl<T: Write + Seek> WriteSeek for T {}

/// Whether the name stands for something that the process has open, such as `/dev/stdout`.
fn is_descriptor(path: &Path) -> bool {
    cfg!(unix) && (path.starts_with("/dev") || path.starts_with("/proc"))
}

fn write_into<T>(path: &Path, fill: impl FnOnce(&mut dyn WriteSeek) -> Result<T>) -> Result<T> {
    let mut file = OpenOptions::new().write(true).open(path).map_err(io_error)?;
    write_stream(&mut file, fill)
}

/// Puts together in memory what goes into a stream, where nothing can be gone back to.
pub(crate) fn write_stream<T>(
    out: &mut dyn Write,
    fill: impl FnOnce(&mut dyn WriteSeek) -> Result<T>,
) -> Result<T> {
    let mut bytes = InMemory::default();
    let result = fill(&mut bytes)?;
    out.write_all(bytes.0.get_ref()).and_then(|()| out.flush()).map_err(io_error)?;
    Ok(result)
}

/// A file in memory. Where that does not suffice, writing fails; a plain `Cursor` would end the
/// process.
#[derive(Default)]
struct InMemory(Cursor<Vec<u8>>);

impl Write for InMemory {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let at = usize::try_from(self.0.position()).unwrap_or(usize::MAX);
        let more = at.saturating_add(bytes.len()).saturating_sub(self.0.get_ref().len());
        self.0.get_mut().try_reserve(more)?;
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Seek for InMemory {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.0.seek(to)
    }
}

fn replace<T>(
    target: &Path,
    permissions: Option<fs::Permissions>,
    fill: impl FnOnce(&mut dyn WriteSeek) -> Result<T>,
) -> Result<T> {
    let mut part = part_beside(target)?;
    let result = fill_file(part.as_file_mut(), fill)?;
    if let Some(permissions) = permissions {
        part.as_file().set_permissions(permissions).map_err(io_error)?;
    }
    part.persist(target).map_err(|e| io_error(e.error))?;
    Ok(result)
}

/// An empty file beside the one that is wanted, which goes when it is dropped.
fn part_beside(target: &Path) -> Result<NamedTempFile> {
    let folder = match target.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let mut builder = tempfile::Builder::new();
    builder.prefix(".impasto-").suffix(".part");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder).map_err(|e| in_folder(folder, e))
}

fn fill_file<T>(file: &mut File, fill: impl FnOnce(&mut dyn WriteSeek) -> Result<T>) -> Result<T> {
    let mut out = BufWriter::with_capacity(1 << 18, file);
    let result = fill(&mut out)?;
    out.flush().map_err(io_error)?;
    Ok(result)
}

fn in_folder(folder: &Path, error: io::Error) -> Error {
    // tempfile's own text names the temporary file, which says nothing to the caller.
    let cause = match error.kind() {
        io::ErrorKind::NotFound => "there is no such folder".to_owned(),
        io::ErrorKind::PermissionDenied => "the folder is not writable".to_owned(),
        _ => error.to_string(),
    };
    Error::new(ErrorKind::File, format!("folder '{}': {cause}", folder.display()))
}

/// Where a link leads, whether or not there is a file yet.
fn link_target(path: &Path) -> Result<PathBuf> {
    let mut target = path.to_path_buf();
    for _ in 0..MAX_LINKS {
        match fs::read_link(&target) {
            Ok(link) => target = target.parent().unwrap_or(Path::new("")).join(link),
            Err(_) => return Ok(target),
        }
    }
    Err(Error::new(ErrorKind::File, "the link leads in a circle"))
}

/// An error of the file system; callers say what they tried.
pub(crate) fn io_error(error: io::Error) -> Error {
    let kind = match error.kind() {
        io::ErrorKind::OutOfMemory => ErrorKind::Memory,
        _ => ErrorKind::File,
    };
    Error::new(kind, error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_gets_what_was_put_together_for_it() {
        let mut out = Vec::new();
        write_stream(&mut out, |file| {
            file.write_all(b"____ and after").map_err(io_error)?;
            file.seek(SeekFrom::Start(0)).map_err(io_error)?;
            file.write_all(b"here").map_err(io_error)
        })
        .unwrap();
        assert_eq!(out, b"here and after");
    }

    #[test]
    fn what_no_memory_holds_is_an_error_of_the_memory() {
        let mut out = Vec::new();
        for place in [1 << 62, u64::MAX] {
            let error = write_stream(&mut out, |file| {
                file.seek(SeekFrom::Start(place)).map_err(io_error)?;
                file.write_all(b"far away").map_err(io_error)
            })
            .unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Memory, "{error}");
        }
        assert!(out.is_empty());
    }
}
