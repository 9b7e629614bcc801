//! Structs of C that start with their own size, so that they can grow.

use super::pointer::{check, wrong};
use crate::error::Result;

/// A struct that starts with its own size.
///
/// # Safety
/// A type that implements this is `repr(C)`, begins with a `usize` that holds its size in the
/// caller's version, has no padding, and is valid for every bit pattern.
pub(super) unsafe trait Growing: Copy {
    /// The struct's sizes in earlier versions that were released. Any other would cut a field in
    /// two.
    const FORMER: &[usize] = &[];

    /// What a caller means who sets nothing.
    fn defaults() -> Self;
}

/// A size beyond this is no struct but garbage that must not be followed.
const MOST: usize = 4096;

fn check_size<T: Growing>(size: usize, name: &str) -> Result<()> {
    if T::FORMER.contains(&size) || (size_of::<T>()..=MOST).contains(&size) {
        return Ok(());
    }
    Err(wrong(format!(
        "'{name}' has the struct_size {size}, which no version of it has: initialise it with its \
         _init function and sizeof"
    )))
}

/// Reads the size that a struct of the caller's has, for [`write()`].
///
/// # Safety
/// `pointer` is NULL or points to a `usize`.
pub(super) unsafe fn read_room<T: Growing>(pointer: *const T, name: &str) -> Result<usize> {
    check(pointer, name)?;
    // SAFETY: not NULL and aligned, as checked; it begins with its size by the trait's condition.
    let size = unsafe { pointer.cast::<usize>().read() };
    check_size::<T>(size, name)?;
    Ok(size)
}

/// Reads a struct of the size that its caller knew: what an older caller does not have gets its
/// default, what a newer one has beyond ours must be zero.
///
/// # Safety
/// `pointer` is NULL or points to a `usize` followed by as many bytes as it says, less its own.
pub(super) unsafe fn read<T: Growing>(pointer: *const T, name: &str) -> Result<T> {
    // SAFETY: it points to a `usize` by this function's condition.
    let given = unsafe { read_room(pointer, name) }?;
    let size = size_of::<T>();
    let bytes = pointer.cast::<u8>();
    if given > size {
        // SAFETY: the struct says of itself that it has so many bytes, which this function's
        // condition makes true.
        let beyond = unsafe { std::slice::from_raw_parts(bytes.add(size), given - size) };
        if beyond.iter().any(|&byte| byte != 0) {
            return Err(wrong(format!(
                "'{name}' asks for something that this version of the library does not know: use \
                 a newer library"
            )));
        }
    }
    let mut known = T::defaults();
    // SAFETY: the source has `given` bytes, the target `size`, and they are different objects; any
    // bytes are a valid `T` by the trait's condition.
    unsafe {
        std::ptr::copy_nonoverlapping(
            bytes,
            std::ptr::from_mut(&mut known).cast::<u8>(),
            given.min(size),
        );
    }
    Ok(known)
}

/// Writes a struct with as much as the caller has room for.
///
/// # Safety
/// `pointer` is NULL or has room for `room` bytes.
pub(super) unsafe fn write<T: Growing>(
    pointer: *mut T,
    room: usize,
    mut value: T,
    name: &str,
) -> Result<()> {
    check(pointer, name)?;
    check_size::<T>(room, name)?;
    let written = room.min(size_of::<T>());
    let from = std::ptr::from_mut(&mut value);
    // SAFETY: the value begins with its size by the trait's condition; the target has room for
    // `written` bytes by this function's, and the value has no fewer.
    unsafe {
        from.cast::<usize>().write(written);
        std::ptr::copy_nonoverlapping(from.cast::<u8>(), pointer.cast::<u8>(), written);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A struct that had one number at first and has three now.
    #[repr(C)]
    #[derive(Clone, Copy, PartialEq, Debug)]
    struct Grown {
        size: usize,
        first: u64,
        second: u64,
        third: u64,
    }

    // SAFETY: numbers of eight bytes, the size first.
    unsafe impl Growing for Grown {
        const FORMER: &[usize] = &[16];

        fn defaults() -> Self {
            Self { size: 32, first: 1, second: 2, third: 3 }
        }
    }

    #[test]
    fn only_released_sizes_are_taken_and_newer_ones_without_news() {
        let mut room = [0_u64; 64];
        room[1] = 7;
        let pointer = room.as_mut_ptr().cast::<Grown>();
        for (size, news, expected) in [
            (16, 0, Some([7, 2, 3])),
            (32, 0, Some([7, 0, 0])),
            (40, 0, Some([7, 0, 0])),
            (40, 9, None),
            (0, 0, None),
            (8, 0, None),
            (20, 0, None),
            (24, 0, None),
            (4097, 0, None),
        ] {
            (room[0], room[4]) = (size, news);
            // SAFETY: there is room for every size that is followed.
            let read = unsafe { read(pointer.cast_const(), "grown") }.ok();
            let read = read.map(|grown| [grown.first, grown.second, grown.third]);
            assert_eq!(read, expected, "{size}");
            // SAFETY: there is room for every size that is taken, and others are refused unread.
            let fits = unsafe { write(pointer, size as usize, Grown::defaults(), "grown") };
            assert_eq!(fits.is_ok(), expected.is_some() || news > 0, "{size}");
            room[1] = 7;
            room[2..4].fill(0);
        }
    }
}
