//! 7.3: what the server lists, to the letter. A client has learned it, and a model was told.
//!
//! The snapshots are in `snapshots/`. `INSTA_UPDATE=always cargo test --test all schema` writes them.

// STARTER 7.3: use crate::support::{Era, connect};
// STARTER 7.3:
// STARTER 7.3: #[tokio::test]
// STARTER 7.3: async fn there_are_three_tools() {
// STARTER 7.3:     let client = connect("http://127.0.0.1:9", Era::Modern).await;
// STARTER 7.3:     let tools = client.list_all_tools().await.expect("a list");
// STARTER 7.3:     assert_eq!(tools.len(), 3);
// STARTER 7.3: }
// ANCHOR: ex-7-3
use serde::Serialize;

use crate::support::{ERAS, connect, in_time};

/// Listing asks no tracker: there is none here.
const NO_TRACKER: &str = "http://127.0.0.1:9";

fn pretty(listed: &impl Serialize) -> String {
    serde_json::to_string_pretty(listed).expect("it came as JSON")
}

#[tokio::test]
async fn tools_stay_what_they_are() {
    for era in ERAS {
        let client = connect(NO_TRACKER, era).await;
        let tools = in_time(client.list_all_tools()).await.expect("a list");
        insta::assert_snapshot!("tools", pretty(&tools));
    }
}

#[tokio::test]
async fn templates_and_prompts_stay_what_they_are() {
    for era in ERAS {
        let client = connect(NO_TRACKER, era).await;
        let templates = in_time(client.list_all_resource_templates()).await;
        insta::assert_snapshot!("templates", pretty(&templates.expect("a list")));
        let prompts = in_time(client.list_all_prompts()).await.expect("a list");
        insta::assert_snapshot!("prompts", pretty(&prompts));
    }
}
// ANCHOR_END: ex-7-3
