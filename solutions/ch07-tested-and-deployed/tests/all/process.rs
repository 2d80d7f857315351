//! 7.5: the program, as a client starts it.

// STARTER 7.5: use crate::support::{program, run};
// STARTER 7.5:
// STARTER 7.5: #[tokio::test]
// STARTER 7.5: async fn the_program_tells_its_version() {
// STARTER 7.5:     let mut command = program();
// STARTER 7.5:     command.arg("--version");
// STARTER 7.5:     let ended = run(command, "").await;
// STARTER 7.5:     assert!(ended.stdout.contains(env!("CARGO_PKG_VERSION")));
// STARTER 7.5: }
// ANCHOR: ex-7-5
use serde_json::{Value, json};

use crate::support::{program, request, run};

#[tokio::test]
async fn standard_output_holds_messages_and_nothing_else() {
    let call = json!({ "name": "list_tasks", "arguments": { "project": "ATLAS" } });
    let input = [
        request(1, "tools/list", json!({})),
        request(2, "tools/call", call),
        request(3, "prompts/list", json!({})),
    ];
    let ended = run(program(), &input.concat()).await;
    let mut answered = Vec::new();
    for line in ended.stdout.lines() {
        let message: Value = serde_json::from_str(line).unwrap_or_default();
        assert_eq!(message["jsonrpc"], "2.0", "no message: {line}");
        answered.extend(message["id"].as_u64());
    }
    // Replies come in any order.
    answered.sort_unstable();
    assert_eq!(answered, [1, 2, 3]);
}

#[tokio::test]
async fn the_end_of_the_input_is_a_normal_end() {
    for input in [String::new(), request(1, "tools/list", json!({}))] {
        let ended = run(program(), &input).await;
        assert_eq!(ended.code, Some(0), "after {input:?}");
    }
}
// ANCHOR_END: ex-7-5
