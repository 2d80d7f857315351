//! Chapter 1: how an MCP server works.

mod by_hand;
mod callers;
mod identity;
mod lifecycle;
mod stdout;
mod stopping;
mod versions;

use crate::harness::Check;

/// The checks of this chapter.
pub(super) fn checks() -> Vec<Check> {
    [
        identity::checks(),
        stdout::checks(),
        by_hand::checks(),
        versions::checks(),
        callers::checks(),
        lifecycle::checks(),
        stopping::checks(),
    ]
    .concat()
}
