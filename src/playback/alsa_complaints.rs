//! What the sound library of Linux writes on standard error by itself: eight lines where there is no sound device, with
//! which nobody can do anything. They are caught.

use std::cell::RefCell;
use std::rc::Rc;

use alsa::Output;

/// Catches them from now on, in the thread that opens the device. `None` where they cannot be caught.
#[must_use]
pub fn catch() -> Option<Rc<RefCell<Output>>> {
    Output::local_error_handler().ok()
}
