//! The GIMPs of the current user: one of the system, and those of Flatpak and Snap, which see no
//! folder but their own.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

/// Where one of them looks.
pub struct User {
    /// The filter's own folder among the plug-ins of each version of GIMP.
    pub plug_ins: Vec<PathBuf>,
    /// The filter's own folder among the data of all programs.
    pub data: PathBuf,
}

/// Those of the user's GIMPs that were started once. `name` is the filter's.
pub fn find(name: &str) -> Result<Vec<User>> {
    let homes = homes(|name| env::var_os(name).map(PathBuf::from));
    let mut users = Vec::new();
    for home in &homes {
        let mut plug_ins: Vec<_> =
            versions(&home.settings).map(|version| version.join("plug-ins").join(name)).collect();
        plug_ins.sort();
        if !plug_ins.is_empty() {
            users.push(User { plug_ins, data: home.data.join(name) });
        }
    }
    if users.is_empty() {
        let folders: Vec<_> =
            homes.iter().map(|home| home.settings.display().to_string()).collect();
        bail!(
            "looking for GIMP 3: there is no folder of its settings (3.0, 3.2, ...) in {}. Start \
             GIMP once, and try again",
            folders.join(", ")
        );
    }
    Ok(users)
}

/// GIMP's settings, a folder for each version, in a folder of versions.
fn versions(settings: &Path) -> impl Iterator<Item = PathBuf> {
    let entries = fs::read_dir(settings).into_iter().flatten().filter_map(Result::ok);
    entries.map(|entry| entry.path()).filter(|path| is_of_gimp_3(path))
}

fn is_of_gimp_3(folder: &Path) -> bool {
    let name = folder.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let minor = name.strip_prefix("3.").and_then(|minor| minor.parse::<u32>().ok());
    minor.is_some() && folder.is_dir()
}

/// What a GIMP takes for its home.
struct Home {
    /// Holds GIMP's settings.
    settings: PathBuf,
    /// What the variable `XDG_DATA_HOME` says in there.
    data: PathBuf,
}

fn homes(variable: impl Fn(&str) -> Option<PathBuf>) -> Vec<Home> {
    let home = variable("HOME");
    let own = |name: &str, below_home: &str| {
        let named = variable(name).filter(|path| path.is_absolute());
        named.or_else(|| Some(home.as_ref()?.join(below_home)))
    };
    let below_home = |settings: &str, data: &str| {
        Some([home.as_ref()?.join(settings), home.as_ref()?.join(data)])
    };
    let system = own("XDG_CONFIG_HOME", ".config").zip(own("XDG_DATA_HOME", ".local/share"));
    [
        system.map(|(settings, data)| [settings.join("GIMP"), data]),
        below_home(".var/app/org.gimp.GIMP/config/GIMP", ".var/app/org.gimp.GIMP/data"),
        below_home("snap/gimp/current/.config/GIMP", "snap/gimp/current/.local/share"),
    ]
    .into_iter()
    .flatten()
    .map(|[settings, data]| Home { settings, data })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_of_gimp_3_are_known_by_their_names() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["2.10", "3.0", "3.2", "3.x", "4.0"] {
            fs::create_dir(folder.path().join(name)).unwrap();
        }
        let is = |name: &str| is_of_gimp_3(&folder.path().join(name));
        assert_eq!(
            ["2.10", "3.0", "3.2", "3.x", "4.0", "3.9"].map(is),
            [false, true, true, false, false, false]
        );
    }

    #[test]
    fn settings_and_data_lie_below_home_or_where_the_variables_say() {
        let folders = |variables: &[(&str, &str)]| -> Vec<[PathBuf; 2]> {
            let value = |name: &str| variables.iter().find(|(known, _)| *known == name);
            let homes = homes(|name| Some(value(name)?.1.into()));
            homes.into_iter().map(|home| [home.settings, home.data]).collect()
        };
        let paths = |settings: &str, data: &str| [settings, data].map(PathBuf::from);

        let below_home = folders(&[("HOME", "/home/a")]);
        assert_eq!(below_home[0], paths("/home/a/.config/GIMP", "/home/a/.local/share"));
        assert_eq!(below_home.len(), 3);

        let named = [("XDG_CONFIG_HOME", "/c"), ("XDG_DATA_HOME", "/d")];
        assert_eq!(folders(&named), [paths("/c/GIMP", "/d")]);
    }
}
