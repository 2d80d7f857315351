//! Which calls are made: every tool of chapter 3 in turn, rightly and wrongly.

use reference_tests::harness::protocol;
use serde_json::{Value, json};

/// After so many calls the tools begin again.
const ROUND: u64 = 20;

/// What later calls need to know of earlier replies.
#[derive(Debug, Default)]
pub(super) struct Calls {
    /// The draft that was opened last.
    draft: String,
}

impl Calls {
    /// The request of this number.
    pub(super) fn next(&self, id: u64) -> Value {
        let (tool, arguments) = self.call(id);
        let mut meta = protocol::meta(protocol::MODERN, None);
        meta[protocol::META_CAPABILITIES] = json!({"elicitation": {}});
        meta["progressToken"] = id.into();
        let params = json!({"name": tool, "arguments": arguments, "_meta": meta});
        protocol::request(id, "tools/call", params)
    }

    /// Takes note of what a reply tells.
    pub(super) fn learn(&mut self, reply: &Value) {
        let data = &reply["result"]["structuredContent"];
        if let (Some(draft), true) = (data["draft"].as_str(), data["tasks"].is_null()) {
            self.draft = draft.to_owned();
        }
    }

    fn call(&self, id: u64) -> (&'static str, Value) {
        let task = format!("ATLAS-{}", id / ROUND % 30 + 1);
        let draft = &self.draft;
        match id % ROUND {
            0 => ("list_projects", json!({})),
            1 => (
                "search_tasks",
                json!({"filter": {"project": "ATLAS"}, "limit": 5}),
            ),
            2 => (
                "search_tasks",
                json!({"filter": {"due": {"from": "2026-05-10"}}, "limit": "5"}),
            ),
            3 => ("search_tasks", json!({"filter": {"colour": "red"}})),
            4 | 5 => ("get_task", json!({"task": task})),
            6 => ("get_task", json!({"task": "BEACON-3", "from": 0})),
            7 => ("get_task", json!({"task": "NOWHERE-1"})),
            8 | 9 => (
                "create_task",
                json!({"project": "CEDAR", "title": "Water the plants"}),
            ),
            10 => (
                "create_task",
                json!({"project": "CEDAR", "title": "x", "points": 1000}),
            ),
            11 => ("transition_task", json!({"task": task, "to": "doing"})),
            12 => ("transition_task", json!({"task": task, "to": "todo"})),
            13 | 14 => ("import_tasks", json!({"project": "DELTA", "rows": 20})),
            15 => ("delete_task", json!({"task": task})),
            16 => (
                "sketch_velocity",
                json!({"project": "ATLAS", "columns": id / ROUND % 2 * 40}),
            ),
            17 => ("open_draft", json!({"project": "CEDAR"})),
            18 => (
                "add_to_draft",
                json!({"draft": draft, "title": "Feed the cat"}),
            ),
            _ => ("submit_draft", json!({"draft": draft})),
        }
    }
}

/// The call of this number, for people.
pub(super) fn spoken(id: u64) -> String {
    let (tool, arguments) = Calls::default().call(id);
    format!("{tool} {arguments}")
}

/// Takes back a call.
pub(super) fn cancellation(id: u64) -> Value {
    protocol::notification("notifications/cancelled", json!({"requestId": id}))
}
