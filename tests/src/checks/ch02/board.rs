//! What the checks of this chapter ask of the board, through the server's own tools.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::harness::{Server, Verdict, ensure};

/// A day that exists, far from any present.
pub(super) const DUE: &str = "2031-05-20";

/// The arguments of `add_task`, all four of them.
pub(super) fn new_task(title: &str) -> Value {
    json!({"project": "ATLAS", "title": title, "due": DUE, "priority": "normal"})
}

/// The tasks of a project by id, as `list_tasks` tells them.
///
/// # Errors
/// The tool does not answer with a list of tasks, or an id is in it twice.
pub(super) async fn tasks(server: &Server, project: &str) -> Verdict<BTreeMap<String, Value>> {
    let reply = server
        .call("list_tasks", json!({"project": project}))
        .await?;
    let result = reply.tool_success()?;
    let data = result.data()?;
    let tasks = data["tasks"]
        .as_array()
        .or_else(|| data.as_array())
        .ok_or_else(|| {
            result
                .wrong("`list_tasks` does not answer with tasks.")
                .expected("an object with the list `tasks`")
        })?;
    let mut by_id = BTreeMap::new();
    let mut twice = BTreeSet::new();
    for task in tasks {
        let Some(id) = task["id"].as_str() else {
            continue;
        };
        if by_id.insert(id.to_owned(), task.clone()).is_some() {
            twice.insert(id);
        }
    }
    ensure(twice.is_empty(), || {
        let first = twice.first().copied().unwrap_or_default();
        result
            .wrong(format!("`list_tasks` lists {first} twice."))
            .expected("each task once, under an id of its own")
            .got(format!("{} tasks with {} ids", tasks.len(), by_id.len()))
    })?;
    Ok(by_id)
}
