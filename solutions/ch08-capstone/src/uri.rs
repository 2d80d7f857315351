//! The addresses of what the tracker holds: one type for all of them, written and read in one place.

// ANCHOR: ex-8-5
use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// What every address begins with.
const SCHEME: &str = "tracker://";

/// A longer address is refused, whatever it says.
pub const MAX_BYTES: usize = 2_000;

/// Everything but the characters that RFC 3986 leaves unreserved.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The address of one resource. An id in it is as the tracker knows it, never encoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TrackerUri {
    /// `tracker://projects/{project}`: what is known of a project.
    Project(String),
    /// `tracker://projects/{project}/board`: all its tasks.
    Board(String),
    /// `tracker://projects/{project}/burndown.png`: its sprint as a picture.
    Burndown(String),
    /// `tracker://projects/{project}/tasks/{task}`: one task.
    Task {
        /// The project of the task.
        project: String,
        /// The task.
        task: String,
    },
    /// `tracker://projects/{project}/tasks/{task}/attachments/{attachment}`: a file of a task.
    Attachment {
        /// The project of the task.
        project: String,
        /// The task.
        task: String,
        /// The attachment.
        attachment: String,
    },
}

impl TrackerUri {
    /// What an address leads to; none if it is none of this server.
    pub fn parse(uri: &str) -> Option<Self> {
        let segments = segments(uri)?;
        let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
        let owned = |id: &str| id.to_owned();
        match *segments.as_slice() {
            ["projects", project] => Some(Self::Project(owned(project))),
            ["projects", project, "board"] => Some(Self::Board(owned(project))),
            ["projects", project, "burndown.png"] => Some(Self::Burndown(owned(project))),
            ["projects", project, "tasks", task] => Some(Self::Task {
                project: owned(project),
                task: owned(task),
            }),
            [
                "projects",
                project,
                "tasks",
                task,
                "attachments",
                attachment,
            ] => Some(Self::Attachment {
                project: owned(project),
                task: owned(task),
                attachment: owned(attachment),
            }),
            _ => None,
        }
    }
}

impl fmt::Display for TrackerUri {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let address = match self {
            Self::Project(project) => address(&["projects", project]),
            Self::Board(project) => address(&["projects", project, "board"]),
            Self::Burndown(project) => address(&["projects", project, "burndown.png"]),
            Self::Task { project, task } => address(&["projects", project, "tasks", task]),
            Self::Attachment {
                project,
                task,
                attachment,
            } => address(&[
                "projects",
                project,
                "tasks",
                task,
                "attachments",
                attachment,
            ]),
        };
        formatter.write_str(&address)
    }
}

/// Writes an address: each segment is encoded by itself, so that a slash in an id stays in the id.
fn address(segments: &[&str]) -> String {
    let encoded: Vec<String> = segments.iter().map(|segment| encode(segment)).collect();
    format!("{SCHEME}{}", encoded.join("/"))
}

/// Reads an address: its segments, each decoded once. None if it is no address of this scheme.
fn segments(uri: &str) -> Option<Vec<String>> {
    let path = uri.strip_prefix(SCHEME)?;
    if uri.len() > MAX_BYTES || path.contains(['?', '#']) {
        return None;
    }
    // Split first: an encoded slash belongs to an id.
    path.split('/').map(decode).collect()
}

/// An id as one segment of an address.
pub fn encode(id: &str) -> String {
    utf8_percent_encode(id, ENCODED).to_string()
}

/// One segment as the id that it stands for; none if it stands for no text.
pub fn decode(segment: &str) -> Option<String> {
    let bytes = segment.as_bytes();
    // The decoder leaves a percent sign as it is that no two digits follow. Here that is no address.
    let stray = bytes.iter().enumerate().any(|(at, byte)| {
        let digit = |offset| bytes.get(at + offset).is_some_and(u8::is_ascii_hexdigit);
        *byte == b'%' && !(digit(1) && digit(2))
    });
    if stray || segment.is_empty() {
        return None;
    }
    let text = percent_decode_str(segment).decode_utf8().ok()?;
    Some(text.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ids made of every short combination of what has a meaning in an address.
    fn ids() -> Vec<String> {
        let parts = [
            "A", "/", "%", "%41", " ", "ü", "?", "#", "..", "+", "\u{0}", "任",
        ];
        let mut ids = Vec::new();
        for first in parts {
            for second in parts {
                for third in parts {
                    ids.push([first, second, third].concat());
                }
            }
        }
        ids
    }

    #[test]
    fn ids_come_back_as_they_went() {
        for id in ids() {
            for uri in [
                TrackerUri::Project(id.clone()),
                TrackerUri::Board(id.clone()),
                TrackerUri::Task {
                    project: id.clone(),
                    task: id.clone(),
                },
                TrackerUri::Attachment {
                    project: "ATLAS".to_owned(),
                    task: id.clone(),
                    attachment: id.clone(),
                },
            ] {
                let text = uri.to_string();
                assert_eq!(TrackerUri::parse(&text), Some(uri), "{text}");
            }
        }
    }

    #[test]
    fn what_leads_nowhere_is_refused() {
        let long = format!("tracker://projects/{}", "A".repeat(MAX_BYTES));
        for uri in [
            "",
            "tracker://",
            "tracker://projects",
            "tracker://projects/",
            "tracker://projects/ATLAS/",
            "tracker://projects/ATLAS/tasks",
            "tracker://projects/ATLAS/tasks/ATLAS-1/more",
            "tracker://projects//tasks/ATLAS-1",
            "tracker://projects/ATLAS?q",
            "tracker://projects/ATLAS#f",
            "tracker://projects/%zz",
            "tracker://projects/%4",
            "tracker://projects/%ff",
            "file:///projects/ATLAS",
            &long,
        ] {
            assert_eq!(TrackerUri::parse(uri), None, "{uri}");
        }
    }
}
// ANCHOR_END: ex-8-5
