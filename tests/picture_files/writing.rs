//! Files appear whole or not at all.

use std::io::Write;
use std::path::Path;

use impasto::ErrorKind;
use impasto::file::{FileFormat, WriteOptions, read, write, write_bytes};
use impasto::image::{Channels, ColorSpace, Picture, PixelFormat, SampleType};

use crate::fixtures::patterned;

#[test]
fn a_failed_write_leaves_everything_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let options = WriteOptions::default();
    let wide =
        Picture::new(20_000, 1, PixelFormat::new(Channels::Rgb, SampleType::U8), ColorSpace::Srgb)
            .unwrap();
    let path = folder.path().join("picture.webp");
    std::fs::write(&path, b"precious").unwrap();
    let error = write(&wide, &path, &options).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Picture);
    assert_eq!(std::fs::read(&path).unwrap(), b"precious");
    assert_eq!(entries(folder.path()), ["picture.webp"]);

    let error = write(&wide, &folder.path().join("no/where.png"), &options).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::File);
    assert!(error.full_message().contains("no such folder"), "{}", error.full_message());

    std::fs::create_dir(folder.path().join("folder.png")).unwrap();
    let error = write(&wide, &folder.path().join("folder.png"), &options).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::File);

    let locked = folder.path().join("locked.png");
    std::fs::write(&locked, b"precious").unwrap();
    let mut permissions = std::fs::metadata(&locked).unwrap().permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(&locked, permissions).unwrap();
    let error = write(&wide, &locked, &options).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::File);
    assert_eq!(std::fs::read(&locked).unwrap(), b"precious");
    assert_eq!(entries(folder.path()), ["folder.png", "locked.png", "picture.webp"]);
}

#[test]
fn writers_at_the_same_time_leave_a_whole_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("picture.png");
    let pictures: Vec<_> = (1..=4)
        .map(|k| patterned(50 * k, 60, Channels::Rgb, SampleType::U8, ColorSpace::Srgb))
        .collect();
    write(&pictures[0], &path, &WriteOptions::default()).unwrap();
    std::thread::scope(|scope| {
        for picture in &pictures {
            scope.spawn(|| {
                for _ in 0..10 {
                    write(picture, &path, &WriteOptions::default()).unwrap();
                    let read = read(&path).unwrap();
                    assert!(pictures.contains(&read));
                }
            });
        }
    });
    assert_eq!(entries(folder.path()), ["picture.png"]);
}

fn entries(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[cfg(unix)]
#[test]
fn links_are_followed_and_permissions_kept() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let picture = patterned(7, 5, Channels::Rgb, SampleType::U8, ColorSpace::Srgb);
    let options = WriteOptions::default();
    std::fs::create_dir(at("there")).unwrap();
    std::fs::write(at("there/real.png"), b"old").unwrap();
    std::fs::set_permissions(at("there/real.png"), PermissionsExt::from_mode(0o640)).unwrap();
    symlink("there/real.png", at("link.png")).unwrap();
    symlink("link.png", at("second.png")).unwrap();
    write(&picture, &at("second.png"), &options).unwrap();
    for link in ["link.png", "second.png"] {
        assert!(std::fs::symlink_metadata(at(link)).unwrap().is_symlink());
    }
    assert!(read(&at("there/real.png")).unwrap() == picture);
    let mode = std::fs::metadata(at("there/real.png")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o640);
    // A link to nothing yet, and one to itself.
    symlink("there/new.png", at("to_new.png")).unwrap();
    write(&picture, &at("to_new.png"), &options).unwrap();
    assert!(read(&at("there/new.png")).unwrap() == picture);
    symlink("circle.png", at("circle.png")).unwrap();
    let error = write(&picture, &at("circle.png"), &options).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::File);
    // A new file's permissions are those of any other new file.
    std::fs::write(at("any"), b"").unwrap();
    let any = std::fs::metadata(at("any")).unwrap().permissions().mode();
    let new = std::fs::metadata(at("there/new.png")).unwrap().permissions().mode();
    assert_eq!(new, any);
}

#[cfg(target_os = "linux")]
#[test]
fn devices_are_written_to_directly() {
    let picture = patterned(20, 20, Channels::Rgb, SampleType::U8, ColorSpace::Srgb);
    for format in FileFormat::WRITTEN {
        let options = WriteOptions { format: Some(format), ..WriteOptions::default() };
        write(&picture, Path::new("/dev/null"), &options).unwrap();
        let error = write(&picture, Path::new("/dev/full"), &options).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::File);
    }
    use std::os::unix::fs::FileTypeExt;
    assert!(std::fs::metadata("/dev/full").unwrap().file_type().is_char_device());
}

#[test]
fn a_full_disk_is_an_error_of_the_file() {
    let picture = patterned(200, 200, Channels::Rgb, SampleType::U8, ColorSpace::Srgb);
    for format in FileFormat::WRITTEN {
        for room in [0, 500] {
            let options = WriteOptions::default();
            let error = write_bytes(&picture, format, &options, &mut Full(room)).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::File, "{}", error.full_message());
            let start = format!("cannot write the picture as {}", format.name());
            assert!(error.full_message().starts_with(&start));
        }
    }
}

/// A disk that has only so much room left.
struct Full(usize);

impl Write for Full {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.0 < bytes.len() {
            return Err(std::io::ErrorKind::StorageFull.into());
        }
        self.0 -= bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
