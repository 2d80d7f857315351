//! A chapter's `main.rs` picks the arguments and the transport, and nothing else.

use std::path::Path;

use crate::{manifest, text};

#[test]
fn main_rs_is_short() {
    for chapter in manifest().chapters {
        let path = Path::new("solutions")
            .join(&chapter.name)
            .join("src/main.rs");
        let source = text(&path).expect("main.rs is text");
        let lines = source
            .lines()
            .filter(|line| !line.trim().is_empty())
            .count();
        assert!(lines <= 32, "{} has {lines} lines", path.display());
    }
}
