//! What is remembered of an instance while it lives, the line that shows it, and what is said of
//! failures.
//!
//! A host may render with copies of an instance, and make new ones for every frame: of errors
//! nothing is remembered in an instance.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use impasto_client::Report;
use openfx::sys::generic::core::{OfxStatus, kOfxStatOK};

use crate::controls::LAST;
use crate::host::{Effect, Properties, lasting};

/// The device and the time of an instance's last painting, for people.
fn last_paintings() -> MutexGuard<'static, BTreeMap<usize, String>> {
    static LAST_PAINTINGS: Mutex<BTreeMap<usize, String>> = Mutex::new(BTreeMap::new());
    LAST_PAINTINGS.lock().unwrap_or_else(PoisonError::into_inner)
}

pub fn create(effect: Effect) {
    last_paintings().remove(&effect.key());
}

pub fn destroy(effect: Effect, _: Properties, _: Properties) -> OfxStatus {
    last_paintings().remove(&effect.key());
    kOfxStatOK
}

/// Notes a painting, and shows a note of the node's own or takes an earlier message away.
pub fn painted(effect: Effect, report: &Report, note: Option<&str>) {
    let mut line = format!("{} in {:.2} s", report.device, report.seconds);
    for note in [Some(&*report.note), note].into_iter().flatten().filter(|note| !note.is_empty()) {
        line = format!("{line}; {note}");
    }
    last_paintings().insert(effect.key(), line);
    match note {
        Some(note) => effect.keep_warning(note),
        None => effect.clear_message(),
    }
    said().clear();
}

/// Shows an error. A host that keeps one with the node is told each time; others, which open a
/// window or print, once until other words or a painting.
pub fn failed(effect: Effect, words: &str) {
    if effect.keep_error(words) {
        return;
    }
    let mut said = said();
    if *said != words {
        words.clone_into(&mut said);
        drop(said);
        if !effect.show_error(words) {
            eprintln!("Impasto: {words}");
        }
    }
}

fn said() -> MutexGuard<'static, String> {
    static SAID: Mutex<String> = Mutex::new(String::new());
    SAID.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Brings the line of the last painting up to date. Hosts allow that only outside of rendering.
pub fn show_last(effect: Effect) {
    let last = last_paintings().get(&effect.key()).cloned();
    if let (Some(last), Some(parameters)) = (last, effect.parameters()) {
        parameters.set_string(LAST, lasting(&last));
    }
}
