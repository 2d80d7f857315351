//! A load test for any MCP server that speaks HTTP on this machine, whatever it is written in.
//!
//!     cargo run --release --example load -- http://127.0.0.1:8080/mcp [CALLS] [CONNECTIONS]
//!
//! It asks for the list of tools, again and again, and prints how long the replies took. It ends after `CALLS`
//! (2000) or ten seconds, whichever comes first. `LOAD_TOKEN` is shown to servers that want a token.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use reqwest::{Client, Url};
use serde_json::{Value, json};

/// No longer than this, however many calls are left.
const LONGEST: Duration = Duration::from_secs(10);
/// A call that takes longer has failed.
const PATIENCE: Duration = Duration::from_secs(5);
/// Before the clock starts: connections are opened, and caches are filled.
const WARM_UPS: usize = 20;

const REVISION: &str = "2026-07-28";

/// What all connections share.
struct Load {
    url: Url,
    body: String,
    token: Option<String>,
    left: AtomicUsize,
}

/// What one connection has seen.
#[derive(Default)]
struct Seen {
    times: Vec<Duration>,
    failures: Vec<String>,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let url = arguments.next().context("name the address of a server")?;
    let url = Url::parse(&url)?;
    let host = url.host_str().unwrap_or_default();
    ensure!(
        ["127.0.0.1", "[::1]", "localhost"].contains(&host),
        "{host} is not this machine: load is for servers of your own"
    );
    let calls: usize = arguments.next().as_deref().unwrap_or("2000").parse()?;
    let connections: usize = arguments.next().as_deref().unwrap_or("16").parse()?;
    ensure!((1..=100_000).contains(&calls), "1 to 100000 calls");
    ensure!((1..=256).contains(&connections), "1 to 256 connections");

    let load = Arc::new(Load {
        url,
        body: list_tools().to_string(),
        token: std::env::var("LOAD_TOKEN").ok(),
        left: AtomicUsize::new(calls),
    });
    let warming: Vec<_> = (0..connections)
        .map(|_| tokio::spawn(connected(Arc::clone(&load))))
        .collect();
    let mut clients = Vec::new();
    for connection in warming {
        clients.push(connection.await??);
    }
    let begin = Instant::now();
    let running: Vec<_> = clients
        .into_iter()
        .map(|client| tokio::spawn(calls_of(client, Arc::clone(&load), begin + LONGEST)))
        .collect();
    let mut seen = Seen::default();
    for connection in running {
        let one = connection.await?;
        seen.times.extend(one.times);
        seen.failures.extend(one.failures);
    }
    report(seen, begin.elapsed(), connections)
}

/// A request of the modern era: it says by itself which revision it speaks.
fn list_tools() -> Value {
    let meta = json!({
        "io.modelcontextprotocol/protocolVersion": REVISION,
        "io.modelcontextprotocol/clientInfo": { "name": "load", "version": "0.1.0" },
        "io.modelcontextprotocol/clientCapabilities": {},
    });
    json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": { "_meta": meta } })
}

/// A connection that is open and warm.
async fn connected(load: Arc<Load>) -> anyhow::Result<Client> {
    let client = Client::builder().timeout(PATIENCE).build()?;
    for _ in 0..WARM_UPS {
        call(&client, &load).await?;
    }
    Ok(client)
}

/// The calls of one connection: the next begins when the one before is answered.
async fn calls_of(client: Client, load: Arc<Load>, end: Instant) -> Seen {
    let mut seen = Seen::default();
    while Instant::now() < end && take_one(&load.left) {
        let begin = Instant::now();
        match call(&client, &load).await {
            Ok(()) => seen.times.push(begin.elapsed()),
            Err(error) => seen.failures.push(format!("{error:#}")),
        }
    }
    seen
}

fn take_one(left: &AtomicUsize) -> bool {
    let less = |left: usize| left.checked_sub(1);
    left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less)
        .is_ok()
}

/// One call. A reply that came fast and is an error would make a fine number, and a wrong one.
async fn call(client: &Client, load: &Load) -> anyhow::Result<()> {
    let mut request = client
        .post(load.url.clone())
        .header(CONTENT_TYPE, "application/json")
        .header(ACCEPT, "application/json, text/event-stream")
        .header("MCP-Protocol-Version", REVISION)
        .header("Mcp-Method", "tools/list")
        .body(load.body.clone());
    if let Some(token) = &load.token {
        request = request.header(AUTHORIZATION, format!("Bearer {token}"));
    }
    let reply = request.send().await?;
    let status = reply.status();
    let text = reply.text().await?;
    let right = status.is_success() && text.contains("\"result\"") && text.contains("\"tools\"");
    ensure!(right, "{status}: {text:.200}");
    Ok(())
}

fn report(mut seen: Seen, took: Duration, connections: usize) -> anyhow::Result<()> {
    seen.times.sort();
    let answered = seen.times.len();
    ensure!(
        answered > 0,
        "no call was answered: {:?}",
        seen.failures.first()
    );
    let percentile = |percent: usize| seen.times[(answered * percent / 100).min(answered - 1)];
    println!(
        "{answered} calls over {connections} connections in {:.2} s, {} failed",
        took.as_secs_f64(),
        seen.failures.len()
    );
    println!("{:.0} calls a second", answered as f64 / took.as_secs_f64());
    for (percent, words) in [(50, "half of them"), (99, "99 of 100"), (100, "all")] {
        println!("{words} within {:.2?}", percentile(percent));
    }
    if let Some(failure) = seen.failures.first() {
        println!("the first failure: {failure}");
    }
    Ok(())
}
