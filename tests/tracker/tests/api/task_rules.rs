//! Changing tasks: ETags, the state machine, deleting.

use serde_json::json;

use crate::support::Api;

// Holds: PATCH /tasks/{task}
#[tokio::test]
async fn a_change_needs_the_etag() {
    let api = Api::start().await;
    let change = json!({ "title": "New", "due": null, "points": 2 });
    api.json("PATCH", "/tasks/ATLAS-1", &[], &change)
        .await
        .problem(428, "if-match-required");
    let etag = api
        .get("/tasks/ATLAS-1")
        .await
        .header("etag")
        .expect("an ETag")
        .to_owned();
    let reply = api
        .json("PATCH", "/tasks/ATLAS-1", &[("If-Match", &etag)], &change)
        .await;
    let task = reply.ok();
    assert_eq!(
        (&task["title"], &task["due"], &task["points"]),
        (&json!("New"), &json!(null), &json!(2))
    );
    assert_eq!(
        api.get("/tasks/ATLAS-1").await.header("etag"),
        reply.header("etag")
    );
    assert_ne!(reply.header("etag"), Some(etag.as_str()));

    let old = api
        .json("PATCH", "/tasks/ATLAS-1", &[("If-Match", &etag)], &change)
        .await;
    assert_eq!(old.problem(412, "changed-meanwhile")["field"], "If-Match");
    for any in [
        format!("{etag}, {}", reply.header("etag").expect("an ETag")),
        "*".to_owned(),
    ] {
        api.json("PATCH", "/tasks/ATLAS-1", &[("If-Match", &any)], &json!({}))
            .await
            .ok();
    }
}

#[tokio::test]
async fn a_refused_change_changes_nothing() {
    let api = Api::start().await;
    let before = api.tracker.task("ATLAS-1");
    for (field, value) in [
        ("title", json!(null)),
        ("state", json!("done")),
        ("project", json!("BEACON")),
        ("id", json!("x")),
    ] {
        let change = json!({ "description": "half", field: value });
        let problem = api
            .json("PATCH", "/tasks/ATLAS-1", &[("If-Match", "*")], &change)
            .await;
        assert_eq!(problem.problem(422, "invalid-field")["field"], field);
    }
    assert_eq!(api.tracker.task("ATLAS-1"), before);
    let missing = api
        .json("PATCH", "/tasks/ATLAS-99", &[("If-Match", "*")], &json!({}))
        .await;
    missing.problem(404, "unknown-task");
}

// Holds: POST /tasks/{task}/transitions
#[tokio::test]
async fn a_task_moves_step_by_step() {
    let api = Api::start().await;
    let path = "/tasks/ATLAS-1/transitions";
    for (to, allowed) in [("done", json!(["doing"])), ("todo", json!(["doing"]))] {
        let problem = api
            .post(path, &json!({ "to": to }))
            .await
            .problem(409, "illegal-transition");
        assert_eq!(
            (&problem["field"], &problem["state"], &problem["allowed"]),
            (&json!("to"), &json!("todo"), &allowed)
        );
    }
    for to in ["doing", "todo", "doing", "done", "todo"] {
        assert_eq!(api.post(path, &json!({ "to": to })).await.ok()["state"], to);
    }
    let problem = api
        .post(path, &json!({ "to": "finished" }))
        .await
        .problem(422, "invalid-field");
    assert_eq!(problem["allowed"], json!(["todo", "doing", "done"]));
    api.post(path, &json!({}))
        .await
        .problem(422, "invalid-field");
    api.post(path, &json!({ "to": "doing", "why": "x" }))
        .await
        .problem(422, "invalid-field");
    let stale = api
        .json(
            "POST",
            path,
            &[("If-Match", "\"1\"")],
            &json!({ "to": "doing" }),
        )
        .await;
    stale.problem(412, "changed-meanwhile");
    let etag = api.tracker.task("ATLAS-1").expect("a task").etag();
    api.json(
        "POST",
        path,
        &[("If-Match", &etag)],
        &json!({ "to": "doing" }),
    )
    .await
    .ok();
    api.post("/tasks/NONE-1/transitions", &json!({ "to": "doing" }))
        .await
        .problem(404, "unknown-task");
}

// Holds: DELETE /tasks/{task}
#[tokio::test]
async fn a_task_is_deleted_once() {
    let api = Api::start().await;
    let stale = api
        .send("DELETE", "/tasks/ATLAS-2", &[("If-Match", "\"0\"")], b"")
        .await;
    stale.problem(412, "changed-meanwhile");
    assert_eq!(api.delete("/tasks/ATLAS-2").await.status, 204);
    api.delete("/tasks/ATLAS-2")
        .await
        .problem(404, "unknown-task");
    assert!(
        api.tracker.attachments().is_empty(),
        "its attachments go with it"
    );
    let new = api
        .post("/tasks", &json!({ "project": "ATLAS", "title": "t" }))
        .await
        .ok();
    assert_eq!(new["id"], "ATLAS-31", "a number is never given twice");
}
