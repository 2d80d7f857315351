//! Finding tasks, and making them once.

use serde_json::{Value, json};
use tracker::names;

use crate::support::Api;

// Holds: GET /tasks
#[tokio::test]
async fn tasks_are_filtered() {
    let api = Api::start().await;
    let everything = api.walk("/tasks", 100, "id").await;
    assert_eq!(
        everything,
        api.tracker
            .tasks()
            .iter()
            .map(|task| task.id.clone())
            .collect::<Vec<_>>()
    );
    let atlas = api.walk("/tasks?project=ATLAS", 7, "id").await;
    assert_eq!((atlas.len(), atlas[29].as_str()), (30, "ATLAS-30"));
    let all = api.tracker.tasks();
    let count =
        |wanted: &dyn Fn(&tracker::Task) -> bool| all.iter().filter(|task| wanted(task)).count();
    let cases: [(&str, usize); 6] = [
        (
            "/tasks?state=doing",
            count(&|task| task.state.name() == "doing"),
        ),
        (
            "/tasks?assignee=ada",
            count(&|task| task.assignee.as_deref() == Some("ada")),
        ),
        (
            "/tasks?project=ATLAS&state=done",
            count(&|task| task.project == "ATLAS" && task.state.name() == "done"),
        ),
        (
            "/tasks?due_from=2026-05-10",
            count(&|task| task.due.as_deref().is_some_and(|due| due >= "2026-05-10")),
        ),
        (
            "/tasks?due_to=2026-05-10",
            count(&|task| task.due.as_deref().is_some_and(|due| due <= "2026-05-10")),
        ),
        ("/tasks?project=CEDAR", 0),
    ];
    for (path, expected) in cases {
        assert_eq!(api.walk(path, 5, "id").await.len(), expected, "{path}");
        assert!(
            path.ends_with("CEDAR") || expected > 0,
            "{path} tests nothing"
        );
    }
    assert_eq!(
        api.walk("/tasks?text=%C3%9CBERSCHRIFTEN", 5, "id").await,
        [names::UNICODE_TASK],
        "in the title"
    );
    assert_eq!(
        api.walk("/tasks?text=collector.example", 5, "id").await,
        [names::HOSTILE_TASK],
        "in the description"
    );
    let page = api.get("/tasks?limit=100").await;
    assert!(
        page.body.len() < 50_000 && page.ok()["items"][0].get("description").is_none(),
        "lists stay small"
    );
}

#[tokio::test]
async fn a_wrong_filter_is_refused() {
    let api = Api::start().await;
    let problem = api
        .get("/tasks?state=finished")
        .await
        .problem(400, "invalid-parameter");
    assert_eq!(problem["allowed"], json!(["todo", "doing", "done"]));
    let problem = api
        .get("/tasks?due_to=2026-02-30")
        .await
        .problem(400, "invalid-parameter");
    assert_eq!(problem["field"], "due_to");
    api.get("/tasks?project=NONE")
        .await
        .problem(404, "unknown-project");
}

// Holds: GET /tasks/{task}
#[tokio::test]
async fn a_task_is_found_by_its_encoded_id() {
    let api = Api::start().await;
    let reply = api.get("/tasks/ATLAS-1").await;
    let mut expected = reply.ok();
    assert_eq!(
        reply.header("etag"),
        Some(
            api.tracker
                .task("ATLAS-1")
                .expect("in the seed")
                .etag()
                .as_str()
        )
    );
    for (field, value) in [
        ("id", "ATLAS-1"),
        ("project", "ATLAS"),
        ("state", "todo"),
        ("title", "Draw the sign-in screen"),
    ] {
        assert_eq!(expected[field].take(), value);
    }
    for field in [
        "description",
        "assignee",
        "due",
        "priority",
        "points",
        "created",
        "updated",
    ] {
        assert!(expected.get(field).is_some(), "{field}");
    }
    for (path, id) in [
        ("/tasks/Field%20Ops-1", "Field Ops-1"),
        ("/tasks/Z%C3%BCrich-1", "Zürich-1"),
        ("/tasks/Z%c3%bcrich%2d1", "Zürich-1"),
        ("/tasks/100%2541-1", "100%41-1"),
        ("/tasks/A%2FB-1", "A/B-1"),
    ] {
        assert_eq!(api.get(path).await.ok()["id"], id, "{path}");
    }
    // Decoded once, and not before the path is split.
    api.get("/tasks/100%41-1")
        .await
        .problem(404, "unknown-task");
    api.get("/tasks/A/B-1").await.problem(404, "unknown-path");
    let problem = api
        .get("/tasks/BEACON-99")
        .await
        .problem(404, "unknown-task");
    assert_eq!(
        problem["allowed"],
        json!(["BEACON-1", "BEACON-2", "BEACON-3", "BEACON-4"])
    );
    assert!(
        api.get("/tasks/nothing")
            .await
            .problem(404, "unknown-task")
            .get("allowed")
            .is_none()
    );
}

