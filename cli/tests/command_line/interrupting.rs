//! Ctrl-C.

#![cfg(unix)]

use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use impasto::file::{self, WriteOptions};

use crate::common::pictures::{RGB_U8, drawn, scene};
use crate::common::program::finish;
use crate::{folder, names, paint};

#[test]
fn an_interrupted_painting_ends_soon_and_leaves_nothing() {
    let folder = folder();
    let input = folder.path().join("big.png");
    let options = WriteOptions::default();
    file::write(&drawn(2400, 1800, RGB_U8, scene), &input, &options).unwrap();
    // While it loads, looks and paints.
    for moment in [150, 600, 1500, 2500] {
        let out = folder.path().join("out");
        std::fs::create_dir_all(&out).unwrap();
        let mut command = paint(&input, "great-wave");
        // On two cores this takes longer than any of the moments.
        command.args(["--brush-size", "1", "--threads", "2", "--out"]).arg(out.join("painted.png"));
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let child = command.spawn().unwrap();
        thread::sleep(Duration::from_millis(moment));
        let id = child.id().to_string();
        assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
        let asked = Instant::now();
        let ran = finish(child);
        let latency = asked.elapsed();
        println!("interrupted after {moment} ms: ended in {latency:?}");
        assert!(latency < Duration::from_secs(2), "{latency:?}");
        let ran = ran.failed_with(130, &["interrupted"]);
        assert!(ran.stdout.is_empty());
        assert!(names(&out).is_empty(), "{:?}", names(&out));
    }
}
