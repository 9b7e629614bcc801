//! What `paint` and `graph` have for the optimise method alone.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use impasto::file::{self, FileFormat, WriteOptions};
use impasto::image::Picture;
use impasto::optimize::{OptimizeOptions, Preview, ScaleIterations, StylePicture, WeightedLayer};
use impasto::{Error, ErrorKind, Result};

use crate::style::split_weight;

/// Options that change what the graph computes.
#[derive(Args)]
#[command(next_help_heading = "Optimise method")]
pub struct ModelArguments {
    /// Feature network: vgg16, an imported one (see `impasto models`), or a .safetensors file
    #[arg(long, value_name = "NETWORK")]
    features: Option<String>,
    /// Layers of the content loss with their weights [default: block4_conv2]
    #[arg(long, value_name = "LAYER[:WEIGHT],...", value_delimiter = ',')]
    content_layers: Option<Vec<WeightedLayer>>,
    /// Layers of the style loss with their weights [default: block1_conv1,block2_conv1,
    /// block3_conv1,block4_conv1]
    #[arg(long, value_name = "LAYER[:WEIGHT],...", value_delimiter = ',')]
    style_layers: Option<Vec<WeightedLayer>>,
}

/// Options of `paint --method optimize`.
#[derive(Args)]
#[command(next_help_heading = "Optimise method")]
pub struct OptimizeArguments {
    #[command(flatten)]
    model: ModelArguments,
    /// Where the painting takes the first style, the second, and so on: a picture, white there
    #[arg(long, value_name = "PICTURE")]
    style_mask: Vec<PathBuf>,
    /// Which part of the first style picture counts, of the second, and so on
    #[arg(long, value_name = "PICTURE")]
    style_region: Vec<PathBuf>,
    /// Sizes from coarse to fine with their steps, such as 128:200,256:150,512:100
    #[arg(long, value_name = "SIDE:STEPS,...", value_delimiter = ',')]
    schedule: Option<Vec<ScaleIterations>>,
    /// Start from this picture, scaled to fit
    #[arg(long, value_name = "PICTURE")]
    start_from: Option<PathBuf>,
    /// Save the state in this file now and then and on Ctrl-C, and go on from it if it is there;
    /// it is removed when the picture is written
    #[arg(long, value_name = "FILE")]
    checkpoint: Option<PathBuf>,
    /// Time from one saving of the checkpoint to the next; 0 saves after each step
    #[arg(long, value_name = "SECONDS", default_value_t = 20, requires = "checkpoint")]
    checkpoint_every: u32,
    /// Write the picture as it stands to this file now and then
    #[arg(long, value_name = "FILE")]
    preview: Option<PathBuf>,
    /// Steps from one preview to the next
    #[arg(long, value_name = "STEPS", default_value_t = 25, value_parser = clap::value_parser!(u32).range(1..))]
    preview_every: u32,
    /// On Ctrl-C, write the picture as it stands instead of nothing
    #[arg(long)]
    keep_on_interrupt: bool,
}

/// Style pictures with all that belongs to them.
pub struct Styles(Vec<Style>);

struct Style {
    picture: Picture,
    weight: f32,
    mask: Option<Picture>,
    region: Option<Picture>,
}

impl ModelArguments {
    pub fn apply(&self, options: &mut OptimizeOptions) {
        if let Some(features) = &self.features {
            options.features.clone_from(features);
        }
        if let Some(layers) = &self.content_layers {
            options.content_layers.clone_from(layers);
        }
        if let Some(layers) = &self.style_layers {
            options.style_layers.clone_from(layers);
        }
    }

    fn is_given(&self) -> bool {
        self.features.is_some() || self.content_layers.is_some() || self.style_layers.is_some()
    }
}

