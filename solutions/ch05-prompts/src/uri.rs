//! The addresses of what a prompt can show of a project, its id encoded.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// What the address of a board looks like, RFC 6570.
pub const BOARD_TEMPLATE: &str = "tracker://projects/{project}/board";

/// What the address of a velocity looks like, RFC 6570.
pub const VELOCITY_TEMPLATE: &str = "tracker://projects/{project}/velocity";

/// Everything but the characters that RFC 3986 leaves unreserved.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// What an address leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// All tasks of the project with this id.
    Board(String),
    /// What the project with this id got done, sprint by sprint.
    Velocity(String),
}

/// The address of a project's board.
pub fn board(project: &str) -> String {
    format!("tracker://projects/{}/board", encode(project))
}

/// The address of a project's velocity.
pub fn velocity(project: &str) -> String {
    format!("tracker://projects/{}/velocity", encode(project))
}

/// What an address leads to; none if it is none of this server.
pub fn parse(uri: &str) -> Option<Target> {
    // Split first: an encoded slash belongs to an id.
    let (project, what) = uri.strip_prefix("tracker://projects/")?.split_once('/')?;
    match what {
        "board" => decode(project).map(Target::Board),
        "velocity" => decode(project).map(Target::Velocity),
        _ => None,
    }
}

fn encode(id: &str) -> impl std::fmt::Display {
    utf8_percent_encode(id, ENCODED)
}

fn decode(segment: &str) -> Option<String> {
    if segment.is_empty() || segment.contains(['?', '#']) {
        return None;
    }
    let text = percent_decode_str(segment).decode_utf8().ok()?;
    Some(text.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_come_back_as_they_went() {
        for project in ["ATLAS", "A/B", "Field Ops", "100%41", "Zürich", "?#"] {
            let id = project.to_owned();
            assert_eq!(parse(&board(project)), Some(Target::Board(id.clone())));
            assert_eq!(parse(&velocity(project)), Some(Target::Velocity(id)));
        }
        assert_eq!(board("A/B"), "tracker://projects/A%2FB/board");
    }

    #[test]
    fn what_leads_nowhere_is_refused() {
        for uri in [
            "",
            "tracker://projects/ATLAS",
            "tracker://projects//board",
            "tracker://projects/ATLAS/board/more",
            "tracker://projects/ATLAS/board?q",
            "tracker://projects/ATLAS?q/board",
            "tracker://projects/%ff/board",
            "file:///projects/ATLAS/board",
        ] {
            assert_eq!(parse(uri), None, "{uri}");
        }
    }
}
