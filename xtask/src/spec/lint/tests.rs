//! Each fault is found where it is, and nowhere else.

use super::*;
use crate::spec::parse::specification;

/// A small specification without a fault.
const SOUND: &str = "# A board\n\n## Tools\n\n### `find`\n\n\
    | argument | type | limits | without it | what it is |\n| --- | --- | --- | --- | --- |\n\
    | `text` | string | 1 to 9 characters | required | words |\n\
    | `state` | one of `todo`, `done` | | any state | how far it is |\n\
    | `days` | object | no other fields | any day | when it is due |\n\
    | `days.from` | day | | no first day | the first |\n\n\
    ## Limits\n\n| what | limit |\n| --- | --- |\n| a call | 500 ms |\n\n\
    ## AC-01 Find\n\n- **Level** must\n- **Exercise** 1\n- **Covers** tools\n- **Check** `ac-01-find`\n\
    - **Given** a board\n- **When** `find` is called\n- **Then** the result has 1 task\n\
    - **Refused** `find` without `text` gets a tool error that names `text`.\n\n\
    ## Non-goals\n\n- Nothing is changed.\n\n## Change log\n\n- 1.0: first\n";

/// What is found when a part of it is replaced: the faults, and the first line.
fn with(find: &str, replace: &str) -> (Vec<Fault>, String) {
    assert_eq!(SOUND.matches(find).count(), 1, "{find}");
    let found = faults(&specification(&SOUND.replace(find, replace)));
    let first = found.first();
    let told = first.map(|finding| format!("{}: {}", finding.line, finding.what));
    let kinds = found.iter().map(|finding| finding.fault).collect();
    (kinds, told.unwrap_or_default())
}

#[track_caller]
fn finds(fault: Fault, cases: &[(&str, &str, &str)]) {
    for (find, replace, says) in cases {
        let (kinds, told) = with(find, replace);
        assert_eq!(kinds, [fault], "{replace}: {told}");
        assert!(told.contains(says), "{told}");
    }
}

#[test]
fn a_sound_one_has_none() {
    assert_eq!(faults(&specification(SOUND)), []);
}

#[test]
fn parameters_are_told_by_name_and_line() {
    let cases = [
        (
            "| day | |",
            "| a date | |",
            "12: `days.from` of `find` has the type \"a date\"",
        ),
        (
            "| one of `todo`, `done` | |",
            "| one of the states | |",
            "is one of what is not listed",
        ),
        (
            "| `days.from` |",
            "| `from` |",
            "11: `days` of `find` is an object of unknown fields",
        ),
        (
            "| required |",
            "| |",
            "9: `text` of `find` does not say what it means to leave it out",
        ),
        (
            "| how far it is |",
            "| some state |",
            "10: `state` of `find` says \"some\"",
        ),
    ];
    finds(Fault::VagueParameter, &cases);
}

#[test]
fn limits_have_two_ends_and_a_unit() {
    let cases = [
        (
            "1 to 9 characters",
            "",
            "9: `text` of `find` has no smallest and largest value",
        ),
        (
            "1 to 9 characters",
            "up to 9 characters",
            "no smallest and largest",
        ),
        ("1 to 9 characters", "1 to 9", "has a length without a unit"),
        (
            "| 500 ms |",
            "| not long |",
            "18: \"a call\" has the limit \"not long\"",
        ),
        ("## Limits", "## Borders", "there is no table of limits"),
    ];
    finds(Fault::MissingLimit, &cases);
    assert_eq!(with("1 to 9 characters", "exactly 9 characters").0, []);
}

#[test]
fn outcomes_are_seen_from_outside_and_by_everybody_alike() {
    let cases = [
        (
            "the result has 1 task",
            "the result has 1 correct task",
            "says \"correct\"",
        ),
        (
            "the result has 1 task",
            "the result has 1 task or 2",
            "has two outcomes",
        ),
        (
            "the result has 1 task",
            "the task is there",
            "that nobody outside can see",
        ),
        (
            "gets a tool error that names `text`",
            "fails",
            "29: AC-01 says \"fails\", and not how that looks",
        ),
    ];
    finds(Fault::AmbiguousOutcome, &cases);
    // Words inside of code are no words, and parts of words are none either.
    assert_eq!(
        with("has 1 task", "has `should` in 1 wordy authority").0,
        []
    );
}

#[test]
fn somebody_says_what_is_refused_and_what_is_not_done() {
    let twin = "- **Refused** `find` without `text` gets a tool error that names `text`.\n";
    finds(
        Fault::NoErrorCase,
        &[(twin, "", "20: AC-01 does not say what is refused")],
    );
    let other = "`find` without `text` gets a tool error that names `text`.";
    let cases = [(
        other,
        "`look` gets protocol error -32602.",
        "5: no criterion refuses a call of `find`",
    )];
    finds(Fault::NoErrorCase, &cases);
    let cases = [
        ("- Nothing is changed.\n", "", "31: the section is empty"),
        (
            "## Non-goals",
            "## Later",
            "nothing says what the server will not do",
        ),
    ];
    finds(Fault::NoNonGoals, &cases);
    assert_eq!(with("- **Level** must\n", "- **Level** should\n").0, []);
}

#[test]
fn what_a_program_cannot_read_is_told() {
    let cases = [
        ("# A board\n", "\n", "1: there is no title"),
        (
            "AC-01 Find",
            "AC-1 Find",
            "20: `AC-1` stands where `AC-01` is due",
        ),
        ("- **Given** a board\n", "", "20: AC-01 has no Given"),
        (
            "- **Level** must",
            "- **Level** maybe",
            "22: AC-01 has the level \"maybe\"",
        ),
        (
            "`ac-01-find`",
            "`find`",
            "25: the check of AC-01 is called \"find\"",
        ),
        ("- 1.0: first\n", "", "35: there is no change log"),
    ];
    for (find, replace, says) in cases {
        let (kinds, told) = with(find, replace);
        assert!(kinds.contains(&Fault::Shape), "{replace}: {kinds:?}");
        assert!(told.contains(says), "{told}");
    }
    let empty = faults(&specification(""));
    let shapes = empty.iter().filter(|finding| finding.fault == Fault::Shape);
    assert_eq!(shapes.count(), 4, "{empty:#?}");
}
