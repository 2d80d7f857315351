//! The arguments of prompts. On the wire each is a string, and a client whose form was left blank may
//! send an empty one.

// ANCHOR: ex-8-6
use rmcp::ErrorData;

/// The value of an argument that must be there.
///
/// # Errors
/// It is blank: to a person who fills in a form, that is the same as left out.
pub fn required(name: &str, value: String) -> Result<String, ErrorData> {
    optional(Some(value)).ok_or_else(|| wrong(name, "is missing"))
}

/// The value of an argument that may be left out, without blanks around it.
pub fn optional(value: Option<String>) -> Option<String> {
    let value = value?;
    let trimmed = value.trim();
    (!trimmed.is_empty()).then(|| trimmed.to_owned())
}

/// An argument has a value that cannot be used. `problem` goes on after its name: `must be …`.
///
/// <https://modelcontextprotocol.io/specification/2026-07-28/server/prompts#error-handling>
pub fn wrong(name: &str, problem: &str) -> ErrorData {
    ErrorData::invalid_params(format!("{name} {problem}"), None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blank_is_absent() {
        for blank in ["", " ", "\t\n"] {
            assert_eq!(optional(Some(blank.to_owned())), None);
            let refused = required("project", blank.to_owned()).expect_err("blank");
            assert_eq!(refused.message, "project is missing");
        }
        assert_eq!(optional(None), None);
        assert_eq!(optional(Some(" 7 ".to_owned())), Some("7".to_owned()));
    }
}
// ANCHOR_END: ex-8-6
