//! Which beats fill their picture less than they should, and which names lie on something, and why: the rows
//! that the tests print, each with a reason.

use crate::exceptions::Exceptions;

/// Percent of the free height or width that are lacking.
pub const UNFILLED: Exceptions = &[];

/// How far names reach into what they lie on, in 1080ths of the picture.
pub const OVERLAPS: Exceptions = &[];
