//! Chapter 4: resources.

mod addresses;
mod binary;
mod changes;
mod escape;
mod files;
mod listening;
mod listing;
mod live;
mod reading;
mod subscribing;

use serde_json::Value;
use tracker::percent_encode as encoded;

use crate::harness::Check;

/// The checks of this chapter.
pub(super) fn checks() -> Vec<Check> {
    [
        listing::checks(),
        reading::checks(),
        addresses::checks(),
        binary::checks(),
        live::checks(),
        listening::checks(),
        files::checks(),
        subscribing::checks(),
    ]
    .concat()
}

/// One segment of a URI or a path as the text that it stands for, decoded once. None if it is no text.
fn decoded(segment: &str) -> Option<String> {
    let mut parts = segment.split('%');
    let mut bytes = parts.next()?.as_bytes().to_vec();
    for part in parts {
        let (digits, rest) = part.split_at_checked(2)?;
        // Else a sign would pass for a digit.
        if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return None;
        }
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        bytes.extend_from_slice(rest.as_bytes());
    }
    String::from_utf8(bytes).ok()
}

/// The URI of a task.
fn task_uri(project: &str, task: &str) -> String {
    format!(
        "tracker://projects/{}/tasks/{}",
        encoded(project),
        encoded(task)
    )
}

/// The URI of a listed resource.
fn uri_of(resource: &Value) -> &str {
    resource["uri"].as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_come_back_as_they_went() {
        for text in ["ATLAS", "A/B", "100%41", "Zürich", "?# +"] {
            assert_eq!(decoded(&encoded(text)).as_deref(), Some(text));
        }
        assert_eq!(decoded("%zz"), None);
        assert_eq!(decoded("%ff"), None);
        assert_eq!(decoded("Z%c3%bcrich").as_deref(), Some("Zürich"));
    }
}
