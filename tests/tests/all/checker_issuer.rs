//! `checker issuer`, and the issuer beside a talk.

use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::process::Command;

use verdict::IssuerAt;

use crate::service::{Service, address, is_gone, port};
use crate::support::{checker, exit_code, foreign_server, wait_until};

fn start(arguments: &[&str]) -> Service<IssuerAt> {
    Service::start("issuer", arguments)
}

#[test]
fn it_says_where_it_is_and_ends_with_its_standard_input() {
    let mut issuer = start(&["--port", "0"]);
    assert!(!issuer.at.was_there);
    TcpStream::connect(address(&issuer.at.url)).expect("it listens");
    drop(issuer.input.take());
    assert_eq!(exit_code(&mut issuer.child), Some(0));
    assert!(is_gone(&issuer.at.url));
}

#[cfg(unix)]
#[test]
fn a_signal_ends_it() {
    for signal in ["-INT", "-TERM"] {
        let mut issuer = start(&["--port", "0"]);
        let id = issuer.child.id().to_string();
        let sent = Command::new("kill").args([signal, &id]).status();
        assert!(sent.expect("kill can be started").success());
        assert_eq!(exit_code(&mut issuer.child), Some(0), "{signal}");
        assert!(is_gone(&issuer.at.url));
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
    let issuer = start(&["--port", &taken.to_string(), "--reuse"]);
    assert!(!issuer.at.was_there);
    assert!(port(&issuer.at.url) > taken);
}

/// Talks with a server that writes down what it was told, and leaves at once.
#[cfg(unix)]
fn talk(url: Option<&str>) -> (String, String) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let told = folder.path().join("told");
    let script = format!(
        "echo \"$ISSUER_URL\" > '{}'; exec '{}'",
        told.display(),
        foreign_server()
    );
    let mut command = checker(&["talk", "--issuer", "--", "sh", "-c", &script]);
    match url {
        Some(url) => command.env("ISSUER_URL", url),
        None => command.env_remove("ISSUER_URL"),
    };
    let mut child = command.spawn().expect("starts");
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
    let (shown, url) = talk(None);
    let first = shown.lines().next().expect("a line");
    assert!(first.starts_with(&format!("issuer at {url}, ")), "{shown}");
    if first.ends_with("started for this talk and forgotten with it") {
        wait_until("the issuer is gone", || is_gone(&url));
    } else {
        assert!(first.ends_with("which runs already"), "{shown}");
    }
}

#[cfg(unix)]
#[test]
fn a_talk_takes_the_one_that_the_person_names() {
    let (shown, told) = talk(Some("http://issuer.example"));
    assert_eq!(told, "http://issuer.example");
    assert!(
        shown.starts_with("issuer at http://issuer.example, as ISSUER_URL says\n"),
        "{shown}"
    );
}
