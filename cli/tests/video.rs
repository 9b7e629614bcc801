//! Videos. `cargo xtask test video` sees to it that there is ffmpeg, and runs this.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use common::example;
use common::program::{finish, impasto, run};
use impasto::file;
use serde_json::Value;
use tempfile::TempDir;

/// Frames of a clip.
const FRAMES: usize = 12;

/// A camera that moves over the photograph, with a tone, as these options of ffmpeg's write it.
fn clip(folder: &TempDir, name: &str, size: [u32; 2], options: &[&str]) -> PathBuf {
    let path = folder.path().join(name);
    let [width, height] = size;
    let filters = format!("crop={width}:{height}:n*4:120,fps=24000/1001");
    let mut ffmpeg = Command::new("ffmpeg");
    ffmpeg.args(["-v", "error", "-nostdin", "-loop", "1", "-framerate", "24000/1001", "-i"]);
    ffmpeg.arg(example("photo.png"));
    ffmpeg.args(["-f", "lavfi", "-i", "sine=440:duration=0.5005", "-vf", &filters]);
    ffmpeg.args(["-frames:v", &FRAMES.to_string(), "-c:a", "pcm_s16le"]).args(options).arg(&path);
    assert!(ffmpeg.status().unwrap().success());
    path
}

/// What ffprobe says of the streams of a kind.
fn probed(path: &Path, kind: &str) -> Value {
    let mut ffprobe = Command::new("ffprobe");
    ffprobe.args(["-v", "error", "-select_streams", kind, "-count_frames"]);
    ffprobe.args(["-show_entries", "stream", "-of", "json"]).arg(path);
    let told: Value = serde_json::from_slice(&ffprobe.output().unwrap().stdout).unwrap();
    told["streams"][0].clone()
}

fn paint(input: &Path, output: &Path, options: &[&str]) -> Command {
    let mut command = impasto();
    command.arg("paint").arg(input).args(["--style", "ink", "--threads", "2"]);
    command.args(options).arg("--out").arg(output);
    command
}

