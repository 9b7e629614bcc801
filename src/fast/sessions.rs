//! Sessions that stay for the next painting.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::error::{Error, ErrorKind, Result};
use crate::runtime::{Device, Session};

/// Sessions of one network by the device that was chosen; one runs at a time.
#[derive(Default)]
pub(super) struct Sessions(Mutex<HashMap<Device, Session>>);

impl Sessions {
    /// Runs the session of a device, which is made the first time.
    pub fn with<T>(
        &self,
        device: &Device,
        make: impl FnOnce(&Device) -> Result<Session>,
        run: impl FnOnce(&mut Session) -> Result<T>,
    ) -> Result<T> {
        let mut sessions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !sessions.contains_key(device) {
            sessions.insert(device.clone(), make(device)?);
        }
        match sessions.get_mut(device) {
            Some(session) => run(session),
            None => Err(Error::new(ErrorKind::Runtime, "cannot reach the network")),
        }
    }
}
