//! Chapter 6: a server over HTTP, and who may do what.
//!
//! Every request of these checks has a token that counts, unless the check is about those that do not.

mod announcing;
mod bodies;
mod hostile;
mod identity;
mod inside;
mod instances;
mod limits;
mod passthrough;
mod refusals;
mod scopes;
mod secrets;
mod serving;
mod spellings;
mod tokens;
mod trail;
mod web;

use crate::harness::Check;

/// The checks of this chapter.
pub(super) fn checks() -> Vec<Check> {
    [
        secrets::checks(),
        serving::checks(),
        announcing::checks(),
        tokens::checks(),
        scopes::checks(),
        passthrough::checks(),
        identity::checks(),
        limits::checks(),
        inside::checks(),
        instances::checks(),
    ]
    .concat()
}
