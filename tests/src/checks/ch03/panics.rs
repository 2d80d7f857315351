//! 3.7 Survive a panic.

use crate::harness::Check;

pub(super) fn checks() -> Vec<Check> {
    Vec::new()
}
