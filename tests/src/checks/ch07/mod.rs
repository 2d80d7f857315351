//! Chapter 7: the learner's tests are judged, and what a server needs to be run by others.

mod graded;
mod grading;

use crate::harness::Check;

/// The checks of this chapter.
pub(super) fn checks() -> Vec<Check> {
    graded::checks()
}
