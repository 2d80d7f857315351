//! Sources of about 400 lines at most: each is teaching material, read from top to end.

use crate::{text, tracked_files};

/// Longer files, each with its reason. An entry must still break the rule, so the list can only shrink.
const LONGER: [(&str, &str); 0] = [];

const LIMIT: usize = 420;

#[test]
fn files_stay_small() {
    for path in tracked_files() {
        if path.extension().is_none_or(|end| end != "rs") || path.starts_with("chapters") {
            continue;
        }
        let lines = text(&path).unwrap_or_default().lines().count();
        let shown = path.display().to_string().replace('\\', "/");
        let allowed = LONGER.iter().any(|(longer, _)| *longer == shown);
        if allowed {
            assert!(lines > LIMIT, "{shown} is small now: take it off the list");
        } else {
            assert!(
                lines <= LIMIT,
                "{shown} has {lines} lines: split it by concern"
            );
        }
    }
}
