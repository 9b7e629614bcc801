//! Threads for work on pixels.

use std::num::NonZeroUsize;

use rayon::ThreadPool;

use crate::error::{Error, ErrorKind, Result};

/// A pool of its own for a method: the host's global one is left alone.
pub(crate) fn pool(threads: NonZeroUsize) -> Result<ThreadPool> {
    rayon::ThreadPoolBuilder::new()
        .num_threads(threads.get())
        .thread_name(|k| format!("impasto-{k}"))
        .build()
        .map_err(|e| Error::caused(ErrorKind::Memory, "cannot start threads", e))
}
