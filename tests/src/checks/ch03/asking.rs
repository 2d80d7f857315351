//! 3.6 Ask before deleting.

use crate::harness::Check;

pub(super) fn checks() -> Vec<Check> {
    Vec::new()
}
