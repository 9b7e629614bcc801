//! Where everybody's GIMP under a prefix looks for plug-ins: `gimp/3.0/plug-ins` (that of 3.2 has
//! the same name) in the folder of libraries that it was built with, which is not the same on all
//! systems.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

/// Below a folder of libraries.
const GIMP: &str = "gimp/3.0";
const PLUG_INS: &str = "plug-ins";

/// `folder`, which may be relative to the prefix, as it lies below it.
pub fn below(prefix: &Path, folder: &Path) -> Result<PathBuf> {
    let whole = prefix.join(folder);
    whole.strip_prefix(prefix).ok().map(Path::to_path_buf).with_context(|| {
        format!(
            "'{}' is not below the prefix '{}'. Give --folder alone, or one below the prefix",
            folder.display(),
            prefix.display()
        )
    })
}

/// The folder of plug-ins, relative to the prefix: one that is there, else the one that GIMP tells,
/// else as this system has it.
pub fn plug_ins(prefix: &Path) -> PathBuf {
    choose(prefix, told(answer), Path::new("/usr"))
}

fn choose(prefix: &Path, told: Option<PathBuf>, system: &Path) -> PathBuf {
    let usual = library_folders().map(|libraries| libraries.join(GIMP));
    let known = told.clone().into_iter().chain(usual).map(|gimp| gimp.join(PLUG_INS));
    let there = known.into_iter().find(|folder| prefix.join(folder).is_dir());
    there.unwrap_or_else(|| {
        let gimp = told.unwrap_or_else(|| system_libraries(system).join(GIMP));
        gimp.join(PLUG_INS)
    })
}

/// Debian's, Fedora's, and that of all others.
fn library_folders() -> [PathBuf; 3] {
    [format!("lib/{}-linux-gnu", env::consts::ARCH), "lib64".to_owned(), "lib".to_owned()]
        .map(PathBuf::from)
}

/// The folder of libraries by what lies below the system's own prefix.
fn system_libraries(system: &Path) -> PathBuf {
    let [multiarch, lib64, lib] = library_folders();
    if system.join(&multiarch).is_dir() {
        multiarch
    } else if system.join(&lib64).is_dir() && !system.join(&lib64).is_symlink() {
        lib64
    } else {
        lib
    }
}

/// GIMP's folder, relative to the prefix that GIMP was built for, where its files for developers
/// are installed.
fn told(ask: impl Fn(&str, &[&str]) -> Option<PathBuf>) -> Option<PathBuf> {
    let variable = |name: &str| ask("pkg-config", &[&format!("--variable={name}"), "gimp-3.0"]);
    let gimp = variable("gimplibdir").or_else(|| ask("gimptool-3.0", &["--gimpplugindir"]))?;
    let prefix = variable("prefix").unwrap_or_else(|| PathBuf::from("/usr"));
    gimp.strip_prefix(prefix).ok().map(Path::to_path_buf)
}

/// The path that a program prints.
fn answer(program: &str, arguments: &[&str]) -> Option<PathBuf> {
    let output = Command::new(program).args(arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let path = PathBuf::from(text.trim());
    (output.status.success() && path.is_absolute()).then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn system(folders: &[&str]) -> tempfile::TempDir {
        let system = tempfile::tempdir().unwrap();
        for folder in folders {
            fs::create_dir_all(system.path().join(folder)).unwrap();
        }
        system
    }

    fn multiarch() -> String {
        format!("lib/{}-linux-gnu", env::consts::ARCH)
    }

    #[test]
    fn a_folder_that_is_there_is_taken() {
        let nothing = system(&[]);
        for libraries in [multiarch(), "lib64".to_owned(), "lib".to_owned()] {
            let folder = format!("{libraries}/gimp/3.0/plug-ins");
            let prefix = system(&[&folder]);
            assert_eq!(choose(prefix.path(), None, nothing.path()), Path::new(&folder));
        }
    }

    #[test]
    fn what_gimp_tells_serves_an_empty_prefix() {
        let ask = |program: &str, arguments: &[&str]| match (program, arguments) {
            ("pkg-config", ["--variable=gimplibdir", "gimp-3.0"]) => {
                Some("/opt/gimp/lib/there/gimp/3.0".into())
            }
            ("pkg-config", ["--variable=prefix", "gimp-3.0"]) => Some("/opt/gimp".into()),
            _ => None,
        };
        let nothing = system(&[]);
        assert_eq!(
            choose(nothing.path(), told(ask), nothing.path()),
            Path::new("lib/there/gimp/3.0/plug-ins")
        );
        let ask = |program: &str, _: &[&str]| {
            (program == "gimptool-3.0").then(|| "/usr/lib64/gimp/3.0".into())
        };
        assert_eq!(told(ask), Some("lib64/gimp/3.0".into()));
        assert_eq!(told(|_, _| None), None);
    }

    #[test]
    fn an_empty_prefix_has_the_systems_folders() {
        let empty = system(&[]);
        let chosen = |folders: &[&str]| choose(empty.path(), None, system(folders).path());
        let plug_ins = |libraries: &str| Path::new(libraries).join("gimp/3.0/plug-ins");
        assert_eq!(chosen(&[&multiarch(), "lib64"]), plug_ins(&multiarch()));
        assert_eq!(chosen(&["lib64", "lib"]), plug_ins("lib64"));
        assert_eq!(chosen(&["lib"]), plug_ins("lib"));
    }

    #[test]
    fn a_named_folder_lies_below_the_prefix() {
        let prefix = Path::new("/usr");
        let relative = Path::new("lib64/gimp/3.0/plug-ins");
        assert_eq!(below(prefix, relative).unwrap(), relative);
        assert_eq!(below(prefix, &prefix.join(relative)).unwrap(), relative);
        below(prefix, Path::new("/opt/plug-ins")).unwrap_err();
    }
}
