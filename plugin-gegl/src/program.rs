//! Where the program is that paints.

use std::env;
use std::path::{Path, PathBuf};

use crate::ffi;
use crate::words::tr;

/// Names the program, for tests and unusual installations.
const VARIABLE: &str = "IMPASTO_GIMP";

/// The plug-in folder and the program in it.
const NAME: &str = "impasto-gimp";

/// Finds the program.
///
/// # Errors
/// Words with the places that were looked at.
pub fn find() -> Result<PathBuf, String> {
    if let Some(path) = env::var_os(VARIABLE).filter(|path| !path.is_empty()) {
        let path = PathBuf::from(path);
        return if path.is_absolute() && path.is_file() {
            Ok(path)
        } else {
            Err(format!("{VARIABLE} is '{}', which is no file. Correct it", path.display()))
        };
    }
    let places = places(ffi::gimp_folders(), ffi::own_path());
    match places.iter().find(|place| place.is_file()) {
        Some(program) => Ok(program.clone()),
        None => {
            let places: Vec<_> = places.iter().map(|place| place.display().to_string()).collect();
            let words = tr("Impasto's program is not in %s. Install Impasto for GIMP again.");
            Err(words.replace("%s", &places.join(", ")))
        }
    }
}

/// In GIMP's folder of the user, in that of all users, and in the prefix that this module is
/// installed in (`PREFIX/lib/.../gegl-0.4/impasto.so`).
fn places(gimp_folders: Vec<PathBuf>, own: Option<PathBuf>) -> Vec<PathBuf> {
    let beside = own.as_deref().and_then(Path::parent).and_then(Path::parent);
    let beside = beside.map(|libraries| libraries.join("gimp/3.0"));
    let mut places: Vec<PathBuf> = Vec::new();
    for folder in gimp_folders.into_iter().chain(beside) {
        let place = folder.join("plug-ins").join(NAME).join(NAME);
        if !places.contains(&place) {
            places.push(place);
        }
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_users_program_goes_before_that_of_all_users() {
        let folders = vec!["/home/a/.config/GIMP/3.2".into(), "/usr/lib/x/gimp/3.0".into()];
        let places = places(folders, Some("/usr/lib/x/gegl-0.4/impasto.so".into()));
        assert_eq!(
            places,
            [
                Path::new("/home/a/.config/GIMP/3.2/plug-ins/impasto-gimp/impasto-gimp"),
                Path::new("/usr/lib/x/gimp/3.0/plug-ins/impasto-gimp/impasto-gimp"),
            ]
        );
    }
}
