//! A server over HTTP that is told to stop answers what it has begun.

use std::time::Duration;

use reference_tests::harness::{Check, Context, Verdict};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use verdict::Outcome;

use crate::right_servers::solution;
use crate::support::{Faulty, LONG};

/// What the tracker says at last.
const NOTHING: &str = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 12\r\nConnection: close\r\n\r\n{\"items\":[]}";

/// Tells the server to stop when its request has reached the tracker, and lets the tracker answer only after that.
async fn stops_in_a_call(ctx: Context) -> Verdict {
    let tracker = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", tracker.local_addr().expect("an address"));
    let server = ctx.server().env("TRACKER_URL", url);
    let remote = server.env("TRACKER_TOKEN", "any").serve_http().await?;
    let stop = async {
        let (mut asked, _) = tracker.accept().await.expect("the server asks");
        let read = asked.read(&mut [0; 4096]).await.expect("a request");
        assert!(read > 0, "the server hangs up");
        remote.process().terminate();
        tokio::time::sleep(Duration::from_millis(300)).await;
        asked
            .write_all(NOTHING.as_bytes())
            .await
            .expect("the server waits");
    };
    let (reply, ()) = tokio::join!(remote.call("list_projects", json!({})), stop);
    reply?.tool_success()?;
    let ending = remote.process().ending(LONG, "SIGTERM").await?;
    assert!(ending.is_normal(), "{}", ending.spoken());
    Ok(())
}

#[cfg(unix)]
#[tokio::test]
async fn a_call_in_flight_is_answered_before_the_server_ends() {
    let mut subject = Faulty::new(None, 5.0);
    subject.subject.command = solution("ch06-secured-solution", None).into();
    let check = Check::new("probe", "0.0", stops_in_a_call);
    for result in subject.run_checks(vec![check], &Default::default()).await {
        assert!(matches!(result.outcome, Outcome::Pass), "{result:#?}");
    }
}
