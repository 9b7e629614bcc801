//! `impasto settings`.

use impasto::settings::SETTINGS;
use serde_json::Value;

use crate::common::program::{impasto, run};

fn printed(arguments: &[&str]) -> String {
    run(impasto().arg("settings").args(arguments)).silently().text()
}

#[test]
fn every_setting_is_listed_for_people_and_for_programs() {
    let text = printed(&[]);
    let found: Vec<Value> = serde_json::from_str(&printed(&["--json"])).unwrap();
    assert_eq!(found.len(), SETTINGS.len());
    for (setting, found) in SETTINGS.iter().zip(found) {
        assert!(text.contains(setting.help), "{}", setting.name);
        assert_eq!(found["name"], setting.name);
        assert_eq!(found["range"], setting.range());
        assert_eq!(found["default"], setting.text_of(&setting.default()));
    }
}

#[test]
fn each_setting_stands_in_one_of_the_tables() {
    let tables = ["fast", "optimize", "programs"].map(|part| printed(&["--markdown", part]));
    for setting in SETTINGS {
        let row = format!("| `--{}` | ", setting.name);
        let rows = tables.iter().map(|table| table.matches(&row).count());
        assert_eq!(rows.sum::<usize>(), 1, "{}", setting.name);
    }
    for (table, name) in tables.iter().zip(["opacity", "schedule", "on-cancel"]) {
        assert!(table.contains(&format!("`--{name}`")), "{table}");
        assert!(table.starts_with("| option | range | default | what it does |\n|---|"), "{table}");
    }
}
