//! Chapter 1: how an MCP server works.

mod identity;

use crate::harness::Check;

/// The checks of this chapter.
pub(super) fn checks() -> Vec<Check> {
    [identity::checks()].concat()
}
