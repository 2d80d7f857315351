use super::*;
use crate::diagnostics::Level;

const TEXT: &str = "\
use std::fmt;

#[tool_router(
    router = board_tools
)]
impl Server {
    /// Adds a task.
    #[tool]
    async fn add(&self) -> u32 {
        // Exercise 2.1 begins. Hint: cargo xtask hint 2.1
        1
        // Exercise 2.1 ends.
    }

    fn other(
        &self,
    ) -> u32 {
        // Exercise 2.2 begins. Hint: cargo xtask hint 2.2
        2
        // Exercise 2.2 ends.
    }
}

fn given() {}
";

fn krate() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("src")).expect("is made");
    fs::write(folder.path().join("src/server.rs"), TEXT).expect("is written");
    folder
}

fn owner(lines: &[(usize, bool)], changed: &[&str]) -> Owner {
    let folder = krate();
    let span = |&(line, primary): &(usize, bool)| Span {
        file: "src/server.rs".into(),
        line,
        last_line: line,
        column: 1,
        primary,
    };
    let error = Diagnostic {
        level: Level::Error,
        code: None,
        message: String::new(),
        rendered: String::new(),
        spans: lines.iter().map(span).collect(),
        package: folder.path().to_owned(),
    };
    let changed = changed.iter().map(|&id| id.to_owned()).collect();
    Files::new(folder.path()).owner(&error, &changed)
}

fn exercise(lines: &[(usize, bool)], changed: &[&str]) -> Option<String> {
    owner(lines, changed).exercise
}

#[test]
fn a_span_inside_a_region_decides() {
    assert_eq!(exercise(&[(11, true)], &["2.2"]).as_deref(), Some("2.1"));
    assert_eq!(
        exercise(&[(24, true), (19, false)], &[]).as_deref(),
        Some("2.2")
    );
}

#[test]
fn an_attribute_stands_for_the_regions_of_its_item() {
    assert_eq!(exercise(&[(8, true)], &[]).as_deref(), Some("2.1"));
    assert_eq!(exercise(&[(15, true)], &[]).as_deref(), Some("2.2"));
}

#[test]
fn between_two_regions_the_changed_one_decides_or_nothing() {
    assert_eq!(exercise(&[(3, true)], &["2.2"]).as_deref(), Some("2.2"));
    assert_eq!(exercise(&[(3, true)], &["2.1", "2.2"]), None);
    assert_eq!(exercise(&[(3, true)], &[]), None);
}

#[test]
fn an_error_elsewhere_belongs_to_the_one_change_or_to_its_line() {
    assert_eq!(exercise(&[(24, true)], &["2.1"]).as_deref(), Some("2.1"));
    let outside = owner(&[(24, true)], &[]);
    assert_eq!(outside.exercise, None);
    assert_eq!(outside.place, Some(("src/server.rs".into(), 24)));
}
