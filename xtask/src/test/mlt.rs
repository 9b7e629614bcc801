//! MLT's `melt`, as tests need it.

use anyhow::Result;

/// Runs melt until it has written something, at most three times. By itself, without any filter, it
/// ends before its first frame in one or two of a hundred runs on a busy machine (MLT 7.42), and
/// returns success.
pub fn until_written<T>(
    run: impl Fn() -> Result<T>,
    has_written: impl Fn() -> Result<bool>,
) -> Result<T> {
    for _ in 0..2 {
        let ran = run()?;
        if has_written()? {
            return Ok(ran);
        }
        println!("melt ended before its first frame: once more");
    }
    run()
}
