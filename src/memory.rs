//! How much memory there is and how much the process takes.

use sysinfo::{MemoryRefreshKind, ProcessRefreshKind, ProcessesToUpdate, RefreshKind, System};

/// A quarter of the memory that is free, but room for the smallest sensible tile.
pub(crate) fn default_budget() -> u64 {
    const LEAST: u64 = 512 << 20;
    let memory = RefreshKind::nothing().with_memory(MemoryRefreshKind::nothing().with_ram());
    (System::new_with_specifics(memory).available_memory() / 4).max(LEAST)
}

/// Bytes of memory that the process holds now.
pub fn resident_bytes() -> Option<u64> {
    let own = sysinfo::get_current_pid().ok()?;
    let mut system = System::new();
    let kind = ProcessRefreshKind::nothing().with_memory();
    system.refresh_processes_specifics(ProcessesToUpdate::Some(&[own]), false, kind);
    Some(system.process(own)?.memory())
}

/// The most bytes of memory that the process has held, where the system tells (Linux).
pub fn peak_resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_process_holds_some_memory() {
        let held = resident_bytes();
        assert!(held.is_some_and(|bytes| bytes > 1 << 20));
        #[cfg(target_os = "linux")]
        assert!(peak_resident_bytes() >= held);
        assert!(default_budget() > 0);
    }
}
