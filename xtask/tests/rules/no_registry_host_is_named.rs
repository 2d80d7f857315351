//! The project says "the crate registry": a host's name in a text goes stale, and a mirror has another.

use crate::{text, tracked_files};

#[test]
fn no_registry_host_is_named() {
    // Put together here, so that this file keeps its own rule.
    let hosts = [
        ["crates", "io"],
        ["npmjs", "com"],
        ["npmjs", "org"],
        ["pypi", "org"],
    ]
    .map(|[name, end]| format!("{name}.{end}"));
    let mut found = Vec::new();
    for path in tracked_files() {
        // Written by package managers, which name their registry.
        if path.ends_with("Cargo.lock") || path.ends_with("package-lock.json") {
            continue;
        }
        for (index, line) in text(&path).unwrap_or_default().lines().enumerate() {
            if hosts.iter().any(|host| line.contains(host)) {
                found.push(format!("{}:{}: {line}", path.display(), index + 1));
            }
        }
    }
    assert!(
        found.is_empty(),
        "say \"the crate registry\" instead:\n{}",
        found.join("\n")
    );
}
