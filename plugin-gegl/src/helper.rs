//! The program that paints, in a process of its own.

use std::fs::File;
use std::io::{self, Error, ErrorKind, Read, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::fs::FileExt;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::thread;
use std::time::Duration;

use rustix::fs::MemfdFlags;
use rustix::net::SendFlags;

use crate::HELPER_ARGUMENT;
use crate::protocol::{Answer, Request};
use crate::words::tr;

/// Longer than the program is ever silent at work; ends what hangs.
pub const PATIENCE: Duration = Duration::from_secs(180);

/// A started program. It ends when this is dropped, or with GIMP.
#[derive(Debug)]
pub struct Helper {
    path: PathBuf,
    child: Child,
    stream: Stream,
    /// Holds a picture, then its painting. It is written and read, never mapped, so that nothing
    /// that happens to it is an access beyond its end.
    pub memory: File,
    has_painted: bool,
}

/// Why there is no painting.
#[derive(Debug)]
pub enum Failure {
    /// The program says so and goes on living.
    Refused(String),
    /// The program cannot be used any more.
    Gone {
        /// In words for people, with the cure.
        words: String,
        /// Whether it died between two paintings, so that another may be started.
        in_peace: bool,
    },
}

impl Helper {
    /// Starts the program.
    ///
    /// # Errors
    /// Words for a program that cannot be started.
    pub fn start(path: &Path, patience: Duration) -> Result<Self, String> {
        Self::spawn(path, patience).map_err(|error| {
            let words = tr(
                "'%s' cannot be started. Close other programs and try again, or install Impasto for \
                 GIMP again.",
            );
            format!("{} ({error})", words.replace("%s", &path.display().to_string()))
        })
    }

    fn spawn(path: &Path, patience: Duration) -> io::Result<Self> {
        let memory = File::from(rustix::fs::memfd_create("impasto-picture", MemfdFlags::CLOEXEC)?);
        let (ours, theirs) = UnixStream::pair()?;
        ours.set_read_timeout(Some(patience))?;
        ours.set_write_timeout(Some(patience))?;
        let child = Command::new(path)
            .arg(HELPER_ARGUMENT)
            .stdin(OwnedFd::from(theirs))
            .stdout(OwnedFd::from(memory.try_clone()?))
            .spawn()?;
        let path = path.to_owned();
        Ok(Self { path, child, stream: Stream(ours), memory, has_painted: false })
    }

    /// Has the picture in the memory painted.
    ///
    /// # Errors
    /// A [`Failure`]; the memory then holds nothing of use.
    pub fn paint(&mut self, request: &Request) -> Result<String, Failure> {
        let mut has_begun = false;
        match self.ask(request, &mut has_begun) {
            Ok(Answer::Painted { note }) => {
                self.has_painted = true;
                Ok(note)
            }
            Ok(Answer::Failed(why)) => Err(Failure::Refused(why)),
            Ok(Answer::Working) => Err(self.gone("it spoke out of turn".to_owned(), false)),
            Err(error) => {
                let is_silent = matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut);
                let why = if is_silent {
                    "it was silent for too long, and was ended".to_owned()
                } else {
                    self.how_it_ended()
                };
                Err(self.gone(why, self.has_painted && !has_begun && !is_silent))
            }
        }
    }

    fn ask(&mut self, request: &Request, has_begun: &mut bool) -> io::Result<Answer> {
        request.send(&mut self.stream)?;
        loop {
            match Answer::receive(&mut self.stream)? {
                Answer::Working => *has_begun = true,
                answer => return Ok(answer),
            }
        }
    }

    fn gone(&self, why: String, in_peace: bool) -> Failure {
        let words = tr(
            "the program that paints failed. The layer is shown unpainted; change a setting of the \
             effect to try again.",
        );
        let words = format!("{words} ('{}': {why})", self.path.display());
        Failure::Gone { words, in_peace }
    }

    /// The stream ends a moment before the program.
    fn how_it_ended(&mut self) -> String {
        for _ in 0..20 {
            if let Ok(Some(status)) = self.child.try_wait() {
                return format!("it ended ({status})");
            }
            thread::sleep(Duration::from_millis(20));
        }
        "it says nothing more".to_owned()
    }

    /// Gives memory back that only one painting needs.
    pub fn release(&self) {
        let _ = self.memory.set_len(0);
    }

    /// Writes numbers into the memory, from the byte `at` on.
    ///
    /// # Errors
    /// Of the file: there is no memory.
    pub fn write(&self, numbers: &[f32], at: u64, bytes: &mut Vec<u8>) -> io::Result<()> {
        bytes.clear();
        bytes.extend(numbers.iter().flat_map(|number| number.to_ne_bytes()));
        self.memory.write_all_at(bytes, at)
    }

    /// Reads numbers out of the memory, from the byte `at` on.
    ///
    /// # Errors
    /// Of the file: it is shorter than that.
    pub fn read(&self, numbers: &mut [f32], at: u64, bytes: &mut Vec<u8>) -> io::Result<()> {
        bytes.resize(size_of_val(numbers), 0);
        self.memory.read_exact_at(bytes, at)?;
        let (chunks, _) = bytes.as_chunks::<4>();
        for (number, bytes) in numbers.iter_mut().zip(chunks) {
            *number = f32::from_ne_bytes(*bytes);
        }
        Ok(())
    }
}

