//! Servers of a learner that hang or die, and nothing that outlives its command.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::fixture::{Learner, Said, command, untouched, wait};

const VALIDATE: &str = "chapters/ch02-first-server/src/validate.rs";

/// Runs a single check: the others would wait for the same limits.
fn check_one(name: &str) -> Said {
    wait(command(&["check", "2.3", "--check", name]).env("WORKBOOK_TIME_FACTOR", "1"))
}

#[test]
fn an_endless_loop_in_a_handler_ends_with_the_limit() {
    let learner = Learner::new();
    learner.fill(
        VALIDATE,
        "2.3",
        &["    let _ = (title, due);", "    loop {}"],
    );
    let began = Instant::now();
    check_one("title-too-long")
        .exits(1)
        .says(&["x   2.3", "no reply"]);
    assert!(began.elapsed() < Duration::from_secs(60));
}

#[test]
fn a_panic_in_a_handler_is_quoted_with_its_line() {
    let learner = Learner::new();
    learner.fill(VALIDATE, "2.3", &["    panic!(\"{title} {due}\")"]);
    check_one("title-too-long")
        .exits(1)
        .says(&["x   2.3", "panic", "src/validate.rs:9"]);
}

/// Starts a check of a server that writes down its own id and that of a child, and never answers.
fn check_of_a_sleeper(ids: &Path) -> Child {
    untouched();
    let script = format!(
        "sleep 600 & echo $! >> '{0}'; echo $$ >> '{0}'; wait",
        ids.display()
    );
    let child = command(&["check", "2.1", "--", "sh", "-c", &script])
        // Long enough that only the signal can end it.
        .env("WORKBOOK_TIME_FACTOR", "100")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("xtask starts");
    until("the server has started", || {
        fs::read_to_string(ids).is_ok_and(|text| text.lines().count() >= 2)
    });
    child
}

fn signal(child: &Child, name: &str) {
    let id = child.id().to_string();
    let sent = Command::new("kill").args([name, &id]).status();
    assert!(sent.expect("kill can be started").success());
}

fn nothing_is_left(ids: &Path) {
    for id in fs::read_to_string(ids).expect("was written").lines() {
        until(&format!("process {id} has ended"), || !is_alive(id));
    }
}

/// A zombie has ended: only nobody has asked for its exit code yet.
fn is_alive(id: &str) -> bool {
    let output = Command::new("ps").args(["-o", "stat=", "-p", id]).output();
    let output = output.expect("ps can be started");
    let state = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    !state.is_empty() && !state.starts_with('Z')
}

fn until(what: &str, done: impl Fn() -> bool) {
    let began = Instant::now();
    while !done() {
        assert!(
            began.elapsed() < Duration::from_secs(120),
            "waited for: {what}"
        );
        thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn ctrl_c_during_a_check_leaves_no_process_behind() {
    let folder = tempfile::tempdir().expect("a folder");
    let ids = folder.path().join("ids");
    let mut child = check_of_a_sleeper(&ids);
    let began = Instant::now();
    signal(&child, "-INT");
    let status = child.wait().expect("it ends");
    assert_eq!(status.code(), Some(130));
    assert!(began.elapsed() < Duration::from_secs(10));
    nothing_is_left(&ids);
}

#[test]
fn a_killed_xtask_leaves_no_process_behind() {
    let folder = tempfile::tempdir().expect("a folder");
    let ids = folder.path().join("ids");
    let mut child = check_of_a_sleeper(&ids);
    signal(&child, "-KILL");
    child.wait().expect("it ends");
    nothing_is_left(&ids);
}

#[test]
fn a_child_that_the_server_leaves_behind_ends_with_the_check() {
    let folder = tempfile::tempdir().expect("a folder");
    let ids = folder.path().join("ids");
    untouched();
    let script = format!("sleep 600 & echo $! >> '{}'; exit 0", ids.display());
    wait(command(&["check", "2.1", "--", "sh", "-c", &script]).env("WORKBOOK_TIME_FACTOR", "1"))
        .exits(1);
    nothing_is_left(&ids);
}
