//! How much memory there is, how much the process takes, and asking for more of it.

use std::fmt;

use sysinfo::{MemoryRefreshKind, ProcessRefreshKind, ProcessesToUpdate, RefreshKind, System};

use crate::error::{Error, ErrorKind, Result};

/// So many copies of a value. `what` says for a message what they are: "a mask of 4x3".
///
/// What grows with a picture is asked for here: where `vec!` finds no memory, it ends the process,
/// which is the host's.
///
/// # Errors
/// `Memory` where they do not fit.
pub(crate) fn filled<T: Clone>(value: T, count: usize, what: impl fmt::Display) -> Result<Vec<T>> {
    let mut values = reserved(count, what)?;
    values.resize(count, value);
    Ok(values)
}

/// An empty vector with room for so many values; see [`filled`].
///
/// # Errors
/// `Memory` where they do not fit.
pub(crate) fn reserved<T>(count: usize, what: impl fmt::Display) -> Result<Vec<T>> {
    let mut values = Vec::new();
    values.try_reserve_exact(count).map_err(|_| {
        let bytes = count as u128 * size_of::<T>() as u128;
        let message = format!(
            "no memory for {what} ({bytes} bytes): take smaller pictures or end other programs"
        );
        Error::new(ErrorKind::Memory, message)
    })?;
    Ok(values)
}

/// The values that an iterator of known length yields; see [`filled`].
///
/// # Errors
/// `Memory` where they do not fit.
pub(crate) fn collected<T>(
    values: impl ExactSizeIterator<Item = T>,
    what: impl fmt::Display,
) -> Result<Vec<T>> {
    let mut all = reserved(values.len(), what)?;
    all.extend(values);
    Ok(all)
}

/// A copy of some values; see [`filled`].
///
/// # Errors
/// `Memory` where it does not fit.
pub(crate) fn copied<T: Copy>(values: &[T], what: impl fmt::Display) -> Result<Vec<T>> {
    let mut copy = reserved(values.len(), what)?;
    copy.extend_from_slice(values);
    Ok(copy)
}

/// Refuses work for which there is no room, before libraries that end the process for want of it
/// begin. The room is asked for and given back.
///
/// # Errors
/// `Memory` where so many bytes cannot be had now.
pub(crate) fn ensure(bytes: u64, what: impl fmt::Display) -> Result<()> {
    let count = usize::try_from(bytes).unwrap_or(usize::MAX);
    reserved::<u8>(count, what).map(drop)
}

/// A quarter of the memory that is free, but room for the smallest sensible tile.
pub(crate) fn default_budget() -> u64 {
    const LEAST: u64 = 512 << 20;
    (available() / 4).max(LEAST)
}

/// The memory that is free now.
pub(crate) fn available() -> u64 {
    let memory = RefreshKind::nothing().with_memory(MemoryRefreshKind::nothing().with_ram());
    System::new_with_specifics(memory).available_memory()
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
        // Other threads take and give back memory between any two questions.
        let some = std::hint::black_box(vec![1_u8; 32 << 20]);
        let is_counted = |bytes: u64| bytes > some.len() as u64;
        assert!(resident_bytes().is_some_and(is_counted));
        #[cfg(target_os = "linux")]
        assert!(peak_resident_bytes().is_some_and(is_counted));
        assert!(default_budget() > 0);
    }

    #[test]
    fn what_does_not_fit_is_an_error_with_its_size() {
        // More than any address space holds, and more than a vector may.
        for count in [usize::MAX / 8, usize::MAX] {
            let error = filled(0.5_f32, count, "a mask").unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Memory);
            let start = format!("no memory for a mask ({} bytes): ", count as u128 * 4);
            assert!(error.full_message().starts_with(&start), "{}", error.full_message());
        }
        assert_eq!(filled(7_u8, 3, "three").unwrap(), [7, 7, 7]);
    }
}
