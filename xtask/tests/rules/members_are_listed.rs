//! The workspace lists every package by name, and `cargo test` leaves out what learners edit.

use std::collections::BTreeSet;
use std::path::Path;

use crate::{cargo_toml, manifest};

#[test]
fn members_are_listed() {
    let table = cargo_toml(Path::new("Cargo.toml"));
    let list = |key: &str| -> BTreeSet<String> {
        table["workspace"][key]
            .as_array()
            .expect("a list")
            .iter()
            .map(|member| member.as_str().expect("a path").to_owned())
            .collect()
    };
    let members = list("members");
    assert!(
        members.iter().all(|member| !member.contains('*')),
        "no patterns: {members:?}"
    );
    let edited: BTreeSet<String> = manifest()
        .chapters
        .iter()
        .map(|chapter| format!("chapters/{}", chapter.name))
        .collect();
    for chapter in manifest().chapters {
        assert!(
            members.contains(&format!("solutions/{}", chapter.name)),
            "{}",
            chapter.name
        );
    }
    assert!(edited.is_subset(&members), "{edited:?} in {members:?}");
    let expected: BTreeSet<String> = members.difference(&edited).cloned().collect();
    assert_eq!(list("default-members"), expected);
}
