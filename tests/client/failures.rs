//! Failures, in words.

use impasto_client::{Engine, EngineOptions, PixelFormat, PixelsMut, Run, Status, Style};

use crate::common::scratch;
use crate::fixtures::{
    assert_refused, borrowed, engine, library, own_folders, picture, settings, style,
};

#[test]
fn failures_have_the_words_of_the_library() {
    let failed = Style::from_name(engine(), "no-such-style").unwrap_err();
    assert_refused(&failed, Status::Style, &["no-such-style", "great-wave"]);
    let failed = Style::from_name(engine(), "a\0b").unwrap_err();
    assert_refused(&failed, Status::Argument, &["NUL"]);
    let missing = scratch().join("no-such-picture.png");
    let failed = Style::from_file(engine(), &missing, Run::new()).unwrap_err();
    assert_refused(&failed, Status::File, &["no-such-picture.png"]);

    let with = |change: fn(&mut EngineOptions)| {
        let mut options = own_folders();
        change(&mut options);
        Engine::new(&library(), &options)
    };
    let failed = with(|options| options.device = Some("quantum".into())).unwrap_err();
    assert_refused(&failed, Status::Argument, &["quantum", "cuda"]);
    let lost = with(|options| options.models = Some(scratch().join("no-models"))).unwrap();
    assert_refused(&lost.styles().unwrap_err(), Status::Model, &["no-models"]);
    assert_refused(&lost.prepare().unwrap_err(), Status::Model, &["no-models"]);
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStringExt;
        let odd = std::ffi::OsString::from_vec(vec![b'/', 0xff]);
        let options = EngineOptions { models: Some(odd.into()), ..own_folders() };
        let failed = Engine::new(&library(), &options).unwrap_err();
        assert_refused(&failed, Status::Argument, &["is not UTF-8"]);
    }

    let (picture, mut small) = (picture(30, 20), vec![0; 29 * 20 * 4]);
    let mut output = PixelsMut::new(&mut small, 29, 20, PixelFormat::RGBA_U8).unwrap();
    let (style, settings, run) = (style("ink"), settings(&[]), Run::new());
    let failed = engine().paint(&style, &settings, run, &borrowed(&picture), None, &mut output);
    assert_refused(&failed.unwrap_err(), Status::Argument, &["29x20", "30x20"]);
}
