//! What goes into one crate, what comes out of it, and what is tried alone.

use std::cell::RefCell;

use anyhow::anyhow;

use super::*;

const SERVER: &str = "src/server.rs";
const TASKS: &str = "src/tasks.rs";

fn right() -> Files {
    Files::from([
        (SERVER.into(), b"first second third second\n".to_vec()),
        (TASKS.into(), b"first\n".to_vec()),
    ])
}

fn edit(file: &str, find: &str, replace: &str) -> Edit {
    Edit {
        file: file.into(),
        find: find.into(),
        replace: replace.into(),
    }
}

fn answer<'a>(kind: Kind, exercise: &'a str, edits: &'a [Edit]) -> Answer<'a> {
    Answer::new(kind, exercise, &right(), edits).expect("can be tried with others")
}

#[test]
fn a_batch_has_an_answer_an_exercise() {
    let first = [edit(SERVER, "first", "1")];
    let other = [edit(TASKS, "first", "1")];
    let third = [edit(SERVER, "third", "3")];
    let wrong = [
        answer(Kind::Wrong, "2.1", &first),
        answer(Kind::Wrong, "2.1", &other),
        answer(Kind::Wrong, "2.2", &third),
    ];
    let [one, two, three] = &wrong;
    assert_eq!(
        batches(&[Some(one), Some(two), Some(three)]),
        [vec![0, 2], vec![1]]
    );
}

#[test]
fn one_wrong_answer_may_be_that_of_several_checks() {
    let edits = [edit(SERVER, "first", "1"), edit(SERVER, "third", "3")];
    let other = [edit(TASKS, "first", "1")];
    let wrong = [
        answer(Kind::Wrong, "2.1", &edits),
        answer(Kind::Wrong, "2.1", &edits),
        answer(Kind::Wrong, "2.2", &other),
    ];
    let all: Vec<_> = wrong.iter().collect();
    assert_eq!(batches(&wrong.each_ref().map(Some)), [vec![0, 1, 2]]);
    let files = merged(&right(), &all);
    assert_eq!(files[Path::new(SERVER)], b"1 second 3 second\n");
    assert_eq!(files[Path::new(TASKS)], b"1\n");
}

#[test]
fn edits_that_overlap_are_not_in_one_batch() {
    let edits = [
        [edit(SERVER, "first second", "1")],
        [edit(SERVER, "second third", "2")],
        [edit(SERVER, " third", "3")],
    ];
    let [one, two, three] = &edits;
    let wrong = [
        answer(Kind::Wrong, "2.1", one),
        answer(Kind::Wrong, "2.2", two),
        answer(Kind::Wrong, "2.3", three),
    ];
    assert_eq!(
        batches(&wrong.each_ref().map(Some)),
        [vec![0, 2], vec![1]],
        "what only touches does not overlap"
    );
    let files = merged(&right(), &[&wrong[0], &wrong[2]]);
    assert_eq!(files[Path::new(SERVER)], b"13 second\n");
}

#[test]
fn wrong_and_tolerated_answers_are_never_in_one_batch() {
    let (one, two) = ([edit(SERVER, "first", "1")], [edit(SERVER, "third", "3")]);
    let wrong = answer(Kind::Wrong, "2.1", &one);
    let tolerated = answer(Kind::Tolerated, "2.2", &two);
    let same = answer(Kind::Tolerated, "2.1", &one);
    assert_eq!(
        batches(&[Some(&wrong), Some(&tolerated), Some(&same)]),
        [vec![0], vec![1, 2]]
    );
}

#[test]
fn what_is_no_answer_and_what_needs_its_own_edits_is_alone() {
    let (one, two) = ([edit(SERVER, "first", "1")], [edit(SERVER, "third", "3")]);
    let (one, two) = (
        answer(Kind::Wrong, "2.1", &one),
        answer(Kind::Wrong, "2.2", &two),
    );
    assert_eq!(
        batches(&[None, Some(&one), None, Some(&two)]),
        [vec![0], vec![1, 3], vec![2]]
    );
    let is_none = |edits: &[Edit]| Answer::new(Kind::Wrong, "2.1", &right(), edits).is_none();
    // Only there after the edit before it; there twice; about the same text; in no file.
    assert!(is_none(&[edit(TASKS, "first", "1"), edit(TASKS, "1", "2")]));
    assert!(is_none(&[edit(SERVER, "second", "2")]));
    assert!(is_none(&[
        edit(SERVER, "first s", "1"),
        edit(SERVER, "first", "2")
    ]));
    assert!(is_none(&[edit("src/gone.rs", "first", "1")]));
}

/// What was tried, when only these batches settle these places.
fn tried(settles: &[(&[usize], &[usize])]) -> (Vec<String>, Vec<(usize, &'static str)>) {
    let tries = RefCell::new(Vec::new());
    let found = settle(
        vec![0, 1, 2, 3],
        |batch| {
            tries.borrow_mut().push(format!("{batch:?}"));
            let settled = settles.iter().find(|(members, _)| *members == batch);
            let settled = settled.map_or(&[][..], |(_, settled)| settled);
            let of = |place| settled.contains(place).then_some("together");
            Ok(batch.iter().map(of).collect())
        },
        |place| {
            tries.borrow_mut().push(format!("{place}"));
            Ok("alone")
        },
    );
    let mut found = found.expect("nothing halts");
    found.sort_unstable();
    (tries.into_inner(), found)
}

#[test]
fn what_a_batch_does_not_settle_is_tried_without_what_it_settles_and_then_alone() {
    let (tries, found) = tried(&[(&[0, 1, 2, 3], &[0, 1, 2, 3])]);
    assert_eq!(tries, ["[0, 1, 2, 3]"]);
    assert!(found.iter().all(|(_, how)| *how == "together"));
    // The first disturbs the others, and is settled itself.
    let (tries, found) = tried(&[(&[0, 1, 2, 3], &[0]), (&[1, 2, 3], &[1, 3])]);
    assert_eq!(tries, ["[0, 1, 2, 3]", "[1, 2, 3]", "2"]);
    let how = [
        (0, "together"),
        (1, "together"),
        (2, "alone"),
        (3, "together"),
    ];
    assert_eq!(found, how);
    // It does not compile, for instance.
    let (tries, found) = tried(&[]);
    assert_eq!(tries, ["[0, 1, 2, 3]", "0", "1", "2", "3"]);
    assert!(found.iter().all(|(_, how)| *how == "alone"));
}

#[test]
fn a_halt_ends_it() {
    let halted = settle::<()>(
        vec![0, 1],
        |_| Err(Halt::Cancelled),
        |_| unreachable!("nothing is tried after it"),
    );
    assert!(matches!(halted, Err(Halt::Cancelled)));
    let halted = settle::<()>(
        vec![0],
        |_| unreachable!("one is no batch"),
        |_| Err(Halt::Fault(anyhow!("no disk"))),
    );
    assert!(matches!(halted, Err(Halt::Fault(_))));
}
