//! What the optimise method takes beside its settings: pictures.

use std::path::{Path, PathBuf};

use clap::Args;
use impasto::file;
use impasto::image::Picture;
use impasto::optimize::StylePicture;
use impasto::{Error, ErrorKind, Result};
use impasto_cli::style::split_weight;

/// Pictures for the optimise method.
#[derive(Args)]
#[command(next_help_heading = "Optimise method")]
pub struct OptimizeArguments {
    /// Where the painting takes the first style, the second, and so on: a picture, white there
    #[arg(long, value_name = "PICTURE")]
    style_mask: Vec<PathBuf>,
    /// Which part of the first style picture counts, of the second, and so on
    #[arg(long, value_name = "PICTURE")]
    style_region: Vec<PathBuf>,
    /// Start from this picture, scaled to fit
    #[arg(long, value_name = "PICTURE")]
    start_from: Option<PathBuf>,
}

/// Style pictures with all that belongs to them.
pub struct StylePictures(Vec<Style>);

struct Style {
    picture: Picture,
    weight: f32,
    mask: Option<Picture>,
    region: Option<Picture>,
}

impl OptimizeArguments {
    /// An option that was given.
    pub fn given(&self) -> Option<&'static str> {
        let given = [
            (!self.style_mask.is_empty(), "--style-mask"),
            (!self.style_region.is_empty(), "--style-region"),
            (self.start_from.is_some(), "--start-from"),
        ];
        given.into_iter().find(|(is_given, _)| *is_given).map(|(_, option)| option)
    }

    /// The picture to start from.
    pub fn start(&self) -> Result<Option<Picture>> {
        self.start_from.as_deref().map(file::read).transpose()
    }

    /// The style pictures that `--style` names.
    pub fn styles(&self, names: &[String]) -> Result<StylePictures> {
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
        Ok(StylePictures(styles.collect::<Result<_>>()?))
    }
}

impl StylePictures {
    pub fn as_styles(&self) -> Vec<StylePicture<'_>> {
        let pictures = self.0.iter().map(|style| StylePicture {
            picture: &style.picture,
            weight: style.weight,
            mask: style.mask.as_ref(),
            region: style.region.as_ref(),
        });
        pictures.collect()
    }
}
