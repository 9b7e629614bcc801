//! The program without GIMP: paints for the layer effect, `impasto:paint`, which GEGL runs in GIMP's
//! process.
//!
//! Standard input is a socket on which pictures are asked for; what is standard output at the start
//! is memory that holds a picture, then its painting. The engine stays between paintings.

mod order;
mod painter;

use std::fs::File;
use std::io::{self, ErrorKind};
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::process::ExitCode;
use std::time::Duration;

use impasto_gegl::protocol::{Answer, Request};

use painter::Painter;

/// So long the engine stays in memory with nothing to do.
const IDLE: Duration = Duration::from_secs(10 * 60);

/// Paints what is asked for until GIMP ends, or nothing was asked for a while.
pub fn run() -> ExitCode {
    match serve() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("impasto-gimp: painting for GIMP's layer effect failed: {error}");
            ExitCode::FAILURE
        }
    }
}

fn serve() -> io::Result<()> {
    let mut stream = UnixStream::from(io::stdin().as_fd().try_clone_to_owned()?);
    let memory = File::from(io::stdout().as_fd().try_clone_to_owned()?);
    // What a library prints belongs into no picture.
    rustix::stdio::dup2_stdout(io::stderr())?;
    stream.set_read_timeout(Some(IDLE))?;
    let mut painter = Painter::default();
    loop {
        let request = match Request::receive(&mut stream) {
            Ok(Some(request)) => request,
            Ok(None) => return Ok(()),
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
            Err(error) => return Err(error),
        };
        let answer = match painter.paint(&request, &memory, &stream) {
            Ok(note) => Answer::Painted { note },
            Err(why) => Answer::Failed(why),
        };
        answer.send(&mut stream)?;
    }
}
