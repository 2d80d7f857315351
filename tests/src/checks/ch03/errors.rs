//! 3.2 Sort errors.

use crate::harness::Check;

pub(super) fn checks() -> Vec<Check> {
    Vec::new()
}
