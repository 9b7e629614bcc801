//! Where the library is looked for: what copies of this program find, which look beside themselves.
#![cfg(target_os = "linux")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use impasto_client::{Engine, Library};
use tempfile::TempDir;

use crate::common::program::run;
use crate::common::scratch;
use crate::fixtures::{built, own_folders};

/// What the programs below do: they are copies of this one, which look beside themselves.
#[test]
#[ignore = "other tests run it in a process of its own"]
fn loads_what_it_finds() {
    match Library::load(None) {
        Ok(library) => println!("\nloaded {}", library.path().display()),
        Err(error) => println!("\nrefused {:?} {error}", error.status()),
    }
}

/// What hosts do that only list their plug-ins.
#[test]
#[ignore = "another test runs it in a process of its own"]
fn asks_without_painting() {
    let library = Library::load(None).unwrap();
    let engine = Engine::new(&library, &own_folders()).unwrap();
    let asked = (library.settings().len(), engine.styles().unwrap().len());
    assert!(asked.0 > 20 && asked.1 > 0, "{asked:?}");
    let loaded = fs::read_to_string("/proc/self/maps").unwrap();
    assert!(loaded.contains("libimpasto"), "{loaded}");
    for heavy in ["onnxruntime", ".onnx", ".safetensors"] {
        assert!(!loaded.contains(heavy), "{heavy} is loaded");
    }
    println!("\nasked");
}

/// A copy of this program in the folder `bin` of a prefix of its own.
struct Program {
    prefix: TempDir,
}

impl Program {
    fn new() -> Self {
        let prefix = tempfile::tempdir_in(scratch()).unwrap();
        for folder in ["bin/lib", "lib/impasto", "elsewhere", "home/.local/lib"] {
            fs::create_dir_all(prefix.path().join(folder)).unwrap();
        }
        let program = Self { prefix };
        fs::copy(std::env::current_exe().unwrap(), program.at("bin/host")).unwrap();
        program
    }

    fn at(&self, place: &str) -> PathBuf {
        self.prefix.path().canonicalize().unwrap().join(place)
    }

    /// Puts a text in place of a library, which is refused where it is found.
    fn put(&self, place: &str) -> PathBuf {
        fs::write(self.at(place), "text").unwrap();
        self.at(place)
    }

    /// The line of `loads_what_it_finds`.
    fn says(&self, variables: &[(&str, &Path)]) -> String {
        let text = self.does("places::loads_what_it_finds", variables);
        let mut lines = text.lines();
        let line = lines.find(|line| line.starts_with("loaded ") || line.starts_with("refused "));
        line.unwrap().to_owned()
    }

    /// What a test prints in a process of its own, whose home is a folder of the prefix.
    fn does(&self, test: &str, variables: &[(&str, &Path)]) -> String {
        let mut command = Command::new(self.at("bin/host"));
        command.args(["--ignored", "--exact", "--nocapture", test]);
        command.env_remove("IMPASTO_LIBRARY").env("LD_LIBRARY_PATH", self.at("elsewhere"));
        command.env("HOME", self.at("home")).current_dir(self.at("elsewhere"));
        let ran = run(command.envs(variables.iter().copied()));
        assert_eq!(ran.code, Some(0), "{}{}", ran.text(), ran.stderr);
        ran.text()
    }
}

fn is_installed() -> bool {
    let is_installed = Library::places().iter().any(|p| p.starts_with("/usr") && p.exists());
    if is_installed {
        println!("skipped: a library is installed here");
    }
    is_installed
}

#[test]
fn without_a_library_all_places_are_told_at_once() {
    if is_installed() {
        return;
    }
    let program = Program::new();
    // The working directory and the loader's own list are no places.
    program.put("elsewhere/libimpasto.so.0.2");
    program.put("elsewhere/libimpasto.so");
    let said = program.says(&[]);
    assert!(said.starts_with("refused Library cannot find Impasto's library"), "{said}");
    for place in
        ["bin", "bin/lib", "lib", "lib/impasto", "home/.local/lib", "/usr/local/lib", "/usr/lib"]
    {
        let place = program.at(place).display().to_string();
        assert!(said.contains(&format!(" {place}")), "no '{place}' in: {said}");
    }
    for words in ["libimpasto.so.0.2", "libimpasto.so ", "cargo xtask install", "IMPASTO_LIBRARY"] {
        assert!(said.contains(words), "no '{words}' in: {said}");
    }
    assert!(!said.contains("elsewhere"), "{said}");
    // An empty variable is one that is not set.
    assert_eq!(program.says(&[("IMPASTO_LIBRARY", Path::new(""))]), said);
}

#[test]
fn the_nearest_library_is_taken() {
    let program = Program::new();
    let mut places = vec!["home/.local/lib/libimpasto.so", "home/.local/lib/libimpasto.so.0.2"];
    places.extend(["lib/impasto/libimpasto.so", "lib/libimpasto.so"]);
    places.extend(["bin/lib/libimpasto.so.0.2", "bin/libimpasto.so", "bin/libimpasto.so.0.2"]);
    for place in places {
        let file = program.put(place);
        let said = program.says(&[]);
        assert!(said.contains(&format!("'{}' is not a library", file.display())), "{said}");
    }
    let named = built();
    let loaded = format!("loaded {}", named.display());
    assert_eq!(program.says(&[("IMPASTO_LIBRARY", &named)]), loaded);
    // What is named wrongly is told, not passed over.
    let said = program.says(&[("IMPASTO_LIBRARY", &program.at("nowhere.so"))]);
    assert!(said.contains("nowhere.so' cannot be read"), "{said}");
    // A link stands for its file.
    fs::remove_file(program.at("bin/libimpasto.so.0.2")).unwrap();
    std::os::unix::fs::symlink(&named, program.at("bin/libimpasto.so.0.2")).unwrap();
    assert_eq!(program.says(&[]), loaded);
}

#[test]
fn a_library_that_was_installed_for_the_user_is_found() {
    let (program, built) = (Program::new(), built());
    for name in ["libimpasto.so", "libimpasto.so.0.2"] {
        let link = program.at("home/.local/lib").join(name);
        std::os::unix::fs::symlink(&built, &link).unwrap();
        assert_eq!(program.says(&[]), format!("loaded {}", built.display()));
        fs::remove_file(link).unwrap();
    }
}

#[test]
fn asking_loads_neither_the_runtime_nor_a_network() {
    let (program, built) = (Program::new(), built());
    let said = program.does("places::asks_without_painting", &[("IMPASTO_LIBRARY", &built)]);
    assert!(said.lines().any(|line| line == "asked"), "{said}");
}