impl OptimizeArguments {
    /// Refuses options that the fast method would not follow.
    pub fn refuse_for_fast(&self) -> Result<()> {
        let given = [
            (self.model.is_given(), "features and layers"),
            (!self.style_mask.is_empty(), "style masks"),
            (!self.style_region.is_empty(), "style regions"),
            (self.schedule.is_some(), "a schedule"),
            (self.start_from.is_some(), "a picture to start from"),
            (self.checkpoint.is_some(), "a checkpoint"),
            (self.preview.is_some(), "a preview"),
            (self.keep_on_interrupt, "an unfinished picture"),
        ];
        match given.iter().find(|(is_given, _)| *is_given) {
            Some((_, what)) => {
                let what = format!("cannot use {what} without --method optimize");
                Err(Error::new(ErrorKind::Argument, what))
            }
            None => Ok(()),
        }
    }

    pub fn apply(&self, options: &mut OptimizeOptions) -> Result<()> {
        self.model.apply(options);
        if let Some(schedule) = &self.schedule {
            options.schedule.clone_from(schedule);
        }
        if let Some(path) = &self.start_from {
            options.start_picture = Some(Arc::new(file::read(path)?));
        }
        if let Some(path) = &self.preview {
            FileFormat::for_writing(path)?;
        }
        options.checkpoint.clone_from(&self.checkpoint);
        options.checkpoint_every = Duration::from_secs(self.checkpoint_every.into());
        options.keep_on_cancel = self.keep_on_interrupt;
        Ok(())
    }

    /// The style pictures that `--style` names.
    pub fn styles(&self, names: &[String]) -> Result<Styles> {
        for (files, option) in
            [(&self.style_mask, "--style-mask"), (&self.style_region, "--style-region")]
        {
            if files.len() > names.len() {
                let what = format!("cannot use {option}: there are more than styles");
                return Err(Error::new(ErrorKind::Argument, what));
            }
        }
        let optional =
            |files: &[PathBuf], k: usize| files.get(k).map(|path| file::read(path)).transpose();
        let styles = names.iter().enumerate().map(|(k, name)| {
            let (name, weight) = split_weight(name);
            let path = Path::new(name);
            if !path.is_file() {
                let what = format!(
                    "cannot optimise in the style '{name}': there is no such picture file, and \
                     styles by name are codes for the fast method"
                );
                return Err(Error::new(ErrorKind::Style, what));
            }
            Ok(Style {
                picture: file::read(path)?,
                weight,
                mask: optional(&self.style_mask, k)?,
                region: optional(&self.style_region, k)?,
            })
        });
        Ok(Styles(styles.collect::<Result<_>>()?))
    }

    /// Steps from one preview to the next, and what writes one.
    pub fn preview(&self) -> Option<(u32, impl Fn(Preview<'_>) + Sync + '_)> {
        let path = self.preview.as_deref()?;
        let write = move |preview: Preview<'_>| {
            // A preview that cannot be written is no reason to lose the work.
            let format = impasto::image::PixelFormat {
                sample: impasto::image::SampleType::U8,
                ..preview.picture.format()
            };
            let space = preview.picture.color_space().clone();
            let written = preview
                .picture
                .converted(format, space)
                .and_then(|picture| file::write(&picture, path, &WriteOptions::default()));
            if let Err(e) = written {
                log::warn!("{}", e.full_message());
            }
        };
        Some((self.preview_every, write))
    }

    /// Removes the state of work that is done.
    pub fn remove_checkpoint(&self) {
        if let Some(path) = &self.checkpoint
            && let Err(e) = std::fs::remove_file(path)
            && e.kind() != std::io::ErrorKind::NotFound
        {
            log::warn!("cannot remove '{}': {e}", path.display());
        }
    }
}

impl Styles {
    pub fn pictures(&self) -> Vec<StylePicture<'_>> {
        let pictures = self.0.iter().map(|style| StylePicture {
            picture: &style.picture,
            weight: style.weight,
            mask: style.mask.as_ref(),
            region: style.region.as_ref(),
        });
        pictures.collect()
    }
}
