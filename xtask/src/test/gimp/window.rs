//! GIMP in a window on a virtual screen: the dialog, undo, stopping.

use std::fs;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use anyhow::{Context, Result, bail};

use super::session::{in_root, judge};
use crate::repo::Repo;
use crate::root_folder::RootFolder;

/// Where the preview lies in the screenshots: left, top, right, bottom.
const PREVIEW: [usize; 4] = [40, 80, 690, 500];

/// Screenshots, and the least that the preview's samples differ between them on average.
const DIFFER: [(&str, &str, f64); 5] = [
    ("1-preview", "2-before", 12.0),
    ("3-preview-again", "4-other-style", 8.0),
    ("4-other-style", "5-other-strength", 2.0),
    ("5-other-strength", "6-split", 1.0),
    ("5-other-strength", "7-pixels", 4.0),
];
/// The most that they may differ where they should be the same.
const SAME: (&str, &str, f64) = ("1-preview", "3-preview-again", 0.5);

/// What GIMP says of a plug-in that is not as it should be.
const COMPLAINTS: [&str; 5] =
    ["was refed", "was unrefed", "fatal error", "no mnemonic", "couldn't serialize"];

/// Works the dialog, and looks at the screenshots, which stay under `target/gimp-screenshots/`.
pub fn run(repo: &Repo, root: &RootFolder, shared: &Path) -> Result<()> {
    let folder = shared.join("window");
    fs::create_dir(&folder)?;
    let output = in_root(root, shared, &["sh", "/shared/window.sh"])?;
    keep_screenshots(repo, &folder)?;
    judge(&folder.join("results.txt"), &output)?;
    let told = fs::read_to_string(folder.join("gimp.log")).context("reading what GIMP says")?;
    let is_complaint = |line: &&str| COMPLAINTS.iter().any(|complaint| line.contains(complaint));
    if let Some(line) = told.lines().find(is_complaint) {
        bail!("GIMP complains of the filter: {line}");
    }
    // How the preview follows a control is told and not judged: other work may go on beside it.
    for line in told.lines().filter(|line| line.starts_with("impasto-gimp: preview")) {
        println!("{line}");
    }

    let difference = |a: &str, b: &str| -> Result<f64> {
        let [a, b] = [a, b].map(|name| preview(&folder.join(name).with_extension("png")));
        let (a, b) = (a?, b?);
        let sum: f64 = a.iter().zip(&b).map(|(a, b)| f64::from(a.abs_diff(*b))).sum();
        Ok(sum / a.len().max(1) as f64)
    };
    for (a, b, least) in DIFFER {
        let found = difference(a, b)?;
        println!("preview: {a} and {b} differ by {found:.1}");
        if found < least {
            bail!("the preview of {a} and {b} differs by {found:.1}, less than {least}");
        }
    }
    let (a, b, most) = SAME;
    let found = difference(a, b)?;
    if found > most {
        bail!("the preview of {a} and {b} differs by {found:.1}, though it should be the same");
    }
    Ok(())
}

/// Opens the dialog on screens of several sizes, in other themes and languages.
pub fn run_sizes(repo: &Repo, root: &RootFolder, shared: &Path) -> Result<()> {
    let folder = shared.join("sizes");
    fs::create_dir(&folder)?;
    let output = in_root(root, shared, &["sh", "/shared/sizes.sh"])?;
    keep_screenshots(repo, &folder)?;
    judge(&folder.join("results.txt"), &output)
}

fn keep_screenshots(repo: &Repo, folder: &Path) -> Result<()> {
    let kept = repo.target().join("gimp-screenshots");
    fs::create_dir_all(&kept)?;
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if let (Some("png"), Some(name)) =
            (path.extension().and_then(|e| e.to_str()), path.file_name())
        {
            fs::copy(&path, kept.join(name))?;
        }
    }
    println!("screenshots are in {}", kept.display());
    Ok(())
}

/// The samples of a screenshot's preview.
fn preview(path: &Path) -> Result<Vec<u8>> {
    let attempt = || format!("reading {}", path.display());
    let mut decoder = png::Decoder::new(BufReader::new(File::open(path).with_context(attempt)?));
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().with_context(attempt)?;
    let mut pixels = vec![0; reader.output_buffer_size().context("too large")?];
    let info = reader.next_frame(&mut pixels).with_context(attempt)?;
    let samples = info.color_type.samples();
    let [left, top, right, bottom] = PREVIEW;
    let rows = pixels.chunks_exact(info.line_size).take(bottom).skip(top);
    let part = |row: &[u8]| row[left * samples..right * samples].to_vec();
    Ok(rows.flat_map(part).collect())
}
