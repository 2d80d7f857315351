//! A file that several stages need is the same file in each: who knows one chapter knows the next.

use std::path::Path;

use crate::{manifest, root};

/// Files under `src/` that mean the same in every chapter that has them.
const SHARED: [&str; 1] = ["not_yet.rs"];

#[test]
fn shared_files_are_equal() {
    for shared in SHARED {
        let copies: Vec<(String, String)> = manifest()
            .chapters
            .iter()
            .map(|chapter| {
                Path::new("solutions")
                    .join(&chapter.name)
                    .join("src")
                    .join(shared)
            })
            .filter_map(|path| {
                Some((
                    path.display().to_string(),
                    std::fs::read_to_string(root().join(&path)).ok()?,
                ))
            })
            .collect();
        assert!(
            copies.len() > 1,
            "{shared} is in {} chapters: take it off the list",
            copies.len()
        );
        for (path, copy) in &copies {
            assert_eq!(copy, &copies[0].1, "{path} differs from {}", copies[0].0);
        }
    }
}
