//! `melt`, the engine of Kdenlive and Shotcut, in a root folder of Debian sid.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};

use crate::cargo;
use crate::environment::give_home;
use crate::install::ofx::{BINARIES, BUNDLE};
use crate::pictures::{self, Picture};
use crate::repo::Repo;
use crate::root_folder::{RootFolder, SHARED};
use crate::runtime;
use crate::test::mlt::until_written;

/// Interrupts what takes longer than so many seconds. It must not be the first process of the root
/// folder, whose signals are treated otherwise.
///
/// melt starts the thread that writes before it marks it as running (`consumer_start` of its
/// `consumer_avformat.c`). On a busy machine that thread may look at the mark first: it ends without
/// having asked for a frame, and melt ends, too, or waits for ever. Its log says so, and only then
/// melt is started again.
const WITHIN: &str = r#"
lost='finished processing -1 frames'
for attempt in 1 2 3 4 5 6 7 8 9; do
    : >/tmp/said
    timeout --kill-after=10 --signal=INT "$@" 2>/tmp/said &
    until grep -q "$lost" /tmp/said || ! kill -0 $! 2>/dev/null; do sleep 0.1; done
    kill $! 2>/dev/null
    wait $!
    status=$?
    cat /tmp/said >&2
    { [ $status != 124 ] && grep -q "$lost" /tmp/said; } || break
done
exit $status"#;

/// Longer than anything takes.
const PATIENCE: u32 = 300;

const NODE: &str = "openfx.org.impasto.Impasto";
const STYLE: &str = "style=Mosaic (Drawn for Impasto)";

/// A pixel of 8 bits.
const STEP: f64 = 1.0 / 255.0 + 1e-6;

const WIDTH: u32 = 160;
const HEIGHT: u32 = 112;

struct Melt<'a> {
    root: &'a RootFolder,
    /// Holds the bundle.
    shared: &'a Path,
    /// The command line, which shows what the engine does.
    program: PathBuf,
    repo: &'a Repo,
}

