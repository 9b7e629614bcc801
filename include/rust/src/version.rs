//! Versions of the library.

use std::fmt;

/// A version of the library and its C interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    /// Another one cannot be used.
    pub major: u32,
    /// Functions are added; before 1.0, another one cannot be used.
    pub minor: u32,
    /// Bug fixes.
    pub patch: u32,
}

impl Version {
    /// The interface that this crate was written for.
    pub const NEEDED: Self = Self { major: 0, minor: 2, patch: 0 };

    /// From the number that the library returns.
    pub(crate) fn from_number(number: u32) -> Self {
        Self { major: number / 1_000_000, minor: number / 1_000 % 1_000, patch: number % 1_000 }
    }

    /// Whether a library of this version has the interface of `needed`. Before 1.0 a minor version
    /// breaks what was.
    pub(crate) fn serves(self, needed: Self) -> bool {
        let is_new_enough =
            if needed.major == 0 { self.minor == needed.minor } else { self.minor >= needed.minor };
        self.major == needed.major && is_new_enough
    }

    /// What [`Version::serves`] asks for, for people.
    pub(crate) fn needed(self) -> String {
        let Self { major, minor, .. } = self;
        match major {
            0 => format!("{major}.{minor}"),
            _ => format!("{major}.{minor} or a later version {major}"),
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(major: u32, minor: u32, patch: u32) -> Version {
        Version { major, minor, patch }
    }

    #[test]
    fn before_1_0_only_the_same_minor_version_serves() {
        let needed = version(0, 2, 1);
        assert!(version(0, 2, 1).serves(needed));
        assert!(version(0, 2, 0).serves(needed));
        assert!(version(0, 2, 7).serves(needed));
        assert!(!version(0, 1, 9).serves(needed));
        assert!(!version(0, 3, 0).serves(needed));
        assert!(!version(1, 2, 1).serves(needed));
        assert_eq!(needed.needed(), "0.2");
    }

    #[test]
    fn from_1_0_later_minor_versions_serve_too() {
        let needed = version(2, 3, 4);
        assert!(version(2, 3, 0).serves(needed));
        assert!(version(2, 4, 0).serves(needed));
        assert!(!version(2, 2, 9).serves(needed));
        assert!(!version(3, 3, 4).serves(needed));
        assert_eq!(needed.needed(), "2.3 or a later version 2");
    }

    #[test]
    fn the_library_tells_a_version_as_one_number() {
        assert_eq!(Version::from_number(2_003_004).to_string(), "2.3.4");
    }
}
