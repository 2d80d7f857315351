//! A server over HTTP: run with all that it needs, reached by those who sign in, and gone with the command.

use std::net::TcpListener;

use crate::fixture::{command, wait};
use crate::running::{Running, address, health, is_gone, port};

/// Free ports for all three, whatever runs here by chance.
const PORTS: [&str; 6] = ["--port", "0", "--tracker-port", "0", "--issuer-port", "0"];

#[test]
fn run_serves_with_tracker_and_issuer_and_ends_them_all() {
    let mut run = Running::start(&[&["run", "ch06", "--solution"][..], &PORTS].concat());
    let server = address(&run.up_to("ch06-secured runs: "));
    let server = server.split('/').next().expect("a host").to_owned();
    let tracker = address(&run.up_to("The tracker runs at "));
    let issuer = address(&run.up_to("The issuer runs at "));
    run.up_to("Ctrl-C ends the server, the tracker, the issuer.");
    let (tracker, issuer) = (tracker.trim_end_matches('.'), issuer.as_str());
    let url = format!("\"url\": \"http://{server}/mcp\"");
    assert_eq!(run.text.matches(&url).count(), 3, "{}", run.text);
    assert!(health(tracker).contains(r#""service":"tracker""#));
    assert!(health(issuer).contains(r#""service":"issuer""#));
    // The server takes tokens of this issuer, and gets its own for the tracker there.
    let endpoint = format!("http://{server}/mcp");
    let talk = ["talk", "ch06", "--url", &endpoint, "--machine"];
    wait(&mut command(&talk)).exits(0).says(&[
        &format!("takes tokens of http://{issuer}"),
        "list_projects — ",
    ]);
    run.interrupt();
    for address in [server.as_str(), tracker, issuer] {
        is_gone(address);
    }
}

#[test]
fn run_takes_the_next_port_if_one_is_taken() {
    let other = TcpListener::bind("127.0.0.1:0").expect("a port");
    let taken = other.local_addr().expect("an address").port().to_string();
    let ports = [
        "--port",
        &taken,
        "--tracker-port",
        "0",
        "--issuer-port",
        "0",
    ];
    let mut run = Running::start(&[&["run", "ch06", "--solution"][..], &ports].concat());
    run.up_to(&format!(
        "Port {taken} is taken, so the next free one is used."
    ));
    let server = address(&run.up_to("ch06-secured runs: "));
    let server = server.split('/').next().expect("a host").to_owned();
    assert!(port(&server).to_string() != taken);
    run.up_to("Ctrl-C ends");
    run.signal("-KILL");
    is_gone(&server);
}

#[test]
fn over_stdio_nobody_signs_in() {
    wait(&mut command(&["talk", "ch06", "--stdio", "--machine"]))
        .exits(2)
        .says(&["over stdio nobody signs in"]);
    let mut run = Running::start(&[
        "run",
        "ch06",
        "--solution",
        "--stdio",
        "--tracker-port",
        "0",
    ]);
    run.up_to("The tracker runs at ");
    assert!(!run.text.contains("The issuer"), "{}", run.text);
    let secret = r#""TRACKER_TOKEN": "tracker-dev-token""#;
    assert!(run.text.contains(secret), "{}", run.text);
    run.interrupt();
}
