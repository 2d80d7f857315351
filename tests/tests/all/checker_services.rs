//! The services that the checker runs, the tracker and the issuer: by themselves, and beside a talk.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, ChildStdin, Command};

use serde::Deserialize;

use crate::support::{checker, exit_code, foreign_server, wait_until};

/// Their names: the word for the checker, and with two dashes the option of a talk.
const SERVICES: [&str; 2] = ["tracker", "issuer"];

/// A running service, and what keeps it alive.
struct Service {
    child: Child,
    input: Option<ChildStdin>,
    at: At,
}

/// What each of them says of itself.
#[derive(Deserialize)]
struct At {
    url: String,
    was_there: bool,
    token: Option<String>,
}

impl Service {
    fn start(name: &str, arguments: &[&str]) -> Self {
        let mut child = checker(&[&[name], arguments].concat())
            .spawn()
            .expect("starts");
        let input = child.stdin.take();
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("a pipe"))
            .read_line(&mut line)
            .expect("a line");
        let at = serde_json::from_str(&line).expect("says where it is");
        Self { child, input, at }
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // It has ended already, where the test went well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Host and port of an address.
fn address(url: &str) -> &str {
    url.strip_prefix("http://").expect("an address")
}

fn port(url: &str) -> u16 {
    let (_, port) = url.rsplit_once(':').expect("a port");
    port.parse().expect("a number")
}

fn is_gone(url: &str) -> bool {
    TcpStream::connect(address(url)).is_err()
}

#[test]
fn each_says_where_it_is_and_ends_with_its_standard_input() {
    for name in SERVICES {
        let mut service = Service::start(name, &["--port", "0"]);
        assert!(!service.at.was_there, "{name}");
        TcpStream::connect(address(&service.at.url)).expect("it listens");
        drop(service.input.take());
        assert_eq!(exit_code(&mut service.child), Some(0), "{name}");
        assert!(is_gone(&service.at.url), "{name}");
    }
}

#[test]
fn a_tracker_takes_the_token_that_it_is_given() {
    let tracker = Service::start("tracker", &["--port", "0", "--token", "secret"]);
    assert_eq!(tracker.at.token.as_deref(), Some("secret"));
}

#[cfg(unix)]
#[test]
fn a_signal_ends_each() {
    for name in SERVICES {
        for signal in ["-INT", "-TERM"] {
            let mut service = Service::start(name, &["--port", "0"]);
            let id = service.child.id().to_string();
            let sent = Command::new("kill").args([signal, &id]).status();
            assert!(sent.expect("kill can be started").success());
            assert_eq!(exit_code(&mut service.child), Some(0), "{name} {signal}");
            assert!(is_gone(&service.at.url), "{name} {signal}");
        }
    }
}

#[test]
fn one_that_runs_is_found_and_left_running() {
    for name in SERVICES {
        let first = Service::start(name, &["--port", "0"]);
        let wanted = port(&first.at.url).to_string();
        let mut second = Service::start(name, &["--port", &wanted, "--reuse"]);
        assert!(second.at.was_there, "{name}");
        assert_eq!(second.at.url, first.at.url);
        assert_eq!(exit_code(&mut second.child), Some(0), "it ends by itself");
        TcpStream::connect(address(&first.at.url)).expect("it still listens");
        let third = Service::start(name, &["--port", &wanted]);
        assert!(
            !third.at.was_there && port(&third.at.url) > port(&first.at.url),
            "{name}"
        );
    }
}

#[test]
fn a_port_that_is_taken_is_passed_over() {
    for name in SERVICES {
        let other = TcpListener::bind("127.0.0.1:0").expect("a port");
        let taken = other.local_addr().expect("an address").port();
        let service = Service::start(name, &["--port", &taken.to_string(), "--reuse"]);
        assert!(!service.at.was_there, "{name}");
        assert!(port(&service.at.url) > taken, "{name}");
    }
}

/// Talks with a server that writes down what it was told of this service, and leaves at once. Gives what the person sees,
/// and what the server was told: the address, and the token if there is one.
#[cfg(unix)]
fn talk(name: &str, named: Option<&str>) -> (String, String) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let told = folder.path().join("told");
    let variable = format!("{}_URL", name.to_uppercase());
    let script = format!(
        "echo \"${variable} $TRACKER_TOKEN\" > '{}'; exec '{}'",
        told.display(),
        foreign_server()
    );
    let option = format!("--{name}");
    let mut command = checker(&["talk", &option, "--", "sh", "-c", &script]);
    match named {
        Some(url) => command.env(&variable, url),
        None => command.env_remove(&variable),
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
    let tokens = [Some(tracker::DEFAULT_TOKEN), None];
    for (name, expected) in SERVICES.into_iter().zip(tokens) {
        let (shown, told) = talk(name, None);
        let (url, token) = match told.split_once(' ') {
            Some((url, token)) => (url, Some(token)),
            None => (told.as_str(), None),
        };
        assert_eq!(token, expected, "{name}");
        let first = shown.lines().next().expect("a line");
        assert!(first.starts_with(&format!("{name} at {url}, ")), "{shown}");
        if first.ends_with("started for this talk and forgotten with it") {
            wait_until("the service is gone", || is_gone(url));
        } else {
            assert!(first.ends_with("which runs already"), "{shown}");
        }
    }
}

#[cfg(unix)]
#[test]
fn a_talk_takes_the_one_that_the_person_names() {
    for name in SERVICES {
        let named = format!("http://{name}.example");
        let (shown, told) = talk(name, Some(&named));
        assert_eq!(told, named);
        let variable = format!("{}_URL", name.to_uppercase());
        let first = format!("{name} at {named}, as {variable} says\n");
        assert!(shown.starts_with(&first), "{shown}");
    }
}
