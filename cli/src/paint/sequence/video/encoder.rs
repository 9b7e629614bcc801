//! A video that is written frame by frame.

use std::borrow::Cow;
use std::io::{ErrorKind as IoErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Stdio};

use impasto::image::{Channels, ColorSpace, Picture, PixelFormat, SampleType};
use impasto::{Error, ErrorKind, Result, check_file};

use super::clip::{Colors, EXACTLY, FIRST, url};
use super::{Clip, Said, refused, start, tool};

/// How a video is written.
pub struct Encoding {
    output: PathBuf,
    /// What gives sound, words and chapters, from a frame on.
    beside: Option<Beside>,
    /// Frames a second, as a fraction.
    rate: [u32; 2],
    colors: Colors,
    /// What was given for ffmpeg, which goes before our own choice.
    options: Vec<String>,
}

/// The part of another video that the pictures belong to.
struct Beside {
    clip: Clip,
    /// Frames before the first that is painted.
    skipped: u64,
    /// Frames that are painted, where they end before the video does.
    count: Option<u64>,
}

/// ffmpeg at work on a file beside the one that is wanted.
pub struct Encoder {
    encoding: Encoding,
    part: PathBuf,
    writing: Option<Writing>,
}

struct Writing {
    child: Child,
    frames: ChildStdin,
    said: Said,
    size: [u32; 2],
}

impl Encoding {
    /// Of pictures, at a rate.
    pub fn of_pictures(output: &Path, rate: [u32; 2], options: Vec<String>) -> Self {
        let [matrix, primaries, transfer] = ["bt709"; 3].map(str::to_owned);
        let colors = Colors { matrix, primaries, transfer };
        Self { output: output.to_owned(), beside: None, rate, colors, options }
    }

    /// Of the frames of a clip, all or these that follow each other, with its sound.
    pub fn of_clip(
        output: &Path,
        clip: &Clip,
        frames: Option<&[i64]>,
        options: Vec<String>,
    ) -> Self {
        let first = frames.and_then(<[i64]>::first).copied().unwrap_or(FIRST);
        let beside = Beside {
            clip: clip.clone(),
            skipped: u64::try_from(first - FIRST).unwrap_or(0),
            count: frames.map(|frames| frames.len() as u64),
        };
        let (rate, colors) = (clip.rate, clip.colors.clone());
        Self { output: output.to_owned(), beside: Some(beside), rate, colors, options }
    }
}

impl Encoder {
    /// The video that is wanted.
    pub fn output(&self) -> &Path {
        &self.encoding.output
    }

    /// # Errors
    /// `File` for a file that cannot be written.
    pub fn new(encoding: Encoding) -> Result<Self> {
        let part = beside(&encoding.output, "part");
        check_file(&part)?;
        Ok(Self { encoding, part, writing: None })
    }

    /// Adds a frame.
    ///
    /// # Errors
    /// `File` where ffmpeg fails, and for a frame of another size.
    pub fn add(&mut self, picture: &Picture) -> Result<()> {
        let picture = &*encoded(picture)?;
        let size = [picture.width(), picture.height()];
        let writing = match &mut self.writing {
            Some(writing) => writing,
            none => none.insert(Writing::start(&self.encoding, &self.part, picture)?),
        };
        if writing.size != size {
            let [width, height] = writing.size;
            let what = format!(
                "{}: a frame has {}x{} pixels, those before it {width}x{height}",
                attempt(&self.encoding.output),
                size[0],
                size[1]
            );
            return Err(Error::new(ErrorKind::File, what));
        }
        match writing.frames.write_all(picture.data()) {
            Ok(()) => Ok(()),
            // It has ended, and says why.
            Err(e) if e.kind() == IoErrorKind::BrokenPipe => match self.close() {
                Err(said) => Err(said),
                Ok(_) => Err(Error::caused(ErrorKind::File, attempt(&self.encoding.output), e)),
            },
            Err(e) => Err(Error::caused(ErrorKind::File, attempt(&self.encoding.output), e)),
        }
    }

    /// Closes the video, and gives it its name.
    ///
    /// # Errors
    /// `File` where ffmpeg fails.
    pub fn finish(mut self) -> Result<()> {
        if self.close()? {
            self.rename(&self.encoding.output.clone())?;
        }
        Ok(())
    }

    /// Closes the video, which is not all of what was wanted, under another name, which is returned
    /// where there are frames in it.
    pub fn break_off(mut self) -> Option<PathBuf> {
        let kept = beside(&self.encoding.output, "unfinished");
        let is_there = self.close().is_ok_and(|is_there| is_there);
        (is_there && self.rename(&kept).is_ok()).then_some(kept)
    }

    fn rename(&self, to: &Path) -> Result<()> {
        std::fs::rename(&self.part, to).map_err(|e| Error::caused(ErrorKind::File, attempt(to), e))
    }

    /// Whether anything was written.
    fn close(&mut self) -> Result<bool> {
        let Some(Writing { mut child, frames, mut said, .. }) = self.writing.take() else {
            return Ok(false);
        };
        drop(frames);
        let status = child
            .wait()
            .map_err(|e| Error::caused(ErrorKind::File, attempt(&self.encoding.output), e))?;
        match status.success() {
            true => Ok(true),
            false => Err(refused(&attempt(&self.encoding.output), &said.words())),
        }
    }
}

