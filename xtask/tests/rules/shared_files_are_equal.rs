//! A file that several stages need is the same file in each, markers aside: who knows one chapter
//! knows the next.

use std::fs;
use std::path::Path;

use xtask::regions::{Fill, Solution};
use xtask::sources::with_chapter_names;

use crate::{manifest, root};

/// Files under `src/` that mean the same in every chapter that has them.
const SHARED: [&str; 6] = [
    "environment.rs",
    "logging.rs",
    "secret.rs",
    "serve.rs",
    "signals.rs",
    "tracker/error.rs",
];

#[test]
fn shared_files_are_equal() {
    let manifest = manifest();
    for shared in SHARED {
        let copies: Vec<(&str, String)> = manifest
            .chapters
            .iter()
            .filter_map(|chapter| {
                let path = Path::new("solutions")
                    .join(&chapter.name)
                    .join("src")
                    .join(shared);
                let text = fs::read_to_string(root().join(path)).ok()?;
                let solution = Solution::parse(&with_chapter_names(&text, chapter));
                let solution = solution.unwrap_or_else(|error| panic!("{}: {error}", chapter.name));
                Some((chapter.name.as_str(), solution.plain_text(|_| Fill::Solved)))
            })
            .collect();
        assert!(
            copies.len() > 1,
            "{shared} is in {} chapters: take it off the list",
            copies.len()
        );
        for (chapter, copy) in &copies {
            assert_eq!(
                copy, &copies[0].1,
                "{shared} of {chapter} differs from {}",
                copies[0].0
            );
        }
    }
}
