//! 3.5 Stop when cancelled.

use crate::harness::Check;

pub(super) fn checks() -> Vec<Check> {
    Vec::new()
}
