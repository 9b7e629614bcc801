//! What helps against a failure.

use crate::error::Cure;

/// What helps against a failure, for hosts that say it in words of their own. The numbers never
/// change; new ones may be added.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum impasto_cure {
    /// Not known, or the message itself says it.
    IMPASTO_CURE_NONE = 0,
    /// A part of Impasto's installation is missing or damaged: it must be restored.
    IMPASTO_CURE_INSTALLATION = 1,
    /// Another device must be chosen, or the chosen one set up.
    IMPASTO_CURE_DEVICE = 2,
    /// A file is larger than is read: more must be allowed.
    IMPASTO_CURE_LIMIT = 3,
}

use impasto_cure::*;

impl From<Option<Cure>> for impasto_cure {
    fn from(cure: Option<Cure>) -> Self {
        match cure {
            None => IMPASTO_CURE_NONE,
            Some(Cure::Installation) => IMPASTO_CURE_INSTALLATION,
            Some(Cure::Device) => IMPASTO_CURE_DEVICE,
            Some(Cure::Limit) => IMPASTO_CURE_LIMIT,
        }
    }
}
