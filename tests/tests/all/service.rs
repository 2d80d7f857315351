//! A service that the checker runs: the tracker, the issuer.

use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::process::{Child, ChildStdin};

use serde::de::DeserializeOwned;

use crate::support::checker;

/// A running service, and what keeps it alive. `At` is what it says of itself.
pub(crate) struct Service<At> {
    pub(crate) child: Child,
    pub(crate) input: Option<ChildStdin>,
    pub(crate) at: At,
}

impl<At: DeserializeOwned> Service<At> {
    pub(crate) fn start(name: &str, arguments: &[&str]) -> Self {
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

impl<At> Drop for Service<At> {
    fn drop(&mut self) {
        // It has ended already, where the test went well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Host and port of an address.
pub(crate) fn address(url: &str) -> &str {
    url.strip_prefix("http://").expect("an address")
}

pub(crate) fn port(url: &str) -> u16 {
    let (_, port) = url.rsplit_once(':').expect("a port");
    port.parse().expect("a number")
}

pub(crate) fn is_gone(url: &str) -> bool {
    TcpStream::connect(address(url)).is_err()
}
