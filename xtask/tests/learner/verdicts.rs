//! What a learner reads: nothing begun, something wrong, something solved.

use std::fs;

use serde_json::Value;
use xtask::sources::files_below;

use crate::fixture::{Learner, Said, command, console, same_as_file, untouched, wait};

const VALIDATE: &str = "chapters/ch02-first-server/src/validate.rs";

/// A wrong answer that looks right: the length is counted, the day is not looked at, and the limit is off by one.
fn answer_wrongly(learner: &Learner) -> Said {
    learner.fill(
        VALIDATE,
        "2.3",
        &[
            "    if title.is_empty() || title.len() > 101 || !crate::board::is_date(due) {",
            "        return Err(\"title must have 1 to 100 characters\".to_owned());",
            "    }",
            "    Ok(())",
        ],
    );
    learner.run(&["check", "ch02"])
}

#[test]
fn the_starter_is_calm() {
    let learner = Learner::new();
    let said = learner.run(&["check", "ch01"]).exits(1);
    same_as_file(&said.timeless(), &console("starter-check.txt"));
    // Nothing was built for these, and nothing has changed since.
    let said = learner.run(&["list"]).exits(0);
    same_as_file(&said.stdout, &console("list.txt"));
    let said = learner.run(&[]).exits(0);
    same_as_file(&said.stdout, &console("overview.txt"));
}

#[test]
fn a_wrong_answer_is_explained_in_the_protocols_words() {
    let learner = Learner::new();
    let said = answer_wrongly(&learner).exits(1);
    same_as_file(&said.timeless(), &console("failed-check.txt"));
    said.says(&[
        "x   2.3",
        "sent",
        "expected",
        "got",
        "why",
        "where",
        "next",
        "validate.rs:8",
    ]);
    learner.run(&["check", "2.3", "--wire"]).exits(1).says(&[
        "> {\"jsonrpc\":\"2.0\"",
        "< {\"jsonrpc\":\"2.0\"",
        "* started",
    ]);
    let said = learner.run(&["check", "2.3", "--json"]).exits(1);
    let report: Value = serde_json::from_str(&said.stdout).expect("one JSON object");
    assert_eq!(report["exit"], 1);
    let exercise = &report["chapters"][0]["exercises"][0];
    assert_eq!(
        (&exercise["id"], &exercise["state"]),
        (&"2.3".into(), &"wrong".into())
    );
    learner
        .run(&["list"])
        .exits(0)
        .says(&["x   2.3", "not right yet"]);
}

#[test]
fn a_weak_set_of_tests_is_told_from_a_good_one() {
    let learner = Learner::new();
    // Both edges of the length, and no letter that has more than one byte.
    learner.fill(
        "chapters/ch07-tested-and-deployed/tests/all/logic.rs",
        "7.1",
        &[
            "use ch07_tested_and_deployed::{due, title};",
            "",
            "#[test]",
            "fn a_title_has_1_to_200_characters() {",
            "    for (length, accepted) in [(0, false), (1, true), (200, true), (201, false)] {",
            "        assert_eq!(title::check(&\"a\".repeat(length)).is_ok(), accepted, \"{length}\");",
            "    }",
            "}",
            "",
            "#[test]",
            "fn only_days_that_exist_are_days() {",
            "    assert!(due::check(\"2026-05-31\").is_ok());",
            "    assert!(due::check(\"2026-02-30\").is_err());",
            "}",
        ],
    );
    let said = learner.run(&["check", "7.1"]).exits(1);
    same_as_file(&said.timeless(), &console("weak-tests.txt"));
    learner.solve("7.1");
    learner.run(&["check", "7.1"]).exits(0).says(&["ok  7.1"]);
}

#[test]
fn a_solved_exercise_is_remembered_with_what_it_was_solved_with() {
    let learner = Learner::new();
    learner.solve("2.3");
    let said = learner.run(&["check", "2.3"]).exits(0).says(&["ok  2.3"]);
    said.keeps_quiet_about(&["2.4"]);
    learner
        .run(&["list"])
        .exits(0)
        .says(&["ok  2.3", "1 of 7 solved"]);
    // Without a word: the chapter whose file was saved last.
    learner
        .run(&["check"])
        .exits(1)
        .says(&["ch02", "1 of 7 done"]);
    // Another text: the verdict is about the old one, and stays known.
    learner.edit(VALIDATE, "1..=100", "1..=1000");
    learner
        .run(&["list"])
        .says(&["?   2.3", "not re-checked (ok on", "1 of 7 solved"]);
    learner
        .run(&[])
        .exits(0)
        .says(&["next      2.3", "done      1 of "]);
    learner
        .run(&["check", "2.3"])
        .exits(1)
        .says(&["x   2.3", "not right yet; solved "]);
}

#[test]
fn the_reference_solution_passes_in_place_of_the_chapter_and_is_not_remembered() {
    let learner = Learner::new();
    learner
        .run(&["check", "--path", "solutions/ch02-first-server"])
        .exits(0)
        .says(&["7 of 7 done", "solutions/ch02-first-server"]);
    assert!(!learner.path("chapters/.progress.json").exists());
}

#[test]
fn a_crate_outside_the_workbook_is_judged_in_place_of_a_chapter() {
    let learner = Learner::new();
    learner.solve("2.3");
    let outside = tempfile::tempdir().expect("a folder");
    let own = outside.path().join("my server");
    fs::create_dir_all(own.join("src")).expect("can be made");
    let chapter = learner.path("chapters/ch02-first-server");
    for path in files_below(&chapter).expect("can be read") {
        fs::copy(chapter.join(&path), own.join(&path)).expect("is copied");
    }
    fs::copy(learner.path("Cargo.lock"), own.join("Cargo.lock")).expect("is copied");
    let there = own.to_str().expect("UTF-8");
    learner
        .run(&["check", "2.3", "--path", there])
        .exits(0)
        .says(&["ok  2.3", "my server"]);
}

#[test]
fn a_slip_on_the_command_line_gets_a_suggestion_and_exit_code_2() {
    untouched();
    let slips: [(&[&str], &str); 7] = [
        (&["check", "2.33"], "did you mean `2.3`?"),
        (&["check", "ch20"], "chapter 20 is not here"),
        (&["chekc"], "did you mean `cargo xtask check`?"),
        (&["2.3"], "did you mean `cargo xtask check 2.3`?"),
        (&["check", "--wir"], "--wir"),
        (
            &["check", "--path", "nowhere", "ch01"],
            "there is no folder nowhere",
        ),
        (&["check", "ch01", "--"], "after `--` stands the command"),
    ];
    for (words, answer) in slips {
        wait(&mut command(words)).exits(2).says(&[answer]);
    }
    wait(&mut command(&["help"]))
        .exits(0)
        .says(&["cargo xtask watch"]);
    wait(&mut command(&["check", "--help"]))
        .exits(0)
        .says(&["--wire"]);
}
