//! Where it runs: sub-folders, pipes, no network, folders that cannot be written to.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::fixture::{Learner, command, root, untouched, wait};

#[test]
fn it_works_in_a_sub_folder() {
    untouched();
    let mut command = command(&["check", "1.1"]);
    command.current_dir(root().join("chapters/ch01-hello-world/src"));
    wait(&mut command)
        .exits(1)
        .says(&["o   1.1", "chapters/ch01-hello-world/src/"]);
}

#[test]
fn outside_a_checkout_it_says_where_to_go() {
    let elsewhere = tempfile::tempdir().expect("a folder");
    wait(command(&["list"]).current_dir(elsewhere.path()))
        .exits(4)
        .says(&["not inside a checkout"]);
}

#[test]
fn without_network_everything_works_after_the_first_download() {
    let learner = Learner::new();
    let dead = "http://127.0.0.1:1";
    let mut check = command(&["check", "1.1"]);
    check
        .env_remove("CARGO_NET_OFFLINE")
        .env("https_proxy", dead)
        .env("HTTPS_PROXY", dead)
        .env("CARGO_HTTP_PROXY", dead);
    wait(&mut check).exits(1).says(&["o   1.1"]);
    drop(learner);
}

#[test]
fn without_network_before_the_first_download_the_next_step_is_named() {
    let _learner = Learner::new();
    let fresh = tempfile::tempdir().expect("a folder");
    let mut check = command(&["check", "1.1"]);
    check
        .env("CARGO_HOME", fresh.path().join("cargo"))
        .env("CARGO_TARGET_DIR", fresh.path().join("target"));
    wait(&mut check)
        .exits(4)
        .says(&["Connect to the network once"]);
}

#[test]
fn progress_that_cannot_be_written_costs_one_line() {
    let learner = Learner::new();
    // A folder in its place: this stops even an administrator, whom permissions do not.
    fs::create_dir(learner.path("chapters/.progress.json")).expect("can be made");
    learner
        .run(&["check", "1.1"])
        .exits(1)
        .says(&["o   1.1", "Progress is not kept"]);
}

#[test]
fn a_read_only_checkout_gets_verdicts() {
    let learner = Learner::new();
    let folders = ["chapters", "."].map(|folder| learner.path(folder));
    let set = |mode| {
        for folder in &folders {
            fs::set_permissions(folder, fs::Permissions::from_mode(mode)).expect("can be set");
        }
    };
    set(0o555);
    let said = learner.run(&["check", "1.1"]);
    set(0o755);
    said.exits(1).says(&["o   1.1"]);
}

#[test]
fn colour_is_for_terminals_without_no_color() {
    // `exits` asserts that no escape code is in a pipe; at a terminal see `watching`.
    untouched();
    wait(&mut command(&["list"])).exits(0);
    wait(command(&["list"]).env("NO_COLOR", "1")).exits(0);
    wait(command(&["list"]).env("CLICOLOR_FORCE", "1")).exits(0);
}
