//! Names of frames: `shot.%04d.exr`, `shot.####.exr`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// A file's name with a place for a frame's number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    folder: PathBuf,
    before: String,
    digits: usize,
    after: String,
}

impl Pattern {
    /// `None` for a name without a place for a number, and for a file that has the very name.
    pub fn of(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_str()?;
        let folder = path.parent()?.to_owned();
        let (before, digits, after) = hashes(name).or_else(|| percent(name))?;
        if path.exists() {
            return None;
        }
        Some(Self { folder, before: before.to_owned(), digits, after: after.to_owned() })
    }

    /// The file of a frame.
    pub fn file(&self, frame: i64) -> PathBuf {
        self.folder.join(self.name(frame))
    }

    fn name(&self, frame: i64) -> String {
        format!("{}{frame:0width$}{}", self.before, self.after, width = self.digits)
    }

    /// The frames that are there.
    pub fn existing(&self) -> BTreeSet<i64> {
        let folder = match self.folder.as_os_str().is_empty() {
            true => Path::new("."),
            false => &self.folder,
        };
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        entries.filter_map(|entry| self.frame_of(entry.file_name().to_str()?)).collect()
    }

    fn frame_of(&self, name: &str) -> Option<i64> {
        let number = name.strip_prefix(&self.before)?.strip_suffix(&self.after)?;
        let frame = number.parse().ok()?;
        (self.name(frame) == name).then_some(frame)
    }
}

impl std::fmt::Display for Pattern {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let name = format!("{}{}{}", self.before, "#".repeat(self.digits.max(1)), self.after);
        self.folder.join(name).display().fmt(f)
    }
}

/// Before, digits, and after the last row of `#`.
fn hashes(name: &str) -> Option<(&str, usize, &str)> {
    let end = name.rfind('#')? + 1;
    let start = name[..end].trim_end_matches('#').len();
    Some((&name[..start], end - start, &name[end..]))
}

/// The same of `%d` or `%04d`.
fn percent(name: &str) -> Option<(&str, usize, &str)> {
    let (before, rest) = name.split_once('%')?;
    let (digits, after) = rest.split_once('d')?;
    let digits = match digits {
        "" => 0,
        digits => digits.strip_prefix('0')?.parse().ok().filter(|digits| *digits <= 20)?,
    };
    Some((before, digits, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(name: &str) -> Pattern {
        Pattern::of(Path::new(name)).unwrap()
    }

    #[test]
    fn numbers_take_their_place() {
        assert_eq!(pattern("a/shot.%04d.exr").file(7), Path::new("a/shot.0007.exr"));
        assert_eq!(pattern("shot.####.exr").file(12345), Path::new("shot.12345.exr"));
        assert_eq!(pattern("#1_###.png").file(7), Path::new("#1_007.png"));
        assert_eq!(pattern("%d.png").file(-3), Path::new("-3.png"));
        assert_eq!(pattern("x%05d.png").file(-3), Path::new("x-0003.png"));
        assert_eq!(pattern("a/shot.%04d.exr").to_string(), "a/shot.####.exr");
        for none in ["shot.exr", "100%.png", "%s.png", "%4x.png", "a#/b.png"] {
            assert_eq!(Pattern::of(Path::new(none)), None, "{none}");
        }
    }

    #[test]
    fn frames_are_found() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["s.0001.png", "s.0012.png", "s.12345.png", "s.2.png", "s.0003.jpg", "x"] {
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        let frames = |name: &str| pattern(folder.path().join(name).to_str().unwrap()).existing();
        assert_eq!(Vec::from_iter(frames("s.%04d.png")), [1, 12, 12345]);
        assert_eq!(Vec::from_iter(frames("s.#.png")), [2, 12345]);
        assert!(frames("none.#.png").is_empty());
    }
}
