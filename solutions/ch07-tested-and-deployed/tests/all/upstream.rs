//! 7.4: a tracker that is slow, overloaded or broken.

// STARTER 7.4: use serde_json::json;
// STARTER 7.4:
// STARTER 7.4: use crate::support::{Era, call, connect, tracker};
// STARTER 7.4:
// STARTER 7.4: #[tokio::test]
// STARTER 7.4: async fn a_task_is_made() {
// STARTER 7.4:     let tracker = tracker().await;
// STARTER 7.4:     let client = connect(&tracker.uri(), Era::Modern).await;
// STARTER 7.4:     let task = json!({ "project": "ATLAS", "title": "Fold the map" });
// STARTER 7.4:     let result = call(&client, "create_task", task).await.expect("a result");
// STARTER 7.4:     assert_ne!(result.is_error, Some(true));
// STARTER 7.4: }
// ANCHOR: ex-7-4
use std::collections::HashSet;
use std::time::{Duration, Instant};

use serde_json::json;
use wiremock::matchers::{method, path};
use wiremock::{Mock, ResponseTemplate};

use crate::support::{Era, call, connect, text, tracker};

#[tokio::test]
async fn an_overloaded_tracker_is_asked_again_for_the_same_task() {
    let tracker = tracker().await;
    let busy = Mock::given(method("POST")).and(path("/tasks"));
    let busy = busy.respond_with(ResponseTemplate::new(503));
    // Twice, then the tracker works again.
    busy.up_to_n_times(2).with_priority(1).mount(&tracker).await;
    let client = connect(&tracker.uri(), Era::Modern).await;
    let task = json!({ "project": "ATLAS", "title": "Fold the map" });
    let result = call(&client, "create_task", task).await.expect("a result");
    assert_ne!(result.is_error, Some(true), "{}", text(&result));

    let journal = tracker.received_requests().await.expect("a journal");
    let keys: Vec<_> = journal
        .iter()
        .map(|request| request.headers.get("Idempotency-Key").cloned())
        .collect();
    assert_eq!(keys.len(), 3, "two failures and a success");
    let different: HashSet<_> = keys.iter().collect();
    assert_eq!(different.len(), 1, "one task has one key: {keys:?}");
    assert!(keys[0].is_some());
}

#[tokio::test]
async fn nothing_of_a_broken_reply_comes_through() {
    let tracker = tracker().await;
    let broken = ResponseTemplate::new(200).set_body_string("<h1>panic at db-7.internal</h1>");
    let broken = Mock::given(path("/tasks/ATLAS-1")).respond_with(broken);
    broken.with_priority(1).mount(&tracker).await;
    let client = connect(&tracker.uri(), Era::Modern).await;
    let result = call(&client, "get_task", json!({ "task": "ATLAS-1" })).await;
    let result = result.expect("a result, and no protocol error");
    assert_eq!(result.is_error, Some(true));
    let told = serde_json::to_string(&result).expect("it came as JSON");
    for secret in ["db-7", "<h1>", &tracker.uri()] {
        assert!(!told.contains(secret), "{told}");
    }
}

#[tokio::test]
async fn a_slow_tracker_is_given_up() {
    let tracker = tracker().await;
    let slow = ResponseTemplate::new(200).set_delay(Duration::from_secs(5));
    let slow = Mock::given(path("/tasks/ATLAS-1")).respond_with(slow);
    slow.with_priority(1).mount(&tracker).await;
    let client = connect(&tracker.uri(), Era::Modern).await;
    let begin = Instant::now();
    let result = call(&client, "get_task", json!({ "task": "ATLAS-1" })).await;
    assert_eq!(result.expect("a result").is_error, Some(true));
    assert!(begin.elapsed() < Duration::from_secs(4));
}
// ANCHOR_END: ex-7-4
