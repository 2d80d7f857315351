//! Exercises that are whole files: what has no comments cannot be marked.

use std::fs;

use xtask::manifest::Manifest;
use xtask::snapshot::Snapshot;

use crate::fixture::Checkout;

/// A file that comes with blanks to fill in.
const GIVEN: &str = "chapters/ch07-tested-and-deployed/packaging/manifest.json";
/// A file that the learner's tests write.
const MADE: &str =
    "chapters/ch07-tested-and-deployed/tests/all/snapshots/all__schema__prompts.snap";

fn make(checkout: &Checkout) {
    let path = checkout.path(MADE);
    let folder = path.parent().expect("it has one");
    fs::create_dir_all(folder).expect("it can be made");
    checkout.write(MADE, "---\nsource: mine\n---\n[]\n");
}

fn snapshot(checkout: &Checkout) -> Snapshot {
    let manifest = Manifest::load(&checkout.root()).expect("the manifest is right");
    let (chapter, _) = manifest.exercise("7.3").expect("it is there");
    let folder = chapter.folder(&checkout.root());
    Snapshot::take(&checkout.root(), chapter, &folder).expect("the solution is right")
}

#[test]
fn a_given_file_is_compared_and_comes_back() {
    let checkout = Checkout::new();
    let fresh = checkout.read(GIVEN);
    assert!(fresh.contains("___"), "there is something to fill in");
    assert!(!checkout.path(&format!("{GIVEN}.starter")).exists());
    let own = fresh.replacen("___", "mine", 1);
    checkout.write(GIVEN, &own);
    checkout.run(&["generate", "ch07", "--check"]).exits(1);
    checkout
        .run(&["diff", "7.9"])
        .exits(0)
        .says(&[&format!("{GIVEN}:1"), "mine"]);
    checkout.run(&["reset", "7.9"]).exits(0).says(&[GIVEN]);
    assert_eq!(checkout.read(GIVEN), fresh);
    checkout.run(&["reset", "--undo"]).exits(0).says(&[GIVEN]);
    assert_eq!(checkout.read(GIVEN), own);

    fs::remove_file(checkout.path(GIVEN)).expect("it is there");
    checkout
        .run(&["hint", "7.9"])
        .exits(0)
        .says(&[&format!("{GIVEN} is not there"), "cargo xtask reset 7.9"]);
    checkout.run(&["reset", "7.9"]).exits(0);
    assert_eq!(checkout.read(GIVEN), fresh);
}

#[test]
fn a_made_file_is_compared_and_put_aside() {
    let checkout = Checkout::new();
    assert!(!checkout.path(MADE).exists());
    checkout
        .run(&["reset", "7.3"])
        .exits(0)
        .says(&["there is nothing to reset"]);
    make(&checkout);
    let own = checkout.read(MADE);
    checkout
        .run(&["diff", "7.3"])
        .exits(0)
        .says(&[&format!("{MADE}:1"), "- []"]);
    checkout
        .run(&["reset", "7.3"])
        .exits(0)
        .says(&[&format!("{MADE} did not come with the chapter")]);
    assert!(!checkout.path(MADE).exists());
    checkout.run(&["reset", "--undo"]).exits(0);
    assert_eq!(checkout.read(MADE), own);

    checkout.run(&["reset", "ch07", "--yes"]).exits(0);
    assert!(!checkout.path(MADE).exists());
}

#[test]
fn a_whole_file_belongs_to_its_exercise_and_to_nothing_else() {
    let checkout = Checkout::new();
    let before = snapshot(&checkout);
    assert!(before.exercises["7.3"].untouched);
    make(&checkout);
    let after = snapshot(&checkout);
    assert!(!after.exercises["7.3"].untouched);
    assert_ne!(after.exercises["7.3"].hash, before.exercises["7.3"].hash);
    assert_eq!(after.exercises["7.4"], before.exercises["7.4"]);
    assert_ne!(after.whole, before.whole);
    assert_eq!(after.outside, before.outside);
}

#[test]
fn a_file_that_is_named_has_to_be_there_and_no_starter_stands_alone() {
    let checkout = Checkout::new();
    let solution = checkout.path(&GIVEN.replace("chapters/", "solutions/"));
    let aside = solution.with_extension("aside");
    fs::rename(&solution, &aside).expect("it is there");
    checkout
        .run(&["generate", "ch07", "--check"])
        .exits(4)
        .says(&["manifest.json is not there", "as a file of 7.9"]);
    fs::rename(&aside, &solution).expect("it is there");
    let alone = "solutions/ch07-tested-and-deployed/packaging/Containerfile.starter";
    checkout.write(alone, "FROM ___\n");
    checkout
        .run(&["generate", "ch07", "--check"])
        .exits(4)
        .says(&["Containerfile.starter is the starter of no file"]);
}
