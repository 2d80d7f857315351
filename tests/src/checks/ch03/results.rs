//! 3.8 Keep results small.

use crate::harness::Check;

pub(super) fn checks() -> Vec<Check> {
    Vec::new()
}
