//! `diff` and the ways to name an exercise.

use crate::fixture::Checkout;

#[test]
fn each_line_says_whose_it_is() {
    let checkout = Checkout::new();
    let file = checkout.file_of("1.2");
    checkout.fill(&file, "1.2", &["    mine();"]);
    checkout.run(&["diff", "1.2"]).exits(0).says(&[
        &format!("{file}:"),
        "  -     mine();",
        "+ only in the reference",
    ]);
}

#[test]
fn the_reference_is_no_difference() {
    let checkout = Checkout::new();
    let file = checkout.file_of("2.3");
    let solution = checkout.read(&file.replace("chapters/", "solutions/"));
    let solution = xtask::regions::Solution::parse(&solution).expect("the solution is right");
    let region = solution
        .regions()
        .find(|region| region.id == "2.3")
        .expect("it is there");
    let lines: Vec<&str> = region.body.iter().map(String::as_str).collect();
    checkout.fill(&file, "2.3", &lines);
    checkout
        .run(&["diff", "2.3"])
        .exits(0)
        .says(&["the same as the reference"])
        .keeps_quiet_about(&["+ "]);
}

#[test]
fn a_lost_marker_is_named_with_the_way_back() {
    let checkout = Checkout::new();
    let file = checkout.file_of("1.1");
    let text = checkout.read(&file).replace("// Exercise 1.1 ends.", "");
    checkout.write(&file, &text);
    checkout.run(&["diff", "1.1"]).exits(0).says(&[
        &format!("{file} has lost a marker of region 1.1"),
        "// Exercise 1.1 begins.",
        "// Exercise 1.1 ends.",
        "cargo xtask reset 1.1",
    ]);
}

#[test]
fn it_works_in_a_sub_folder() {
    let checkout = Checkout::new();
    checkout
        .run_in("chapters/ch01-hello-world/src", &["diff", "1.1"])
        .exits(0)
        .says(&["chapters/ch01-hello-world/src/"]);
}

#[test]
fn an_unknown_exercise_gets_the_nearest() {
    let checkout = Checkout::new();
    for verb in ["diff", "reset", "hint", "solution"] {
        checkout
            .run(&[verb, "1.77"])
            .exits(2)
            .says(&["did you mean `1.7`?"]);
    }
    checkout
        .run(&["diff", "ch02"])
        .exits(2)
        .says(&["name one of them, such as 2.1"]);
}
