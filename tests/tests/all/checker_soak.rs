//! `checker soak`: a long load, and what is told of it.

use verdict::Soak;

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
