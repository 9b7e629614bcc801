//! Ctrl-C.

use impasto::job::Cancel;

/// A request that Ctrl-C makes; a second one ends the program at once.
pub fn on_interrupt() -> Cancel {
    let cancel = Cancel::new();
    let request = cancel.clone();
    let installed = ctrlc::set_handler(move || {
        if request.is_requested() {
            std::process::exit(130);
        }
        request.request();
    });
    if let Err(e) = installed {
        log::warn!("Ctrl-C will not stop cleanly: {e}");
    }
    cancel
}
