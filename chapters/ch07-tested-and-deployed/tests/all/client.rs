//! 7.2: what a client gets to see, in both eras.

// Exercise 7.2 begins. Hint: cargo xtask hint 7.2
use serde_json::json;

use crate::support::{Era, call, connect, tracker};

#[tokio::test]
async fn the_tasks_of_a_project_are_listed() {
    let tracker = tracker().await;
    let client = connect(&tracker.uri(), Era::Modern).await;
    let result = call(&client, "list_tasks", json!({ "project": "ATLAS" })).await;
    assert!(result.is_ok());
}
// Exercise 7.2 ends.
