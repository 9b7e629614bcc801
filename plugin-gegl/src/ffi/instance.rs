//! What one operation in a graph holds: the values of its properties.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::class::Instance;
use super::tables::Raw;
use crate::painter;
use crate::property::{self, Value};

/// The values, in the order of the properties.
#[derive(Debug)]
pub struct Values(Mutex<Vec<Value>>);

/// How many operations there are.
static COUNT: AtomicUsize = AtomicUsize::new(0);

/// Gives a new operation its values.
///
/// # Safety
/// `instance` is one of our class that is being initialised.
pub unsafe fn init(instance: *mut Instance) {
    let values = property::all().map(property::Property::default_value).collect();
    COUNT.fetch_add(1, Ordering::AcqRel);
    // SAFETY: the field is within the instance, and holds nothing yet.
    unsafe { (*instance).values = Box::into_raw(Box::new(Values(Mutex::new(values)))) };
}

/// Takes them away. With the last operation the paintings are forgotten: GEGL complains of buffers
/// that are left at its end.
///
/// # Safety
/// `instance` is one of our class that nobody uses any more.
pub unsafe fn finish(instance: *mut Instance) {
    // SAFETY: the field is within the instance, and holds what `init` put there or NULL.
    let values = unsafe { std::mem::replace(&mut (*instance).values, std::ptr::null_mut()) };
    if values.is_null() {
        return;
    }
    // SAFETY: it came from `into_raw`, and is not used again.
    drop(unsafe { Box::from_raw(values) });
    if COUNT.fetch_sub(1, Ordering::AcqRel) == 1 {
        painter::forget();
    }
}

/// The values of an operation.
///
/// # Safety
/// `operation` is one of our class, and lives as long as the result.
pub unsafe fn values<'a>(operation: Raw) -> Option<&'a Values> {
    // SAFETY: the field is within the instance, and holds what `init` put there or NULL.
    unsafe { (*operation.cast::<Instance>()).values.as_ref() }
}

impl Values {
    pub fn get(&self, place: usize) -> Option<Value> {
        self.0.lock().ok()?.get(place).cloned()
    }

    pub fn set(&self, place: usize, value: Value) {
        if let Ok(mut values) = self.0.lock()
            && let Some(known) = values.get_mut(place)
        {
            *known = value;
        }
    }

    /// Names and values as the program takes them.
    pub fn texts(&self) -> Vec<(String, String)> {
        let values = self.0.lock().map(|values| values.clone()).unwrap_or_default();
        let names = property::all().map(|property| property.name.to_owned());
        names.zip(values.iter().map(Value::to_text)).collect()
    }
}
