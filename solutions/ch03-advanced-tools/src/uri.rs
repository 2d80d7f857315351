//! The address of a task: `tracker://projects/{project}/tasks/{task}`, each id encoded.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// What a template of the addresses looks like, RFC 6570.
pub const TEMPLATE: &str = "tracker://projects/{project}/tasks/{task}";

/// Everything but the characters that RFC 3986 leaves unreserved.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The address of a task.
pub fn format(project: &str, task: &str) -> String {
    let encode = |id| utf8_percent_encode(id, ENCODED);
    format!(
        "tracker://projects/{}/tasks/{}",
        encode(project),
        encode(task)
    )
}

/// The project and the task that an address names; none if it is not the address of a task.
pub fn parse(uri: &str) -> Option<(String, String)> {
    // Split first: an encoded slash belongs to an id.
    let (project, task) = uri
        .strip_prefix("tracker://projects/")?
        .split_once("/tasks/")?;
    Some((decode(project)?, decode(task)?))
}

fn decode(segment: &str) -> Option<String> {
    if segment.is_empty() || segment.contains(['/', '?', '#']) {
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
        for (project, task) in [
            ("ATLAS", "ATLAS-1"),
            ("A/B", "A/B-1"),
            ("Field Ops", "Field Ops-2"),
            ("100%41", "100%41-1"),
            ("Zürich", "Zürich-3"),
            ("?#", "{}"),
        ] {
            let uri = format(project, task);
            assert_eq!(
                parse(&uri),
                Some((project.to_owned(), task.to_owned())),
                "{uri}"
            );
        }
        assert_eq!(
            format("A/B", "A/B-1"),
            "tracker://projects/A%2FB/tasks/A%2FB-1"
        );
    }

    #[test]
    fn what_names_no_task_is_refused() {
        for uri in [
            "",
            "tracker://projects/ATLAS",
            "tracker://projects/ATLAS/tasks/",
            "tracker://projects//tasks/ATLAS-1",
            "tracker://projects/ATLAS/tasks/ATLAS-1/more",
            "tracker://projects/ATLAS/tasks/ATLAS-1?q",
            "tracker://projects/ATLAS/tasks/%ff",
            "file:///projects/ATLAS/tasks/ATLAS-1",
        ] {
            assert_eq!(parse(uri), None, "{uri}");
        }
    }
}
