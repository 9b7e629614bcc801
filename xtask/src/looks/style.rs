//! The styles that are painted in, and the pictures of them.

use std::path::{Path, PathBuf};

use crate::repo::Repo;

/// A shipped style.
pub struct Style {
    pub name: &'static str,
    /// Painted with `--quick`, too.
    pub is_quick: bool,
}

pub const STYLES: [Style; 4] = [
    Style { name: "starry-night", is_quick: true },
    Style { name: "great-wave", is_quick: false },
    Style { name: "composition-vii", is_quick: false },
    Style { name: "woodcut", is_quick: true },
];

impl Style {
    /// Its picture in the examples.
    fn shipped_picture(&self, repo: &Repo) -> Option<PathBuf> {
        Some(repo.root().join(format!("examples/styles/{}.png", self.name)))
            .filter(|path| path.exists())
    }

    /// Its picture in `folder`, else in the examples.
    pub fn picture(&self, repo: &Repo, folder: Option<&Path>) -> Option<PathBuf> {
        let endings = ["jpg", "jpeg", "png"];
        let given = folder.and_then(|folder| {
            let paths = endings.map(|ending| folder.join(format!("{}.{ending}", self.name)));
            paths.into_iter().find(|path| path.exists())
        });
        given.or_else(|| self.shipped_picture(repo))
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_given_picture_goes_before_the_shipped_one() {
        let repo = Repo::find();
        let folder = tempfile::tempdir().unwrap();
        let [unshipped, .., shipped] = &STYLES;
        assert_eq!(unshipped.picture(&repo, None), None);
        assert!(shipped.picture(&repo, Some(folder.path())).unwrap().starts_with(repo.root()));

        for style in [unshipped, shipped] {
            let path = folder.path().join(format!("{}.jpg", style.name));
            fs::write(&path, "").unwrap();
            assert_eq!(style.picture(&repo, Some(folder.path())), Some(path));
        }
    }
}