// Holds: POST /tasks
#[tokio::test]
async fn a_task_is_made_from_its_fields() {
    let api = Api::start().await;
    let body = json!({
        "project": "A/B",
        "title": "ü".repeat(200),
        "description": "Why",
        "assignee": "olena",
        "due": "2028-02-29",
        "priority": "high",
        "points": 100,
    });
    let reply = api.post("/tasks", &body).await;
    let task = reply.ok();
    assert_eq!(
        (reply.status, reply.header("location")),
        (201, Some("/tasks/A%2FB-4"))
    );
    assert_eq!(
        (reply.header("etag"), reply.header("idempotency-replayed")),
        (Some("\"1\""), Some("false"))
    );
    for (field, value) in body.as_object().expect("an object") {
        assert_eq!(task[field], *value, "{field}");
    }
    assert_eq!(task["state"], "todo");
    assert_eq!(api.get("/tasks/A%2FB-4").await.ok(), task);

    let plain = api
        .post("/tasks", &json!({ "project": "CEDAR", "title": "t" }))
        .await
        .ok();
    let defaults = ["id", "description", "assignee", "due", "priority", "points"]
        .map(|field| plain[field].clone());
    assert_eq!(
        Value::from(defaults.to_vec()),
        json!(["CEDAR-1", "", null, null, "normal", 1])
    );
    let again = api
        .post("/tasks", &json!({ "project": "CEDAR", "title": "t" }))
        .await
        .ok();
    assert_eq!(
        again["id"], "CEDAR-2",
        "without a key, each request makes a task"
    );
}

#[tokio::test]
async fn a_key_makes_one_task() {
    let api = Api::start().await;
    let before = api.tracker.tasks().len();
    let body = json!({ "project": "CEDAR", "title": "once" });
    let key = [("Idempotency-Key", "one")];
    let first = api.json("POST", "/tasks", &key, &body).await;
    let reordered = json!({ "title": "once", "project": "CEDAR" });
    api.post("/tasks/CEDAR-1/transitions", &json!({ "to": "doing" }))
        .await
        .ok();
    let second = api.json("POST", "/tasks", &key, &reordered).await;
    assert_eq!(
        (second.status, second.header("idempotency-replayed")),
        (201, Some("true"))
    );
    assert_eq!(second.ok(), first.ok(), "the first answer again");
    let other = json!({ "project": "CEDAR", "title": "twice" });
    let problem = api
        .json("POST", "/tasks", &key, &other)
        .await
        .problem(422, "idempotency-key-reused");
    assert_eq!(problem["field"], "Idempotency-Key");
    assert_eq!(api.tracker.tasks().len(), before + 1);
    api.json("POST", "/tasks", &[("Idempotency-Key", "two")], &body)
        .await
        .ok();
    assert_eq!(api.tracker.tasks().len(), before + 2);
    let empty = api
        .json("POST", "/tasks", &[("Idempotency-Key", "")], &body)
        .await;
    empty.problem(400, "invalid-idempotency-key");
    let long = "k".repeat(256);
    api.json("POST", "/tasks", &[("Idempotency-Key", &long)], &body)
        .await
        .problem(400, "invalid-idempotency-key");
}

#[tokio::test]
async fn a_refused_request_does_not_use_up_its_key() {
    let api = Api::start().await;
    let key = [("Idempotency-Key", "one")];
    api.json(
        "POST",
        "/tasks",
        &key,
        &json!({ "project": "CEDAR", "title": "" }),
    )
    .await
    .problem(422, "invalid-field");
    api.json(
        "POST",
        "/tasks",
        &key,
        &json!({ "project": "CEDAR", "title": "better" }),
    )
    .await
    .ok();
}

#[tokio::test]
async fn every_wrong_field_is_named() {
    let api = Api::start().await;
    let right = json!({ "project": "ATLAS", "title": "t" });
    for (field, value, allowed) in [
        ("project", json!("NONE"), Some("BEACON")),
        ("project", json!(null), None),
        ("title", json!(""), None),
        ("title", json!(" \t"), None),
        ("title", json!("ü".repeat(201)), None),
        ("title", json!(7), None),
        ("description", json!("x".repeat(1_000_001)), None),
        ("assignee", json!("nobody"), Some("ada")),
        ("due", json!("2026-02-29"), None),
        ("due", json!("tomorrow"), None),
        ("priority", json!("urgent"), Some("high")),
        ("points", json!(101), None),
        ("points", json!(-1), None),
        ("points", json!("7"), None),
        ("state", json!("done"), None),
        ("colour", json!("red"), Some("title")),
    ] {
        let mut body = right.clone();
        body[field] = value.clone();
        let problem = api
            .post("/tasks", &body)
            .await
            .problem(422, "invalid-field");
        assert_eq!(problem["field"], field, "{value}");
        if let Some(allowed) = allowed {
            assert!(
                problem["allowed"]
                    .as_array()
                    .is_some_and(|all| all.contains(&json!(allowed))),
                "{problem}"
            );
        }
    }
    let missing = api
        .post("/tasks", &json!({ "project": "ATLAS" }))
        .await
        .problem(422, "invalid-field");
    assert_eq!(missing["field"], "title");
}
