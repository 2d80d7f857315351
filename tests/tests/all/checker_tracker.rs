//! `checker tracker`, and the tracker beside a talk.

use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::process::Command;

use verdict::TrackerAt;

use crate::service::{Service, address, is_gone, port};
use crate::support::{checker, exit_code, foreign_server, wait_until};

fn start(arguments: &[&str]) -> Service<TrackerAt> {
    Service::start("tracker", arguments)
}

#[test]
fn it_says_where_it_is_and_ends_with_its_standard_input() {
    let mut tracker = start(&["--port", "0", "--token", "secret"]);
    assert_eq!(tracker.at.token, "secret");
    assert!(!tracker.at.was_there);
    TcpStream::connect(address(&tracker.at.url)).expect("it listens");
    drop(tracker.input.take());
    assert_eq!(exit_code(&mut tracker.child), Some(0));
    assert!(is_gone(&tracker.at.url));
}

#[cfg(unix)]
#[test]
fn a_signal_ends_it() {
    for signal in ["-INT", "-TERM"] {
        let mut tracker = start(&["--port", "0"]);
        let id = tracker.child.id().to_string();
        let sent = Command::new("kill").args([signal, &id]).status();
        assert!(sent.expect("kill can be started").success());
        assert_eq!(exit_code(&mut tracker.child), Some(0), "{signal}");
        assert!(is_gone(&tracker.at.url));
    }
}

#[test]
fn one_that_runs_is_found_and_left_running() {
    let first = start(&["--port", "0"]);
    let wanted = port(&first.at.url).to_string();
    let mut second = start(&["--port", &wanted, "--reuse"]);
    assert!(second.at.was_there);
    assert_eq!(second.at.url, first.at.url);
    assert_eq!(exit_code(&mut second.child), Some(0), "it ends by itself");
    TcpStream::connect(address(&first.at.url)).expect("it still listens");
    let third = start(&["--port", &wanted]);
    assert!(!third.at.was_there && port(&third.at.url) > port(&first.at.url));
}

#[test]
fn a_port_that_is_taken_is_passed_over() {
    let other = TcpListener::bind("127.0.0.1:0").expect("a port");
    let taken = other.local_addr().expect("an address").port();
    let tracker = start(&["--port", &taken.to_string(), "--reuse"]);
    assert!(!tracker.at.was_there);
    assert!(port(&tracker.at.url) > taken);
}

/// Talks with a server that writes down what it was told, and leaves at once.
#[cfg(unix)]
fn talk(url: Option<&str>) -> (String, String) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let told = folder.path().join("told");
    let script = format!(
        "echo \"$TRACKER_URL $TRACKER_TOKEN\" > '{}'; exec '{}'",
        told.display(),
        foreign_server()
    );
    let mut command = checker(&["talk", "--tracker", "--", "sh", "-c", &script]);
    match url {
        Some(url) => command.env("TRACKER_URL", url),
        None => command.env_remove("TRACKER_URL"),
    };
    let mut child = command.env_remove("TRACKER_TOKEN").spawn().expect("starts");
    let mut input = child.stdin.take().expect("a pipe");
    input.write_all(b"greet name=Ada\n").expect("it reads");
    drop(input);
    let output = child.wait_with_output().expect("ends");
    let shown = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(shown.ends_with("Hello, Ada!\n"), "{shown}");
    let told = std::fs::read_to_string(told).expect("the server has started");
    (shown, told.trim().to_owned())
}

#[cfg(unix)]
#[test]
fn a_talk_has_one_and_says_where() {
    let (shown, told) = talk(None);
    let (url, token) = told.split_once(' ').expect("both are told");
    assert_eq!(token, tracker::DEFAULT_TOKEN);
    let first = shown.lines().next().expect("a line");
    assert!(first.starts_with(&format!("tracker at {url}, ")), "{shown}");
    if first.ends_with("started for this talk and forgotten with it") {
        wait_until("the tracker is gone", || is_gone(url));
    } else {
        assert!(first.ends_with("which runs already"), "{shown}");
    }
}

#[cfg(unix)]
#[test]
fn a_talk_takes_the_one_that_the_person_names() {
    let (shown, told) = talk(Some("http://tracker.example"));
    assert_eq!(told, "http://tracker.example");
    assert!(
        shown.starts_with("tracker at http://tracker.example, as TRACKER_URL says\n"),
        "{shown}"
    );
}
