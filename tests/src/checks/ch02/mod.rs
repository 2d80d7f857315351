//! Chapter 2: your first server.

mod arguments;
mod board;
mod errors;
mod hints;
mod output;
mod register;
mod sharing;
mod validation;

use crate::harness::Check;

/// The checks of this chapter.
pub(super) fn checks() -> Vec<Check> {
    [
        register::checks(),
        arguments::checks(),
        validation::checks(),
        sharing::checks(),
        output::checks(),
        errors::checks(),
        hints::checks(),
    ]
    .concat()
}
