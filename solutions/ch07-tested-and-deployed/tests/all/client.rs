//! 7.2: what a client gets to see, in both eras.

// STARTER 7.2: use serde_json::json;
// STARTER 7.2:
// STARTER 7.2: use crate::support::{Era, call, connect, tracker};
// STARTER 7.2:
// STARTER 7.2: #[tokio::test]
// STARTER 7.2: async fn the_tasks_of_a_project_are_listed() {
// STARTER 7.2:     let tracker = tracker().await;
// STARTER 7.2:     let client = connect(&tracker.uri(), Era::Modern).await;
// STARTER 7.2:     let result = call(&client, "list_tasks", json!({ "project": "ATLAS" })).await;
// STARTER 7.2:     assert!(result.is_ok());
// STARTER 7.2: }
// ANCHOR: ex-7-2
use serde_json::json;

use crate::support::{ERAS, call, connect, text, tracker};

#[tokio::test]
async fn tasks_are_told_as_data_and_as_text() {
    let tracker = tracker().await;
    for era in ERAS {
        let client = connect(&tracker.uri(), era).await;
        for (tool, arguments, id) in [
            ("list_tasks", json!({ "project": "ATLAS" }), "/tasks/0/id"),
            ("get_task", json!({ "task": "ATLAS-1" }), "/id"),
        ] {
            let result = call(&client, tool, arguments).await.expect("a result");
            assert_ne!(result.is_error, Some(true), "{tool}, {era:?}");
            let data = result.structured_content.clone().unwrap_or_default();
            assert_eq!(data.pointer(id), Some(&json!("ATLAS-1")), "{tool}, {era:?}");
            assert!(text(&result).contains("ATLAS-1"), "{tool}, {era:?}");
        }
    }
}

#[tokio::test]
async fn an_unknown_project_is_an_error_that_a_model_can_read() {
    let tracker = tracker().await;
    for era in ERAS {
        let client = connect(&tracker.uri(), era).await;
        let result = call(&client, "list_tasks", json!({ "project": "NOWHERE" })).await;
        let result = result.expect("a result, and no protocol error");
        assert_eq!(result.is_error, Some(true), "{era:?}");
        assert!(text(&result).contains("no such project"), "{era:?}");
    }
}
// ANCHOR_END: ex-7-2
