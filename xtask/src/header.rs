//! `cargo xtask header`: writes include/impasto.h from the engine's src/capi, or checks that it is
//! the one that would be written.

use std::fs;

use anyhow::{Context, Result, bail};

use crate::replace;
use crate::repo::Repo;

/// The files of the interface in the order in which a newcomer should read the header.
const FILES: [&str; 21] = [
    "version",
    "status",
    "cure",
    "last_error",
    "log_level",
    "log",
    "cancel",
    "engine",
    "devices",
    "pixels",
    "progress",
    "run",
    "style",
    "style_list",
    "setting",
    "settings",
    "looking",
    "look",
    "report",
    "paint",
    "steady",
];

const ENUMS: [&str; 7] = [
    "impasto_log_level",
    "impasto_channels",
    "impasto_sample",
    "impasto_alpha",
    "impasto_curve",
    "impasto_setting_type",
    "impasto_setting_place",
];

const INTRODUCTION: &str = "\
/* Impasto: paints one picture in the style of another.
 *
 * SPDX-License-Identifier: MIT OR Apache-2.0
 *
 * Written by `cargo xtask header` from src/capi; change it there.
 *
 * Conventions:
 * - Objects are opaque. A function that makes one hands it to the caller, who frees it with the
 *   function of the object's name that ends with `_free`; that takes the address of the handle
 *   and sets it to NULL. Freeing NULL is allowed.
 * - Functions return an impasto_status. Outputs are written only on IMPASTO_STATUS_OK. The words
 *   of a failure are in impasto_last_error_message(), for each thread.
 * - Strings are UTF-8 and end with NUL. NULL and \"\" mean the same wherever a text may be left out:
 *   the default. A text that must be given is not NULL. What a function returns as `const char *`
 *   belongs to the library or to the object it was asked of.
 * - Structs that start with `struct_size` are initialised by their `_init` function, so that a
 *   program that was built with an older header works with a newer library. The size is that of the
 *   struct in some version; what a newer program sets that this library does not know is an error.
 *   Fields called `reserved` are 0.
 * - Every function that takes long takes an impasto_run: what it may take, who hears of it, and what
 *   stops it. NULL stands for all defaults.
 * - Every function may be called from any thread; engines, styles, looks and settings may be shared
 *   by threads, settings while nobody changes them. Freeing an object while another thread uses it
 *   is an error of the program, but for a cancel object, which work in progress keeps for itself.
 * - An engine belongs to the process that made it. In a process that was forked from it, functions
 *   that are given the engine fail with IMPASTO_STATUS_ARGUMENT, and freeing it only forgets it.
 */
";

/// Writes the header, or with `check` fails where it differs.
pub fn header(repo: &Repo, check: bool) -> Result<()> {
    let path = repo.root().join("include/impasto.h");
    let text = generate(repo)?;
    let found = fs::read_to_string(&path).unwrap_or_default();
    if found == text {
        println!("include/impasto.h is up to date");
        return Ok(());
    }
    if check {
        bail!("include/impasto.h is not the one that src/capi describes: run `cargo xtask header`");
    }
    fs::create_dir_all(repo.root().join("include")).context("making the folder include")?;
    replace::text(&text, &path).context("writing include/impasto.h")?;
    println!("wrote include/impasto.h");
    Ok(())
}

fn generate(repo: &Repo) -> Result<String> {
    let config = cbindgen::Config {
        language: cbindgen::Language::C,
        header: Some(INTRODUCTION.trim_end().to_owned()),
        include_guard: Some("IMPASTO_H".to_owned()),
        cpp_compat: true,
        usize_is_size_t: true,
        documentation_style: cbindgen::DocumentationStyle::Doxy,
        style: cbindgen::Style::Both,
        export: cbindgen::ExportConfig {
            // What struct fields hold as int32_t, so that any number is a valid one in Rust.
            include: ENUMS.map(str::to_owned).to_vec(),
            ..Default::default()
        },
        line_length: 100,
        no_includes: true,
        sys_includes: vec!["stddef.h".to_owned(), "stdint.h".to_owned()],
        ..cbindgen::Config::default()
    };
    let folder = repo.root().join("src/capi");
    let builder = FILES.iter().fold(cbindgen::Builder::new().with_config(config), |b, file| {
        b.with_src(folder.join(format!("{file}.rs")))
    });
    let bindings = builder.generate().context("reading src/capi")?;
    let mut bytes = Vec::new();
    bindings.write(&mut bytes);
    let text = String::from_utf8(bytes).context("the header is not UTF-8")?;
    // Rust's heading for what a caller of C must see to.
    Ok(text.replace("# Safety", "The caller guarantees:"))
}
