//! What a person sees of long work: progress on a terminal, and previews in a file.

use std::fmt::Write as _;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use clap::Args;
use impasto::file::{self, FileFormat, WriteOptions};
use impasto::image::{PixelFormat, SampleType};
use impasto::job::Progress;
use impasto::{Observer, Preview, Result, check_file};
use indicatif::{HumanDuration, ProgressBar, ProgressStyle};

/// Pictures of work that goes on.
#[derive(Args)]
#[command(next_help_heading = "Long work")]
pub struct PreviewArguments {
    /// Write the picture as it stands to this file now and then
    #[arg(long, value_name = "FILE")]
    preview: Option<PathBuf>,
    /// Steps from one preview to the next
    #[arg(long, value_name = "STEPS", default_value_t = 25, value_parser = clap::value_parser!(u32).range(1..))]
    preview_every: u32,
}

impl PreviewArguments {
    /// The option that was given.
    pub fn given(&self) -> Option<&'static str> {
        self.preview.as_ref().map(|_| "--preview")
    }

    /// Refuses a file that cannot be written.
    pub fn check(&self) -> Result<()> {
        let Some(path) = &self.preview else { return Ok(()) };
        FileFormat::for_writing(path)?;
        check_file(path)
    }
}

/// Watches a painting.
pub struct Watch<'a> {
    bar: ProgressBar,
    /// What notes are about.
    output: &'a Path,
    previews: &'a PreviewArguments,
    told: Mutex<Vec<String>>,
}

const STEPS: u64 = 1000;

impl<'a> Watch<'a> {
    /// With a bar on standard error, if that is a terminal and `has_bar`.
    pub fn new(
        name: &str,
        output: &'a Path,
        previews: &'a PreviewArguments,
        has_bar: bool,
    ) -> Self {
        let bar = bar(name, STEPS, "{prefix} {wide_bar} {percent:>3}% {msg}", has_bar);
        Self { bar, output, previews, told: Mutex::default() }
    }

    /// Takes the bar away, and tells notes that were not told yet.
    pub fn finish(self, notes: &[String]) {
        self.bar.finish_and_clear();
        let told = self.told.into_inner().unwrap_or_else(PoisonError::into_inner);
        for note in notes.iter().filter(|note| !told.contains(note)) {
            log::warn!("{}: {note}", self.output.display());
        }
    }
}

/// A bar on standard error, if that is a terminal and `is_wanted`; else one that is not seen.
pub fn bar(name: &str, length: u64, template: &str, is_wanted: bool) -> ProgressBar {
    let bar = match is_wanted && std::io::stderr().is_terminal() {
        true => ProgressBar::new(length),
        false => ProgressBar::hidden(),
    };
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar.set_prefix(name.to_owned());
    bar
}

impl Observer for Watch<'_> {
    fn progress(&self, progress: Progress) {
        self.bar.set_position((progress.fraction * STEPS as f32) as u64);
        let mut words = progress.phase.to_owned();
        if let Some(losses) = progress.losses {
            let _ = write!(words, ", content {:.3}, style {:.4}", losses.content, losses.style);
        }
        if let Some(remaining) = progress.remaining {
            let _ = write!(words, ", {} left", HumanDuration(remaining));
        }
        self.bar.set_message(words);
    }

    fn preview_every(&self) -> u32 {
        self.previews.preview.as_ref().map_or(0, |_| self.previews.preview_every)
    }

    fn preview(&self, preview: Preview<'_>) {
        let Some(path) = &self.previews.preview else { return };
        let picture = preview.picture;
        let format = PixelFormat { sample: SampleType::U8, ..picture.format() };
        let written = picture
            .converted(format, picture.color_space().clone())
            .and_then(|picture| file::write(&picture, path, &WriteOptions::default()));
        // A preview that cannot be written is no reason to lose the work.
        if let Err(e) = written {
            self.bar.suspend(|| log::warn!("{}", e.full_message()));
        }
    }

    fn note(&self, note: &str) {
        self.bar.suspend(|| log::warn!("{}: {note}", self.output.display()));
        self.told.lock().unwrap_or_else(PoisonError::into_inner).push(note.to_owned());
    }
}
