//! A client that only wants to be fast: one request again and again, over connections that stay open.

use std::io;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::timeout;
use verdict::HttpRound;

use super::Call;

/// Nothing takes this long unless it is broken.
const LIMIT: Duration = Duration::from_secs(5);

/// Calls for so long.
///
/// # Errors
/// A connection breaks, a call is not answered, or not one is answered with a result.
pub(super) async fn round(
    call: &Call,
    connections: u64,
    length: Duration,
) -> anyhow::Result<HttpRound> {
    let began = Instant::now();
    let end = began + length;
    let mut clients = JoinSet::new();
    for _ in 0..connections {
        let (address, bytes) = (call.address, call.bytes.clone());
        clients.spawn(async move {
            let mut stream = TcpStream::connect(address).await?;
            stream.set_nodelay(true)?;
            let (mut times, mut errors, mut reply) = (Vec::new(), 0, Vec::with_capacity(4096));
            while Instant::now() < end {
                let sent = Instant::now();
                stream.write_all(&bytes).await?;
                let fine = timeout(LIMIT, read(&mut stream, &mut reply)).await;
                times.push(sent.elapsed());
                if !fine.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))?? {
                    errors += 1;
                }
            }
            io::Result::Ok((times, errors))
        });
    }
    let (mut times, mut errors) = (Vec::new(), 0);
    while let Some(client) = clients.join_next().await {
        let (own, wrong) = client?.context("a connection broke")?;
        times.extend(own);
        errors += wrong;
    }
    let millis = began.elapsed().as_millis();
    times.sort();
    ensure!(
        !times.is_empty() && errors < times.len() as u64,
        "no call was answered with a result"
    );
    let at = |hundredth: usize| {
        let place = (times.len() * hundredth).div_ceil(100).saturating_sub(1);
        times.get(place).copied().unwrap_or_default().as_micros()
    };
    Ok(HttpRound {
        connections,
        calls: times.len() as u64,
        errors,
        millis: millis.try_into()?,
        median_micros: at(50).try_into()?,
        p99_micros: at(99).try_into()?,
    })
}

/// Reads one reply to its end; true if it is a result.
async fn read(stream: &mut TcpStream, reply: &mut Vec<u8>) -> io::Result<bool> {
    reply.clear();
    let head = loop {
        if let Some(place) = find(reply, b"\r\n\r\n") {
            break place + 4;
        }
        more(stream, reply).await?;
    };
    let lines = String::from_utf8_lossy(&reply[..head]).to_ascii_lowercase();
    let length = lines
        .split("\r\n")
        .find_map(|line| line.strip_prefix("content-length:"))
        .and_then(|value| value.trim().parse::<usize>().ok());
    match length {
        Some(length) => {
            while reply.len() < head + length {
                more(stream, reply).await?;
            }
        }
        // In parts: the last one is empty.
        None => {
            while !reply.ends_with(b"\r\n0\r\n\r\n") {
                more(stream, reply).await?;
            }
        }
    }
    Ok(lines.starts_with("http/1.1 200") && find(&reply[head..], b"\"result\"").is_some())
}

async fn more(stream: &mut TcpStream, reply: &mut Vec<u8>) -> io::Result<()> {
    match stream.read_buf(reply).await? {
        0 => Err(io::ErrorKind::UnexpectedEof.into()),
        _ => Ok(()),
    }
}

fn find(bytes: &[u8], part: &[u8]) -> Option<usize> {
    bytes.windows(part.len()).position(|window| window == part)
}
