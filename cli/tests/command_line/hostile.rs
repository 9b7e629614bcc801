//! Files that want more than a picture is worth.

use std::fs;
use std::io::Write;
use std::process::{Command, Stdio};
use std::thread;

use crate::common::program::{finish, impasto, run};
use crate::{folder, names, paint};

/// The header of a PNG of 30000x30000 pixels with 8 bytes each, and no pixels.
const CLAIM: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\x75\x30\0\0\x75\x30\x10\x06\0\0\0\
    \x36\xb7\x24\xf9\0\0\0\0IEND\xae\x42\x60\x82";

/// What a header claims is believed as far as the file can hold it: 7 GB are not asked for.
#[cfg(target_os = "linux")]
#[test]
fn a_header_alone_takes_no_memory() {
    let folder = folder();
    let claim = folder.path().join("claim.png");
    fs::write(&claim, CLAIM).unwrap();
    let mut command = Command::new("sh");
    command.args(["-c", "ulimit -v 6000000 && exec \"$@\"", "sh"]).arg(impasto().get_program());
    command.arg("paint").arg(&claim).args(["--style", "ink", "--out"]);
    command
        .arg(folder.path().join("out.png"))
        .envs(impasto().get_envs().filter_map(|(name, value)| Some((name, value?))));
    run(&mut command).failed_with(1, &["claim.png", "ends before the picture does"]);
    assert_eq!(names(folder.path()), ["claim.png"]);
}

/// A stream without an end, as of a device.
#[test]
fn a_stream_without_an_end_is_refused() {
    for (begin, limit, words) in
        [(&b""[..], "4G", "not one of PNG"), (&CLAIM[..33], "1M", "--max-input")]
    {
        let folder = folder();
        let mut command = paint("-", "ink");
        command.args(["--max-input", limit, "--out"]).arg(folder.path().join("out.png"));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut input = child.stdin.take().unwrap();
        let feeding = thread::spawn(move || {
            let mut fed = input.write_all(begin);
            while fed.is_ok() {
                fed = input.write_all(&[0; 1 << 16]);
            }
        });
        finish(child).failed_with(1, &["standard input", words]);
        feeding.join().unwrap();
    }
}
