//! What there is to know of a video before it is painted.

use std::path::{Path, PathBuf};

use impasto::{Error, ErrorKind, Result};
use serde::Deserialize;

use super::{not_started, refused, tool};

/// From this height on, a video that does not say is taken for one of high definition.
const HIGH_DEFINITION: u32 = 720;

/// The number of a video's first frame.
pub const FIRST: i64 = 1;

/// How ffmpeg's filter `scale` changes colours with the least loss.
pub const EXACTLY: &str = "flags=bicubic+accurate_rnd+full_chroma_int+full_chroma_inp";

/// A video file.
#[derive(Debug, Clone)]
pub struct Clip {
    pub path: PathBuf,
    /// Frames a second, as a fraction.
    pub rate: [u32; 2],
    /// How many frames there are about.
    pub frames: Option<u64>,
    pub colors: Colors,
    /// Whether samples have more than 8 bits.
    pub is_deep: bool,
    pub has_alpha: bool,
}

/// What the numbers of a video mean, in ffmpeg's words.
#[derive(Debug, Clone)]
pub struct Colors {
    pub matrix: String,
    pub primaries: String,
    pub transfer: String,
}

#[derive(Deserialize)]
struct Probed {
    #[serde(default)]
    streams: Vec<Stream>,
    #[serde(default)]
    format: Format,
}

#[derive(Deserialize, Default)]
struct Format {
    duration: Option<String>,
}

#[derive(Deserialize)]
struct Stream {
    height: Option<u32>,
    pix_fmt: Option<String>,
    #[serde(default)]
    avg_frame_rate: String,
    #[serde(default)]
    r_frame_rate: String,
    nb_frames: Option<String>,
    duration: Option<String>,
    color_space: Option<String>,
    color_primaries: Option<String>,
    color_transfer: Option<String>,
}

const ASKED: &str = "stream=height,pix_fmt,avg_frame_rate,r_frame_rate,nb_frames,duration,\
                     color_space,color_primaries,color_transfer:format=duration";

impl Clip {
    /// Asks ffprobe.
    ///
    /// # Errors
    /// `File` for what is no video, and where ffprobe is missing.
    pub fn open(path: &Path) -> Result<Self> {
        let attempt = format!("cannot read the video '{}'", path.display());
        if let Err(e) = std::fs::File::open(path) {
            return Err(Error::caused(ErrorKind::File, attempt, e));
        }
        let asked = tool("ffprobe")
            .args(["-select_streams", "v:0", "-show_entries", ASKED, "-of", "json"])
            .arg(url(path))
            .output()
            .map_err(|e| not_started(&attempt, e))?;
        if !asked.status.success() {
            return Err(refused(&attempt, &asked.stderr));
        }
        let probed: Probed = serde_json::from_slice(&asked.stdout)
            .map_err(|e| Error::caused(ErrorKind::File, attempt.clone(), e))?;
        let Some(stream) = probed.streams.first() else {
            return Err(Error::new(
                ErrorKind::File,
                format!("{attempt}: there is no picture in it"),
            ));
        };
        let rate = [&stream.avg_frame_rate, &stream.r_frame_rate];
        let rate = rate.into_iter().find_map(|rate| fraction(rate));
        let rate = rate.ok_or_else(|| {
            Error::new(ErrorKind::File, format!("{attempt}: it has no frames a second"))
        })?;
        let seconds = stream.duration.as_deref().or(probed.format.duration.as_deref());
        let seconds = seconds.and_then(|seconds| seconds.parse::<f64>().ok());
        let per_second = f64::from(rate[0]) / f64::from(rate[1]);
        let counted = stream.nb_frames.as_deref().and_then(|count| count.parse().ok());
        let pixels = stream.pix_fmt.as_deref().unwrap_or_default();
        Ok(Self {
            path: path.to_owned(),
            rate,
            frames: counted.or(seconds.map(|seconds| (seconds * per_second).round() as u64)),
            colors: Colors::of(stream),
            is_deep: is_deep(pixels),
            has_alpha: has_alpha(pixels),
        })
    }
}

impl Colors {
    fn of(stream: &Stream) -> Self {
        let usual = match stream.height.unwrap_or(0) >= HIGH_DEFINITION {
            true => "bt709",
            false => "smpte170m",
        };
        let known = |told: &Option<String>| match told.as_deref() {
            // RGB has no matrix; what is written has one.
            None | Some("unknown" | "reserved" | "gbr" | "") => usual.to_owned(),
            Some(told) => told.to_owned(),
        };
        Self {
            matrix: known(&stream.color_space),
            primaries: known(&stream.color_primaries),
            transfer: known(&stream.color_transfer),
        }
    }
}

impl Colors {
    /// What the filter `scale` calls the matrix.
    pub fn scalers_matrix(&self) -> &str {
        match &*self.matrix {
            "bt2020nc" | "bt2020c" | "bt2020_ncl" | "bt2020_cl" => "bt2020",
            known @ ("bt709" | "bt470bg" | "smpte170m" | "smpte240m" | "fcc") => known,
            _ => "bt709",
        }
    }
}

/// A path that ffmpeg takes for a file, whatever it begins with.
pub fn url(path: &Path) -> PathBuf {
    match path.is_absolute() {
        true => path.to_owned(),
        false => Path::new(".").join(path),
    }
}

/// `30000/1001`; `None` for `0/0`.
fn fraction(text: &str) -> Option<[u32; 2]> {
    let (over, under) = text.split_once('/')?;
    let fraction = [over.parse().ok()?, under.parse().ok()?];
    fraction.iter().all(|part| *part > 0).then_some(fraction)
}

/// Whether a format of ffmpeg's has more than 8 bits: `yuv420p10le`, `rgb48le`, `gray16be`, `p010le`.
fn is_deep(pixels: &str) -> bool {
    let name = pixels.strip_suffix("le").or_else(|| pixels.strip_suffix("be"));
    let digits =
        |name: &str| name.len() - name.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    name.is_some_and(|name| {
        matches!(&name[name.len() - digits(name)..], "9" | "10" | "12" | "14" | "16" | "48" | "64")
            || name.starts_with("p0")
            || name.starts_with("p2")
            || name.starts_with("p4")
    })
}

fn has_alpha(pixels: &str) -> bool {
    ["yuva", "rgba", "bgra", "argb", "abgr", "gbrap", "ya"]
        .iter()
        .any(|name| pixels.starts_with(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_fractions() {
        assert_eq!(fraction("30000/1001"), Some([30000, 1001]));
        assert_eq!(fraction("25/1"), Some([25, 1]));
        for none in ["0/0", "", "25", "x/1"] {
            assert_eq!(fraction(none), None, "{none}");
        }
    }

    #[test]
    fn formats_say_how_deep_they_are() {
        for deep in ["yuv420p10le", "yuv422p12le", "rgb48le", "gray16be", "p010le", "yuva444p10le"]
        {
            assert!(is_deep(deep), "{deep}");
        }
        for flat in ["yuv420p", "yuvj420p", "rgb24", "gray", "nv12", "rgb0", "pal8", ""] {
            assert!(!is_deep(flat), "{flat}");
        }
        assert!(has_alpha("yuva444p10le") && has_alpha("rgba64le") && !has_alpha("yuv420p"));
    }
}
