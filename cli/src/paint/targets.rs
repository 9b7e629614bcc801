//! Where each painting goes.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use clap::Args;
use impasto::file::FileFormat;
use impasto::{Error, ErrorKind, Result, check_file};

use super::files::is_standard;

#[derive(Args)]
#[group(skip)]
pub struct TargetArguments {
    /// The file to write; its ending chooses the format; - for standard output (PNG)
    #[arg(long, short, value_name = "FILE", group = "target")]
    pub out: Option<PathBuf>,
    /// A folder to write pictures of the same names to
    #[arg(long, value_name = "FOLDER", group = "target")]
    out_dir: Option<PathBuf>,
}

/// Each input with the file it becomes. What cannot be written is told here, before the work.
pub fn targets(inputs: &[PathBuf], arguments: &TargetArguments) -> Result<Vec<(PathBuf, PathBuf)>> {
    if let Some(out) = &arguments.out {
        let [input] = inputs else {
            return refuse("cannot write several pictures to one file: use --out-dir");
        };
        check_out(out)?;
        return Ok(vec![(input.clone(), out.clone())]);
    }
    let folder = arguments.out_dir.clone().unwrap_or_default();
    impasto::make_folder(&folder)?;
    let mut targets: Vec<(PathBuf, PathBuf)> = Vec::new();
    for input in inputs {
        let output = below(&folder, input)?;
        if targets.iter().any(|(_, other)| *other == output) {
            let what = format!("cannot write two pictures to '{}'", output.display());
            return Err(Error::new(ErrorKind::Argument, what));
        }
        targets.push((input.clone(), output));
    }
    Ok(targets)
}

fn check_out(out: &Path) -> Result<()> {
    if !is_standard(out) {
        FileFormat::for_writing(out)?;
        return check_file(out);
    }
    if std::io::stdout().is_terminal() {
        return refuse("cannot write a picture to a terminal: give a file, or use a pipe");
    }
    Ok(())
}

/// The file in a folder that has a picture's name.
fn below(folder: &Path, input: &Path) -> Result<PathBuf> {
    let Some(name) = input.file_name().filter(|_| !is_standard(input)) else {
        return refuse("cannot name the picture from standard input: use --out");
    };
    let output = folder.join(name);
    let same = |a: &Path, b: &Path| {
        a == b || matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b)
    };
    if same(input, &output) {
        return refuse("cannot write to --out-dir: it is the folder of the pictures");
    }
    FileFormat::for_writing(&output)?;
    check_file(&output)?;
    Ok(output)
}

fn refuse<T>(what: &str) -> Result<T> {
    Err(Error::new(ErrorKind::Argument, what))
}
