//! What a file's name says, and what it does not.

use impasto::ErrorKind;
use impasto::file::{FileFormat, WriteOptions, detect, read, write};
use impasto::image::{Channels, ColorSpace, SampleType};

use crate::fixtures::{bytes_of, patterned};

#[test]
fn content_and_not_the_name_decides_when_reading() {
    let folder = tempfile::tempdir().unwrap();
    let picture = patterned(7, 5, Channels::Rgb, SampleType::U8, ColorSpace::Srgb);
    let path = folder.path().join("picture.jpg");
    std::fs::write(&path, bytes_of(&picture, FileFormat::Tiff).0).unwrap();
    assert!(read(&path).unwrap() == picture);
}

#[test]
fn the_extension_decides_when_writing() {
    let folder = tempfile::tempdir().unwrap();
    let picture = patterned(7, 5, Channels::Rgb, SampleType::U8, ColorSpace::Srgb);
    for format in FileFormat::WRITTEN {
        for extension in format.extensions() {
            for extension in [extension.to_string(), extension.to_uppercase()] {
                let path = folder.path().join(format!("picture.{extension}"));
                assert_eq!(FileFormat::from_path(&path), Some(format));
                write(&picture, &path, &WriteOptions::default()).unwrap();
                assert_eq!(detect(&std::fs::read(&path).unwrap()), Some(format));
            }
        }
    }
    let path = folder.path().join("picture.bmp");
    let error = write(&picture, &path, &WriteOptions::default()).unwrap_err();
    let message = error.full_message();
    assert_eq!(error.kind(), ErrorKind::Argument);
    assert!(message.starts_with("cannot write the picture") && message.contains(".webp, .exr"));
    let options = WriteOptions { format: Some(FileFormat::Png), ..WriteOptions::default() };
    write(&picture, &path, &options).unwrap();
    assert!(read(&path).unwrap() == picture);
}
