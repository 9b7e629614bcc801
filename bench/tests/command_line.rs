//! The command line of `impasto-bench`.

#![allow(clippy::unwrap_used)]

use std::process::{Command, Output};

use impasto::settings::{Place, SETTINGS};

fn bench(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_impasto-bench")).args(arguments).output().unwrap()
}

#[test]
fn help_lists_every_setting_of_a_painting() {
    let help = String::from_utf8(bench(&["--help"]).stdout).unwrap();
    assert!(help.contains("Usage") && help.contains("--runtime"), "{help}");
    for setting in SETTINGS.iter().filter(|setting| setting.place != Place::Programs) {
        assert!(help.contains(&format!("--{} <", setting.name)), "{}", setting.name);
    }
}

#[test]
fn settings_of_the_other_method_are_refused() {
    let refused = bench(&["--style-weight", "3"]);
    assert_eq!(refused.status.code(), Some(2));
    let words = String::from_utf8(refused.stderr).unwrap();
    assert!(words.contains("--method optimize"), "{words}");
}