type Case = fn(&Melt<'_>) -> Result<()>;

pub fn run(repo: &Repo, root: &RootFolder, shared: &Path) -> Result<()> {
    let program = cargo::build(repo)?.program;
    let melt = Melt { root, shared, program, repo };
    fs::write(shared.join("profile"), profile())?;
    let photo = pictures::read(&repo.root().join("examples/photo.png"))?;
    let photo = photo.part(120, 90, WIDTH, HEIGHT);
    photo.write(&shared.join("byte.png"))?;
    photo.deepened().write(&shared.join("short.png"))?;
    photo.with_alpha().write(&shared.join("alpha.png"))?;

    let cases: [(&str, Case); 9] = [
        ("depths and alpha", depths),
        ("a floating-point source", float),
        ("parameters", parameters),
        ("animation", animation),
        ("two nodes", two_nodes),
        ("a style that is missing", missing_style),
        ("the look of a picture", look_of_a_picture),
        ("a shot loads the networks once", one_load),
        ("Ctrl-C", interrupted),
    ];
    for (name, case) in cases {
        case(&melt).with_context(|| format!("melt: {name}"))?;
        println!("melt: {name}: passed");
    }
    Ok(())
}

/// Of the pictures' size, so that melt scales nothing.
fn profile() -> String {
    format!(
        "description=test\nframe_rate_num=25\nframe_rate_den=1\nwidth={WIDTH}\nheight={HEIGHT}\n\
         progressive=1\nsample_aspect_num=1\nsample_aspect_den=1\ndisplay_aspect_num={WIDTH}\n\
         display_aspect_den={HEIGHT}\ncolorspace=709\n"
    )
}

impl Melt<'_> {
    /// melt from `source` through nodes with these values; `out` may be a pattern of frames.
    fn command(
        &self,
        seconds: u32,
        source: &str,
        last: u32,
        nodes: &[&[&str]],
        out: &str,
    ) -> Command {
        let mut command = self.root.command(self.shared, "env");
        command.arg(format!("OFX_PLUGIN_PATH={SHARED}")).arg(format!("HOME={SHARED}"));
        command.args(["sh", "-c", WITHIN, "sh", &seconds.to_string()]);
        let is_deep = source.starts_with("short") || source.starts_with("float");
        // What else reads pictures gives them 8 bits.
        let reader = if is_deep { "avformat:" } else { "" };
        command.args(["melt", "-silent", "-loglevel", "verbose", "-profile", "profile"]);
        command.arg(format!("{reader}{source}"));
        command.arg(format!("out={last}"));
        for node in nodes {
            command.args(["-filter", NODE]).args(*node);
        }
        let (format, pixels) = match source {
            _ if is_deep => ("rgba64", "rgba64be"),
            "alpha.png" => ("rgba", "rgba"),
            _ => ("rgb", "rgb24"),
        };
        command.args(["-consumer", &format!("avformat:{out}"), "vcodec=png", "an=1"]);
        command.args([&format!("mlt_image_format={format}"), &format!("pix_fmt={pixels}")]);
        command.arg("real_time=-1");
        if !out.contains('%') {
            command.arg("update=1");
        }
        command
    }

    fn run(&self, source: &str, last: u32, nodes: &[&[&str]], out: &str) -> Result<Output> {
        self.clear()?;
        let run = || {
            let output = self.command(PATIENCE, source, last, nodes, out).output()?;
            if !output.status.success() {
                let errors = String::from_utf8_lossy(&output.stderr);
                bail!("melt failed ({}): {errors}", output.status);
            }
            Ok(output)
        };
        until_written(run, || Ok(!self.painted()?.is_empty()))
    }

    /// One frame.
    fn paint(&self, source: &str, nodes: &[&[&str]]) -> Result<Picture> {
        let output = self.run(source, 0, nodes, "out.png")?;
        let picture = self.read("out.png");
        picture.with_context(|| String::from_utf8_lossy(&output.stderr).into_owned())
    }

    /// Removes what melt painted before, which would pass for what it has yet to paint.
    fn clear(&self) -> Result<()> {
        for path in self.painted()? {
            fs::remove_file(path)?;
        }
        Ok(())
    }

    /// What melt has painted.
    fn painted(&self) -> Result<Vec<PathBuf>> {
        let mut painted = Vec::new();
        for entry in fs::read_dir(self.shared)? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if name == "out.png" || name.starts_with("frame") {
                painted.push(path);
            }
        }
        Ok(painted)
    }

    fn read(&self, name: &str) -> Result<Picture> {
        pictures::read(&self.shared.join(name))
    }

    /// The command line, in the shared folder and at home there.
    fn engine(&self) -> Command {
        let mut program = Command::new(&self.program);
        program.current_dir(self.shared);
        program.env("IMPASTO_ONNXRUNTIME", runtime::CPU.library_in(self.repo));
        give_home(&mut program, self.shared);
        program
    }

    /// What the engine makes of it.
    fn expected(&self, source: &str, options: &[&str]) -> Result<Picture> {
        let models = self.shared.join(BUNDLE).join(BINARIES).join("models");
        let status = self
            .engine()
            .args(["paint", source, "--style", "mosaic", "--out", "expected.png", "--quiet"])
            .args(options)
            .env("IMPASTO_MODELS", models)
            .status()?;
        ensure!(status.success(), "impasto paint failed ({status})");
        self.read("expected.png")
    }
}

fn check_same(painted: &Picture, expected: &Picture, step: f64, what: &str) -> Result<()> {
    let most = painted.most_difference(expected)?;
    ensure!(most <= step, "{what}: differs from the engine's painting by {most}");
    Ok(())
}

fn depths(melt: &Melt<'_>) -> Result<()> {
    for source in ["byte.png", "short.png", "alpha.png"] {
        let passed = melt.paint(source, &[&["opacity=0"]])?;
        check_same(&passed, &melt.read(source)?, 0.0, "without opacity")?;
        let painted = melt.paint(source, &[&[STYLE]])?;
        check_same(&painted, &melt.expected(source, &[])?, STEP, source)?;
        ensure!(painted.mean_difference(&passed) > 0.02, "{source}: nothing was painted");
    }
    Ok(())
}

