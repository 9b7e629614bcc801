//! `cargo xtask looks`: how paintings look, as a page with pictures and measures.

mod column;
mod measures;
mod packages;
mod page;
mod painting;
mod photograph;
mod pictures;
mod style;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result};

use crate::cargo;
use crate::replace;
use crate::repo::Repo;
use crate::runtime;
use crate::setup::setup;
use crate::sha256;
use column::{COLUMNS, Column, How, Painters, When};
use page::Findings;
use painting::{Painting, Record, Studio};
use photograph::{PHOTOGRAPHS, Photograph};
use style::{STYLES, Style};

/// What is asked of `cargo xtask looks`.
pub struct Request<'a> {
    /// Fewer photographs, styles and columns.
    pub is_quick: bool,
    /// Names of photographs; all of them if none.
    pub only: &'a [String],
    /// A folder with pictures of the styles.
    pub styles: Option<&'a Path>,
}

/// The names that `--only` takes.
pub fn photographs() -> [&'static str; PHOTOGRAPHS.len()] {
    PHOTOGRAPHS.map(|photograph| photograph.name)
}

/// Paints what is not painted yet, measures it, and writes `docs/LOOKS.md` with its pictures.
pub fn looks(repo: &Repo, request: &Request<'_>) -> Result<()> {
    // Programs that paint are started in the checkout.
    let given = |folder: &Path| {
        fs::canonicalize(folder).with_context(|| {
            format!("finding pictures of styles: there is no folder {}", folder.display())
        })
    };
    let styles = request.styles.map(given).transpose()?;
    let request = &Request { styles: styles.as_deref(), ..*request };
    setup(&runtime::CPU, repo)?;
    let painters = Painters::provide(repo, cargo::build(repo)?.program)?;
    let started = Instant::now();
    let work = tempfile::tempdir().context("making a folder for what programs leave")?;
    let studio = Studio {
        repo,
        impasto: program(repo, &painters.impasto)?,
        painters: &painters,
        work: work.path(),
    };
    let mut notes = Notes::default();
    let planned = plan(repo, request, &painters, &mut notes)?;
    let (mut paintings, kept) = paint(&studio, planned, &mut notes);
    measures::measure(repo, &mut paintings, work.path())?;
    let side = pictures::write(repo, &paintings, work.path())?;
    let findings = Findings {
        command: command(request),
        paintings,
        notes: notes.lines(),
        versions: painters.versions(),
        seconds: started.elapsed().as_secs_f64(),
        kept,
        side,
    };
    let path = repo.root().join("docs/LOOKS.md");
    replace::text(&page::page(&findings), &path)
        .with_context(|| format!("writing {}", path.display()))?;
    println!("{}", path.display());
    Ok(())
}

/// Runs the tests of the measures.
pub fn test(repo: &Repo) -> Result<()> {
    let mut python: Command = packages::with_packages(repo)?;
    python.args(["-m", "unittest", "discover"]).arg(packages::scripts(repo));
    python.env("IMPASTO_MODELS", repo.models());
    packages::output(python).map(drop)
}

