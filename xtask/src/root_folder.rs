//! Root folders: another Debian in a folder under `target/`, whose programs this one lacks or has
//! too old. Made once with mmdebstrap, which takes a minute or two, and used again.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};

use crate::replace;
use crate::repo::Repo;
use crate::tools;

/// A Debian and what is installed in it.
pub struct Debian {
    /// The folder's name.
    pub name: &'static str,
    suite: &'static str,
    /// Of another processor than this one's, some packages.
    foreign: Option<&'static str>,
    packages: &'static [&'static str],
}

/// GIMP 3.0, and Slurm with what sets a network up.
pub const TRIXIE: Debian = Debian {
    name: "trixie",
    suite: "trixie",
    foreign: None,
    packages: &["gimp", "slurm-wlm", "iproute2", "procps"],
};

/// GIMP 3.2, a `melt` that takes OpenFX nodes, and what windows need.
pub const SID: Debian = Debian {
    name: "sid",
    suite: "sid",
    foreign: None,
    packages: &[
        "gimp",
        "melt",
        "xvfb",
        "xauth",
        "xdotool",
        "openbox",
        "imagemagick",
        "dbus",
        "dbus-x11",
        "appstream",
    ],
};

/// The video editors on MLT, with what their windows need.
pub const EDITORS: Debian = Debian {
    name: "editors",
    suite: "sid",
    foreign: None,
    packages: &[
        "kdenlive",
        "shotcut",
        "melt",
        "qml6-module-org-kde-desktop",
        "breeze-icon-theme",
        "qt6-svg-plugins",
        "xvfb",
        "xdotool",
        "openbox",
        "imagemagick",
        "dbus",
        "dbus-x11",
    ],
};

/// Rust with the source of its standard library, compilers and a linker for Windows, and Wine.
/// Apart from [`SID`]: neither need wait for the other's packages.
pub const WINDOWS: Debian = Debian {
    name: "windows",
    suite: "sid",
    foreign: None,
    packages: &["rustc", "cargo", "rust-src", "g++-mingw-w64-x86-64-win32", "wine", "wine64"],
};

/// Rust with the standard library of ARM64, a linker for it, and an emulator of its processors.
pub const ARM64: Debian = Debian {
    name: "arm64",
    suite: "sid",
    foreign: Some("arm64"),
    packages: &[
        "rustc",
        "cargo",
        "libstd-rust-dev:arm64",
        "gcc-aarch64-linux-gnu",
        "libc6-dev-arm64-cross",
        "qemu-user",
    ],
};

/// What the folder holds, in words; lies in it.
const STAMP: &str = "etc/impasto-root-folder";

/// Where the shared folder lies for programs in a root folder.
pub const SHARED: &str = "/shared";

/// Runs "$@" in the root folder with a `/proc`, `/dev/shm` and `/tmp` of its own. The mounts are seen
/// by these processes only and end with them. Before "$@" stand the root folder and, up to `--`,
/// pairs of a folder and its place in there.
const ENTER: &str = r#"
set -e
root=$1
shift
while [ "$1" != -- ]; do
    mkdir -p "$root$2"
    mount --bind "$1" "$root$2"
    shift 2
done
shift
mount --rbind /dev "$root/dev"
mount -t tmpfs tmpfs "$root/dev/shm"
mount -t proc proc "$root/proc"
mount -t tmpfs tmpfs "$root/tmp"
exec chroot "$root" env -i LANG=C.UTF-8 PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    sh -c 'cd /shared; exec "$@"' sh "$@"
"#;

pub struct RootFolder {
    path: PathBuf,
}

impl RootFolder {
    /// Why no root folder can be made or used here.
    pub fn obstacle() -> Option<String> {
        if cfg!(not(target_os = "linux")) {
            return Some("root folders are made on Linux".to_owned());
        }
        if !tools::is_root() {
            return Some("making and entering a root folder needs root".to_owned());
        }
        let apart = apart("true").status();
        if !apart.is_ok_and(|status| status.success()) {
            return Some("this machine gives no namespaces (unshare)".to_owned());
        }
        let missing = tools::provide(&["mmdebstrap"]);
        missing.first().map(|tool| format!("there is no {tool}"))
    }

