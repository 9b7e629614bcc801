//! Sessions that stay for the next painting.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::error::{ErrorKind, Result};
use crate::runtime::{Device, Session};

/// The most that stay: each layer of a painting has a size, and its tiles have a few.
const MOST: usize = 12;

/// Sessions of one network by the device that was chosen; one runs at a time.
///
/// A GPU has one for each of the last sizes, since it plans anew for every other: with CUDA on an
/// H200 for 70 ms, where painting 1920x1088 takes 10.
#[derive(Default)]
pub(super) struct Sessions(Mutex<Vec<Kept>>);

struct Kept {
    chosen: Device,
    /// Width and height that a GPU has planned for.
    size: Option<[usize; 2]>,
    session: Session,
}

impl Sessions {
    /// Runs a session of a device, which is made the first time.
    pub fn with<T>(
        &self,
        chosen: &Device,
        make: impl FnOnce(&Device) -> Result<Session>,
        run: impl FnOnce(&mut Session) -> Result<T>,
    ) -> Result<T> {
        self.run(chosen, None, make, run)
    }

    /// Runs the session of a device for a picture of this width and height.
    pub fn with_size<T>(
        &self,
        chosen: &Device,
        size: [usize; 2],
        make: impl FnOnce(&Device) -> Result<Session>,
        run: impl FnOnce(&mut Session) -> Result<T>,
    ) -> Result<T> {
        self.run(chosen, Some(size), make, run)
    }

    /// Keeps a session for this choice of device.
    pub fn keep(&self, chosen: &Device, session: Session) {
        put(&mut self.lock(), Kept { chosen: chosen.clone(), size: None, session });
    }

    /// The device of a session that was kept for this choice, and why it is not another one.
    pub fn device(&self, chosen: &Device) -> Option<(Device, Option<String>)> {
        let kept = self.lock();
        let of_device = kept.iter().find(|each| each.chosen == *chosen)?;
        Some(of_device.session.device_and_fallback())
    }

    fn run<T>(
        &self,
        chosen: &Device,
        size: Option<[usize; 2]>,
        make: impl FnOnce(&Device) -> Result<Session>,
        run: impl FnOnce(&mut Session) -> Result<T>,
    ) -> Result<T> {
        let mut kept = self.lock();
        let of_device = |planned: Option<[usize; 2]>| {
            move |each: &Kept| each.chosen == *chosen && (size.is_none() || each.size == planned)
        };
        let place = kept.iter().position(of_device(size));
        let place = place.or_else(|| kept.iter().position(of_device(None)));
        let mut taken = match place {
            Some(place) => kept.remove(place),
            None => Kept { chosen: chosen.clone(), size: None, session: make(chosen)? },
        };
        let is_gpu = taken.session.device().is_gpu();
        if is_gpu {
            taken.size = size.or(taken.size);
        }
        let done = run(&mut taken.session);
        // What failed on a GPU holds memory there, and may be of no more use.
        let has_failed = matches!(&done, Err(e) if e.kind() != ErrorKind::Cancelled);
        if !(is_gpu && has_failed) {
            put(&mut kept, taken);
        }
        done
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Kept>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Puts it behind the others, of which the first was not used for longest.
fn put(kept: &mut Vec<Kept>, one: Kept) {
    if kept.len() >= MOST {
        kept.remove(0);
    }
    kept.push(one);
}
