//! The verdict in the README is what the program prints: a test of the commands keeps it.

use std::path::Path;

use crate::text;

#[test]
fn readme_shows_a_real_verdict() {
    let readme = text(Path::new("README.md")).expect("the README is text");
    let verdict = text(Path::new("book/src/console/failed-check.txt")).expect("a verdict is text");
    let shown = readme
        .split("```text\n")
        .nth(1)
        .and_then(|rest| rest.split("```").next());
    assert_eq!(shown.map(str::trim_end), Some(verdict.trim_end()));
}
