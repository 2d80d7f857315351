//! 3.1 Rich parameters.

use crate::harness::Check;

pub(super) fn checks() -> Vec<Check> {
    Vec::new()
}
