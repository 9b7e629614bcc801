//! The source text of the layer effect's properties, from the engine's settings and styles: GIMP asks
//! for them in its own process, where the engine is not loaded.

use std::fmt::Write;

use anyhow::{Context, Result};
use impasto_client::{Engine, EngineOptions, Library, Place, Setting, SettingKind};

use crate::cargo::Built;
use crate::repo::Repo;

/// What is written.
pub const FILE: &str = "plugin-gegl/src/table.rs";

/// A method that takes minutes, in which GIMP would not answer.
const TOO_SLOW: &str = "optimize";

/// The text of [`FILE`].
pub fn text(repo: &Repo, built: &Built) -> Result<String> {
    let (library, engine) = engine(repo, built)?;
    let mut text = String::from(
        "//! Styles and settings of the engine. `cargo xtask options` writes this file.\n\n\
         use crate::property::{Kind, Property};\n\n\
         /// The styles that come with Impasto, behind none: name and title.\n\
         pub const STYLES: &[(&str, &str)] = &[\n    (\"none\", \"None\"),\n",
    );
    for style in engine.styles()? {
        writeln!(text, "    ({:?}, {:?}),", style.name, style.title)?;
    }
    text += "];\n\n/// The settings of the fast and the studio method.\n\
             pub const SETTINGS: &[Property] = &[\n";
    for setting in settings(&library) {
        text += &property(&setting);
    }
    text += "];\n";
    Ok(text)
}

/// The engine's settings that are properties. What everybody needs stands on top.
pub fn settings(library: &Library) -> Vec<Setting> {
    let mut settings = library.settings();
    settings.retain(|s| s.place != Place::Programs && (s.methods.fast || s.methods.studio));
    settings.sort_by_key(|s| (s.name != "method", s.place != Place::Front, !s.methods.fast));
    settings
}

/// What is said of a property: of the setting all but a method that it does not have.
pub fn help(setting: &Setting) -> String {
    let parts = setting.help.split("; ").filter(|part| !part.starts_with(TOO_SLOW));
    parts.collect::<Vec<_>>().join("; ")
}

/// The engine that was built, with the styles that come with it.
pub fn engine(repo: &Repo, built: &Built) -> Result<(Library, Engine)> {
    let library = built.library.as_deref().context("cargo made no library")?;
    let library = Library::load(Some(library))?;
    let models = Some(repo.models());
    let user_styles = Some(repo.target().join("no-styles"));
    let engine =
        Engine::new(&library, &EngineOptions { models, user_styles, ..EngineOptions::default() })?;
    Ok((library, engine))
}

fn property(setting: &Setting) -> String {
    let Setting { name, label, .. } = setting;
    let (help, kind) = (help(setting), kind(setting));
    format!(
        "    Property {{\n        name: {name:?},\n        label: {label:?},\n        \
         help: {help:?},\n        kind: {kind},\n    }},\n"
    )
}

fn kind(setting: &Setting) -> String {
    let [least, most] = setting.range().unwrap_or_default();
    match &setting.kind {
        SettingKind::Float { default, .. } => {
            format!("Kind::Float {{ least: {least:?}, most: {most:?}, default: {default:?} }}")
        }
        SettingKind::Integer { .. } if most > f64::from(i32::MAX) => "Kind::Seed".to_owned(),
        SettingKind::Integer { default, .. } => {
            format!("Kind::Integer {{ least: {least}, most: {most}, default: {default} }}")
        }
        SettingKind::Choice { choices, .. } => {
            let choices = choices.iter().filter(|choice| choice.name != TOO_SLOW);
            let choices: Vec<_> =
                choices.map(|c| format!("({:?}, {:?})", c.name, c.label)).collect();
            let default = setting.default_text;
            format!("Kind::Choice {{ choices: &[{}], default: {default:?} }}", choices.join(", "))
        }
        _ => format!("Kind::Text {{ default: {:?} }}", setting.default_text),
    }
}