    /// The root folder of `debian`, made if it is not there. Ask for an [`RootFolder::obstacle`]
    /// first.
    pub fn provide(repo: &Repo, debian: &Debian) -> Result<Self> {
        let folders = repo.target().join("root-folders");
        let path = folders.join(debian.name);
        if fs::read_to_string(path.join(STAMP)).is_ok_and(|stamp| stamp == debian.stamp()) {
            return Ok(Self { path });
        }
        fs::create_dir_all(&folders)
            .with_context(|| format!("cannot make {}", folders.display()))?;
        let work = tempfile::Builder::new().prefix(".making-").tempdir_in(&folders)?;
        let made = work.path().join("made");
        println!("making a root folder of Debian {} (takes minutes) ...", debian.suite);
        make(debian, &made)
            .with_context(|| format!("making a root folder of Debian {}", debian.suite))?;
        replace::folder(&made, &path, &work.path().join("old"))
            .with_context(|| format!("cannot rename the new folder to {}", path.display()))?;
        Ok(Self { path })
    }

    /// `program` in this root folder, started in `shared`, which it sees as [`SHARED`]. It has no
    /// other folder of this machine, none of the caller's variables, no network and nothing else
    /// by which two runs could meet, and ends with the command.
    pub fn command(&self, shared: &Path, program: &str) -> Command {
        self.command_with(&[(shared, SHARED)], program)
    }

    /// As [`RootFolder::command`], with several folders and where it sees them: one of them is
    /// [`SHARED`].
    pub fn command_with(&self, folders: &[(&Path, &str)], program: &str) -> Command {
        let mut command = apart("sh");
        command.args(["-c", ENTER, "sh"]).arg(&self.path);
        for (folder, place) in folders {
            command.arg(folder).arg(place);
        }
        command.args(["--", program]);
        command
    }

    /// A file or folder of the root folder, as it is called out here. Links in it lead nowhere.
    pub fn outside(&self, inside: &str) -> PathBuf {
        self.path.join(inside.trim_start_matches('/'))
    }
}

impl Debian {
    fn stamp(&self) -> String {
        format!("{}: {}\n", self.suite, self.packages.join(" "))
    }
}

/// A command in a root folder, ended after `patience`: by a program out here, for as a root
/// folder's first process that of sid's fails.
pub fn limited(inside: &Command, patience: Duration) -> Command {
    let mut command = Command::new("timeout");
    command.args(["--kill-after=5", &patience.as_secs().to_string()]);
    command.arg(inside.get_program()).args(inside.get_args()).stdin(Stdio::null());
    command
}

/// A program whose mounts and children end with it.
fn alone(program: &str) -> Command {
    unshared(&[], program)
}

/// As [`alone`]; two runs do not meet at sockets or shared memory, as those of displays, either.
fn apart(program: &str) -> Command {
    unshared(&["--net", "--ipc"], program)
}

fn unshared(more: &[&str], program: &str) -> Command {
    let mut command = Command::new("unshare");
    command.args(["--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]).args(more);
    command.args(["--", program]).stdin(Stdio::null());
    command
}

fn make(debian: &Debian, folder: &Path) -> Result<()> {
    let mut mmdebstrap = alone("mmdebstrap");
    if let Some(foreign) = debian.foreign {
        mmdebstrap.arg(format!("--architectures=amd64,{foreign}"));
    }
    let output = mmdebstrap
        .args(["--quiet", "--mode=root", "--format=directory", "--variant=apt"])
        // The list of a suite that moves may be past its date on a mirror.
        .arg("--aptopt=Acquire::Check-Valid-Until \"false\"")
        .arg(format!("--include={}", debian.packages.join(",")))
        .arg(debian.suite)
        .arg(folder)
        .arg(mirror()?)
        .output()
        .context("mmdebstrap could not be started")?;
    if !output.status.success() {
        bail!(
            "mmdebstrap failed ({}):\n{}Check the network connection and the space on the disk, \
             and try again",
            output.status,
            String::from_utf8_lossy(&output.stderr)
        );
    }
    fs::write(folder.join(STAMP), debian.stamp()).context("cannot write in the new folder")
}

/// The mirror that this machine's own apt takes Debian from.
fn mirror() -> Result<String> {
    let mut mirror = first_mirror()?;
    if mirror.is_empty() {
        // What a mirror holds is known once its lists are there.
        let updated = Command::new("apt-get").args(["--quiet=2", "update"]).status();
        updated.context("apt-get could not be started")?;
        mirror = first_mirror()?;
    }
    ensure!(
        !mirror.is_empty(),
        "apt knows no mirror of Debian. Correct /etc/apt/sources.list.d, and run `apt-get update`"
    );
    Ok(mirror)
}

fn first_mirror() -> Result<String> {
    let output = Command::new("apt-get")
        .args(["indextargets", "--format", "$(REPO_URI)", "Created-By: Packages", "Label: Debian"])
        .output()
        .context("apt-get could not be started")?;
    let text = String::from_utf8_lossy(&output.stdout);
    Ok(text.lines().next().unwrap_or_default().to_owned())
}
