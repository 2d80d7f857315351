//! 7.3: what the server lists, to the letter. A client has learned it, and a model was told.
//!
//! The snapshots are in `snapshots/`. `INSTA_UPDATE=always cargo test --test all schema` writes them.

// Exercise 7.3 begins. Hint: cargo xtask hint 7.3
use crate::support::{Era, connect};

#[tokio::test]
async fn there_are_three_tools() {
    let client = connect("http://127.0.0.1:9", Era::Modern).await;
    let tools = client.list_all_tools().await.expect("a list");
    assert_eq!(tools.len(), 3);
}
// Exercise 7.3 ends.
