//! Once loaded, the node stays in a process: engines, styles and looks are kept from one host's
//! unloading to the next loading, and threads that rendered may end after it.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_OS").as_deref() == Ok("linux") {
        println!("cargo::rustc-cdylib-link-arg=-Wl,-z,nodelete");
    }
}
