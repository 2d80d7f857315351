//! Chapter 2: your first server.

mod register;

use crate::harness::Check;

/// The checks of this chapter.
pub(super) fn checks() -> Vec<Check> {
    [register::checks()].concat()
}
