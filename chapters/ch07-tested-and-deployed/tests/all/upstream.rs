//! 7.4: a tracker that is slow, overloaded or broken.

// Exercise 7.4 begins. Hint: cargo xtask hint 7.4
use serde_json::json;

use crate::support::{Era, call, connect, tracker};

#[tokio::test]
async fn a_task_is_made() {
    let tracker = tracker().await;
    let client = connect(&tracker.uri(), Era::Modern).await;
    let task = json!({ "project": "ATLAS", "title": "Fold the map" });
    let result = call(&client, "create_task", task).await.expect("a result");
    assert_ne!(result.is_error, Some(true));
}
// Exercise 7.4 ends.
