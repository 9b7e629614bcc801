//! Links the C library: by its name programs find that line of its interface, and once
//! loaded it stays in a process, for ONNX Runtime, which stays too, keeps addresses in it.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_OS").as_deref() == Ok("linux") {
        // Before 1.0 a minor version may change the interface.
        let (major, minor) = (env!("CARGO_PKG_VERSION_MAJOR"), env!("CARGO_PKG_VERSION_MINOR"));
        let line = if major == "0" { format!("{major}.{minor}") } else { major.to_owned() };
        println!("cargo::rustc-cdylib-link-arg=-Wl,-soname,libimpasto.so.{line}");
        println!("cargo::rustc-cdylib-link-arg=-Wl,-z,nodelete");
        // rav1d's functions have the names of libdav1d's, which a host may have loaded.
        println!("cargo::rustc-cdylib-link-arg=-Wl,--exclude-libs,ALL");
    }
}
