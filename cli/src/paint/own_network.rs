//! A network of the user's own that paints in one style.

use std::path::PathBuf;

use clap::Args;
use impasto::fast::{PerStyle, PictureFormat};
use impasto::models::ChannelOrder;
use impasto::{Engine, Error, ErrorKind, Result};
use impasto_cli::setting_options::Given;

/// A network that paints in one style of its own.
#[derive(Args)]
#[command(next_help_heading = "Own network")]
pub struct NetworkArguments {
    /// A per-style ONNX network to paint with, described by a manifest beside it or by the
    /// options below
    #[arg(long, value_name = "FILE", conflicts_with = "style")]
    network: Option<PathBuf>,
    /// The values of black and white in its pictures, such as 0..255
    #[arg(long, value_name = "BLACK..WHITE", value_parser = parse_range, requires = "network")]
    network_range: Option<[f32; 2]>,
    /// The order of its colour channels
    #[arg(long, value_name = "rgb|bgr", default_value = "rgb", value_parser = parse_order, requires = "network_range")]
    network_order: ChannelOrder,
    /// Its pictures' sides must be multiples of this
    #[arg(long, value_name = "N", default_value_t = 4, requires = "network_range")]
    network_multiple: u32,
}

impl NetworkArguments {
    /// Such a network has no controls: a setting that does nothing is an error.
    pub fn check(&self, given: &Given) -> Result<()> {
        let without_effect =
            ["strength", "grain", "layers", "abstraction", "keep-faces", "plain-areas"]
                .into_iter()
                .find(|name| given.has(name));
        match without_effect.filter(|_| self.network.is_some()) {
            Some(name) => {
                let what = format!("cannot use --{name} with --network: only our network has it");
                Err(Error::new(ErrorKind::Argument, what))
            }
            None => Ok(()),
        }
    }

    /// Whether there is one.
    pub fn is_given(&self) -> bool {
        self.network.is_some()
    }

    /// The network; `None` where none is named.
    pub fn open(&self, engine: &Engine) -> Result<Option<PerStyle>> {
        let Some(path) = &self.network else { return Ok(None) };
        let format = self.network_range.map(|value_range| PictureFormat {
            value_range,
            channel_order: self.network_order,
            size_multiple: self.network_multiple,
        });
        engine.open_network(path, format).map(Some)
    }
}

fn parse_range(text: &str) -> Result<[f32; 2], String> {
    let wrong = || "two numbers such as 0..255 are expected".to_owned();
    let (black, white) = text.split_once("..").ok_or_else(wrong)?;
    Ok([black.trim().parse().map_err(|_| wrong())?, white.trim().parse().map_err(|_| wrong())?])
}

fn parse_order(text: &str) -> Result<ChannelOrder, String> {
    match text {
        "rgb" => Ok(ChannelOrder::Rgb),
        "bgr" => Ok(ChannelOrder::Bgr),
        _ => Err("rgb or bgr is expected".to_owned()),
    }
}
