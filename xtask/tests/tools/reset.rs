//! `reset`: the starter comes back, and nothing that a learner wrote is lost.

use std::fs;
use std::path::PathBuf;

use crate::fixture::Checkout;

/// All copies of a file below `chapters/.undo`.
fn copies(checkout: &Checkout, file: &str) -> Vec<String> {
    let Ok(steps) = fs::read_dir(checkout.path("chapters/.undo")) else {
        return Vec::new();
    };
    let mut folders: Vec<PathBuf> = steps
        .map(|step| step.expect("it can be read").path())
        .collect();
    folders.sort();
    folders
        .iter()
        .filter_map(|step| fs::read_to_string(step.join("before").join(file)).ok())
        .collect()
}

#[test]
fn only_the_region_goes_and_undo_brings_it_back() {
    let checkout = Checkout::new();
    let file = checkout.file_of("1.1");
    let starter = checkout.region(&file, "1.1");
    checkout.fill(&file, "1.1", &["        mine()"]);
    checkout.edit(&file, "mine()", "mine() // and a note");
    let own = format!("// my own remark\n{}", checkout.read(&file));
    checkout.write(&file, &own);

    checkout
        .run(&["reset", "1.1"])
        .exits(0)
        .says(&["-         mine() // and a note", "cargo xtask reset --undo"]);
    assert_eq!(checkout.region(&file, "1.1"), starter);
    assert!(checkout.read(&file).starts_with("// my own remark\n"));
    assert_eq!(copies(&checkout, &file), [own.as_str()]);

    checkout.run(&["reset", "--undo"]).exits(0).says(&[&file]);
    assert_eq!(checkout.read(&file), own);
    checkout
        .run(&["reset", "--undo"])
        .exits(0)
        .says(&["There is no reset to take back."]);
}

#[test]
fn what_is_as_it_came_stays() {
    let checkout = Checkout::new();
    checkout
        .run(&["reset", "1.3"])
        .exits(0)
        .says(&["there is nothing to reset"]);
    assert!(!checkout.path("chapters/.undo").exists());
}

#[test]
fn undo_keeps_what_was_written_since() {
    let checkout = Checkout::new();
    let file = checkout.file_of("1.1");
    checkout.fill(&file, "1.1", &["        first()"]);
    let first = checkout.read(&file);
    checkout.run(&["reset", "1.1"]).exits(0);
    checkout.fill(&file, "1.1", &["        second()"]);
    let second = checkout.read(&file);
    checkout
        .run(&["reset", "--undo"])
        .exits(0)
        .says(&["You had changed it since; that text is kept"]);
    assert_eq!(checkout.read(&file), first);
    assert!(copies(&checkout, &file).contains(&second));
}

#[test]
fn without_markers_the_whole_file_comes_back_if_that_is_wanted() {
    let checkout = Checkout::new();
    let file = checkout.file_of("2.7");
    let fresh = checkout.read(&file);
    // Another exercise of the same file is solved, then a marker of 2.7 gets lost.
    checkout.fill(&file, "2.1-b", &["        let project_tools = mine();"]);
    let before = checkout.read(&file);
    let broken = before.replace("// Exercise 2.7 ends.", "");
    checkout.write(&file, &broken);

    checkout
        .run(&["reset", "2.7"])
        .exits(2)
        .says(&["has lost markers of 2.7", "cargo xtask reset 2.7 --yes"]);
    assert_eq!(checkout.read(&file), broken);

    checkout.run(&["reset", "2.7", "--yes"]).exits(0);
    assert_eq!(
        checkout.read(&file),
        before,
        "the other exercise keeps its lines"
    );
    assert_ne!(before, fresh);
    assert_eq!(copies(&checkout, &file), [broken]);
}

#[test]
fn a_deleted_or_emptied_file_comes_back_at_once() {
    let checkout = Checkout::new();
    let file = checkout.file_of("1.4");
    let fresh = checkout.read(&file);
    for damage in [None, Some("\n\n")] {
        match damage {
            None => fs::remove_file(checkout.path(&file)).expect("it is there"),
            Some(text) => checkout.write(&file, text),
        }
        checkout
            .run(&["reset", "1.4"])
            .exits(0)
            .says(&["missing or empty"]);
        assert_eq!(checkout.read(&file), fresh);
    }
}

#[test]
fn a_whole_chapter_comes_back_even_if_its_folder_is_gone() {
    let checkout = Checkout::new();
    let file = checkout.file_of("1.5");
    let fresh = checkout.read(&file);
    fs::remove_dir_all(checkout.path("chapters/ch01-hello-world")).expect("it is there");
    checkout.run(&["reset", "ch01"]).exits(0);
    assert_eq!(checkout.read(&file), fresh);
}

#[test]
fn a_changed_chapter_is_reset_only_if_that_is_wanted() {
    let checkout = Checkout::new();
    let file = checkout.file_of("1.5");
    let fresh = checkout.read(&file);
    let extra = "chapters/ch01-hello-world/src/extra.rs";
    checkout.write(&file, "mine");
    checkout.write(extra, "also mine");

    checkout
        .run(&["reset", "1"])
        .exits(2)
        .says(&["cargo xtask reset ch01 --yes"]);
    assert_eq!(checkout.read(&file), "mine");

    checkout
        .run(&["reset", "ch01", "--yes"])
        .exits(0)
        .says(&["extra.rs did not come with the chapter"]);
    assert_eq!(checkout.read(&file), fresh);
    assert!(!checkout.path(extra).exists());

    checkout.run(&["reset", "--undo"]).exits(0);
    assert_eq!(checkout.read(&file), "mine");
    assert_eq!(checkout.read(extra), "also mine");
}

#[test]
fn undo_takes_no_exercise() {
    let checkout = Checkout::new();
    checkout
        .run(&["reset", "1.1", "--undo"])
        .exits(2)
        .says(&["leave out `1.1`"]);
}

#[cfg(unix)]
#[test]
fn without_a_copy_nothing_is_replaced() {
    let checkout = Checkout::new();
    let file = checkout.file_of("1.1");
    checkout.fill(&file, "1.1", &["        mine()"]);
    // A file where the folder of copies should be: no copy can be made, not even by root.
    checkout.write("chapters/.undo", "in the way");
    checkout
        .run(&["reset", "1.1"])
        .exits(4)
        .says(&["nothing was changed"]);
    assert_eq!(checkout.region(&file, "1.1"), ["        mine()"]);
}
