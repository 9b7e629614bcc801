//! The crate against the C header that it was written for.

use std::fs;

use impasto_client::Version;

use crate::common::root;

fn header() -> String {
    fs::read_to_string(root().join("include/impasto.h")).unwrap()
}

#[test]
fn the_crate_knows_the_version_of_the_header() {
    let header = header();
    let number = |name: &str| -> u32 {
        let start = format!("#define IMPASTO_VERSION_{name} ");
        header.lines().find_map(|line| line.strip_prefix(&start)).unwrap().parse().unwrap()
    };
    let Version { major, minor, patch } = Version::NEEDED;
    assert_eq!((major, minor, patch), (number("MAJOR"), number("MINOR"), number("PATCH")));
}

#[test]
fn the_crate_reaches_all_of_the_header() {
    /// What the crate says in types of its own.
    const IN_TYPES: [&str; 3] =
        ["impasto_version", "impasto_version_number", "impasto_status_name"];
    let table = fs::read_to_string(root().join("include/rust/src/ffi/functions.rs")).unwrap();
    let header = header();
    let declared = header.lines().filter(|line| line.starts_with(char::is_alphabetic));
    let name = |line: &str| {
        let (before, _) = line.split_once('(')?;
        let name = &before[before.rfind("impasto_")?..];
        (!line.starts_with("typedef")).then(|| name.to_owned())
    };
    let names: Vec<_> = declared.filter_map(name).collect();
    assert!(names.len() > 50, "{names:?}");
    for name in names.iter().filter(|name| !IN_TYPES.contains(&name.as_str())) {
        assert!(table.contains(&format!("fn {name}(")), "{name} is out of reach");
    }
}

#[test]
fn the_readme_shows_the_example() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let example = fs::read_to_string(root().join("include/rust/examples/paint.rs")).unwrap();
    let (_, code) = readme.split_once("```rust\n").unwrap();
    let (code, _) = code.split_once("```").unwrap();
    assert!(example.ends_with(code), "the examples differ");
}
