//! What the C library is called by those who load it.

const MAJOR: &str = env!("CARGO_PKG_VERSION_MAJOR");
const MINOR: &str = env!("CARGO_PKG_VERSION_MINOR");

/// The line of versions whose interface stays the same: the major version, before 1.0 the minor
/// one, too.
pub fn line() -> String {
    if MAJOR == "0" { format!("{MAJOR}.{MINOR}") } else { MAJOR.to_owned() }
}

/// The file by which programs find the library when they start.
pub fn library_name() -> String {
    if cfg!(windows) {
        "impasto.dll".to_owned()
    } else if cfg!(target_os = "macos") {
        "libimpasto.dylib".to_owned()
    } else {
        format!("libimpasto.so.{}", line())
    }
}