fn names(folder: &Path) -> Vec<String> {
    let name = |entry: std::io::Result<fs::DirEntry>| entry.unwrap().file_name();
    let mut names: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(name)
        .map(|name| name.to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

/// Frames as ffmpeg reads them.
fn frames(video: &Path, folder: &Path) -> Vec<PathBuf> {
    fs::create_dir_all(folder).unwrap();
    let mut ffmpeg = Command::new("ffmpeg");
    ffmpeg.args(["-v", "error", "-nostdin", "-i"]).arg(video).arg(folder.join("%04d.png"));
    assert!(ffmpeg.status().unwrap().success());
    names(folder).into_iter().map(|name| folder.join(name)).collect()
}

#[test]
#[ignore = "needs ffmpeg"]
fn a_video_keeps_its_frames_its_pace_its_colours_and_its_sound() {
    let folder = tempfile::tempdir().unwrap();
    let tags = ["-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709"];
    let input = clip(
        &folder,
        "clip.mov",
        [160, 120],
        &[&["-c:v", "libx264", "-pix_fmt", "yuv420p"], &tags[..]].concat(),
    );
    let output = folder.path().join("painted.mov");
    run(&mut paint(&input, &output, &[])).silently();
    let [before, after] = [&input, &output].map(|path| probed(path, "v:0"));
    for same in [
        "width",
        "height",
        "avg_frame_rate",
        "nb_read_frames",
        "color_space",
        "color_transfer",
        "color_primaries",
    ] {
        assert_eq!(before[same], after[same], "{same}");
    }
    assert_eq!(after["nb_read_frames"], FRAMES.to_string());
    let [before, after] = [&input, &output].map(|path| probed(path, "a:0"));
    for same in ["codec_name", "sample_rate", "duration_ts"] {
        assert_eq!(before[same], after[same], "{same}");
    }
    assert_eq!(names(folder.path()), ["clip.mov", "painted.mov"]);
}

#[test]
#[ignore = "needs ffmpeg"]
fn parts_of_a_video_are_those_of_the_whole_and_pictures_those_of_a_video() {
    let folder = tempfile::tempdir().unwrap();
    let input = clip(&folder, "clip.mkv", [112, 84], &["-c:v", "ffv1", "-pix_fmt", "yuv420p"]);
    let lossless = folder.path().join("painted.mkv");
    run(&mut paint(&input, &lossless, &["--ffmpeg", "-c:v ffv1 -pix_fmt gbrp"])).silently();
    let whole = frames(&lossless, &folder.path().join("whole"));
    assert_eq!(whole.len(), FRAMES);
    let pictures = folder.path().join("parts/%04d.png");
    for part in ["7-12", "2-6", "1"] {
        run(&mut paint(&input, &pictures, &["--frames", part])).silently();
    }
    for (name, path) in names(&folder.path().join("parts")).iter().zip(&whole) {
        let part = file::read(&folder.path().join("parts").join(name)).unwrap();
        assert!(part.data() == file::read(path).unwrap().data(), "{name}");
    }
    // A look of a later frame has the video read from its start again.
    let part = folder.path().join("part.mkv");
    run(&mut paint(&input, &part, &["--frames", "5-8", "--look", "11"])).silently();
    assert_eq!(probed(&part, "v:0")["nb_read_frames"], "4");
    let video = folder.path().join("of-pictures.mp4");
    run(&mut paint(&pictures, &video, &["--fps", "23.976"])).silently();
    assert_eq!(probed(&video, "v:0")["avg_frame_rate"], "24000/1001");
    assert_eq!(probed(&video, "v:0")["nb_read_frames"], FRAMES.to_string());
}

#[test]
#[ignore = "needs ffmpeg"]
fn odd_sizes_deep_colours_and_alpha_stay() {
    let folder = tempfile::tempdir().unwrap();
    let odd = clip(&folder, "odd.mkv", [97, 75], &["-c:v", "ffv1", "-pix_fmt", "yuv444p10le"]);
    let output = folder.path().join("odd-painted.mp4");
    run(&mut paint(&odd, &output, &["--ffmpeg", "-c:a aac"])).silently();
    let told = probed(&output, "v:0");
    assert_eq!((&told["width"], &told["height"]), (&97.into(), &75.into()));
    assert_eq!(told["pix_fmt"], "yuv444p10le");
    let clear = clip(&folder, "clear.mov", [96, 72], &["-c:v", "qtrle", "-pix_fmt", "argb"]);
    let output = folder.path().join("clear-painted.mov");
    run(&mut paint(&clear, &output, &["--frames", "1-3"])).silently();
    assert_eq!(probed(&output, "v:0")["codec_name"], "prores");
    assert!(probed(&output, "v:0")["pix_fmt"].as_str().unwrap().starts_with("yuva444"));
}

#[test]
#[ignore = "needs ffmpeg"]
fn an_interrupted_video_is_closed_and_kept_by_another_name() {
    let folder = tempfile::tempdir().unwrap();
    let input = clip(&folder, "clip.mov", [480, 280], &["-c:v", "libx264", "-pix_fmt", "yuv420p"]);
    let output = folder.path().join("painted.mov");
    fs::write(&output, "what was there").unwrap();
    let mut command = paint(&input, &output, &["--look", "each"]);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().unwrap();
    let part = folder.path().join("painted.part.mov");
    let begun = Instant::now();
    while !part.exists() && begun.elapsed() < Duration::from_secs(120) {
        thread::sleep(Duration::from_millis(50));
    }
    thread::sleep(Duration::from_millis(500));
    let id = child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    finish(child).failed_with(130, &["painted.unfinished.mov", "interrupted"]);
    assert_eq!(names(folder.path()), ["clip.mov", "painted.mov", "painted.unfinished.mov"]);
    assert_eq!(fs::read(&output).unwrap(), b"what was there");
    let kept = probed(&folder.path().join("painted.unfinished.mov"), "v:0");
    let count: usize = kept["nb_read_frames"].as_str().unwrap().parse().unwrap();
    assert!((1..FRAMES).contains(&count), "{count}");
}

#[test]
#[ignore = "needs ffmpeg"]
fn what_cannot_be_read_or_written_is_said_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let input = clip(&folder, "clip.mov", [64, 48], &["-c:v", "libx264", "-pix_fmt", "yuv420p"]);
    let text = folder.path().join("text.mp4");
    fs::write(&text, "no video").unwrap();
    let out = folder.path().join("out.mp4");
    let (missing, nowhere) = (folder.path().join("no.mp4"), folder.path().join("no/out.mp4"));
    for (input, output, options, code, words) in [
        (&text, &out, &[][..], 1, &["text.mp4", "ffmpeg"][..]),
        (&missing, &out, &[], 1, &["no.mp4"]),
        (&input, &nowhere, &[], 1, &["out.mp4"]),
        (&input, &input, &[], 2, &["over itself"]),
        (&input, &folder.path().join("./clip.mov"), &[], 2, &["over itself"]),
        (&input, &out, &["--frames", "1,3"], 2, &["gaps"]),
        (&input, &out, &["--frames", "90-91"], 1, &["no frame 90"]),
        (&input, &out, &["--resume"], 2, &["--resume"]),
        (&input, &out, &["--fps", "25"], 2, &["--fps"]),
        (&input, &out, &["--fps", "x"], 2, &["24000/1001"]),
        (&input, &out, &["--ffmpeg", "-c:v nonsense"], 1, &["nonsense"]),
        (&input, &folder.path().join("one.png"), &[], 2, &["painted.####.png"]),
    ] {
        run(&mut paint(input, output, options)).failed_with(code, words);
    }
    let mut without = paint(&input, &out, &[]);
    run(without.env("PATH", folder.path())).failed_with(1, &["there is no ffmpeg"]);
    assert_eq!(names(folder.path()), ["clip.mov", "text.mp4"]);
}
