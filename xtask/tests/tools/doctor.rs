//! `doctor`: what keeps cargo from loading the workspace is found, shown and repaired.

use std::fs;
use std::net::TcpListener;

use crate::fixture::Checkout;

/// The small checkout has only the chapters and their solutions as members.
fn checkout() -> Checkout {
    let checkout = Checkout::new();
    checkout.write(
        "Cargo.toml",
        "[workspace]\nresolver = \"3\"\nmembers = [\"chapters/ch01-hello-world\", \"chapters/ch02-first-server\"]\n",
    );
    checkout
}

const MANIFEST: &str = "chapters/ch01-hello-world/Cargo.toml";

#[test]
fn a_sound_checkout_is_fine() {
    checkout().run(&["doctor"]).exits(0).says(&[
        "rustc 1.",
        "cargo loads the workspace with all its chapters",
        "Everything that the workbook needs is there.",
    ]);
}

#[test]
fn a_manifest_that_is_not_toml_is_shown_and_repaired() {
    let checkout = checkout();
    let fresh = checkout.read(MANIFEST);
    checkout.edit(MANIFEST, "anyhow = \"1\"", "anyhow = \"1");
    let broken = checkout.read(MANIFEST);

    checkout.run(&["doctor"]).exits(4).says(&[
        "Cargo.toml is not TOML",
        "- anyhow = \"1\n",
        "+ anyhow = \"1\"\n",
        "doctor --fix",
    ]);
    assert_eq!(checkout.read(MANIFEST), broken, "asked first");

    checkout.run(&["doctor", "--fix"]).exits(0).says(&[
        "put chapters/ch01-hello-world/Cargo.toml back as it came",
        "kept",
    ]);
    assert_eq!(checkout.read(MANIFEST), fresh);
    checkout.run(&["reset", "--undo"]).exits(0);
    assert_eq!(
        checkout.read(MANIFEST),
        broken,
        "the learner's text is never lost"
    );
}

#[test]
fn a_misspelt_dependency_is_traced_to_its_chapter() {
    let checkout = checkout();
    let fresh = checkout.read(MANIFEST);
    checkout.edit(MANIFEST, "\nthiserror = ", "\nthiserorr = ");
    checkout.run(&["doctor"]).exits(4).says(&[
        &format!("cargo refuses {MANIFEST}"),
        "- thiserorr = ",
        "+ thiserror = ",
    ]);
    checkout.run(&["doctor", "--fix"]).exits(0);
    assert_eq!(checkout.read(MANIFEST), fresh);
}

#[test]
fn several_broken_chapters_are_repaired_in_one_go() {
    let checkout = checkout();
    checkout.edit(MANIFEST, "\nthiserror = ", "\nthiserorr = ");
    fs::remove_dir_all(checkout.path("chapters/ch02-first-server")).expect("it is there");
    checkout
        .run(&["doctor", "--fix"])
        .exits(0)
        .says(&["put chapters/ch02-first-server back as it came", MANIFEST]);
    assert!(
        checkout
            .path("chapters/ch02-first-server/src/lib.rs")
            .is_file()
    );
}

#[test]
fn another_package_name_is_found() {
    let checkout = checkout();
    checkout.edit(
        MANIFEST,
        "name = \"ch01-hello-world\"\ndescription",
        "name = \"mine\"\ndescription",
    );
    checkout
        .run(&["doctor"])
        .exits(4)
        .says(&["does not name the package ch01-hello-world"]);
}

#[test]
fn a_dependency_of_ones_own_is_no_trouble() {
    let checkout = checkout();
    checkout.edit(
        MANIFEST,
        "\nanyhow = \"1\"\n",
        "\nanyhow = \"1\"\nlibc = \"0.2\"\n",
    );
    checkout
        .run(&["doctor"])
        .exits(0)
        .keeps_quiet_about(&["as it came"]);
}

#[test]
fn a_stray_folder_is_explained() {
    let checkout = checkout();
    fs::create_dir(checkout.path("chapters/my-backup")).expect("it can be made");
    checkout.run(&["doctor"]).exits(0).says(&[
        "chapters/my-backup is not part of the workbook",
        "cargo xtask new ../my-server --from",
    ]);
}

#[test]
fn a_fault_outside_the_chapters_is_told_as_cargo_tells_it() {
    let checkout = checkout();
    checkout.write("Cargo.toml", "[workspace]\nmembers = [\"nowhere\"]\n");
    checkout.run(&["doctor", "--fix"]).exits(4).says(&[
        "no chapter is the cause",
        "nowhere",
        "git status",
    ]);
}

#[test]
fn damaged_progress_is_put_aside() {
    let checkout = checkout();
    checkout.write("chapters/.progress.json", "{ half");
    checkout
        .run(&["doctor"])
        .exits(4)
        .says(&["chapters/.progress.json is damaged"]);
    checkout.run(&["doctor", "--fix"]).exits(0);
    assert!(!checkout.path("chapters/.progress.json").exists());
    checkout.run(&["reset", "--undo"]).exits(0);
    assert_eq!(checkout.read("chapters/.progress.json"), "{ half");
}

#[test]
fn a_taken_port_is_a_note() {
    // Whoever else may hold the port during this test, it is taken.
    let _taken = TcpListener::bind(("127.0.0.1", 4000));
    checkout()
        .run(&["doctor"])
        .exits(0)
        .says(&["port 4000 is taken (the book)", "takes the next free port"]);
}
