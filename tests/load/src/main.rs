//! How fast a server over HTTP is: calls with a token that it checks, beside an endpoint that does next to nothing.

mod bare;
mod client;

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context as _, bail};
use issuer::{Issuer, Options};
use serde_json::{Value, json};
use service::{Hosted, resident_kib};
use tokio::process::Command;
use verdict::{Era, HttpLoad, protocol};

use self::client::round;

/// Connections of the rounds.
const CONNECTIONS: [u64; 2] = [1, 32];
/// How long a server may take until it listens.
const START: Duration = Duration::from_secs(10);
/// Before the clock starts.
const WARM_UP: Duration = Duration::from_millis(500);
/// What would refuse or slow down a caller that is meant to be fast. The log would be measured, too: the SDK writes three lines
/// a request.
const SETTINGS: [(&str, &str); 4] = [
    ("RATE_LIMIT", "1000000000"),
    ("CONCURRENCY_LIMIT", "1000"),
    ("TRACKER_TOKEN", "not-used-by-this-call"),
    ("RUST_LOG", "warn"),
];

/// `load SECONDS SERVER` measures, and prints what came of it as one line; `load bare` is the yardstick.
#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words[..] {
        // Every server over HTTP is started with the second word.
        ["bare", "http"] => bare::bare().await,
        [seconds, server] => load(seconds.parse()?, server).await,
        _ => bail!("usage: load SECONDS SERVER"),
    }
}

async fn load(seconds: u64, server: &str) -> anyhow::Result<()> {
    let issuer = Issuer::start(Options::default()).await?;
    let mut command = Command::new(server);
    command.env("ISSUER_URL", issuer.url()).envs(SETTINGS);
    let server = Hosted::start(command, 0, START).await?;
    let mut command = Command::new(std::env::current_exe()?);
    command.arg("bare");
    let yardstick = Hosted::start(command, 0, START).await?;
    let token = issuer.token(&server.url, "ada", "tracker:read tracker:write");
    let (call, bare_call) = (call(&server.url, &token)?, bare_call(&yardstick.url)?);
    let length = Duration::from_secs(seconds);
    let (mut measured, mut bare) = (Vec::new(), Vec::new());
    for connections in CONNECTIONS {
        // One after the other: what disturbs one is likely to disturb the other.
        for (call, rounds) in [(&bare_call, &mut bare), (&call, &mut measured)] {
            round(call, connections, WARM_UP).await?;
            rounds.push(round(call, connections, length).await?);
        }
    }
    let id = server.id().context("the server has ended")?;
    let found = HttpLoad {
        bare,
        server: measured,
        resident_kib: resident_kib(id)?,
    };
    println!("{}", serde_json::to_string(&found)?);
    issuer.stop().await;
    Ok(())
}

/// A request as bytes, and where it goes.
struct Call {
    address: SocketAddr,
    bytes: Vec<u8>,
}

/// A call that the server answers by itself: how fast its tracker is does not count.
fn call(url: &str, token: &str) -> anyhow::Result<Call> {
    let client = protocol::Client::new("load", env!("CARGO_PKG_VERSION"));
    let arguments = json!({"project": "ATLAS", "titles": ["One", "Two"]});
    let params = json!({"name": "draft_tasks", "arguments": arguments});
    let params = protocol::params_in(Era::Modern, params, &client);
    let message = protocol::request(1, "tools/call", params);
    let headers = [
        ("Authorization", format!("Bearer {token}")),
        ("Accept", "application/json, text/event-stream".into()),
        ("MCP-Protocol-Version", protocol::MODERN.into()),
        ("Mcp-Method", "tools/call".into()),
        ("Mcp-Name", "draft_tasks".into()),
    ];
    request(url, &headers, &message)
}

fn bare_call(url: &str) -> anyhow::Result<Call> {
    request(url, &[], &json!({"a": 2, "b": 40}))
}

fn request(url: &str, headers: &[(&str, String)], body: &Value) -> anyhow::Result<Call> {
    let rest = url.strip_prefix("http://").context("no address")?;
    let (host, path) = rest.split_once('/').context("no path")?;
    let body = body.to_string();
    let mut head = format!(
        "POST /{path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n",
        body.len()
    );
    for (name, value) in headers {
        head += &format!("{name}: {value}\r\n");
    }
    Ok(Call {
        address: host.parse()?,
        bytes: format!("{head}\r\n{body}").into_bytes(),
    })
}
