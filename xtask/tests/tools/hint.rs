//! `hint` and `solution`: one step more each time, and then the answer.

use crate::fixture::Checkout;

#[test]
fn each_call_gives_one_step_more() {
    let checkout = Checkout::new();
    let file = checkout.file_of("1.1");
    checkout
        .run(&["hint", "1.1"])
        .exits(0)
        .says(&[
            "1.1  Say who you are",
            "hint 1 of 3",
            "2 more: cargo xtask hint 1.1",
        ])
        .has_line_starting(&format!("{file}:"));
    checkout
        .run(&["hint", "1.1"])
        .exits(0)
        .says(&["hint 2 of 3"])
        .keeps_quiet_about(&["hint 1 of 3"]);
    checkout.run(&["hint", "1.1"]).exits(0).says(&[
        "hint 3 of 3",
        "no further hint",
        "cargo xtask solution 1.1",
    ]);
    checkout
        .run(&["hint", "1.1"])
        .exits(0)
        .says(&["All 3 hints have been shown", "--all"]);
    checkout
        .run(&["hint", "1.2"])
        .exits(0)
        .says(&["hint 1 of 3"]);
}

#[test]
fn all_hints_come_at_once_if_that_is_wanted() {
    let checkout = Checkout::new();
    checkout.run(&["hint", "--all", "2.3"]).exits(0).says(&[
        "hint 1 of 3",
        "hint 2 of 3",
        "hint 3 of 3",
    ]);
}

#[test]
fn without_a_number_it_is_about_the_current_exercise() {
    let checkout = Checkout::new();
    checkout
        .run(&["hint"])
        .exits(0)
        .says(&["1.1  Say who you are"]);
}

#[test]
fn a_hint_is_given_even_if_nothing_can_be_remembered() {
    let checkout = Checkout::new();
    // A folder in the place of the file: it cannot be written, not even by root.
    std::fs::create_dir(checkout.path("chapters/.progress.json")).expect("it can be made");
    for _ in 0..2 {
        checkout
            .run(&["hint", "1.1"])
            .exits(0)
            .says(&["hint 1 of 3", "not remembered"]);
    }
}

#[test]
fn where_the_exercise_begins_comes_first() {
    let checkout = Checkout::new();
    let said = checkout.run(&["hint", "1.2"]).exits(0);
    let place = |region| said.stdout.find(&checkout.file_of(region));
    let (first, second) = (place("1.2"), place("1.2-b"));
    assert!(first.is_some() && first < second, "{}", said.stdout);
}

#[test]
fn a_lost_file_is_told_with_the_way_back() {
    let checkout = Checkout::new();
    let file = checkout.file_of("1.3");
    std::fs::remove_file(checkout.path(&file)).expect("it is there");
    checkout.run(&["hint", "1.3"]).exits(0).says(&[
        "hint 1 of 3",
        &format!("{file} is not there"),
        "cargo xtask reset 1.3",
    ]);
}

#[test]
fn the_solution_is_printed_with_its_path_and_without_questions_in_a_pipe() {
    let checkout = Checkout::new();
    let file = checkout.file_of("1.6");
    checkout
        .run(&["solution", "1.6"])
        .exits(0)
        .says(&[
            "Journal::open",
            &format!("yours: {file}:"),
            "cargo xtask diff 1.6",
        ])
        .has_line_starting(&format!("{}:", file.replace("chapters/", "solutions/")))
        .keeps_quiet_about(&["ANCHOR", "STARTER"]);
}
