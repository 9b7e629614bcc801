//! The tools that the suite needs from the system.

use std::process::{Command, Stdio};

/// Without these there is nothing to test. The names of all tools are also Debian's packages.
pub const ALWAYS: [&str; 3] = ["gcc", "cmake", "pkg-config"];

const TOOLS: [&str; 6] = ["gcc", "g++", "clang", "valgrind", "cmake", "pkg-config"];

/// Installs those that are missing, where we may; returns those that still are.
pub fn provide() -> Vec<&'static str> {
    let missing = missing();
    if missing.is_empty() || !may_install() {
        return missing;
    }
    println!("installing {} with apt-get ...", missing.join(", "));
    let apt = |args: &[&str]| {
        let status = Command::new("apt-get")
            .arg("--quiet=2")
            .args(args)
            .env("DEBIAN_FRONTEND", "noninteractive")
            .status();
        status.is_ok_and(|status| status.success())
    };
    let install = [&["install", "--yes", "--no-install-recommends"], &missing[..]].concat();
    // The list of packages may be old or not there.
    if !apt(&install) && apt(&["update"]) {
        apt(&install);
    }
    self::missing()
}

fn missing() -> Vec<&'static str> {
    TOOLS.into_iter().filter(|tool| !answers(tool)).collect()
}

fn answers(tool: &str) -> bool {
    let mut command = Command::new(tool);
    command.arg("--version").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

fn may_install() -> bool {
    let id = Command::new("id").arg("-u").output();
    id.is_ok_and(|id| id.stdout.trim_ascii() == b"0") && answers("apt-get")
}
