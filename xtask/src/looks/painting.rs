//! A cell of the page: painting it, unless it was painted already by the same program in the same
//! way.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use serde::{Deserialize, Serialize};

use super::column::{Column, How, Painters};
use super::measures::Measures;
use super::photograph::Photograph;
use super::style::Style;
use crate::alone::{self, Alone};
use crate::pip;
use crate::replace;
use crate::repo::Repo;
use crate::sha256;

/// Seconds after which a program is stopped.
const PATIENCE: u32 = 1800;

/// A photograph in a style by one program.
pub struct Painting {
    pub photograph: &'static Photograph,
    pub style: &'static Style,
    pub column: &'static Column,
    /// The photograph's file.
    pub from: PathBuf,
    /// The style's picture, where there is one: what the painting is measured against.
    pub style_picture: Option<PathBuf>,
    /// A PNG file, at the photograph's size.
    pub file: PathBuf,
    pub record: Record,
}

/// What is known of a painting; lies beside it.
#[derive(Clone, Default, Serialize, Deserialize)]
pub struct Record {
    /// Of all that made it.
    pub painted: String,
    /// From the start of the program to the written file; none of what is not painted.
    pub seconds: Option<f64>,
    pub peak_bytes: Option<u64>,
    /// Of all that it was measured with.
    pub measured: String,
    pub measures: Option<Measures>,
}

/// Who paints, where.
pub struct Studio<'a> {
    pub repo: &'a Repo,
    pub painters: &'a Painters,
    /// A hash of the program and the networks.
    pub impasto: String,
    /// For what programs leave.
    pub work: &'a Path,
}

impl Studio<'_> {
    /// Paints it unless that is done already; says whether it painted.
    pub fn paint(&self, painting: &mut Painting) -> Result<bool> {
        let key = self.key(painting)?;
        let record = Record::read(&painting.file).filter(|record| record.painted == key);
        if let Some(record) = record.filter(|_| painting.file.exists()) {
            painting.record = record;
            return Ok(false);
        }
        painting.record = Record { painted: key, ..Record::default() };
        if let How::Unpainted = painting.column.how {
            fs::copy(&painting.from, &painting.file).context("copying the photograph")?;
        } else {
            let packages = match painting.column.how {
                How::Lite => self.painters.lite.as_deref().ok(),
                _ => None,
            };
            let words = self.words(painting)?;
            let Alone { seconds, peak_bytes } =
                alone::run(self.repo, &words, packages, PATIENCE, self.work)?.0;
            painting.record.seconds = Some(seconds);
            painting.record.peak_bytes = Some(peak_bytes);
        }
        painting.keep()?;
        Ok(true)
    }

    /// Another one wherever the painting could differ.
    fn key(&self, painting: &Painting) -> Result<String> {
        let mut parts = vec![hash(&painting.from)?, painting.column.name.to_owned()];
        match painting.column.how {
            How::Unpainted => {}
            How::Impasto(args) => {
                parts.push(self.impasto.clone());
                parts.extend(args.iter().map(|&arg| arg.to_owned()));
                parts.push(hash(&self.style_file(painting))?);
            }
            How::ImpastoOfPicture(args) => {
                parts.push(self.impasto.clone());
                parts.extend(args.iter().map(|&arg| arg.to_owned()));
                parts.push(hash(painting.picture()?)?);
            }
            How::Lite | How::Gmic => {
                parts.extend(self.painters.versions().split_off(1));
                parts.push(hash(painting.picture()?)?);
            }
        }
        Ok(sha256::of_text(&parts.join("\n")))
    }

    /// The program and its arguments.
    fn words(&self, painting: &Painting) -> Result<Vec<OsString>> {
        let (from, to) = (painting.from.as_os_str(), painting.file.as_os_str());
        let mut words: Vec<OsString> = Vec::new();
        match painting.column.how {
            How::Unpainted => {}
            How::Impasto(args) | How::ImpastoOfPicture(args) => {
                let style = match painting.column.how {
                    How::Impasto(_) => painting.style.name.into(),
                    _ => painting.picture()?.into(),
                };
                words.extend(
                    [self.painters.impasto.as_os_str(), "paint".as_ref(), from].map(Into::into),
                );
                words.extend([
                    "--quiet".into(),
                    "--style".into(),
                    style,
                    "--out".into(),
                    to.into(),
                ]);
                words.extend(args.iter().map(Into::into));
            }
            How::Lite => {
                let script = self.repo.root().join("tests/peer/lite.py");
                let style = painting.picture()?.as_os_str();
                words.extend(
                    [pip::PYTHON.as_ref(), script.as_os_str(), "--content".as_ref(), from]
                        .map(Into::into),
                );
                words.extend(
                    ["--style".as_ref(), style, "--out".as_ref(), to].map(Into::<OsString>::into),
                );
                words.extend(["--runs", "0"].map(Into::into));
            }
            How::Gmic => {
                words.extend(
                    ["gmic".as_ref(), from, painting.picture()?.as_os_str()].map(Into::into),
                );
                words.extend(["stylize[0]", "[1]", "output[0]"].map(Into::into));
                words.push(to.into());
            }
        }
        Ok(words)
    }

    fn style_file(&self, painting: &Painting) -> PathBuf {
        self.repo.models().join(format!("styles/{}.toml", painting.style.name))
    }
}

impl Painting {
    /// Writes its record.
    pub fn keep(&self) -> Result<()> {
        let path = Record::path(&self.file);
        replace::text(&serde_json::to_string_pretty(&self.record)?, &path)
            .with_context(|| format!("writing {}", path.display()))
    }

    fn picture(&self) -> Result<&Path> {
        self.style_picture.as_deref().ok_or_else(|| anyhow!("there is no picture of the style"))
    }
}

impl Record {
    fn path(painting: &Path) -> PathBuf {
        painting.with_extension("json")
    }

    /// The painting's record, where there is one.
    fn read(painting: &Path) -> Option<Self> {
        serde_json::from_slice(&fs::read(Self::path(painting)).ok()?).ok()
    }
}

/// Of a file, for keys.
pub fn hash(path: &Path) -> Result<String> {
    sha256::of_file(path).with_context(|| format!("cannot read {}", path.display()))
}
