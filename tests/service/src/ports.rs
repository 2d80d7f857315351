//! Ports that people know.

use std::io;
use std::net::Ipv4Addr;

use tokio::net::TcpListener;

/// If the wanted port is taken, so many after it are tried.
const FURTHER: u16 = 50;

/// A listener on this port of the loopback interface, or on the next free one; 0 lets the system choose.
///
/// # Errors
/// None of them is free.
pub async fn bind(port: u16) -> io::Result<TcpListener> {
    let mut refused = None;
    for port in port..=port.saturating_add(FURTHER) {
        match TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await {
            Ok(listener) => return Ok(listener),
            Err(error) => refused = Some(error),
        }
    }
    Err(refused.unwrap_or_else(|| io::ErrorKind::AddrInUse.into()))
}
