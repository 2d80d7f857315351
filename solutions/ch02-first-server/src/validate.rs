//! What a schema promises and nobody enforces.

/// Checks what `add_task` was given: a title of 1 to 100 characters, and a day that exists.
///
/// # Errors
/// A sentence for the model: which argument is wrong, and what would be right.
pub fn validate(title: &str, due: &str) -> Result<(), String> {
    // STARTER 2.3: let _ = (title, due);
    // STARTER 2.3: Ok(())
    // ANCHOR: ex-2-3
    // Characters, not bytes: `len` would count an umlaut twice.
    let length = title.chars().count();
    if !(1..=100).contains(&length) {
        return Err(format!(
            "title must have 1 to 100 characters, this one has {length}"
        ));
    }
    if !crate::board::is_date(due) {
        return Err(format!("due must be a day as YYYY-MM-DD, got {due:?}"));
    }
    Ok(())
    // ANCHOR_END: ex-2-3
}