/// What is not shown, and why: each column once.
#[derive(Default)]
struct Notes(Vec<(&'static str, String)>);

impl Notes {
    fn add(&mut self, column: &Column, why: String) {
        if self.0.iter().all(|(title, _)| *title != column.title) {
            self.0.push((column.title, why));
        }
    }

    /// Columns of the same reason in one line.
    fn lines(self) -> Vec<String> {
        let groups = self.0.chunk_by(|(_, one), (_, next)| one == next);
        let line = |group: &[(&str, String)]| {
            let titles: Vec<_> = group.iter().map(|(title, _)| *title).collect();
            format!("{}: {}", titles.join(", "), group[0].1)
        };
        groups.map(line).collect()
    }
}

/// What is to be painted, a photograph after the other.
fn plan(
    repo: &Repo,
    request: &Request<'_>,
    painters: &Painters,
    notes: &mut Notes,
) -> Result<Vec<Painting>> {
    let folder = photograph::provide(repo)?;
    let target = repo.target().join("looks/paintings");
    fs::create_dir_all(&target).with_context(|| format!("making {}", target.display()))?;
    let is_wanted = |is_quick: bool| is_quick || !request.is_quick;
    let mut columns = Vec::new();
    for column in COLUMNS.iter().filter(|column| is_wanted(column.when == When::Always)) {
        match painters.obstacle(column) {
            Some(why) => notes.add(column, why),
            None => columns.push(column),
        }
    }
    let mut paintings = Vec::new();
    for photograph in &PHOTOGRAPHS {
        let is_chosen = match request.only {
            [] => is_wanted(photograph.is_quick),
            only => only.iter().any(|name| name == photograph.name),
        };
        for style in STYLES.iter().filter(|style| is_chosen && is_wanted(style.is_quick)) {
            let picture = style.picture(repo, request.styles);
            for column in columns.iter().filter(|column| can(column, photograph, style, &picture)) {
                let [photo, style_name, how] = [photograph.name, style.name, column.name];
                paintings.push(Painting {
                    photograph,
                    style,
                    column,
                    from: folder.join(format!("{photo}.png")),
                    style_picture: picture.clone(),
                    file: target.join(format!("{photo}-{style_name}-{how}.png")),
                    record: Record::default(),
                });
            }
        }
    }
    Ok(paintings)
}

/// Whether the column is for the photograph, and has what it needs of the style.
fn can(column: &Column, photograph: &Photograph, style: &Style, picture: &Option<PathBuf>) -> bool {
    let is_for_it = match column.when {
        When::Always | When::Thorough => true,
        When::Slow => style.is_quick,
        When::Slowest => style.is_quick && photograph.is_quick,
    };
    if !is_for_it {
        return false;
    }
    match column.how {
        How::Unpainted | How::Impasto(_) => true,
        How::ImpastoOfPicture(_) | How::Lite | How::Gmic => picture.is_some(),
    }
}

/// Those that could be painted, and how many of them were there already.
fn paint(studio: &Studio<'_>, planned: Vec<Painting>, notes: &mut Notes) -> (Vec<Painting>, usize) {
    let (count, mut kept) = (planned.len(), 0);
    let mut paintings = Vec::new();
    for (place, mut painting) in planned.into_iter().enumerate() {
        let (photograph, style) = (painting.photograph.name, painting.style.name);
        let title = painting.column.title;
        eprintln!("{} of {count}: {photograph}, {style}, {title} ...", place + 1);
        match studio.paint(&mut painting) {
            Ok(is_new) => {
                kept += usize::from(!is_new);
                paintings.push(painting);
            }
            Err(error) => {
                notes.add(painting.column, format!("{photograph} in {style}: {error:#}"));
            }
        }
    }
    (paintings, kept)
}

/// Another one whenever the program or a network is.
fn program(repo: &Repo, impasto: &Path) -> Result<String> {
    let networks = painting::hash(&repo.models().join("manifest.toml"))?;
    Ok(sha256::of_text(&format!("{}\n{networks}", painting::hash(impasto)?)))
}

fn command(request: &Request<'_>) -> String {
    let mut command = String::from("cargo xtask looks");
    if request.is_quick {
        command.push_str(" --quick");
    }
    if !request.only.is_empty() {
        command.push_str(" --only ");
        command.push_str(&request.only.join(","));
    }
    if request.styles.is_some() {
        command.push_str(" --styles FOLDER");
    }
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_that_fail_alike_are_told_of_together_and_once() {
        let mut notes = Notes::default();
        let column = |name| COLUMNS.iter().find(|column| column.name == name).unwrap();
        let failures = [
            ("layers-1", "none"),
            ("layers-2", "none"),
            ("layers-1", "again"),
            ("gmic", "stopped"),
        ];
        for (name, why) in failures {
            notes.add(column(name), why.to_owned());
        }
        assert_eq!(notes.lines(), ["1 layer, 2 layers: none", "G'MIC: stopped"]);
    }
}
