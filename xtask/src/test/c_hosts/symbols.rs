//! What the library shows to the linker.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use crate::interface;

/// Exactly the functions of the header are exported, and programs are told the right name.
pub fn check(prefix: &Path) -> Result<()> {
    let library = prefix.join("lib/libimpasto.so");
    let exported: BTreeSet<_> = ask("nm", &["--dynamic", "--defined-only"], &library)?
        .lines()
        .filter_map(|line| line.split_whitespace().nth(2).map(str::to_owned))
        .collect();
    let header = fs::read_to_string(prefix.join("include/impasto.h"))?;
    let declared = functions(&header);
    ensure!(declared.contains("impasto_engine_paint"), "no functions were read from impasto.h");
    ensure!(
        exported == declared,
        "the library exports {:?} more than impasto.h declares, and lacks {:?}",
        exported.difference(&declared),
        declared.difference(&exported)
    );

    let name = format!("[{}]", interface::library_name());
    let dynamic = ask("readelf", &["--dynamic"], &library)?;
    let soname = dynamic.lines().find(|line| line.contains("(SONAME)")).unwrap_or("no SONAME");
    ensure!(soname.ends_with(&name), "the library's SONAME should be {name}, but: {soname}");
    Ok(())
}

/// The declared functions: names that stand right before a bracket, outside comments and typedefs.
fn functions(header: &str) -> BTreeSet<String> {
    header
        .lines()
        .filter(|line| line.starts_with(|first: char| first.is_ascii_lowercase()))
        .filter(|line| !line.starts_with("typedef"))
        .filter_map(|line| line.split_once('('))
        .filter_map(|(before, _)| before.rsplit([' ', '*']).next())
        .map(str::to_owned)
        .collect()
}

fn ask(tool: &str, args: &[&str], library: &Path) -> Result<String> {
    let output = Command::new(tool)
        .args(args)
        .arg(library)
        .env("LC_ALL", "C")
        .output()
        .with_context(|| format!("{tool} could not be started"))?;
    if !output.status.success() {
        bail!("{tool} failed: {}", String::from_utf8_lossy(&output.stderr));
    }
    String::from_utf8(output.stdout).with_context(|| format!("{tool}'s answer is not UTF-8"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_are_read_and_callbacks_and_comments_are_not() {
        let header = " * See impasto_other().\n\
                      typedef void (*impasto_callback)(void *user_data);\n\
                      uint32_t impasto_number(void);\n\
                      const char *impasto_words(int32_t a,\n                          int b(void));\n";
        let expected = ["impasto_number", "impasto_words"].map(str::to_owned);
        assert_eq!(functions(header), expected.into());
    }
}
