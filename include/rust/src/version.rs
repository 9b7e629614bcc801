//! Versions of the library.

use std::fmt;

/// A version of the library and its C interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    /// Another one cannot be used.
    pub major: u32,
    /// Functions are added.
    pub minor: u32,
    /// Bug fixes.
    pub patch: u32,
}

impl Version {
    /// The interface that this crate was written for.
    pub const NEEDED: Self = Self { major: 0, minor: 1, patch: 0 };

    /// From the number that the library returns.
    pub(crate) fn from_number(number: u32) -> Self {
        Self { major: number / 1_000_000, minor: number / 1_000 % 1_000, patch: number % 1_000 }
    }

    /// Whether a library of this version has the interface of [`Version::NEEDED`].
    pub(crate) fn serves(self) -> bool {
        self.major == Self::NEEDED.major && self.minor >= Self::NEEDED.minor
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

    #[test]
    fn versions_of_the_same_major_that_are_not_older_serve() {
        let Version { major, minor, patch } = Version::NEEDED;
        assert_eq!(Version::from_number(2_003_004).to_string(), "2.3.4");
        assert!(Version::NEEDED.serves());
        assert!(Version { major, minor: minor + 1, patch: 0 }.serves());
        assert!(Version { major, minor, patch: patch + 1 }.serves());
        assert!(!Version { major, minor: minor - 1, patch: 9 }.serves());
        assert!(!Version { major: major + 1, minor, patch }.serves());
    }
}
