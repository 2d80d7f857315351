//! `checker soak`: a long load, and what is told of it.

use verdict::{Endurance, Soak};

use crate::right_servers::solution;
use crate::support::{checker, foreign_server, output};

#[test]
fn every_call_is_accounted_for() {
    let ended = output(&mut checker(&["soak", "--", foreign_server()]));
    let words = String::from_utf8_lossy(&ended.stderr);
    assert_eq!(ended.status.code(), Some(0), "{words}");
    let found: Soak = serde_json::from_slice(&ended.stdout).expect("one line of figures");
    assert_eq!(found.calls, 10_000);
    assert_eq!(found.answered + found.cancelled, found.calls);
    // The foreign server has one of the tools, or none: it says so, and that is an answer.
    assert!(
        found.errors > 0 && found.errors <= found.answered,
        "{found:?}"
    );
    assert!(
        found.cancelled > 0 && found.early_kib > 0 && found.late_kib > 0,
        "{found:?}"
    );
}

#[test]
fn a_server_that_ends_is_no_measurement() {
    let ended = output(&mut checker(&[
        "soak",
        "--",
        foreign_server(),
        "--fault",
        "exit",
    ]));
    let words = String::from_utf8_lossy(&ended.stderr);
    assert_eq!(ended.status.code(), Some(4), "{words}");
    assert!(ended.stdout.is_empty());
    assert!(words.contains("the server"), "{words}");
}

#[test]
fn the_capstone_is_called_in_both_eras_over_stdio_and_http() {
    let server = solution("ch08-capstone-solution", None);
    let server = server.to_str().expect("a path in UTF-8");
    let ended = output(&mut checker(&[
        "soak",
        "--capstone",
        "--calls",
        "400",
        "--",
        server,
    ]));
    let words = String::from_utf8_lossy(&ended.stderr);
    assert_eq!(ended.status.code(), Some(0), "{words}");
    let found: Endurance = serde_json::from_slice(&ended.stdout).expect("one line of figures");
    assert_eq!((found.calls, found.early), (400, 40));
    assert_eq!(found.ends.values().sum::<u64>(), 400, "{found:?}");
    // A legacy client is told by another code than a modern one that something does not exist.
    for end in [
        "result",
        "question for the user",
        "taken back by the client",
        "protocol error -32602 for a call that is wrong",
        "protocol error -32002 for a call that is wrong",
    ] {
        assert!(found.ends.contains_key(end), "{end}: {found:?}");
    }
    assert!(found.faults > 0 && found.longest_millis > 0, "{found:?}");
    assert_eq!(found.memory.len(), 3);
    let looked = found
        .memory
        .iter()
        .all(|memory| memory.early_kib > 0 && memory.late_kib > 0);
    assert!(looked, "{found:?}");
}

#[test]
fn an_end_that_nobody_expects_is_no_measurement() {
    // It has none of the tools, so most of what is right ends in another way than it should.
    let ended = output(&mut checker(&[
        "soak",
        "--capstone",
        "--",
        foreign_server(),
    ]));
    assert_eq!(ended.status.code(), Some(4));
    assert!(ended.stdout.is_empty());
}
