//! One small HTTP request to a program on this machine, which may be anything.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Longest head of a reply, in bytes.
const HEAD: u64 = 8 * 1024;

/// What came back.
#[derive(Debug)]
pub struct Reply {
    /// The status code.
    pub status: u16,
    /// In small letters; empty if the reply names none.
    pub content_type: String,
    /// As it came, without its head.
    pub body: Vec<u8>,
}

/// Asks for `path`, with these headers beside what every request has. Nothing is followed, and nothing waited for longer
/// than `patience`.
///
/// # Errors
/// Nobody listens, the reply does not come in time, is no HTTP, or its body is longer than `longest` bytes.
pub async fn get(
    address: SocketAddr,
    host: &str,
    path: &str,
    headers: &[(&str, &str)],
    longest: u64,
    patience: Duration,
) -> io::Result<Reply> {
    let exchange = async {
        let mut stream = TcpStream::connect(address).await?;
        // A reply to HTTP/1.0 comes in one piece and ends with the connection.
        let mut request =
            format!("GET {path} HTTP/1.0\r\nHost: {host}\r\nAccept: application/json\r\n");
        for (name, value) in headers {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        request.push_str("\r\n");
        stream.write_all(request.as_bytes()).await?;
        let mut reply = Vec::new();
        stream.take(HEAD + longest).read_to_end(&mut reply).await?;
        io::Result::Ok(reply)
    };
    let bytes = tokio::time::timeout(patience, exchange)
        .await
        .unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))?;
    let reply = read(&bytes).ok_or(io::ErrorKind::InvalidData)?;
    if reply.body.len() as u64 > longest {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    Ok(reply)
}

fn read(bytes: &[u8]) -> Option<Reply> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&bytes[..end]).ok()?;
    let mut lines = head.lines();
    let status = lines.next()?.strip_prefix("HTTP/1.")?.get(2..5)?;
    let content_type = lines
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    Some(Reply {
        status: status.parse().ok()?,
        content_type: content_type
            .map_or_else(String::new, |(_, value)| value.trim().to_lowercase()),
        body: bytes[end + 4..].to_vec(),
    })
}
