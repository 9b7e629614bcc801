//! `impasto styles`.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use impasto::canvas::Canvas;
use impasto::fast::Style;
use impasto::file::{self, FileFormat, WriteOptions};
use impasto::image::{ColorSpace, Picture};
use impasto::job::Cancel;
use impasto::styles::StyleLibrary;
use impasto::{Engine, Job, Request, Result, Settings, check_file};
use impasto_cli::{cancel, output};
use serde_json::json;

/// The longest side of a thumbnail and of a picture on a sheet.
const THUMBNAIL_SIDE: u32 = 256;
const SHEET_SIDE: u32 = 384;
/// Pictures side by side on a sheet, and the white between them.
const SHEET_COLUMNS: usize = 4;
const SHEET_GAP: u32 = 8;

#[derive(Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct StylesArguments {
    #[command(subcommand)]
    action: Option<Action>,
    /// Paint this picture in every style, on one sheet
    #[arg(long, value_name = "PICTURE")]
    sheet: Option<PathBuf>,
    /// The sheet's file
    #[arg(long, short, value_name = "FILE", default_value = "styles.png")]
    out: PathBuf,
    /// Print the list for programs as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Subcommand)]
enum Action {
    /// Add a style of your own from a picture.
    Add(AddArguments),
    /// Remove a style of your own.
    Remove {
        /// Its name
        name: String,
    },
}

#[derive(Args)]
struct AddArguments {
    /// The picture to take the style from
    picture: PathBuf,
    /// What the style is called: letters, digits, - and _
    #[arg(long)]
    name: String,
    /// The picture's title
    #[arg(long, default_value = "")]
    title: String,
    /// Who painted it
    #[arg(long, default_value = "")]
    painter: String,
    /// When
    #[arg(long, default_value = "")]
    year: String,
    /// The photograph for the thumbnail; by default the picture itself
    #[arg(long, value_name = "PICTURE")]
    thumbnail: Option<PathBuf>,
    /// The folder to add it to; by default that of your own styles
    #[arg(long, value_name = "FOLDER")]
    folder: Option<PathBuf>,
}

pub fn run(engine: &Engine, arguments: &StylesArguments) -> Result<()> {
    match (&arguments.action, &arguments.sheet) {
        (Some(Action::Add(add)), _) => self::add(engine, add),
        (Some(Action::Remove { name }), _) => engine.styles()?.remove(name),
        (None, Some(picture)) => sheet(engine, picture, &arguments.out),
        (None, None) => list(engine, arguments.json),
    }
}

fn list(engine: &Engine, as_json: bool) -> Result<()> {
    let entries = engine.styles()?.list();
    if as_json {
        let entries: Vec<_> = entries
            .iter()
            .map(|entry| {
                json!({"name": entry.style.name, "title": entry.style.title, "painter": entry.style.painter, "year": entry.style.year, "own": entry.is_users, "thumbnail": entry.thumbnail})
            })
            .collect();
        output::line(json!(entries))?;
        return Ok(());
    }
    for entry in entries {
        let Style { name, title, painter, year, .. } = entry.style;
        let words: Vec<_> = [title, painter, year].into_iter().filter(|w| !w.is_empty()).collect();
        let own = if entry.is_users { " (yours)" } else { "" };
        output::line(format_args!("{name:<20} {}{own}", words.join(", ")))?;
    }
    Ok(())
}

fn add(engine: &Engine, arguments: &AddArguments) -> Result<()> {
    let cancel = cancel::on_interrupt();
    let picture = file::read(&arguments.picture)?;
    let mut style = engine.style_of_picture(&picture, &arguments.name, Job::silent(&cancel))?;
    style.title = arguments.title.clone();
    style.painter = arguments.painter.clone();
    style.year = arguments.year.clone();
    let statistics = engine.style_statistics(&picture, &style.name, Job::silent(&cancel))?;
    let photograph = match &arguments.thumbnail {
        Some(path) => file::read(path)?,
        None => picture,
    };
    let small = small(&photograph, THUMBNAIL_SIDE)?;
    let thumbnail = paint(engine, &small, &style, &cancel)?;
    let mut png = Vec::new();
    file::write_bytes(&thumbnail, FileFormat::Png, &WriteOptions::default(), &mut png)?;
    let library = match &arguments.folder {
        Some(folder) => StyleLibrary::new(folder.clone(), Some(folder.clone())),
        None => engine.styles()?,
    };
    let file = library.add(&style, &statistics, &png)?;
    output::line(format_args!("{}", file.display()))?;
    Ok(())
}

fn sheet(engine: &Engine, picture: &Path, out: &Path) -> Result<()> {
    FileFormat::for_writing(out)?;
    check_file(out)?;
    let cancel = cancel::on_interrupt();
    let small = small(&file::read(picture)?, SHEET_SIDE)?;
    let entries = engine.styles()?.list();
    let (width, height) = (small.width() + SHEET_GAP, small.height() + SHEET_GAP);
    let columns = SHEET_COLUMNS.min(entries.len().max(1));
    let rows = entries.len().div_ceil(columns).max(1);
    let mut sheet = Picture::new(
        width * columns as u32 + SHEET_GAP,
        height * rows as u32 + SHEET_GAP,
        small.format(),
        ColorSpace::Srgb,
    )?;
    sheet.data_mut().fill(255);
    for (k, entry) in entries.iter().enumerate() {
        let painted = paint(engine, &small, &entry.style, &cancel)?;
        let left = SHEET_GAP + (k % columns) as u32 * width;
        let top = SHEET_GAP + (k / columns) as u32 * height;
        let mut row = vec![[0.0; 4]; painted.width() as usize];
        for y in 0..painted.height() {
            painted.view().read_row(y, 0, &mut row);
            sheet.view_mut().write_row(top + y, left, &row);
        }
        eprintln!("{} of {}: {}", k + 1, entries.len(), entry.style.name);
    }
    for note in file::write(&sheet, out, &WriteOptions::default())? {
        log::warn!("{}: {note}", out.display());
    }
    Ok(())
}

/// A small 8-bit sRGB version of a picture, laid over white.
fn small(picture: &Picture, side: u32) -> Result<Picture> {
    let longest = picture.width().max(picture.height());
    let scale = (f64::from(side) / f64::from(longest)).min(1.0);
    let size = [picture.width(), picture.height()]
        .map(|length| ((f64::from(length) * scale).round() as u32).max(1));
    picture.reduced(size[0], size[1])
}

fn paint(engine: &Engine, picture: &Picture, style: &Style, cancel: &Cancel) -> Result<Picture> {
    let format = picture.format();
    let space = picture.color_space().clone();
    let mut painted = Picture::new(picture.width(), picture.height(), format, space)?;
    let canvas = Canvas {
        input: picture.view(),
        color_space: picture.color_space(),
        mask: None,
        output: &mut painted.view_mut(),
    };
    let settings = Settings::default();
    engine.paint(Request::new(canvas, style.into(), &settings, cancel), &())?;
    Ok(painted)
}
