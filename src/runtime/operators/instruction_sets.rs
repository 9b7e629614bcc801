//! The instruction set that operators compute in.

use std::fmt;
use std::sync::OnceLock;

use pulp::Arch;

use crate::error::{Error, ErrorKind, Result};

/// An instruction set that a processor may have and operators can be kept to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InstructionSet {
    /// AVX2 with FMA: registers of 256 bits.
    Avx2,
    /// AVX-512 F, CD, BW, DQ and VL: registers of 512 bits.
    Avx512,
}

impl InstructionSet {
    /// What to compute in; `None` where the processor lacks it.
    pub fn arch(self) -> Option<Arch> {
        #[cfg(target_arch = "x86_64")]
        return match self {
            Self::Avx2 => pulp::x86::V3::try_new().map(Arch::V3),
            Self::Avx512 => pulp::x86::V4::try_new().map(Arch::V4),
        };
        #[cfg(not(target_arch = "x86_64"))]
        return None;
    }
}

impl fmt::Display for InstructionSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Avx2 => "AVX2",
            Self::Avx512 => "AVX-512",
        })
    }
}

/// What was decided for this process; no instruction set where ONNX Runtime's operators are used.
static DECIDED: OnceLock<Option<Arch>> = OnceLock::new();

/// Keeps the operators of this process to an instruction set, to measure on one machine what
/// another would do. ONNX Runtime's own operators keep to nothing. To be called before the first
/// session is made.
///
/// # Errors
/// `Argument` where the processor lacks the instruction set, or a session was made.
pub fn keep_to(set: InstructionSet) -> Result<()> {
    let what = || format!("cannot keep the operators to {set}: this processor lacks it");
    decide(Some(set.arch().ok_or_else(|| Error::new(ErrorKind::Argument, what()))?))
}

/// Makes sessions of this process run ONNX Runtime's operators alone, to measure what ours gain. To
/// be called before the first session is made.
///
/// # Errors
/// `Argument` where a session was made.
pub fn leave_out() -> Result<()> {
    decide(None)
}

fn decide(arch: Option<Arch>) -> Result<()> {
    let what = "cannot choose the operators: a session runs with them already";
    DECIDED.set(arch).map_err(|_| Error::new(ErrorKind::Argument, what))
}

/// The instruction set that the operators compute in; `None` where sessions run ONNX Runtime's.
pub(super) fn decided() -> Option<Arch> {
    *DECIDED.get_or_init(|| {
        // A sanitizer makes our operators several times slower, and has little to find in them:
        // they hold no unsafe code.
        if cfg!(impasto_sanitized) {
            return None;
        }
        // Without one operation that multiplies and adds, ONNX Runtime's are faster.
        Some(Arch::new()).filter(|arch| !matches!(arch, Arch::Scalar))
    })
}

/// What operators compute in. Those of a session that runs none of ours are never asked to.
pub(super) fn arch() -> Arch {
    decided().unwrap_or(Arch::Scalar)
}

/// All that this processor has, from none to the widest. What is asserted of an operator holds in
/// each, so that tests on a new processor say something of an old one.
#[cfg(test)]
pub(super) fn instruction_sets() -> Vec<Arch> {
    let mut sets = vec![Arch::Scalar];
    sets.extend(
        [InstructionSet::Avx2, InstructionSet::Avx512].into_iter().flat_map(|set| set.arch()),
    );
    #[cfg(target_arch = "aarch64")]
    sets.extend(pulp::aarch64::Neon::try_new().map(Arch::Neon));
    sets
}
