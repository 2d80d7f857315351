//! Chapter 4: resources.

use crate::harness::Check;

/// The checks of this chapter.
pub(super) fn checks() -> Vec<Check> {
    Vec::new()
}
