//! `{{#specification …}}`: a specification on a page, and one that is not shown.

use snapbox::{assert_data_eq, str};
use xtask::spec::skeleton::Kind;

use crate::support::TestBook;

/// The beginning of a specification with its two gaps closed: nothing in it is wrong.
fn sound() -> String {
    Kind::Project
        .skeleton()
        .replace(
            "## Non-goals\n",
            "## Non-goals\n\n- Nothing is *deleted*.\n",
        )
        .replace(
            "- **Refused** A start",
            "- **Refused** `list_projects` and a start",
        )
}

#[test]
fn it_is_text_like_any_other_or_one_criterion_as_it_is_written() {
    let text = sound();
    let book = || TestBook::new().file("SPEC.md", &text);
    let page = book().rendered("{{#specification SPEC.md}}");
    // It is text like any other, and its title stays outside.
    for part in [
        "<h2 id=\"ac-01-say-who-it-is-over-stdio\">",
        "<strong>Refused</strong>",
        "<em>deleted</em>",
    ] {
        assert!(page.contains(part), "{part} is missing in {page}");
    }
    assert!(!page.contains("A server for the project tracker"), "{page}");

    let one = book().rendered("{{#specification SPEC.md AC-02}}");
    assert!(one.contains("## AC-02 Say who it is over HTTP"), "{one}");
    assert!(!one.contains("AC-03"), "{one}");
}

#[test]
fn a_specification_with_a_fault() {
    let book = TestBook::new()
        .file("SPEC.md", "# A board\n\n## Tools\n\n### `find`\n")
        .with("{{#specification SPEC.md}}");
    assert_data_eq!(
        book.problems(),
        str![[r#"
book/src/ch01-hello-world/greet.md:5: SPEC.md:1: missing limit: there is no table of limits
    add `## Limits` with a table: what, limit, setting, beyond it; time, size, number, rate
the book is not built: 1 problem

"#]]
    );
}

#[test]
fn a_criterion_that_is_not_there() {
    let text = sound();
    let book = TestBook::new()
        .file("SPEC.md", &text)
        .with("{{#specification SPEC.md AC-09}}");
    assert_data_eq!(
        book.problems(),
        str![[r#"
book/src/ch01-hello-world/greet.md:5: SPEC.md has no criterion AC-09
    did you mean AC-01?
the book is not built: 1 problem

"#]]
    );
}
