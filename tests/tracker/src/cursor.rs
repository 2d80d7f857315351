//! Cursors: where the next page begins, in a form that nobody is tempted to take apart.

use crate::hash;
use crate::problem::Problem;

/// Length of the check digits in front of the position.
const CHECK: usize = 16;

/// The cursor after `position` of the list `list`; `list` holds the filters too, since a cursor belongs to one question.
pub(crate) fn encode(list: &str, position: u64) -> String {
    format!("{:016x}{position:x}", check(list, position))
}

/// The position in `cursor`, if it was made for this list.
pub(crate) fn decode(field: &str, list: &str, cursor: &str) -> Result<u64, Problem> {
    cursor
        .split_at_checked(CHECK)
        .and_then(|(_, position)| u64::from_str_radix(position, 16).ok())
        .filter(|position| encode(list, *position) == cursor)
        .ok_or_else(|| {
            let detail =
                format!("{cursor:?} is not a cursor of this list. Begin again without {field}.");
            Problem::bad_request("invalid-cursor", detail).field(field)
        })
}

fn check(list: &str, position: u64) -> u64 {
    hash::of_bytes(format!("{list}\n{position}").as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_belongs_to_its_list() {
        let cursor = encode("tasks?state=todo", 12);
        assert_eq!(
            decode("cursor", "tasks?state=todo", &cursor).expect("own cursor"),
            12
        );
        assert!(decode("cursor", "tasks?state=done", &cursor).is_err());
    }

    #[test]
    fn anything_else_is_refused() {
        let upper = encode("projects", 0xab).to_uppercase();
        for wrong in [
            "",
            "not-a-cursor",
            "0",
            "00000000000000000a",
            "üüüüüüüüü",
            upper.as_str(),
        ] {
            assert!(decode("cursor", "projects", wrong).is_err(), "{wrong}");
        }
    }
}
