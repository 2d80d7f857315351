//! The list of checks itself.

use std::collections::{BTreeMap, HashSet};

use reference_tests::checks;

/// The exercises of the chapters that are written, in the order of the curriculum.
const EXERCISES: [&str; 64] = [
    "1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "1.7", "2.1", "2.2", "2.3", "2.4", "2.5", "2.6",
    "2.7", "3.1", "3.2", "3.3", "3.4", "3.5", "3.6", "3.7", "3.8", "3.9", "4.1", "4.2", "4.3",
    "4.4", "4.5", "4.6", "4.7", "4.8", "5.1", "5.2", "5.3", "5.4", "5.5", "5.6", "6.1", "6.2",
    "6.3", "6.4", "6.5", "6.6", "6.7", "6.8", "6.9", "6.10", "7.1", "7.2", "7.3", "7.4", "7.5",
    "7.6", "7.7", "7.8", "7.9", "8.1", "8.2", "8.3", "8.4", "8.5", "8.6", "8.7", "8.8",
];

/// Where a reason may be written: mostly in the specification of MCP or of what it builds on, for tests and packages in
/// the books of Rust and the manual of systemd.
const SOURCES: [&str; 4] = [
    "specification ",
    "The Rust Programming Language, ",
    "The Cargo Book, ",
    "systemd.exec(5), ",
];

#[test]
fn names_are_unique() {
    let mut seen = HashSet::new();
    for check in checks::all() {
        let name = &check.info().check;
        assert!(seen.insert(name.clone()), "{name} is there twice");
        let plain = name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        assert!(plain, "{name}: lower-case words, numbers and hyphens");
    }
}

#[test]
fn every_exercise_has_checks_in_the_order_of_the_curriculum() {
    let mut exercises: Vec<String> = checks::all()
        .iter()
        .map(|check| check.info().exercise.clone())
        .collect();
    exercises.dedup();
    assert_eq!(exercises, EXERCISES);
}

#[test]
fn every_exercise_has_a_check_that_need_not_wait() {
    let mut fast: BTreeMap<String, bool> = BTreeMap::new();
    for check in checks::all() {
        *fast.entry(check.info().exercise.clone()).or_default() |= !check.info().slow;
    }
    let waits: Vec<_> = fast.iter().filter(|(_, fast)| !**fast).collect();
    assert!(waits.is_empty(), "`watch` could never judge {waits:?}");
}

#[test]
fn every_check_says_in_a_sentence_what_is_right_and_why() {
    for check in checks::all() {
        let (why, source) = check.reason();
        let name = &check.info().check;
        assert!(
            check.info().says.ends_with('.'),
            "{name}: {}",
            check.info().says
        );
        assert!(why.ends_with('.'), "{name}: {why}");
        let written = SOURCES.iter().any(|begin| source.starts_with(begin));
        assert!(written, "{name}: {source}");
    }
}

#[test]
fn a_check_has_a_tracker_where_the_manifest_gives_its_chapter_one() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../book/workbook.toml");
    let text = std::fs::read_to_string(path).expect("the manifest can be read");
    let manifest: toml::Value = toml::from_str(&text).expect("the manifest is right");
    let chapters = manifest["chapter"].as_array().expect("chapters");
    let number = |chapter: &toml::Value| {
        let id = chapter["id"].as_str().expect("an id");
        id.trim_start_matches("ch")
            .trim_start_matches('0')
            .to_owned()
    };
    let with_tracker: HashSet<String> = chapters
        .iter()
        .filter(|chapter| chapter.get("tracker").and_then(toml::Value::as_bool) == Some(true))
        .map(number)
        .collect();
    assert!(!with_tracker.is_empty());
    let known: HashSet<String> = chapters.iter().map(number).collect();
    for check in checks::all() {
        let info = check.info();
        let (chapter, _) = info.exercise.split_once('.').expect("such as 2.3");
        // A chapter may have its checks before it stands in the manifest.
        if !known.contains(chapter) {
            continue;
        }
        assert_eq!(
            check.has_tracker(),
            with_tracker.contains(chapter),
            "{} of {}",
            info.check,
            info.exercise
        );
    }
}
