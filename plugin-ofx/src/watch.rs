//! Long work on a thread of its own, while the host's thread asks whether it is still wanted. Some
//! hosts answer that only on the thread that they render with.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use impasto_client::Cancel;

use crate::engine::library;
use crate::failure::Failure;
use crate::host::Effect;
use crate::turn::Turn;

const PAUSE: Duration = Duration::from_millis(20);

/// Work that ends sooner is done before a person has read what the bar says.
const PROGRESS_AFTER: Duration = Duration::from_secs(2);

/// What the work may look at and tell.
pub struct Watched {
    pub cancel: Cancel,
    thousandths: AtomicU32,
}

impl Watched {
    /// `fraction` is from 0 to 1.
    pub fn tell(&self, fraction: f32) {
        self.thousandths.store((fraction.clamp(0.0, 1.0) * 1000.0) as u32, Ordering::Relaxed);
    }
}

/// Does `work` when it is its turn, and stops it when the host asks.
pub fn watched<T: Send>(
    effect: Effect,
    work: impl FnOnce(&Watched) -> Result<T, Failure> + Send,
) -> Result<T, Failure> {
    if effect.is_aborted() {
        return Err(Failure::Aborted);
    }
    let watched = Watched { cancel: Cancel::new(&library()?)?, thousandths: AtomicU32::new(0) };
    let (sender, receiver) = mpsc::channel();
    let started = Instant::now();
    thread::scope(|scope| {
        let watched = &watched;
        let begun =
            thread::Builder::new().name("impasto".to_owned()).spawn_scoped(scope, move || {
                let turn = Turn::wait(&watched.cancel);
                let done = if turn.is_some() { work(watched) } else { Err(Failure::Aborted) };
                // Nobody listens any more only where the host's thread panicked.
                let _ = sender.send(done);
            });
        if let Err(e) = begun {
            return Err(Failure::new(format!("cannot start a thread to paint in: {e}")));
        }
        let mut progress = None;
        loop {
            match receiver.recv_timeout(PAUSE) {
                Ok(done) => return done,
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(Failure::new("cannot paint: there is a defect in Impasto"));
                }
                Err(RecvTimeoutError::Timeout) => {}
            }
            if progress.is_none() && started.elapsed() > PROGRESS_AFTER {
                progress = Some(effect.start_progress(c"Impasto paints"));
            }
            let thousandths = watched.thousandths.load(Ordering::Relaxed);
            let goes_on = progress
                .as_ref()
                .is_none_or(|progress| progress.update(f64::from(thousandths) / 1000.0));
            if effect.is_aborted() || !goes_on {
                watched.cancel.request();
            }
        }
    })
}
