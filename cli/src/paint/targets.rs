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

/// An input and the file that it becomes, or why it becomes none.
pub type Target = (PathBuf, Result<PathBuf>);

/// Each input with the file it becomes. What cannot be written is told here, before the work. Of
/// several inputs those that are no pictures by their names are told when it is their turn: a
/// shell's `*` takes them in, too.
pub fn targets(inputs: &[PathBuf], arguments: &TargetArguments) -> Result<Vec<Target>> {
    if let Some(out) = &arguments.out {
        let [input] = inputs else {
            return refuse("cannot write several pictures to one file: use --out-dir");
        };
        check_out(out)?;
        return Ok(vec![(input.clone(), Ok(out.clone()))]);
    }
    let folder = arguments.out_dir.clone().unwrap_or_default();
    impasto::make_folder(&folder)?;
    let mut targets: Vec<Target> = Vec::new();
    for input in inputs {
        let output = match named_as_picture(input) {
            Err(e) if inputs.len() > 1 => Err(e),
            named => named.and_then(|()| below(&folder, input)).map(Ok)?,
        };
        if let Ok(output) = &output
            && targets.iter().any(|(_, other)| matches!(other, Ok(other) if other == output))
        {
            let what = format!("cannot write two pictures to '{}'", output.display());
            return Err(Error::new(ErrorKind::Argument, what));
        }
        targets.push((input.clone(), output));
    }
    Ok(targets)
}

/// Whether an input's name is that of a picture, which a painting can have, too.
fn named_as_picture(input: &Path) -> Result<()> {
    let is_picture = if input.is_dir() {
        refuse("it is a folder: name the pictures in it")
    } else if is_standard(input) {
        refuse("it has no name: use --out")
    } else {
        FileFormat::for_writing(input).map(drop)
    };
    is_picture.map_err(|e| {
        Error::caused(e.kind(), format!("cannot paint '{}' to --out-dir", input.display()), e)
    })
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
    let output = folder.join(input.file_name().unwrap_or(input.as_os_str()));
    let same = |a: &Path, b: &Path| {
        a == b || matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b)
    };
    if same(input, &output) {
        return refuse("cannot write to --out-dir: it is the folder of the pictures");
    }
    check_file(&output)?;
    Ok(output)
}

fn refuse<T>(what: &str) -> Result<T> {
    Err(Error::new(ErrorKind::Argument, what))
}
