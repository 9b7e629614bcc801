//! Engines: what they know, and that threads share them.

use impasto_client::{Cancel, Engine, EngineOptions, Error, Library, Log, Look, Settings, Style};

use crate::common;
use crate::fixtures::engine;

#[test]
fn objects_may_be_shared_by_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<Library>();
    shared::<Engine>();
    shared::<Style>();
    shared::<Cancel>();
    shared::<Settings>();
    shared::<EngineOptions>();
    shared::<Look>();
    shared::<Log>();
    shared::<Error>();
}

#[test]
fn styles_and_devices_are_those_of_the_engine() {
    let ours = engine().styles().unwrap();
    let engines = common::engine().styles().unwrap().list();
    assert!(!ours.is_empty());
    assert_eq!(ours.len(), engines.len());
    for (ours, engines) in ours.iter().zip(&engines) {
        let style = &engines.style;
        assert_eq!((&ours.name, &ours.title), (&style.name, &style.title));
        assert_eq!((&ours.painter, &ours.year), (&style.painter, &style.year));
        assert_eq!(ours.thumbnail, engines.thumbnail);
    }
    let ours = engine().devices().unwrap();
    let engines = common::engine().devices().unwrap();
    assert!(ours.iter().any(|device| device.name == "cpu" && device.unavailable.is_none()));
    let ours: Vec<_> = ours.into_iter().map(|device| (device.name, device.unavailable)).collect();
    let engines: Vec<_> =
        engines.into_iter().map(|status| (status.device.to_string(), status.unavailable)).collect();
    assert_eq!(ours, engines);
}
