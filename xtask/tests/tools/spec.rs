//! `spec lint` and `spec new`.

use std::fs;
use std::path::Path;

use crate::fixture::Checkout;

/// The draft that the book shows beside what the linter says to it.
fn faulty() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../book/snippets/src/faulty-spec.md");
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn the_five_usual_faults_are_told_with_line_and_cure() {
    let checkout = Checkout::new();
    checkout.write("SPEC.md", &faulty());
    let said = checkout.run(&["spec", "lint", "SPEC.md"]).exits(1);
    let picture = Path::new(env!("CARGO_MANIFEST_DIR")).join("../book/src/console/spec-lint.txt");
    snapbox::Assert::new().action_env("SNAPSHOTS").eq(
        said.stdout,
        snapbox::Data::read_from(&picture, Some(snapbox::data::DataFormat::Text)),
    );
}

#[test]
fn the_specifications_of_the_workbook_have_no_fault() {
    let checkout = Checkout::new();
    for file in ["SPEC.md", "specs/crm/SPEC.md", "specs/analytics/SPEC.md"] {
        checkout
            .run_in("solutions/ch08-capstone", &["spec", "lint", file])
            .exits(0)
            .has_line_starting(&format!("ok  {file}: 36 criteria"));
    }
}

#[test]
fn a_beginning_is_written_once_and_has_two_gaps() {
    let checkout = Checkout::new();
    for kind in ["crm", "analytics", "project"] {
        checkout
            .run(&["spec", "new", kind, kind])
            .exits(0)
            .says(&[&format!("{kind}/SPEC.md has the first criteria")]);
        let file = format!("{kind}/SPEC.md");
        checkout.run(&["spec", "lint", &file]).exits(1).says(&[
            "no error case: no criterion refuses a call of",
            "no non-goals: the section is empty",
            "2 faults in",
        ]);
        checkout.write(&file, "dear to me");
        checkout
            .run(&["spec", "new", kind, kind])
            .exits(2)
            .says(&["is there already, and stays as it is"]);
        assert_eq!(checkout.read(&file), "dear to me");
    }
    // Without a folder it is the current one.
    checkout
        .run_in("solutions", &["spec", "new", "crm"])
        .exits(0)
        .has_line_starting("SPEC.md has the first criteria");
    assert!(checkout.path("solutions/SPEC.md").is_file());
}

#[test]
fn a_wrong_order_is_refused_with_the_right_one() {
    let checkout = Checkout::new();
    checkout.write("not-text", "ok");
    fs::write(checkout.path("not-text"), [0xff, 0xfe]).expect("it can be written");
    let cases: [(&[&str], &str); 9] = [
        (&["spec"], "cargo xtask spec lint FILE"),
        (
            &["spec", "lnit", "SPEC.md"],
            "did you mean `cargo xtask spec lint`?",
        ),
        (&["spec", "lint"], "cargo xtask spec new KIND [DIR]"),
        (
            &["spec", "lint", "NONE.md"],
            "to start one: cargo xtask spec new project DIR",
        ),
        (&["spec", "lint", "solutions"], "is a folder"),
        (&["spec", "lint", "not-text"], "is not UTF-8"),
        (
            &["spec", "new", "crm", "not-text"],
            "SPEC.md cannot be written: not a directory; name another folder",
        ),
        (&["spec", "new", "cmr"], "did you mean `crm`?"),
        (
            &["spec", "new", "shop"],
            "there are crm, analytics and project",
        ),
    ];
    for (words, says) in cases {
        checkout.run(words).exits(2).says(&[says]);
    }
    assert!(!checkout.path("SPEC.md").exists());
}
