//! How much a log message matters.

/// How much a log message matters; lower numbers matter more.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum impasto_log_level {
    /// No messages.
    IMPASTO_LOG_OFF = 0,
    /// Something failed.
    IMPASTO_LOG_ERROR = 1,
    /// Something is not as it should be.
    IMPASTO_LOG_WARNING = 2,
    /// What was chosen.
    IMPASTO_LOG_INFO = 3,
    /// For a closer look.
    IMPASTO_LOG_DEBUG = 4,
}
