//! One picture's painting.

use std::path::Path;
use std::time::Instant;

use impasto::Result;
use impasto::fast::Look;
use impasto::image::Picture;
use impasto_cli::logger;
use serde_json::{Value, json};

use super::painting::{Painting, Shared, failed};
use super::watch::Watch;
use super::{PaintArguments, files, rescue};

/// What all pictures of a call are painted with.
pub struct One<'a> {
    pub painting: &'a Painting<'a>,
    pub mask: Option<&'a Picture>,
    /// Instead of each picture's own.
    pub look: Option<&'a Look>,
    pub arguments: &'a PaintArguments,
}

impl One<'_> {
    /// Paints a file to a file; the report for programs.
    pub fn paint(&self, input: &Path, output: &Path) -> Result<Value> {
        let Self { arguments, painting, .. } = self;
        let name = input.file_name().unwrap_or(input.as_os_str()).to_string_lossy();
        let watch = Watch::new(&name, output, &arguments.preview, !arguments.quiet);
        let started = Instant::now();
        // The mask's, or those of a picture that was not painted.
        drop(logger::of_file());
        let picture = files::read(input, &arguments.reading())?;
        let of_file = logger::of_file();
        let read = started.elapsed();
        let shared = Shared { look: self.look, composition: None };
        let painted = painting.paint(&picture, self.mask, shared, &watch);
        let (painted, mut report) = painted.map_err(|e| failed(&input.display().to_string(), e))?;
        drop(picture);

        let writing = Instant::now();
        if !report.stopped {
            painting.cancel.check()?;
        }
        report.notes.extend(rescue::write(&painted, output, arguments.quality)?);
        if !report.stopped {
            self.remove_checkpoint();
        }
        let write = writing.elapsed();
        watch.finish(&report.notes);
        // They were said while the file was read.
        report.notes.splice(0..0, of_file);

        report.seconds.total = started.elapsed();
        let mut told = report.to_json();
        told["input"] = json!(input.to_string_lossy());
        told["output"] = json!(output.to_string_lossy());
        told["seconds"]["read"] = json!(read.as_secs_f64());
        told["seconds"]["write"] = json!(write.as_secs_f64());
        Ok(told)
    }

    /// Removes the state of work that is done.
    fn remove_checkpoint(&self) {
        if let Some(path) = &self.painting.settings.optimize.checkpoint
            && let Err(e) = std::fs::remove_file(path)
            && e.kind() != std::io::ErrorKind::NotFound
        {
            log::warn!("cannot remove '{}': {e}", path.display());
        }
    }
}
