//! What is remembered of an instance while it lives, and the line that shows it.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use impasto_client::Report;
use openfx::sys::generic::core::{OfxStatus, kOfxStatOK};

use crate::controls::LAST;
use crate::host::{Effect, Properties, lasting};

#[derive(Default, Clone)]
struct Instance {
    /// The device and the time of the last painting, for people.
    last: Option<String>,
    /// The error that is shown.
    error: Option<String>,
}

fn instances() -> MutexGuard<'static, BTreeMap<usize, Instance>> {
    static INSTANCES: Mutex<BTreeMap<usize, Instance>> = Mutex::new(BTreeMap::new());
    INSTANCES.lock().unwrap_or_else(PoisonError::into_inner)
}

pub fn create(effect: Effect) {
    instances().insert(effect.key(), Instance::default());
}

pub fn destroy(effect: Effect, _: Properties, _: Properties) -> OfxStatus {
    instances().remove(&effect.key());
    kOfxStatOK
}

/// Notes a painting, and takes an earlier error away.
pub fn painted(effect: Effect, report: &Report) {
    let mut line = format!("{} in {:.2} s", report.device, report.seconds);
    if !report.note.is_empty() {
        line = format!("{line}; {}", report.note);
    }
    let mut instances = instances();
    let instance = instances.entry(effect.key()).or_default();
    instance.last = Some(line);
    let had_error = instance.error.take().is_some();
    drop(instances);
    if had_error {
        effect.clear_message();
    }
}

/// Shows an error, once until something else happens: some hosts open a window each time.
pub fn failed(effect: Effect, words: &str) {
    let mut instances = instances();
    let instance = instances.entry(effect.key()).or_default();
    let is_new = instance.error.as_deref() != Some(words);
    instance.error = Some(words.to_owned());
    drop(instances);
    if is_new && !effect.show_error(words) {
        say(words);
    }
}

/// For hosts without messages, which may make a new instance for every frame.
fn say(words: &str) {
    static SAID: Mutex<String> = Mutex::new(String::new());
    let mut said = SAID.lock().unwrap_or_else(PoisonError::into_inner);
    if *said != words {
        words.clone_into(&mut said);
        eprintln!("Impasto: {words}");
    }
}

/// Brings the line of the last painting up to date. Hosts allow that only outside of rendering.
pub fn show_last(effect: Effect) {
    let last = instances().get(&effect.key()).and_then(|instance| instance.last.clone());
    if let (Some(last), Some(parameters)) = (last, effect.parameters()) {
        parameters.set_string(LAST, lasting(&last));
    }
}
