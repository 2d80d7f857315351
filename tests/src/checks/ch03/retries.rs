//! 3.3 Time limits and retries.

use crate::harness::Check;

pub(super) fn checks() -> Vec<Check> {
    Vec::new()
}
