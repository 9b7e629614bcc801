//! What all methods of an engine work with.

use std::hint::black_box;
use std::num::NonZeroUsize;
use std::sync::Arc;

use rayon::ThreadPool;

use crate::error::{Error, ErrorKind, Result};
use crate::memory;
use crate::runtime::{Device, Network, Runtime, Session};

/// What reading, rewriting and preparing a network takes besides its memory at work, measured, with
/// the stacks of its threads.
const NETWORK_BYTES: u64 = 96 << 20;

/// ONNX Runtime and the engine's threads.
pub(crate) struct Workshop {
    pub runtime: Arc<Runtime>,
    /// What was chosen for the networks.
    pub device: Device,
    pub threads: NonZeroUsize,
    /// For work on pixels.
    pub pool: Arc<ThreadPool>,
}

impl Workshop {
    /// A network ready to run on a device.
    pub fn session<'n>(
        &self,
        name: &str,
        network: impl Into<Network<'n>>,
        device: &Device,
    ) -> Result<Session> {
        self.runtime.session(name, network, device, self.threads)
    }
}

/// Refuses to begin with what needs as much room as a network, where there is none now.
pub(crate) fn ensure_room(what: &str) -> Result<()> {
    memory::ensure(NETWORK_BYTES, what)
}

/// So many threads for work on pixels: the host's own pool is left alone. They have begun when this
/// returns, with all the room that they need: later there is as much memory as is seen.
pub(crate) fn pool(threads: NonZeroUsize) -> Result<ThreadPool> {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads.get())
        .thread_name(|k| format!("impasto-{k}"))
        .build()
        .map_err(|e| Error::caused(ErrorKind::Memory, "cannot start threads", e))?;
    // A thread's first allocation takes address space for all that follow (64 MB in glibc).
    pool.broadcast(|_| drop(black_box(Box::new(0_u8))));
    Ok(pool)
}
