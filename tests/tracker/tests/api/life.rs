//! Starting and stopping.

use std::time::{Duration, Instant};

use serde_json::json;
use tokio::io::AsyncReadExt;
use tokio::net::{TcpListener, TcpStream};
use tracker::{Effect, Fault, Options, Tracker};

use crate::support::Api;

/// Far less than the long poll and the latencies below, far more than stopping takes.
const SOON: Duration = Duration::from_secs(5);

async fn is_closed(api: &std::net::SocketAddr) -> bool {
    let began = Instant::now();
    while began.elapsed() < SOON {
        if TcpStream::connect(api).await.is_err() {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    false
}

#[tokio::test]
async fn two_trackers_know_nothing_of_each_other() {
    let (one, other) = (Api::start().await, Api::start().await);
    assert_ne!(one.tracker.url(), other.tracker.url());
    one.delete("/tasks/ATLAS-1").await;
    one.fault(Fault::anywhere(Effect::Status { status: 500 }));
    other.get("/tasks/ATLAS-1").await.ok();
    assert_eq!(other.tracker.journal().len(), 1);
}

#[tokio::test]
async fn stopping_answers_who_waits_and_ends_in_time() {
    let api = Api::start().await;
    let cursor = api.get("/changes").await.ok()["cursor"]
        .as_str()
        .expect("a cursor")
        .to_owned();
    api.fault(Fault::on(
        "GET /projects",
        Effect::Latency { millis: 60_000 },
    ));
    api.fault(Fault::on(
        "POST /tasks",
        Effect::LateReply { millis: 60_000 },
    ));
    api.post("/imports", &json!({ "project": "CEDAR", "rows": 100_000 }))
        .await
        .ok();
    let authorization = format!("Bearer {}", api.token);
    let headers = [
        ("Authorization", authorization.as_str()),
        ("Content-Type", "application/json"),
    ];
    let body = json!({ "project": "ATLAS", "title": "t" }).to_string();
    let mut callers = vec![
        api.open("GET", "/projects", &headers, b"").await,
        api.open("POST", "/tasks", &headers, body.as_bytes()).await,
    ];
    // Its own import would end a long poll at once.
    api.tracker.set_rows_per_second(0);
    callers.push(
        api.open(
            "GET",
            &format!("/changes?wait_ms=30000&after={cursor}"),
            &headers,
            b"",
        )
        .await,
    );
    // This one never sends the rest of its request.
    let silent = TcpStream::connect(api.tracker.address())
        .await
        .expect("a connection");
    assert!(
        api.tracker
            .wait_until(SOON, |tracker| tracker.journal().len() == 5)
            .await
    );

    let (address, began) = (api.tracker.address(), Instant::now());
    api.tracker.stop().await;
    assert!(began.elapsed() < SOON, "{:?}", began.elapsed());
    for mut caller in callers {
        let mut reply = String::new();
        tokio::time::timeout(SOON, caller.read_to_string(&mut reply))
            .await
            .expect("in time")
            .expect("a reply");
        assert!(reply.starts_with("HTTP/1.1 "), "{reply:?}");
    }
    assert!(is_closed(&address).await);
    drop(silent);
}

#[tokio::test]
async fn a_dropped_tracker_is_gone() {
    let api = Api::start().await;
    let address = api.tracker.address();
    drop(api);
    assert!(is_closed(&address).await);
}

#[tokio::test]
async fn a_listener_of_the_caller_is_taken() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let tracker = Tracker::on(listener, Options::default()).expect("an address");
    assert_eq!(tracker.url(), format!("http://127.0.0.1:{port}"));
}
