//! Where a lesson stands still, or shows nothing, for longer than it should, and why: the rows that the
//! tests print, each with a reason.

use crate::exceptions::Exceptions;

/// Stretches in which nothing moves, in seconds.
#[rustfmt::skip]
pub const STILL: Exceptions = &[
];

/// Stretches in which nothing is there, in seconds.
pub const EMPTY: Exceptions = &[];
