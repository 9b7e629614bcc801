//! The module of the layer effect, where GEGL looks for modules to load into GIMP.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::item::Item;
use crate::cargo::Built;

/// The list of what was installed for one user, in the folder of modules, which is not ours alone.
pub const OWN_LIST: &str = "impasto-install-manifest.txt";

const MODULE: &str = "impasto.so";

/// Whether there is such a module for this system.
pub const IS_MADE: bool = cfg!(target_os = "linux");

/// The user's folder of modules, beside the filter's own folder in the same folder of data.
pub fn users_folder(filters_data: &Path) -> PathBuf {
    filters_data.with_file_name("gegl-0.4").join("plug-ins")
}

/// Everybody's folder of modules, which lies beside that of GIMP: for a plug-in in
/// `lib/gimp/3.0/plug-ins` it is `lib/gegl-0.4`. `None` for one that lies elsewhere.
pub fn everybodys_folder(plug_in: &Path) -> Option<PathBuf> {
    let gimp = plug_in.ancestors().find(|folder| folder.ends_with("gimp"))?;
    Some(gimp.with_file_name("gegl-0.4"))
}

/// The module, to be installed in the folder `to`.
pub fn module(built: &Built, to: &Path) -> Result<Item> {
    let module = built.gegl_module.as_ref();
    let module = module.context("cargo made no module for GEGL. Restore it in the workspace")?;
    Ok(Item::library(module, to.join(MODULE)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_module_lies_where_gegl_looks() {
        assert_eq!(
            users_folder(Path::new("/home/a/.local/share/impasto-gimp")),
            Path::new("/home/a/.local/share/gegl-0.4/plug-ins")
        );
        let folder = |plug_in: &str| everybodys_folder(Path::new(plug_in));
        assert_eq!(
            folder("lib/x86_64-linux-gnu/gimp/3.0/plug-ins/impasto-gimp"),
            Some("lib/x86_64-linux-gnu/gegl-0.4".into())
        );
        assert_eq!(folder("plug-ins/impasto-gimp"), None);
    }
}
