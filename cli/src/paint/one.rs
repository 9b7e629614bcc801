//! One picture's painting.

use std::path::Path;
use std::time::Instant;

use impasto::canvas::Canvas;
use impasto::image::Picture;
use impasto::job::Cancel;
use impasto::{Engine, Error, ErrorKind, Report, Request, Result, Settings, Styles};
use impasto_cli::logger;
use serde_json::{Value, json};

use super::watch::Watch;
use super::{PaintArguments, Painter, files, rescue, working_memory};

/// What all pictures of a call are painted with.
pub struct One<'a> {
    pub engine: &'a Engine,
    pub settings: &'a Settings,
    pub painter: &'a Painter,
    pub mask: Option<&'a Picture>,
    pub arguments: &'a PaintArguments,
    pub cancel: &'a Cancel,
    /// What the program may take.
    pub memory: Option<u64>,
}

impl One<'_> {
    /// Paints a file to a file; the report for programs.
    pub fn paint(&self, input: &Path, output: &Path) -> Result<Value> {
        let Self { arguments, .. } = self;
        let name = input.file_name().unwrap_or(input.as_os_str()).to_string_lossy();
        let watch = Watch::new(&name, output, &arguments.preview, !arguments.quiet);
        let started = Instant::now();
        // The mask's, or those of a picture that was not painted.
        drop(logger::of_file());
        let picture = files::read(input, &arguments.reading())?;
        let of_file = logger::of_file();
        let read = started.elapsed();
        let (painted, mut report) = self.painted(&picture, &watch).map_err(|e| match e.kind() {
            ErrorKind::Cancelled => e,
            kind => Error::caused(kind, format!("cannot paint '{}'", input.display()), e),
        })?;
        drop(picture);

        let writing = Instant::now();
        if !report.stopped {
            self.cancel.check()?;
        }
        let notes = files::write(&painted, output, arguments.quality)
            .map_err(|e| rescue::elsewhere(&painted, output, arguments.quality, e))?;
        report.notes.extend(notes);
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

    fn painted(&self, picture: &Picture, watch: &Watch<'_>) -> Result<(Picture, Report)> {
        let (width, height) = (picture.width(), picture.height());
        let mask = self.mask.map(|mask| mask.mask(width, height)).transpose()?;
        let space = picture.color_space();
        let mut painted = Picture::new(width, height, picture.format(), space.clone())?;
        painted.metadata_mut().clone_from(picture.metadata());
        let limit = self.memory.map(|limit| working_memory::beside(picture, limit)).transpose()?;
        let mut output = painted.view_mut();
        let canvas = Canvas {
            input: picture.view(),
            color_space: space,
            mask: mask.as_ref().map(Picture::view),
            output: &mut output,
        };
        let parts;
        let (styles, start) = match self.painter {
            Painter::Style(style) => (Styles::from(style), None),
            Painter::Network(network) => (Styles::from(network), None),
            Painter::Optimize { styles, start, code } => {
                parts = styles.as_parts();
                let styles = Styles { code: code.as_ref(), ..Styles::from(&parts[..]) };
                (styles, start.as_ref())
            }
        };
        let mut request = Request::new(canvas, styles, self.settings, self.cancel);
        request.start = start;
        request.limits.memory = limit;
        let report = self.engine.paint(request, watch)?;
        Ok((painted, report))
    }

    /// Removes the state of work that is done.
    fn remove_checkpoint(&self) {
        if let Some(path) = &self.settings.optimize.checkpoint
            && let Err(e) = std::fs::remove_file(path)
            && e.kind() != std::io::ErrorKind::NotFound
        {
            log::warn!("cannot remove '{}': {e}", path.display());
        }
    }
}
