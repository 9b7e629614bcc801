//! Video files, read and written by the program ffmpeg where it is installed.

mod clip;
mod decoder;
mod encoder;

use std::io::{ErrorKind as IoErrorKind, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::JoinHandle;

use impasto::{Error, ErrorKind, Result};

pub use clip::{Clip, FIRST};
pub use decoder::Decoder;
pub use encoder::{Encoder, Encoding};

/// Endings of the files that are taken for videos.
const ENDINGS: [&str; 10] =
    ["mp4", "m4v", "mov", "mkv", "webm", "avi", "mpg", "mts", "m2ts", "mxf"];

/// Whether a file is taken for a video, by its name.
pub fn is_video(path: &Path) -> bool {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    ending.is_some_and(|ending| ENDINGS.contains(&&*ending))
}

/// A program of ffmpeg's that says on standard error only what went wrong.
fn tool(name: &str) -> Command {
    let mut command = Command::new(name);
    command.args(["-v", "error"]).stdin(Stdio::null()).stderr(Stdio::piped());
    apart(&mut command);
    command
}

/// Ctrl-C is for us: a video that is being written is then closed properly.
#[cfg(unix)]
fn apart(command: &mut Command) {
    use std::os::unix::process::CommandExt;
    command.process_group(0);
}

#[cfg(windows)]
fn apart(command: &mut Command) {
    use std::os::windows::process::CommandExt;
    const CREATE_NEW_PROCESS_GROUP: u32 = 0x200;
    command.creation_flags(CREATE_NEW_PROCESS_GROUP);
}

/// Starts a program of ffmpeg's.
fn start(command: &mut Command, attempt: &str) -> Result<Child> {
    command.spawn().map_err(|e| not_started(attempt, e))
}

fn not_started(attempt: &str, error: std::io::Error) -> Error {
    let what = match error.kind() {
        IoErrorKind::NotFound => format!(
            "{attempt}: there is no ffmpeg. Install it (`apt install ffmpeg`, `brew install \
             ffmpeg`, ffmpeg.org), or paint a sequence of pictures, such as shot.####.png"
        ),
        _ => format!("{attempt}: ffmpeg could not be started"),
    };
    Error::caused(ErrorKind::File, what, error)
}

/// What a program says, read while it works so that it is never kept waiting.
struct Said(Option<JoinHandle<Vec<u8>>>);

impl Said {
    fn of(child: &mut Child) -> Self {
        Self(child.stderr.take().map(|mut said| {
            std::thread::spawn(move || {
                let mut words = Vec::new();
                // What cannot be read says nothing.
                let _ = said.read_to_end(&mut words);
                words
            })
        }))
    }

    /// All of it, once the program has ended.
    fn words(&mut self) -> Vec<u8> {
        self.0.take().and_then(|said| said.join().ok()).unwrap_or_default()
    }
}

/// An error in ffmpeg's own words.
fn refused(attempt: &str, said: &[u8]) -> Error {
    let said = String::from_utf8_lossy(said);
    let words: Vec<_> = said.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let words = match words.as_slice() {
        [] => "it says nothing of why".to_owned(),
        words => words[words.len().saturating_sub(3)..].join("; "),
    };
    Error::new(ErrorKind::File, format!("{attempt}: ffmpeg fails: {words}"))
}
