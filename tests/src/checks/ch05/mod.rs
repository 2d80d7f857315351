//! Chapter 5: prompts.

mod completing;
mod composing;
mod conversation;
mod data;
mod fencing;
mod hostile;
mod status;

use crate::harness::{Check, Reply, Wrong, ensure};

/// The code of a refusal because of an argument.
const INVALID_PARAMS: i64 = -32602;

/// The checks of this chapter.
pub(super) fn checks() -> Vec<Check> {
    [
        status::checks(),
        conversation::checks(),
        data::checks(),
        composing::checks(),
        completing::checks(),
        fencing::checks(),
    ]
    .concat()
}

/// Demands that `what` was refused as invalid parameters, in an error that names all of `words`.
fn refused(reply: &Reply, what: &str, words: &[&str]) -> Result<(), Wrong> {
    let named = words.join(", ");
    let expected = match words.is_empty() {
        true => format!("a protocol error with code {INVALID_PARAMS}"),
        false => format!("a protocol error with code {INVALID_PARAMS} that names {named}"),
    };
    let otherwise = match reply.error() {
        Some(_) => format!("{what} is refused with another code."),
        None => format!("{what} is not refused."),
    };
    let refused = reply
        .expect_error(INVALID_PARAMS, &otherwise)
        .map_err(|wrong| wrong.expected(&expected))?;
    // The whole error object: some servers put the details into its data.
    let told = refused.to_string().to_lowercase();
    ensure(
        words.iter().all(|word| told.contains(&word.to_lowercase())),
        || {
            reply
                .wrong("The refusal does not say what would be right.")
                .expected(expected)
        },
    )
}
