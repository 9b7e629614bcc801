//! `impasto look`.

use std::path::PathBuf;

use clap::{ArgMatches, Args};
use impasto::fast::LOOK_ENDING;
use impasto::settings::{Place, SETTINGS, Setting};
use impasto::{Engine, Error, ErrorKind, Job, Result, check_file, file};
use impasto_cli::setting_options::Given;
use impasto_cli::{cancel, style};

#[derive(Args)]
#[group(skip)]
pub struct LookArguments {
    /// The picture, such as a frame that is typical of a shot
    #[arg(value_name = "PICTURE")]
    picture: PathBuf,
    /// A style by name (see `impasto styles`) or a picture; :WEIGHT mixes several
    #[arg(long, short, value_name = "STYLE[:WEIGHT]", required = true)]
    style: Vec<String>,
    /// The file to write, such as shot.look
    #[arg(long, short, value_name = "FILE")]
    out: PathBuf,
}

/// Those that `impasto paint` has with the fast method: a look is for the same ones.
pub fn settings() -> impl Iterator<Item = &'static Setting> {
    let has_look = |setting: &&Setting| setting.methods.fast && setting.place != Place::Programs;
    SETTINGS.iter().filter(has_look).filter(|setting| setting.name != "method")
}

pub fn run(engine: &Engine, arguments: &LookArguments, matches: &ArgMatches) -> Result<()> {
    let LookArguments { picture, style: styles, out } = arguments;
    if out.extension().is_none_or(|ending| ending != LOOK_ENDING) {
        let what =
            format!("cannot write a look to '{}': its name must end in .look", out.display());
        return Err(Error::new(ErrorKind::Argument, what));
    }
    check_file(out)?;
    let settings = Given::of(matches)?.into_settings()?;
    let cancel = cancel::on_interrupt();
    let job = Job::silent(&cancel);
    let style = style::resolve(engine, styles, job)?;
    engine.look_of_picture(&file::read(picture)?, &style, &settings, job)?.write(out)
}
