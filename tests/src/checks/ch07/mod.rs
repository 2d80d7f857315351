//! Chapter 7: the learner's tests are judged, and what a server needs to be run by others.

mod bundle;
mod clients;
mod container;
mod draining;
mod files;
mod formats;
mod graded;
mod grading;
mod impossible;
mod installed;
mod log_lines;
mod packaging;
mod registry;
mod service;
mod watching;

use crate::harness::Check;

/// The checks of this chapter.
pub(super) fn checks() -> Vec<Check> {
    [
        graded::checks(),
        impossible::checks(),
        watching::checks(),
        draining::checks(),
        clients::checks(),
        packaging::checks(),
    ]
    .concat()
}
