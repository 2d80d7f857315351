//! Chapter 2: your first server.

mod arguments;
mod board;
mod errors;
mod hints;
mod output;
mod register;
mod sharing;
mod validation;

use serde_json::Value;

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

/// The names of an object's fields, in their order.
fn field_names(object: &Value) -> Vec<String> {
    let fields = object.as_object().into_iter().flatten();
    fields.map(|(name, _)| name.clone()).collect()
}
