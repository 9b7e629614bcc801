//! Options that are built from the engine's table of settings.

use clap::{Arg, ArgMatches, Command};
use impasto::settings::{self, Kind, Method, Place, SETTINGS, Setting, Value};
use impasto::{Error, ErrorKind, Result, Settings};

/// Adds an option for each of some settings.
pub fn with_settings<'s>(
    command: Command,
    settings: impl IntoIterator<Item = &'s Setting>,
) -> Command {
    settings.into_iter().fold(command, |command, setting| {
        command.next_help_heading(heading(setting)).arg(
            Arg::new(setting.name)
                .long(setting.name)
                .help(help(setting))
                .value_name(placeholder(setting))
                .allow_negative_numbers(true),
        )
    })
}

/// The values that a setting takes, for people: "0 to 86400; in seconds; default 20".
pub fn values(setting: &Setting) -> String {
    let mut words = range(setting);
    let default = default(setting);
    if !default.is_empty() {
        words += &format!("; default {default}");
    }
    words
}

/// The range of a setting with its unit.
pub fn range(setting: &Setting) -> String {
    match setting.unit {
        "" => setting.range(),
        unit => format!("{}; in {unit}", setting.range()),
    }
}

/// The default of a setting as one would write it; empty where that is nothing.
pub fn default(setting: &Setting) -> String {
    setting.text_of(&setting.default())
}

fn heading(setting: &Setting) -> &'static str {
    match (setting.place, setting.methods.fast, setting.methods.optimize) {
        (Place::Programs, ..) => "Long work",
        (_, true, true) => "Painting",
        (_, true, false) => "Fast and studio methods",
        _ if setting.methods.studio => "Optimise and studio methods",
        _ => "Optimise method",
    }
}

fn help(setting: &Setting) -> String {
    format!("{} [{}]", setting.help.trim_end_matches('.'), values(setting))
}

fn placeholder(setting: &Setting) -> &'static str {
    match setting.kind {
        Kind::Float { .. } | Kind::Integer { .. } => "NUMBER",
        Kind::Choice(_) => "HOW",
        Kind::Text { form, .. } => form,
    }
}

/// The settings over their defaults, and which were given.
#[derive(Default)]
pub struct Given {
    settings: Settings,
    given: Vec<&'static Setting>,
}

impl Given {
    /// What stands on a command line.
    ///
    /// # Errors
    /// `Argument` for a value outside its setting's range.
    pub fn of(matches: &ArgMatches) -> Result<Self> {
        let mut given = Self::default();
        for setting in SETTINGS {
            // Not every command has every setting.
            if let Ok(Some(text)) = matches.try_get_one::<String>(setting.name) {
                given.set(setting, setting.parse(text)?)?;
            }
        }
        Ok(given)
    }

    /// Gives a setting that an argument of another name stands for.
    ///
    /// # Errors
    /// `Argument` for a value outside the range.
    pub fn set(&mut self, setting: &'static Setting, value: Value) -> Result<()> {
        self.settings.set(setting.name, value)?;
        self.given.push(setting);
        Ok(())
    }

    /// Whether a setting was given.
    pub fn has(&self, name: &str) -> bool {
        self.given.iter().any(|setting| setting.name == name)
    }

    /// The settings, whatever their method.
    pub fn into_any(self) -> Settings {
        self.settings
    }

    /// The settings of the chosen method. One that this method does not have is an error: it would
    /// do nothing.
    ///
    /// # Errors
    /// `Argument` for a setting of another method alone.
    pub fn into_settings(self) -> Result<Settings> {
        for setting in self.given {
            if !setting.methods.has(self.settings.method) {
                let other = if setting.methods.fast { Method::Fast } else { Method::Optimize };
                return Err(refused(&format!("--{}", setting.name), other));
            }
        }
        Ok(self.settings)
    }
}

/// The error of an option that is of no use without a method.
pub fn refused(option: &str, method: Method) -> Error {
    let of_method = Settings { method, ..Settings::default() };
    let name = settings::find("method")
        .and_then(|setting| Some(setting.text_of(&of_method.get(setting.name)?)))
        .unwrap_or_default();
    let what = format!("cannot use {option} without --method {name}");
    Error::new(ErrorKind::Argument, what)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_setting_of_the_table_is_an_option() {
        let mut made_up = *settings::find("checkpoint-every").unwrap();
        made_up.name = "made-up";
        made_up.help = "What nobody has thought of.";
        let mut command = with_settings(Command::new("program"), [&made_up]);
        let help = command.render_long_help().to_string();
        for words in ["Long work:", "--made-up <NUMBER>", "nobody has thought of [0 to 86400; in"] {
            assert!(help.contains(words), "no '{words}' in {help}");
        }
        let matches = command.get_matches_from(["program", "--made-up", "7"]);
        assert_eq!(matches.get_one::<String>("made-up").unwrap(), "7");
    }

    #[test]
    fn every_kind_of_setting_is_read() {
        let arguments = [
            ("method", "optimize"),
            ("style-weight", "100"),
            ("iterations", "7"),
            ("schedule", "48:3,64:4"),
            ("on-cancel", "keep"),
        ];
        let line =
            arguments.iter().flat_map(|(name, value)| [format!("--{name}"), (*value).into()]);
        let command = with_settings(Command::new("program"), SETTINGS);
        let line: Vec<_> = ["program".to_owned()].into_iter().chain(line).collect();
        let given = Given::of(&command.get_matches_from(line)).unwrap();
        assert!(given.has("schedule") && !given.has("preset"));
        let settings = given.into_settings().unwrap();
        for (name, value) in arguments {
            let setting = settings::find(name).unwrap();
            assert_eq!(setting.text_of(&settings.get(name).unwrap()), value);
        }
    }

    #[test]
    fn a_setting_of_another_method_is_refused() {
        let command = with_settings(Command::new("program"), SETTINGS);
        let matches = command.get_matches_from(["program", "--style-weight", "3"]);
        let error = Given::of(&matches).unwrap().into_settings().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Argument);
        assert!(error.to_string().contains("--style-weight without --method optimize"), "{error}");
    }
}
