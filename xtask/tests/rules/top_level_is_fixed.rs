//! Nothing else is visible at the top level than what the README lists.

use std::collections::BTreeSet;

use crate::tracked_files;

const VISIBLE: [&str; 8] = [
    "Cargo.lock",
    "Cargo.toml",
    "README.md",
    "book",
    "chapters",
    "solutions",
    "tests",
    "xtask",
];

#[test]
fn top_level_is_fixed() {
    let found: BTreeSet<String> = tracked_files()
        .iter()
        .filter_map(|path| path.components().next())
        .map(|first| first.as_os_str().to_string_lossy().into_owned())
        .filter(|name| !name.starts_with('.'))
        .collect();
    let expected: BTreeSet<String> = VISIBLE.map(String::from).into();
    assert_eq!(found, expected);
}
