//! An issuer for people: on the port that they know, or on the next; or the one that is there.

use std::collections::BTreeMap;

use issuer::ByHand;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

fn port_of(url: &str) -> u16 {
    let port = url.strip_prefix("http://127.0.0.1:").expect("an address");
    port.parse().expect("a port")
}

async fn start() -> ByHand {
    ByHand::start(0, BTreeMap::new()).await.expect("a port")
}

async fn find_or_start(port: u16) -> ByHand {
    ByHand::find_or_start(port, BTreeMap::new())
        .await
        .expect("one")
}

/// Answers every connection with this text.
async fn somebody_else(reply: &'static str) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            // Whoever is not interested hangs up.
            let _ = stream.read(&mut [0; 1024]).await;
            let _ = stream.write_all(reply.as_bytes()).await;
        }
    });
    port
}

// Holds: GET /health
#[tokio::test]
async fn one_that_runs_is_taken_and_goes_on() {
    let first = start().await;
    let port = port_of(&first.url);
    let second = find_or_start(port).await;
    assert!(second.was_there() && !first.was_there());
    assert_eq!(second.url, first.url);
    second.stop().await;
    TcpStream::connect(("127.0.0.1", port))
        .await
        .expect("it goes on");
    first.stop().await;
    let gone = TcpStream::connect(("127.0.0.1", port)).await;
    assert!(gone.is_err(), "it was stopped");
}

#[tokio::test]
async fn what_is_no_issuer_is_left_alone() {
    for reply in [
        "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{\"service\":\"tracker\"}",
        "HTTP/1.1 200 OK\r\n\r\n<html>",
        "HTTP/1.1 404 Not Found\r\n\r\n{\"service\":\"issuer\"}",
        "220 mail.example ready\r\n",
        "",
    ] {
        let port = somebody_else(reply).await;
        let started = find_or_start(port).await;
        assert!(!started.was_there(), "{reply:?}");
        assert!(port_of(&started.url) > port, "{reply:?}");
    }
}

#[tokio::test]
async fn whoever_never_answers_does_not_hold_it_up() {
    let silent = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = silent.local_addr().expect("an address").port();
    assert!(!find_or_start(port).await.was_there());
}
