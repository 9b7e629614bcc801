//! Property sets.

use std::ffi::{CStr, c_char, c_int, c_void};

use openfx::sys::generic::core::{OfxPropertySetHandle, OfxStatus, kOfxStatOK};

use super::suites::Host;

/// A property set of the host. Asking one that is not there finds nothing, setting it does
/// nothing.
#[derive(Clone, Copy)]
pub struct Properties {
    host: Host,
    handle: OfxPropertySetHandle,
}

impl Properties {
    pub(super) fn new(host: Host, handle: OfxPropertySetHandle) -> Self {
        Self { host, handle }
    }

    /// What the host says of itself.
    pub fn of_host(host: Host) -> Self {
        Self::new(host, host.own)
    }

    pub(super) fn handle(self) -> OfxPropertySetHandle {
        self.handle
    }

    /// The text of a property.
    pub fn text(self, name: &CStr) -> Option<String> {
        let get = self.host.properties.propGetString?;
        let mut value: *mut c_char = std::ptr::null_mut();
        // SAFETY: `asked` gives a handle of the host that is not NULL; the name ends with NUL; the
        // host writes the address of its string into `value`, or refuses.
        let status = self.asked(|set| unsafe { get(set, name.as_ptr(), 0, &mut value) });
        if status != kOfxStatOK || value.is_null() {
            return None;
        }
        // SAFETY: not NULL; the host's string ends with NUL and lives until the property changes,
        // which no other thread does during an action; it is copied at once.
        Some(unsafe { CStr::from_ptr(value) }.to_string_lossy().into_owned())
    }

    /// One number of a property.
    pub fn integer(self, name: &CStr) -> Option<c_int> {
        self.integers::<1>(name).map(|[value]| value)
    }

    /// As many numbers of a property.
    pub fn integers<const N: usize>(self, name: &CStr) -> Option<[c_int; N]> {
        let get = self.host.properties.propGetInt?;
        let mut values = [0; N];
        for (index, value) in values.iter_mut().enumerate() {
            // SAFETY: `asked` gives a handle of the host that is not NULL; the name ends with NUL;
            // the host writes one `int` into `value`, or refuses a place that there is not.
            let status =
                self.asked(|set| unsafe { get(set, name.as_ptr(), index as c_int, value) });
            if status != kOfxStatOK {
                return None;
            }
        }
        Some(values)
    }

    /// One number of a property; infinite and no numbers are none.
    pub fn number(self, name: &CStr) -> Option<f64> {
        self.numbers::<1>(name).map(|[value]| value)
    }

    /// As many numbers of a property.
    pub fn numbers<const N: usize>(self, name: &CStr) -> Option<[f64; N]> {
        let get = self.host.properties.propGetDouble?;
        let mut values = [0.0; N];
        for (index, value) in values.iter_mut().enumerate() {
            // SAFETY: `asked` gives a handle of the host that is not NULL; the name ends with NUL;
            // the host writes one double into `value`, or refuses a place that there is not.
            let status =
                self.asked(|set| unsafe { get(set, name.as_ptr(), index as c_int, value) });
            if status != kOfxStatOK || !value.is_finite() {
                return None;
            }
        }
        Some(values)
    }

    /// An address.
    pub(super) fn pointer(self, name: &CStr) -> Option<*mut c_void> {
        let get = self.host.properties.propGetPointer?;
        let mut value = std::ptr::null_mut();
        // SAFETY: `asked` gives a handle of the host that is not NULL; the name ends with NUL; the
        // host writes an address into `value`, which nobody follows here.
        let status = self.asked(|set| unsafe { get(set, name.as_ptr(), 0, &mut value) });
        (status == kOfxStatOK && !value.is_null()).then_some(value)
    }

    /// Sets a property to texts, which live as long as the process.
    pub fn set_texts(self, name: &CStr, values: &[&'static CStr]) {
        let Some(set) = self.host.properties.propSetString else { return };
        for (index, value) in values.iter().enumerate() {
            // SAFETY: `asked` gives a handle of the host that is not NULL; name and value end with
            // NUL, and the value is never freed, for hosts that keep its address.
            self.asked(|to| unsafe { set(to, name.as_ptr(), index as c_int, value.as_ptr()) });
        }
    }

    pub fn set_text(self, name: &CStr, value: &'static CStr) {
        self.set_texts(name, &[value]);
    }

    pub fn set_integers(self, name: &CStr, values: &[c_int]) {
        let Some(set) = self.host.properties.propSetInt else { return };
        for (index, &value) in values.iter().enumerate() {
            // SAFETY: `asked` gives a handle of the host that is not NULL; the name ends with NUL;
            // a number is passed by value.
            self.asked(|to| unsafe { set(to, name.as_ptr(), index as c_int, value) });
        }
    }

    pub fn set_integer(self, name: &CStr, value: c_int) {
        self.set_integers(name, &[value]);
    }

    pub fn set_numbers(self, name: &CStr, values: &[f64]) {
        let Some(set) = self.host.properties.propSetDouble else { return };
        for (index, &value) in values.iter().enumerate() {
            // SAFETY: `asked` gives a handle of the host that is not NULL; the name ends with NUL;
            // a double is passed by value.
            self.asked(|to| unsafe { set(to, name.as_ptr(), index as c_int, value) });
        }
    }

    pub fn set_number(self, name: &CStr, value: f64) {
        self.set_numbers(name, &[value]);
    }

    fn asked(self, ask: impl FnOnce(OfxPropertySetHandle) -> OfxStatus) -> OfxStatus {
        const NOTHING: OfxStatus = openfx::sys::generic::core::kOfxStatErrBadHandle;
        if self.handle.is_null() { NOTHING } else { ask(self.handle) }
    }
}
