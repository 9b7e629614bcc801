//! What fuzzing found worth keeping, replayed.

use std::fs;
use std::path::Path;

use impasto::file::FileFormat;

#[path = "../../fuzz/bodies/picture.rs"]
mod picture;

#[test]
fn pictures_of_any_bytes_are_read_or_refused() {
    for format in FileFormat::ALL {
        let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus");
        let folder = corpus.join(format.extensions()[0]);
        let files: Vec<_> = fs::read_dir(&folder).unwrap().map(|file| file.unwrap()).collect();
        assert!(!files.is_empty(), "{}", folder.display());
        for file in files {
            println!("{}", file.path().display());
            picture::run(format, &fs::read(file.path()).unwrap());
        }
    }
}
