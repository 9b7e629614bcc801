//! The frames of a video, one after the other.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStdout, Stdio};
use std::rc::Rc;

use impasto::image::{Channels, ColorSpace, Picture, PixelFormat, SampleType};
use impasto::{Error, ErrorKind, Result};

use super::clip::{EXACTLY, FIRST, url};
use super::{Clip, Said, refused, start, tool};

/// Longer than any line of a PAM file's head.
const LONGEST_LINE: u64 = 200;

/// A video that is read from its start, of which the latest frames are kept.
pub struct Decoder {
    clip: Clip,
    /// The first of all, and the one after the last that was read.
    next: i64,
    kept: VecDeque<(i64, Rc<Picture>)>,
    /// How many frames are kept.
    most: usize,
    reading: Option<Reading>,
    /// The last frame, once that is known.
    last: Option<i64>,
}

/// ffmpeg at work.
struct Reading {
    child: Child,
    frames: BufReader<ChildStdout>,
    said: Said,
}

impl Decoder {
    /// Keeps `most` frames, so that one may go back as far.
    pub fn new(clip: Clip, most: usize) -> Self {
        Self { clip, next: FIRST, kept: VecDeque::new(), most, reading: None, last: None }
    }

    /// Whether there is such a frame.
    pub fn has(&mut self, frame: i64) -> Result<bool> {
        if frame < FIRST || self.last.is_some_and(|last| frame > last) {
            return Ok(false);
        }
        if frame < self.next {
            return Ok(true);
        }
        self.read_to(frame)?;
        Ok(frame < self.next)
    }

    /// # Errors
    /// `File` where there is no such frame, or reading fails.
    pub fn frame(&mut self, frame: i64) -> Result<Rc<Picture>> {
        let oldest = self.kept.front().map_or(self.next, |(kept, _)| *kept);
        if frame < oldest {
            self.reading = None;
            self.kept.clear();
            self.next = FIRST;
        }
        self.read_to(frame)?;
        let found = self.kept.iter().find(|(kept, _)| *kept == frame);
        found.map(|(_, picture)| Rc::clone(picture)).ok_or_else(|| {
            let what = format!("the video '{}' has no frame {frame}", self.clip.path.display());
            Error::new(ErrorKind::File, what)
        })
    }

    /// Reads on, up to and with this frame or the last.
    fn read_to(&mut self, frame: i64) -> Result<()> {
        while self.next <= frame && self.last.is_none_or(|last| self.next <= last) {
            let reading = match &mut self.reading {
                Some(reading) => reading,
                none => none.insert(Reading::start(&self.clip)?),
            };
            match reading.next(&self.clip)? {
                Some(picture) => {
                    self.kept.push_back((self.next, Rc::new(picture)));
                    self.next += 1;
                    while self.kept.len() > self.most {
                        self.kept.pop_front();
                    }
                }
                None => {
                    self.last = Some(self.next - 1);
                    self.reading = None;
                }
            }
        }
        Ok(())
    }
}

impl Reading {
    fn start(clip: &Clip) -> Result<Self> {
        let Clip { rate: [over, under], colors, is_deep, has_alpha, .. } = clip;
        let format = match (has_alpha, is_deep) {
            (false, false) => "rgb24",
            (false, true) => "rgb48be",
            (true, false) => "rgba",
            (true, true) => "rgba64be",
        };
        // The rate is constant in what is written.
        let filters = format!(
            "fps={over}/{under},scale=in_color_matrix={}:out_range=full:{EXACTLY},format={format}",
            colors.scalers_matrix()
        );
        let mut child = start(
            tool("ffmpeg")
                .arg("-nostdin")
                .arg("-i")
                .arg(url(&clip.path))
                .args(["-map", "0:v:0", "-vf", &filters, "-c:v", "pam", "-f", "image2pipe", "-"])
                .stdout(Stdio::piped()),
            &attempt(clip),
        )?;
        let (frames, said) = (child.stdout.take(), Said::of(&mut child));
        let frames = frames.ok_or_else(|| refused(&attempt(clip), b"no pipe"))?;
        Ok(Self { child, frames: BufReader::with_capacity(1 << 20, frames), said })
    }

    /// `None` at the end.
    fn next(&mut self, clip: &Clip) -> Result<Option<Picture>> {
        let broken = |e| Error::caused(ErrorKind::File, attempt(clip), e);
        let Some(head) = Head::read(&mut self.frames).map_err(broken)? else {
            let status = self.child.wait().map_err(broken)?;
            return match status.success() {
                true => Ok(None),
                false => Err(refused(&attempt(clip), &self.said.words())),
            };
        };
        let channels = if head.depth == 4 { Channels::Rgba } else { Channels::Rgb };
        let sample = if head.most > 255 { SampleType::U16 } else { SampleType::U8 };
        let format = PixelFormat::new(channels, sample);
        let mut picture = Picture::new(head.width, head.height, format, ColorSpace::Srgb)?;
        let data = picture.data_mut();
        self.frames.read_exact(data).map_err(broken)?;
        if sample == SampleType::U16 {
            for value in data.as_chunks_mut::<2>().0 {
                *value = u16::from_be_bytes(*value).to_ne_bytes();
            }
        }
        Ok(Some(picture))
    }
}

impl Drop for Reading {
    fn drop(&mut self) {
        // It has ended, or is of no use any more.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The head of a PAM file (<https://netpbm.sourceforge.net/doc/pam.html>).
#[derive(Debug, PartialEq, Default)]
struct Head {
    width: u32,
    height: u32,
    depth: u32,
    most: u32,
}

impl Head {
    /// `None` at the end of the stream.
    fn read(from: &mut impl BufRead) -> std::io::Result<Option<Self>> {
        let mut head = Self::default();
        let mut line = String::new();
        for number in 0.. {
            line.clear();
            if from.by_ref().take(LONGEST_LINE).read_line(&mut line)? == 0 && number == 0 {
                return Ok(None);
            }
            let (key, value) = line.trim_end().split_once(' ').unwrap_or((line.trim_end(), ""));
            let field = match key {
                "P7" | "TUPLTYPE" => continue,
                "ENDHDR" => break,
                "WIDTH" => &mut head.width,
                "HEIGHT" => &mut head.height,
                "DEPTH" => &mut head.depth,
                "MAXVAL" => &mut head.most,
                _ => return Err(std::io::Error::other("what ffmpeg gives is no PAM picture")),
            };
            *field = value.parse().map_err(std::io::Error::other)?;
        }
        Ok(Some(head))
    }
}

fn attempt(clip: &Clip) -> String {
    format!("cannot read the video '{}'", clip.path.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_of_pictures_are_read() {
        let mut two: &[u8] =
            b"P7\nWIDTH 3\nHEIGHT 2\nDEPTH 4\nMAXVAL 255\nTUPLTYPE RGB_ALPHA\nENDHDR\n";
        let head = Head { width: 3, height: 2, depth: 4, most: 255 };
        assert_eq!(Head::read(&mut two).unwrap(), Some(head));
        assert_eq!(Head::read(&mut two).unwrap(), None);
        for wrong in [&b"P6\n3 2\n255\n"[..], b"P7\nWIDTH x\n", b"P7\nWIDTH 3\n"] {
            assert!(Head::read(&mut &*wrong).is_err());
        }
    }
}
