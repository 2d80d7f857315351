//! `new`, as far as nothing has to be built: what it refuses, and that it leaves nothing behind.

use std::fs;

use crate::fixture::Checkout;

#[test]
fn a_wrong_order_is_refused_with_the_right_one() {
    let checkout = Checkout::new();
    let cases: [(&[&str], &str); 8] = [
        (&["new"], "where should it go?"),
        (&["new", "../mine"], "which chapter should it be made from?"),
        (
            &["new", "../mine", "--from", "ch09"],
            "chapter 9 is not here",
        ),
        (
            &["new", "../mine", "--from", "2.3"],
            "a whole chapter is copied",
        ),
        (
            &["new", "chapters/mine", "--from", "ch02"],
            "is inside the workbook",
        ),
        (
            &["new", "../2fast", "--from", "ch02"],
            "cannot name a crate",
        ),
        (
            &["new", "../rmcp", "--from", "ch02"],
            "is the name of a crate that the server uses",
        ),
        (
            &["new", "../mine", "--from", "ch02", "--name", "match"],
            "is a word of Rust",
        ),
    ];
    for (words, says) in cases {
        checkout.run(words).exits(2).says(&[says]);
    }
    assert!(!checkout.beside("mine").exists());
}

#[test]
fn nothing_is_written_over() {
    let checkout = Checkout::new();
    let full = checkout.beside("full");
    fs::create_dir(&full).expect("it can be made");
    fs::write(full.join("notes.txt"), "dear to me").expect("it can be written");
    checkout
        .run(&["new", "../full", "--from", "ch02"])
        .exits(2)
        .says(&["is there already and is not empty"]);
    assert_eq!(fs::read_dir(&full).expect("it can be read").count(), 1);
}

#[test]
fn what_does_not_build_is_not_written() {
    let checkout = Checkout::new();
    // Not even cargo's resolver gets past this, so the test costs no build.
    let manifest = "chapters/ch02-first-server/Cargo.toml";
    checkout.edit(manifest, "\nthiserror = ", "\nthiserorr = ");
    checkout
        .run(&["new", "../mine", "--from", "ch02"])
        .exits(3)
        .says(&["thiserorr", "nothing was written", "--solution"]);
    assert!(!checkout.beside("mine").exists());
    let left = fs::read_dir(checkout.target().join("workbook/new"))
        .map(|entries| entries.count())
        .unwrap_or_default();
    assert_eq!(left, 0, "the folder in which it was built is gone");
}