/// melt offers such a source in 16 bits, since the node takes them.
fn float(melt: &Melt<'_>) -> Result<()> {
    let status = melt
        .engine()
        .args(["paint", "byte.png", "--style", "ink", "--opacity", "0", "--out", "float.exr"])
        .arg("--quiet")
        .env("IMPASTO_MODELS", melt.repo.models())
        .status()?;
    ensure!(status.success(), "impasto paint failed ({status})");
    let source = "float.exr";
    let passed = melt.paint(source, &[&["opacity=0"]])?;
    let painted = melt.paint(source, &[&[STYLE]])?;
    ensure!(painted.mean_difference(&passed) > 0.02, "nothing was painted");
    let (least, most) =
        painted.values.iter().fold((u16::MAX, 0), |(a, b), &v| (a.min(v), b.max(v)));
    ensure!(most - least > 10_000, "the painting is flat");
    Ok(())
}

fn parameters(melt: &Melt<'_>) -> Result<()> {
    // By name it is the style of any machine, whatever the list is at.
    let by_name = melt.paint("byte.png", &[&["style_name=mosaic", "style=None"]])?;
    check_same(&by_name, &melt.expected("byte.png", &[])?, STEP, "a style by name")?;
    let usual = melt.paint("byte.png", &[&[STYLE]])?;
    for (value, options) in [
        ("strength=0.2", ["--strength", "0.2"]),
        ("grain=0.9", ["--grain", "0.9"]),
        ("brush_size=2", ["--brush-size", "2"]),
        ("turbulence=0.9", ["--turbulence", "0.9"]),
        ("seed=7", ["--seed", "7"]),
        ("keep_color=Paint only luminance", ["--keep-color", "luminance"]),
        ("opacity=0.4", ["--opacity", "0.4"]),
    ] {
        let painted = melt.paint("byte.png", &[&[STYLE, value]])?;
        check_same(&painted, &melt.expected("byte.png", &options)?, STEP, value)?;
        ensure!(painted != usual, "{value} does nothing");
    }
    let detail = melt.paint("byte.png", &[&[STYLE, "brush_size=3", "detail=0"]])?;
    let expected = melt.expected("byte.png", &["--brush-size", "3", "--detail", "0"])?;
    check_same(&detail, &expected, STEP, "detail")?;
    for value in ["device=Processor", "memory=600", "input_colors=Encoded (sRGB)"] {
        let painted = melt.paint("byte.png", &[&[STYLE, value]])?;
        check_same(&painted, &usual, STEP, value)?;
    }
    let linear = melt.paint("byte.png", &[&[STYLE, "input_colors=Linear"]])?;
    ensure!(linear != usual, "linear pictures are painted as encoded ones");
    let mixed = ["style_mix=1", "second_style=Mosaic (Drawn for Impasto)"];
    check_same(&melt.paint("byte.png", &[&mixed])?, &usual, STEP, "the second style")
}

fn animation(melt: &Melt<'_>) -> Result<()> {
    melt.run("byte.png", 9, &[&[STYLE, "opacity=0=0;9=1"]], "frame%02d.png")?;
    let source = melt.read("byte.png")?;
    let mut before = -1.0;
    for frame in 1..=10 {
        let off = melt.read(&format!("frame{frame:02}.png"))?.mean_difference(&source);
        ensure!(off > before, "frame {frame} is no more painted than the one before");
        before = off;
    }
    check_same(&melt.read("frame01.png")?, &source, 0.0, "the first frame")?;
    check_same(&melt.read("frame10.png")?, &melt.expected("byte.png", &[])?, STEP, "the last")
}

