//! Chapter 3: advanced tool patterns.

mod asking;
mod attempts;
mod cancellation;
mod errors;
mod forgery;
mod handles;
mod imports;
mod inside;
mod panics;
mod parameters;
mod progress;
mod request_state;
mod results;
mod retries;
mod spoken_time;

use crate::harness::Check;

/// The checks of this chapter.
pub(super) fn checks() -> Vec<Check> {
    [
        parameters::checks(),
        errors::checks(),
        retries::checks(),
        progress::checks(),
        cancellation::checks(),
        asking::checks(),
        panics::checks(),
        results::checks(),
        handles::checks(),
    ]
    .concat()
}
