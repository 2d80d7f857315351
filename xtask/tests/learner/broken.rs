//! Crates that do not build: the compiler's words, whose exercise it is, and manifests that cargo refuses.

use std::fs;

use crate::fixture::Learner;

const VALIDATE: &str = "chapters/ch02-first-server/src/validate.rs";
const MANIFEST: &str = "chapters/ch02-first-server/Cargo.toml";

#[test]
fn a_compile_error_belongs_to_its_exercise_and_costs_no_other_its_verdict() {
    let learner = Learner::new();
    learner.run(&["check", "ch02"]).exits(1);
    learner.fill(VALIDATE, "2.3", &["    title.len() > 100"]);
    let said = learner.run(&["check", "ch02"]).exits(3);
    said.says(&[
        "error[E0308]",
        "!   2.3",
        "does not compile",
        "o   2.4",
        "validate.rs:9 (exercise 2.3)",
        "cargo xtask hint 2.3",
    ])
    // Nothing was checked, so nothing is counted.
    .keeps_quiet_about(&["of 7 done"]);
    // Outside every region, and nothing inside has changed since it last compiled.
    learner.fill(
        VALIDATE,
        "2.3",
        &["    let _ = (title, due);", "    Ok(())"],
    );
    learner.edit(
        "chapters/ch02-first-server/src/lib.rs",
        "pub mod validate;",
        "pub mod validate;\nfn broken( {}",
    );
    learner
        .run(&["check", "ch02"])
        .exits(3)
        .says(&["src/lib.rs:", "outside every exercise"])
        .keeps_quiet_about(&["!   2"]);
}

#[test]
fn an_empty_main_and_a_deleted_source_are_ordinary_compile_errors() {
    let learner = Learner::new();
    learner.write("chapters/ch02-first-server/src/main.rs", "");
    let said = learner.run(&["check", "2.1"]).exits(3);
    said.says(&["E0601", "main.rs", "outside every exercise"]);
    fs::remove_file(learner.path(VALIDATE)).expect("can be removed");
    learner
        .run(&["check", "2.1"])
        .exits(3)
        .says(&["E0583", "validate", "o   2.1"]);
}

#[test]
fn a_typo_in_a_manifest_stops_cargo_and_names_the_way_out() {
    let learner = Learner::new();
    learner.edit(MANIFEST, "edition = \"2024\"", "edition = 2024\"");
    // The manifest of another chapter: cargo loads the whole workspace.
    for chapter in ["ch02", "ch01"] {
        learner
            .run(&["check", chapter])
            .exits(3)
            .says(&["Cargo.toml", "edition = 2024", "doctor"]);
    }
}

#[test]
fn a_misspelt_dependency_is_told_in_cargos_words() {
    let learner = Learner::new();
    learner.edit(
        MANIFEST,
        "[dependencies]\n",
        "[dependencies]\nserde-jsn = \"1\"\n",
    );
    learner
        .run(&["check", "ch02"])
        .exits(3)
        .says(&["serde-jsn", "spelt right"]);
}

#[test]
fn a_deleted_chapter_is_brought_back_by_what_the_message_names() {
    let learner = Learner::new();
    fs::remove_dir_all(learner.path("chapters/ch02-first-server")).expect("can be removed");
    learner
        .run(&["check", "ch02"])
        .exits(3)
        .says(&["is not there", "reset ch02"]);
    learner.run(&["list"]).exits(0).says(&["2.1"]);
    learner.run(&["reset", "ch02", "--yes"]).exits(0);
    learner.run(&["check", "2.1"]).exits(1).says(&["o   2.1"]);
}

#[test]
fn a_copy_inside_chapters_changes_nothing_and_is_explained() {
    let learner = Learner::new();
    let copy = learner.path("chapters/ch02-backup/src");
    fs::create_dir_all(&copy).expect("can be made");
    for file in ["Cargo.toml", "src/main.rs", "src/lib.rs"] {
        let from = learner.path("chapters/ch02-first-server").join(file);
        fs::copy(from, learner.path("chapters/ch02-backup").join(file)).expect("is copied");
    }
    learner.run(&["check", "2.1"]).exits(1).says(&[
        "o   2.1",
        "chapters/ch02-backup is not a chapter",
        "cargo xtask new",
    ]);
    learner
        .run(&["check", "--path", "chapters/ch02-backup"])
        .exits(2)
        .says(&["is not a chapter", "cargo xtask new"]);
}

#[test]
fn a_chapter_without_markers_still_gets_verdicts() {
    let learner = Learner::new();
    learner.solve("2.3");
    let text = learner.read(VALIDATE);
    let plain: Vec<&str> = text
        .lines()
        .filter(|line| !line.contains("// Exercise"))
        .collect();
    learner.write(VALIDATE, &(plain.join("\n") + "\n"));
    learner.run(&["check", "2.3"]).exits(0).says(&["ok  2.3"]);
}
