//! The tracker beside the servers: found or started, told to the client, and gone with the command.

use std::net::TcpListener;

use crate::fixture::{console, same_as_file};
use crate::running::{Running, address, health, is_gone, port};

#[test]
fn by_itself_it_says_how_to_call_it_and_ends_with_ctrl_c() {
    let mut tracker = Running::start(&["tracker", "--port", "0"]);
    let address = address(&tracker.up_to("TRACKER_URL="));
    tracker.up_to("/admin/faults");
    assert!(health(&address).contains(r#""service":"tracker""#));
    let usual = tracker.text.replace(&address, "127.0.0.1:8089");
    same_as_file(&usual, &console("tracker.txt"));
    tracker.interrupt();
    is_gone(&address);
}

#[test]
fn it_does_not_outlive_a_killed_command() {
    let mut tracker = Running::start(&["tracker", "--port", "0"]);
    let address = address(&tracker.up_to("TRACKER_URL="));
    tracker.signal("-KILL");
    is_gone(&address);
}

#[test]
fn run_starts_one_for_a_chapter_that_needs_it() {
    // Held for the whole test: something that is no tracker.
    let other = TcpListener::bind("127.0.0.1:0").expect("a port");
    let taken = other.local_addr().expect("an address").port();
    let words = ["run", "ch03", "--solution", "--tracker-port"];
    let mut run = Running::start(&[&words[..], &[&taken.to_string()]].concat());
    run.up_to(&format!(
        "Port {taken} is taken, so the next free one is used."
    ));
    let address = address(&run.up_to("The tracker runs at "));
    assert!(port(&address) > taken, "{address}");
    let env = format!(r#""TRACKER_URL": "http://{address}""#);
    assert_eq!(run.text.matches(&env).count(), 4, "{}", run.text);
    assert!(health(&address).contains(r#""service":"tracker""#));
    run.interrupt();
    is_gone(&address);
}

#[test]
fn run_takes_the_one_that_is_there_and_leaves_it() {
    let mut tracker = Running::start(&["tracker", "--port", "0"]);
    let there = address(&tracker.up_to("TRACKER_URL="));
    let wanted = port(&there).to_string();
    let mut run = Running::start(&["run", "ch03", "--solution", "--tracker-port", &wanted]);
    let line = run.up_to("The tracker runs already, at ");
    assert_eq!(address(&line), there);
    assert_eq!(run.exit_code(), Some(0), "there is nothing to wait for");
    assert!(health(&there).contains(r#""service":"tracker""#));
    tracker.interrupt();
    is_gone(&there);
}

#[test]
fn run_starts_none_for_a_chapter_that_needs_none() {
    let mut run = Running::start(&["run", "ch01", "--solution"]);
    run.up_to("Without a client: cargo xtask talk ch01");
    assert_eq!(run.exit_code(), Some(0));
    assert!(!run.text.contains("tracker"), "{}", run.text);
    assert!(!run.text.contains("TRACKER_URL"), "{}", run.text);
}