impl Drop for Encoder {
    fn drop(&mut self) {
        if let Some(Writing { mut child, .. }) = self.writing.take() {
            // What it wrote is removed.
            let _ = child.kill();
            let _ = child.wait();
        }
        let _ = std::fs::remove_file(&self.part);
    }
}

impl Writing {
    fn start(encoding: &Encoding, part: &Path, picture: &Picture) -> Result<Self> {
        let size = [picture.width(), picture.height()];
        let format = picture.format();
        let (has_alpha, is_deep) = (format.channels.has_alpha(), format.sample != SampleType::U8);
        let pixels = match (has_alpha, is_deep) {
            (false, false) => "rgb24",
            (false, true) => "rgb48",
            (true, false) => "rgba",
            (true, true) => "rgba64",
        };
        let ending = if !is_deep {
            ""
        } else if cfg!(target_endian = "big") {
            "be"
        } else {
            "le"
        };
        let [over, under] = encoding.rate;
        let mut command = tool("ffmpeg");
        command.args(["-nostdin", "-y", "-f", "rawvideo"]);
        command.args(["-pix_fmt", &format!("{pixels}{ending}")]);
        command.args(["-s", &format!("{}x{}", size[0], size[1])]);
        command.args(["-r", &format!("{over}/{under}"), "-i", "pipe:0"]);
        if let Some(Beside { clip, skipped, count }) = &encoding.beside {
            let seconds =
                |frames: u64| format!("{:.6}", frames as f64 * f64::from(under) / f64::from(over));
            if *skipped > 0 {
                command.args(["-ss", &seconds(*skipped)]);
            }
            if let Some(count) = count {
                command.args(["-t", &seconds(*count)]);
            }
            command.arg("-i").arg(url(&clip.path));
            command.args(["-map", "0:v", "-map", "1:a?", "-map_metadata", "1", "-c:a", "copy"]);
        }
        let Colors { matrix, primaries, transfer } = &encoding.colors;
        let to = encoding.colors.scalers_matrix();
        command.args(["-vf", &format!("scale=out_color_matrix={to}:out_range=tv:{EXACTLY}")]);
        command.args(["-colorspace", matrix, "-color_primaries", primaries]);
        command.args(["-color_trc", transfer, "-color_range", "tv"]);
        command.args(usual(&encoding.output, has_alpha, is_deep).iter().map(|option| {
            // Elsewhere two by two pixels have one colour.
            match size.iter().any(|side| side % 2 == 1) {
                true => option.replace("420p", "444p"),
                false => (*option).to_owned(),
            }
        }));
        command.args(&encoding.options).arg(url(part));
        let attempt = attempt(&encoding.output);
        let mut child = start(command.stdin(Stdio::piped()).stdout(Stdio::null()), &attempt)?;
        let (frames, said) = (child.stdin.take(), Said::of(&mut child));
        let frames = frames.ok_or_else(|| refused(&attempt, b"no pipe"))?;
        Ok(Self { child, frames, said, size })
    }
}

/// What a person would choose for such a file, of high quality.
fn usual(output: &Path, has_alpha: bool, is_deep: bool) -> &'static [&'static str] {
    let ending = output.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    match (&*ending, has_alpha, is_deep) {
        ("mov", true, _) => {
            &["-c:v", "prores_ks", "-profile:v", "4444", "-pix_fmt", "yuva444p10le"]
        }
        ("webm", true, _) => {
            &["-c:v", "libvpx-vp9", "-crf", "20", "-b:v", "0", "-pix_fmt", "yuva420p"]
        }
        ("webm", false, _) => {
            &["-c:v", "libvpx-vp9", "-crf", "20", "-b:v", "0", "-pix_fmt", "yuv420p"]
        }
        ("mxf", ..) => &["-c:v", "dnxhd", "-profile:v", "dnxhr_hqx", "-pix_fmt", "yuv422p10le"],
        ("mpg", ..) => &["-c:v", "mpeg2video", "-q:v", "2", "-pix_fmt", "yuv420p"],
        (_, _, true) => &["-c:v", "libx264", "-crf", "16", "-pix_fmt", "yuv420p10le"],
        (_, _, false) => &["-c:v", "libx264", "-crf", "16", "-pix_fmt", "yuv420p"],
    }
}

/// As ffmpeg takes it.
fn encoded(picture: &Picture) -> Result<Cow<'_, Picture>> {
    let format = picture.format();
    let channels = if format.channels.has_alpha() { Channels::Rgba } else { Channels::Rgb };
    let sample = if format.sample == SampleType::U8 { SampleType::U8 } else { SampleType::U16 };
    let wanted = PixelFormat::new(channels, sample);
    if format == wanted && *picture.color_space() == ColorSpace::Srgb {
        return Ok(Cow::Borrowed(picture));
    }
    picture.converted(wanted, ColorSpace::Srgb).map(Cow::Owned)
}

/// A file beside another, of its kind: `painted.part.mp4`.
fn beside(path: &Path, word: &str) -> PathBuf {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let ending = path.extension().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!("{stem}.{word}.{ending}"))
}

fn attempt(output: &Path) -> String {
    format!("cannot write the video '{}'", output.display())
}
