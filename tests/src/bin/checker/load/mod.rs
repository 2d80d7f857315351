//! How fast a server over HTTP is: calls with a token that it checks, beside an endpoint that does next to nothing.

mod bare;
mod client;

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context as _;
use issuer::{Issuer, Options};
use reference_tests::harness::{Subject, protocol};
use serde_json::{Value, json};
use verdict::{Era, HttpLoad};

use self::client::round;
use crate::hosted::Hosted;
use crate::soak::memory::resident_kib;

pub(crate) use self::bare::bare;

/// Connections of the rounds.
const CONNECTIONS: [u64; 2] = [1, 32];
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

/// Measures, and prints what came of it.
///
/// # Errors
/// A server cannot be started, or refuses.
pub(crate) async fn load(seconds: u16, mut subject: Subject) -> anyhow::Result<()> {
    let issuer = Issuer::start(Options::default()).await?;
    let environment = &mut subject.environment;
    environment.push(("ISSUER_URL".into(), issuer.url().into()));
    environment.extend(SETTINGS.map(|(name, value)| (name.into(), value.into())));
    let server = Hosted::start(&subject, 0).await?;
    let yardstick = Subject {
        command: std::env::current_exe()?.into(),
        arguments: vec!["bare".into()],
        ..subject.clone()
    };
    let yardstick = Hosted::start(&yardstick, 0).await?;
    let token = issuer.token(&server.url, "ada", "tracker:read tracker:write");
    let (call, bare_call) = (call(&server.url, &token)?, bare_call(&yardstick.url)?);
    let length = Duration::from_secs(seconds.into());
    let (mut measured, mut bare) = (Vec::new(), Vec::new());
    for connections in CONNECTIONS {
        // One after the other: what disturbs one is likely to disturb the other.
        for (call, rounds) in [(&bare_call, &mut bare), (&call, &mut measured)] {
            round(call, connections, WARM_UP).await?;
            rounds.push(round(call, connections, length).await?);
        }
    }
    let id = server.id().context("the server has ended")?;
    crate::print_line(&HttpLoad {
        bare,
        server: measured,
        resident_kib: resident_kib(id)?,
    });
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
