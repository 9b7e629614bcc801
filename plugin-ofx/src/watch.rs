//! Long work on a thread of its own, while the host's thread asks whether it is still wanted. Some
//! hosts answer that only on the thread that they render with.
//!
//! The host's `abort` alone says so. The progress suite is not used: the standard means it for
//! analysis in `instanceChanged`, with a window of its own and a button to cancel; while rendering,
//! hosts show their own progress. Natron's even answers "no" from threads that render, where its
//! window is not there yet, and nobody pressed the button.

use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use impasto_client::Cancel;

use crate::engine::library;
use crate::failure::Failure;
use crate::host::Effect;
use crate::turn::Turn;

const PAUSE: Duration = Duration::from_millis(20);

/// Does `work` when it is its turn, and stops it when the host asks.
pub fn watched<T: Send>(
    effect: Effect,
    work: impl FnOnce(&Cancel) -> Result<T, Failure> + Send,
) -> Result<T, Failure> {
    if effect.is_aborted() {
        return Err(Failure::Aborted);
    }
    let cancel = Cancel::new(&library()?)?;
    let (sender, receiver) = mpsc::channel();
    thread::scope(|scope| {
        let cancel = &cancel;
        let begun =
            thread::Builder::new().name("impasto".to_owned()).spawn_scoped(scope, move || {
                let turn = Turn::wait(cancel);
                let done = if turn.is_some() { work(cancel) } else { Err(Failure::Aborted) };
                // Nobody listens any more only where the host's thread panicked.
                let _ = sender.send(done);
            });
        if let Err(e) = begun {
            return Err(Failure::new(format!("cannot start a thread to paint in: {e}")));
        }
        loop {
            match receiver.recv_timeout(PAUSE) {
                Ok(done) => return done,
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(Failure::new("cannot paint: there is a defect in Impasto"));
                }
                Err(RecvTimeoutError::Timeout) => {}
            }
            if effect.is_aborted() {
                cancel.request();
            }
        }
    })
}