impl Drop for Helper {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A socket whose other end may be gone: writing is then an error, not a signal that ends GIMP.
#[derive(Debug)]
struct Stream(UnixStream);

impl Read for Stream {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        self.0.read(bytes)
    }
}

impl Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        rustix::net::send(self.0.as_fd(), bytes, SendFlags::NOSIGNAL).map_err(Error::from)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;
    use std::time::Instant;

    use super::*;

    /// A program that does what `script` says, with the bytes of answers in files beside it.
    fn helper(folder: &Path, script: &str) -> Helper {
        for (name, answer) in [
            ("working", Answer::Working),
            ("painted", Answer::Painted { note: "a note".to_owned() }),
            ("failed", Answer::Failed("no such style".to_owned())),
        ] {
            let mut bytes = Vec::new();
            answer.send(&mut bytes).unwrap();
            fs::write(folder.join(name), bytes).unwrap();
        }
        let path = folder.join("program");
        // What it says goes to the socket, which is its standard input.
        let text = format!("#!/bin/sh\ncd '{}'\nexec 3>&0\n{script}\n", folder.display());
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        loop {
            match Helper::start(&path, Duration::from_millis(500)) {
                // Another test's new process had the file open for writing for a moment.
                Err(words) if words.contains("busy") => {}
                other => return other.unwrap(),
            }
        }
    }

    fn request() -> Request {
        Request { width: 1, height: 1, is_gray: true, values: Vec::new() }
    }

    #[test]
    fn a_painting_comes_back_in_the_memory() {
        let folder = tempfile::tempdir().unwrap();
        let mut helper = helper(
            folder.path(),
            "head -c 9 >/dev/null; printf 'abcdefgh' >&1; cat working painted >&3; sleep 9",
        );
        let mut bytes = Vec::new();
        helper.write(&[1.0, 2.0], 0, &mut bytes).unwrap();
        assert_eq!(helper.paint(&request()).unwrap(), "a note");
        let mut numbers = [0.0; 2];
        helper.read(&mut numbers, 0, &mut bytes).unwrap();
        assert_eq!(numbers.map(f32::to_ne_bytes), [*b"abcd", *b"efgh"]);
        helper.release();
        assert!(helper.read(&mut numbers, 0, &mut bytes).is_err());
    }

    #[test]
    fn what_the_program_refuses_is_no_end() {
        let folder = tempfile::tempdir().unwrap();
        let mut helper = helper(folder.path(), "cat failed >&3; sleep 9");
        let failure = helper.paint(&request()).unwrap_err();
        assert!(matches!(failure, Failure::Refused(why) if why == "no such style"));
    }

    #[test]
    fn a_program_that_ends_or_hangs_is_told_from_one_that_ended_in_peace() {
        for (script, words, is_in_peace) in [
            ("cat working >&3; exit 3", "exit status: 3", false),
            ("exit 4", "exit status: 4", false),
            ("cat painted >&3; head -c 9 >/dev/null; exit 0", "exit status: 0", true),
            ("cat painted working >&3; head -c 9 >/dev/null; exit 5", "exit status: 5", false),
            ("sleep 9", "silent for too long", false),
            ("printf '\\001\\000\\000\\000?' >&3; exit 6", "exit status: 6", false),
        ] {
            let folder = tempfile::tempdir().unwrap();
            let mut helper = helper(folder.path(), script);
            let start = Instant::now();
            let failure = helper.paint(&request()).err();
            let failure = failure.or_else(|| helper.paint(&request()).err());
            let Some(Failure::Gone { words: told, in_peace }) = failure else {
                panic!("{script}: {failure:?}")
            };
            assert!(told.contains(words), "{script}: {told}");
            assert_eq!(in_peace, is_in_peace, "{script}");
            assert!(start.elapsed() < Duration::from_secs(8), "{script}");
        }
    }

    #[test]
    fn a_program_that_is_none_is_refused_in_words() {
        let folder = tempfile::tempdir().unwrap();
        let words = Helper::start(&folder.path().join("none"), PATIENCE).unwrap_err();
        assert!(words.contains("cannot be started"), "{words}");
    }
}
