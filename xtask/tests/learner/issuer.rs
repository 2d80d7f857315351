//! The issuer by itself.

use std::net::TcpListener;

use crate::fixture::{console, same_as_file};
use crate::running::{Running, address, health, is_gone, port};

#[test]
fn by_itself_it_says_how_to_call_it_and_ends_with_ctrl_c() {
    let mut issuer = Running::start(&["issuer", "--port", "0"]);
    let first = issuer.up_to("http://");
    assert!(first.starts_with("For learning only: "), "{first}");
    let address = address(&issuer.up_to("ISSUER_URL="));
    issuer.up_to("/admin/faults");
    assert!(health(&address).contains(r#""service":"issuer""#));
    let usual = issuer.text.replace(&address, "127.0.0.1:8189");
    same_as_file(&usual, &console("issuer.txt"));
    issuer.interrupt();
    is_gone(&address);
}

#[test]
fn it_does_not_outlive_a_killed_command() {
    let mut issuer = Running::start(&["issuer", "--port", "0"]);
    let address = address(&issuer.up_to("ISSUER_URL="));
    issuer.up_to("/admin/faults");
    issuer.signal("-KILL");
    is_gone(&address);
}

#[test]
fn a_port_that_is_taken_is_told() {
    let other = TcpListener::bind("127.0.0.1:0").expect("a port");
    let taken = other.local_addr().expect("an address").port();
    let mut issuer = Running::start(&["issuer", "--port", &taken.to_string()]);
    issuer.up_to(&format!(
        "Port {taken} is taken, so the next free one is used."
    ));
    let address = address(&issuer.up_to("ISSUER_URL="));
    assert!(port(&address) > taken);
    issuer.interrupt();
    is_gone(&address);
}
