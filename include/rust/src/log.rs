//! Log messages of the library.

use std::fmt;
use std::sync::Arc;

/// How much a log message matters; the first matter most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(i32)]
pub enum LogLevel {
    /// No messages.
    Off = 0,
    /// Something failed.
    Error = 1,
    /// Something is not as it should be.
    Warning = 2,
    /// What was chosen.
    Info = 3,
    /// For a closer look.
    Debug = 4,
}

impl LogLevel {
    fn from_number(number: i32) -> Self {
        match number {
            ..=0 => Self::Off,
            1 => Self::Error,
            2 => Self::Warning,
            3 => Self::Info,
            _ => Self::Debug,
        }
    }
}

type Callback = dyn Fn(LogLevel, &str) + Send + Sync;

/// A receiver of log messages, for [`Library::set_log`](crate::Library::set_log). Clones share it.
#[derive(Clone)]
pub struct Log {
    level: LogLevel,
    callback: Arc<Callback>,
}

impl Log {
    /// Calls `callback` with messages that matter as much as `level` or more.
    ///
    /// It is called on threads that called the library, several at once. It may use this crate; what
    /// that has to log is not told. A panic in it is caught and forgotten.
    pub fn new(level: LogLevel, callback: impl Fn(LogLevel, &str) + Send + Sync + 'static) -> Self {
        Self { level, callback: Arc::new(callback) }
    }

    pub(crate) fn level(&self) -> LogLevel {
        self.level
    }

    pub(crate) fn receive(&self, level: i32, message: &str) {
        (self.callback)(LogLevel::from_number(level), message);
    }
}

impl fmt::Debug for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Log").field("level", &self.level).finish_non_exhaustive()
    }
}
