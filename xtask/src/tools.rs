//! Programs that suites need from the system.

use std::process::{Command, Stdio};

/// Installs those that are missing, where we may; returns those that still are.
pub fn provide(tools: &[&'static str]) -> Vec<&'static str> {
    let missing = missing(tools);
    if missing.is_empty() || !may_install() {
        return missing;
    }
    eprintln!("installing {} with apt-get ...", missing.join(", "));
    let apt = |args: &[&str]| {
        let status = Command::new("apt-get")
            .arg("--quiet=2")
            .args(args)
            .env("DEBIAN_FRONTEND", "noninteractive")
            .status();
        status.is_ok_and(|status| status.success())
    };
    let packages: Vec<_> = missing.iter().map(|tool| package(tool)).collect();
    let install = [&["install", "--yes", "--no-install-recommends"], &packages[..]].concat();
    // The list of packages may be old or not there.
    if !apt(&install) && apt(&["update"]) {
        apt(&install);
    }
    self::missing(tools)
}

/// Debian's.
fn package(tool: &'static str) -> &'static str {
    match tool {
        "qemu-x86_64" => "qemu-user",
        same => same,
    }
}

fn missing(tools: &[&'static str]) -> Vec<&'static str> {
    tools.iter().copied().filter(|tool| !answers(tool)).collect()
}

fn answers(tool: &str) -> bool {
    let mut command = Command::new(tool);
    let asked = if tool == "ffmpeg" { "-version" } else { "--version" };
    command.arg(asked).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

fn may_install() -> bool {
    is_root() && answers("apt-get")
}

pub fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output();
    id.is_ok_and(|id| id.stdout.trim_ascii() == b"0")
}
