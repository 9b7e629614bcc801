//! What the optimise method takes beside its settings: styles and pictures.

use std::path::{Path, PathBuf};

use clap::Args;
use impasto::file;
use impasto::image::Picture;
use impasto::optimize::{StylePart, StyleSource, StyleStatistics};
use impasto::{Engine, Error, ErrorKind, Result};
use impasto_cli::style::{check_is_name, split_weight};

/// What the optimise method takes of pictures.
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

/// Styles with all that belongs to them.
pub struct OptimizeStyles(Vec<Style>);

struct Style {
    source: Source,
    weight: f32,
    mask: Option<Picture>,
}

enum Source {
    Picture { picture: Picture, region: Option<Picture> },
    Statistics(StyleStatistics),
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

    /// The styles that `--style` names.
    pub fn styles(&self, engine: &Engine, names: &[String]) -> Result<OptimizeStyles> {
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
            let source = source(engine, name, optional(&self.style_region, k)?)?;
            Ok(Style { source, weight, mask: optional(&self.style_mask, k)? })
        });
        Ok(OptimizeStyles(styles.collect::<Result<_>>()?))
    }
}

fn source(engine: &Engine, name: &str, region: Option<Picture>) -> Result<Source> {
    let path = Path::new(name);
    let is_saved = path.extension().is_some_and(|ending| ending == "toml");
    if path.is_file() && !is_saved {
        return Ok(Source::Picture { picture: file::read(path)?, region });
    }
    if region.is_some() {
        let what = format!(
            "cannot use --style-region with the style '{name}': it has no picture; give the style \
             as a picture"
        );
        return Err(Error::new(ErrorKind::Argument, what));
    }
    Ok(Source::Statistics(match is_saved {
        true => StyleStatistics::beside(path)?,
        false => {
            check_is_name(name)?;
            engine.styles()?.statistics(name)?
        }
    }))
}

impl OptimizeStyles {
    pub fn as_parts(&self) -> Vec<StylePart<'_>> {
        let parts = self.0.iter().map(|style| StylePart {
            source: match &style.source {
                Source::Picture { picture, region } => {
                    StyleSource::Picture { picture, region: region.as_ref() }
                }
                Source::Statistics(statistics) => StyleSource::Statistics(statistics),
            },
            weight: style.weight,
            mask: style.mask.as_ref(),
        });
        parts.collect()
    }
}
