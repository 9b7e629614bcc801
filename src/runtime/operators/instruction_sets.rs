//! The instruction sets that this processor has. What is asserted of an operator holds in each, so
//! that tests on a new processor say something of an old one.

use pulp::Arch;

/// From none to the widest.
pub fn instruction_sets() -> Vec<Arch> {
    let mut sets = vec![Arch::Scalar];
    #[cfg(target_arch = "x86_64")]
    {
        sets.extend(pulp::x86::V3::try_new().map(Arch::V3));
        sets.extend(pulp::x86::V4::try_new().map(Arch::V4));
    }
    #[cfg(target_arch = "aarch64")]
    sets.extend(pulp::aarch64::Neon::try_new().map(Arch::Neon));
    sets
}