fn two_nodes(melt: &Melt<'_>) -> Result<()> {
    let ink = ["style=Ink (Drawn for Impasto)"];
    let both = melt.paint("byte.png", &[&ink, &[STYLE]])?;
    melt.paint("byte.png", &[&ink])?.write(&melt.shared.join("ink.png"))?;
    check_same(&both, &melt.expected("ink.png", &[])?, STEP, "the second node")
}

fn missing_style(melt: &Melt<'_>) -> Result<()> {
    let values = ["style=A picture file", "style_file=/no/such picture.png"];
    let named = melt.run("byte.png", 0, &[&["style_name=plum"]], "out.png")?;
    check_same(&melt.read("out.png")?, &melt.read("byte.png")?, 0.0, "the source")?;
    let said = String::from_utf8_lossy(&named.stderr);
    ensure!(said.contains("no style 'plum'"), "melt does not say why: {said}");
    for source in ["byte.png", "short.png"] {
        let output = melt.run(source, 2, &[&values], "frame%02d.png")?;
        check_same(&melt.read("frame03.png")?, &melt.read(source)?, 0.0, "the source")?;
        let said = String::from_utf8_lossy(&output.stderr);
        ensure!(said.contains("/no/such picture.png"), "melt does not say why: {said}");
    }
    Ok(())
}

/// melt shows a node one frame at a time: other looks are refused with words.
fn look_of_a_picture(melt: &Melt<'_>) -> Result<()> {
    let usual = melt.paint("byte.png", &[&[STYLE]])?;
    let look = ["look=Of a picture", "look_file=byte.png", STYLE];
    check_same(&melt.paint("byte.png", &[&look])?, &usual, STEP, "its own look")?;
    let locked = [STYLE, "look=Locked to a frame", "look_frame=3"];
    let output = melt.run("byte.png", 0, &[&locked], "out.png")?;
    check_same(&melt.read("out.png")?, &melt.read("byte.png")?, 0.0, "the source")?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(said.contains("Of a picture"), "melt does not say the cure: {said}");
    Ok(())
}

/// Once a frame is painted, the networks are no longer needed.
fn one_load(melt: &Melt<'_>) -> Result<()> {
    const FRAMES: u32 = 50;
    melt.clear()?;
    let mut running = melt
        .command(PATIENCE, "byte.png", FRAMES - 1, &[&[STYLE]], "frame%02d.png")
        .stderr(Stdio::null())
        .spawn()?;
    let models = melt.shared.join(BUNDLE).join(BINARIES).join("models");
    let away = melt.shared.join("models-away");
    while !melt.shared.join("frame02.png").is_file() {
        ensure!(running.try_wait()?.is_none(), "melt ended before its second frame");
        thread::sleep(Duration::from_millis(5));
    }
    fs::rename(&models, &away)?;
    let status = running.wait();
    fs::rename(&away, &models)?;
    ensure!(status?.success(), "melt failed");
    let painted = melt.expected("byte.png", &[])?;
    for frame in 1..=FRAMES {
        let frame = melt.read(&format!("frame{frame:02}.png"))?;
        check_same(&frame, &painted, STEP, "a frame of the shot")?;
    }
    Ok(())
}

/// melt ends soon and by itself, and what it wrote is whole.
fn interrupted(melt: &Melt<'_>) -> Result<()> {
    melt.clear()?;
    let nodes: [&[&str]; 1] = [&[STYLE, "brush_size=0.5"]];
    let mut command = melt.command(6, "byte.png", 9999, &nodes, "frame%04d.png");
    let status = command.stderr(Stdio::null()).status()?;
    // 124: interrupted and ended; more: it had to be killed, or crashed.
    ensure!(status.code() == Some(124), "melt ended with {status}");
    let frames = (1..).take_while(|k| melt.shared.join(format!("frame{k:04}.png")).is_file());
    let count = frames.count();
    ensure!((1..9999).contains(&count), "melt painted {count} frames");
    for frame in 1..count {
        melt.read(&format!("frame{frame:04}.png"))?;
    }
    Ok(())
}
