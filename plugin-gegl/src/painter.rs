//! From a picture in GEGL to its painting: cache, program, pixels there and back.

use std::fs;
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::UNIX_EPOCH;

use xxhash_rust::xxh3::Xxh3;

use crate::cache::{Cache, Key};
use crate::ffi::{Buffer, PixelKind, Rectangle};
use crate::helper::{Failure, Helper, PATIENCE};
use crate::program;
use crate::property::{self, Kind};
use crate::protocol::Request;
use crate::words::tr;

/// Numbers that are moved at once.
const STRIPE: usize = 1 << 20;

/// A picture to paint.
#[derive(Debug)]
pub struct Picture<'a> {
    pub buffer: &'a Buffer,
    pub whole: Rectangle,
    pub kind: PixelKind,
}

/// What stays between paintings.
#[derive(Debug)]
struct Kept {
    cache: Cache,
    helper: Option<Helper>,
}

static KEPT: Mutex<Kept> = Mutex::new(Kept { cache: Cache::new(), helper: None });

/// A painting, and what the user should know.
type Painted = (Buffer, String);

/// Never held while GEGL is at work: to read the pixels of a group it may come here again for a layer
/// in it.
fn kept() -> MutexGuard<'static, Kept> {
    KEPT.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The painting of a picture.
///
/// # Errors
/// Words for people, with the cure.
pub fn paint(picture: &Picture<'_>, mut values: Vec<(String, String)>) -> Result<Painted, String> {
    add_stamps(&mut values);
    let (width, height) = (picture.whole.width, picture.whole.height);
    let side = |length: i32| u32::try_from(length).unwrap_or(0);
    let is_gray = picture.kind == PixelKind::GrayAlpha;
    let request = Request { width: side(width), height: side(height), is_gray, values };
    let key = key(picture, &request).ok_or_else(no_memory)?;
    let known = kept().cache.find(key);
    if let Some(painting) = known {
        return Ok((painting, String::new()));
    }
    let painted = match paint_once(picture, &request) {
        Err(Failure::Gone { in_peace: true, .. }) => paint_once(picture, &request),
        other => other,
    };
    let painted = painted.map_err(|failure| match failure {
        Failure::Refused(words) | Failure::Gone { words, .. } => words,
    })?;
    let bytes = request.bytes().unwrap_or(u64::MAX);
    kept().cache.keep(key, bytes, painted.0.clone());
    Ok(painted)
}

fn paint_once(picture: &Picture<'_>, request: &Request) -> Result<Painted, Failure> {
    let known = kept().helper.take();
    let mut helper = match known {
        Some(helper) => helper,
        None => start().map_err(Failure::Refused)?,
    };
    let painted = hand_over(picture, request, &mut helper);
    helper.release();
    if !matches!(painted, Err(Failure::Gone { .. })) {
        kept().helper = Some(helper);
    }
    painted
}

fn hand_over(
    picture: &Picture<'_>,
    request: &Request,
    helper: &mut Helper,
) -> Result<Painted, Failure> {
    let no_memory = |_| Failure::Refused(no_memory());
    write(picture, helper).map_err(no_memory)?;
    let note = helper.paint(request)?;
    Ok((read(picture, helper).map_err(no_memory)?, note))
}

/// Adds when the files were changed that the values name: a style picture that is edited is another
/// style.
fn add_stamps(values: &mut Vec<(String, String)>) {
    let files = property::all().filter(|property| property.kind == Kind::File);
    let stamps: Vec<_> = files
        .filter_map(|property| {
            let (name, path) = values.iter().find(|(name, _)| name == property.name)?;
            let about = fs::metadata(path).ok()?;
            let changed = about.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
            let stamp = format!("{} {}", about.len(), changed.as_nanos());
            Some((format!("{name}-stamp"), stamp))
        })
        .collect();
    values.extend(stamps);
}

/// Forgets all paintings, when no layer has the effect any more.
pub fn forget() {
    kept().cache.clear();
}

fn start() -> Result<Helper, String> {
    Helper::start(&program::find()?, PATIENCE)
}

fn no_memory() -> String {
    tr("there is no memory for the picture. Close other images or programs, and try again.")
}

/// What the painting depends on; `None` where there is no memory.
fn key(picture: &Picture<'_>, request: &Request) -> Option<Key> {
    let mut hash = Xxh3::new();
    hash.update(&request.to_bytes());
    let mut bytes = Vec::new();
    for_stripes(picture, |part, numbers, _| {
        picture.buffer.read(part, picture.kind, numbers);
        bytes.clear();
        bytes.extend(numbers.iter().flat_map(|number| number.to_ne_bytes()));
        hash.update(&bytes);
        Ok(())
    })
    .ok()?;
    Some(Key(hash.digest128()))
}

fn write(picture: &Picture<'_>, helper: &Helper) -> io::Result<()> {
    let mut bytes = Vec::new();
    for_stripes(picture, |part, numbers, at| {
        picture.buffer.read(part, picture.kind, numbers);
        helper.write(numbers, at, &mut bytes)
    })
}

fn read(picture: &Picture<'_>, helper: &Helper) -> io::Result<Buffer> {
    let painting = Buffer::new(picture.whole, picture.kind).ok_or(io::ErrorKind::OutOfMemory)?;
    let mut bytes = Vec::new();
    for_stripes(picture, |part, numbers, at| {
        helper.read(numbers, at, &mut bytes)?;
        painting.write(part, picture.kind, numbers);
        Ok(())
    })?;
    Ok(painting)
}

/// Goes through a picture in stripes of whole rows: calls `work` with each, room for its numbers, and
/// the place of its first byte.
fn for_stripes(
    picture: &Picture<'_>,
    mut work: impl FnMut(Rectangle, &mut [f32], u64) -> io::Result<()>,
) -> io::Result<()> {
    let Rectangle { x, y, width, height } = picture.whole;
    let row = usize::try_from(width).unwrap_or(0) * picture.kind.channels();
    let rows = i32::try_from(STRIPE / row.max(1)).unwrap_or(1).max(1);
    let mut numbers = Vec::new();
    let most = row * usize::try_from(rows.min(height)).unwrap_or(0);
    numbers.try_reserve_exact(most).map_err(|_| io::ErrorKind::OutOfMemory)?;
    numbers.resize(most, 0.0);
    let mut at = 0;
    for top in (0..height).step_by(usize::try_from(rows).unwrap_or(1)) {
        let part = Rectangle { x, y: y + top, width, height: rows.min(height - top) };
        let used = row * usize::try_from(part.height).unwrap_or(0);
        let numbers = numbers.get_mut(..used).unwrap_or_default();
        work(part, numbers, at)?;
        at += size_of_val(numbers) as u64;
    }
    Ok(())
}
