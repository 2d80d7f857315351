//! The issuer of one run of a check: its own, in this process, from its first use to the end of the run.

use std::net::{Ipv4Addr, TcpListener};

use issuer::{Issuer, Options, WrongFault};

use super::finding::{Stop, Verdict};

/// Starts an issuer on a free port. Must be called inside a tokio runtime.
///
/// # Errors
/// The machine has no port to give, or no random numbers.
pub(super) fn start() -> Verdict<Issuer> {
    let listen = || {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        Issuer::on(
            tokio::net::TcpListener::from_std(listener)?,
            Options::default(),
        )
    };
    listen().map_err(|error: std::io::Error| {
        Stop::Fault(format!("cannot start an issuer for this check: {error}"))
    })
}

impl From<WrongFault> for Stop {
    fn from(error: WrongFault) -> Self {
        Self::Fault(format!(
            "the check asks for a fault that cannot be: {error}"
        ))
    }
}
