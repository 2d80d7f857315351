//! What a client may be allowed to do.

use crate::refusal::Refusal;

/// The scopes that exist, rising, each with what it allows. Whether one implies another is for the server to decide.
pub const SCOPES: [(&str, &str); 3] = [
    (READ, "look at projects and tasks"),
    ("tracker:write", "create and change tasks"),
    ("tracker:admin", "delete for good"),
];

/// What a client gets that asks for nothing.
pub(crate) const READ: &str = "tracker:read";

/// Reads the parameter `scope`: each name once, in the order of the request.
///
/// # Errors
/// `invalid_scope` for a name that does not exist.
pub(crate) fn read(text: Option<&str>) -> Result<String, Refusal> {
    let mut scopes: Vec<&str> = Vec::new();
    for name in text
        .unwrap_or(READ)
        .split(' ')
        .filter(|name| !name.is_empty())
    {
        if !SCOPES.iter().any(|(known, _)| *known == name) {
            let known: Vec<&str> = SCOPES.iter().map(|(name, _)| *name).collect();
            let description = format!(
                "There is no scope {name:?}. There are {}.",
                known.join(", ")
            );
            return Err(Refusal::new("invalid_scope", description));
        }
        if !scopes.contains(&name) {
            scopes.push(name);
        }
    }
    if scopes.is_empty() {
        scopes.push(READ);
    }
    Ok(scopes.join(" "))
}

/// Whether each of `asked` is among `granted`.
pub(crate) fn is_within(asked: &str, granted: &str) -> bool {
    asked
        .split(' ')
        .all(|name| granted.split(' ').any(|known| known == name))
}
