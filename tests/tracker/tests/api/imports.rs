//! Imports go on by themselves, and stop when they are told.

use std::time::Duration;

use serde_json::json;
use tracker::{ImportState, Options};

use crate::support::Api;

const LIMIT: Duration = Duration::from_secs(10);

// Holds: POST /imports
#[tokio::test]
async fn rows_become_tasks() {
    let api = Api::start().await;
    let reply = api
        .post("/imports", &json!({ "project": "CEDAR", "rows": 60 }))
        .await;
    let import = reply.ok();
    assert_eq!(
        (reply.status, reply.header("location")),
        (202, Some("/imports/imp-1"))
    );
    let expected = json!({
        "id": "imp-1", "project": "CEDAR", "state": "running", "done": 0, "total": 60, "created": import["created"],
    });
    assert_eq!(import, expected);
    let done = |tracker: &tracker::Tracker| tracker.imports()[0].state == ImportState::Done;
    assert!(api.tracker.wait_until(LIMIT, done).await);
    assert_eq!(
        api.walk("/tasks?project=CEDAR", 100, "title").await.len(),
        60
    );
    assert_eq!(
        api.get("/tasks/CEDAR-60").await.ok()["title"],
        "Row 60 of imp-1"
    );
    for (field, body) in [
        ("project", json!({ "project": "NONE", "rows": 1 })),
        ("project", json!({ "rows": 1 })),
        ("rows", json!({ "project": "CEDAR", "rows": 0 })),
        ("rows", json!({ "project": "CEDAR", "rows": 100_001 })),
        ("rows", json!({ "project": "CEDAR", "rows": "7" })),
        (
            "speed",
            json!({ "project": "CEDAR", "rows": 1, "speed": 1 }),
        ),
    ] {
        assert_eq!(
            api.post("/imports", &body)
                .await
                .problem(422, "invalid-field")["field"],
            field
        );
    }
}

// Holds: GET /imports/{import}
#[tokio::test]
async fn an_import_can_be_stepped_by_hand() {
    let api = Api::with(Options {
        rows_per_second: 0,
        ..Options::default()
    })
    .await;
    api.post("/imports", &json!({ "project": "CEDAR", "rows": 500 }))
        .await
        .ok();
    for (rows, done, state) in [
        (0, 0, "running"),
        (200, 200, "running"),
        (299, 499, "running"),
        (9, 500, "done"),
    ] {
        api.tracker.advance_imports(rows);
        let import = api.get("/imports/imp-1").await.ok();
        assert_eq!(
            (&import["done"], &import["state"]),
            (&json!(done), &json!(state))
        );
    }
    api.get("/imports/imp-2")
        .await
        .problem(404, "unknown-import");
}

#[tokio::test]
async fn the_pace_can_change_under_way() {
    let api = Api::with(Options {
        rows_per_second: 0,
        ..Options::default()
    })
    .await;
    api.post("/imports", &json!({ "project": "CEDAR", "rows": 5 }))
        .await
        .ok();
    tokio::time::sleep(Duration::from_millis(60)).await;
    assert_eq!(api.tracker.imports()[0].done, 0);
    api.tracker.set_rows_per_second(100_000);
    assert!(
        api.tracker
            .wait_until(LIMIT, |tracker| tracker.imports()[0].done == 5)
            .await
    );
}

// Holds: POST /imports/{import}/cancel
#[tokio::test]
async fn a_cancelled_import_keeps_its_rows_and_goes_no_further() {
    let api = Api::with(Options {
        rows_per_second: 0,
        ..Options::default()
    })
    .await;
    api.post("/imports", &json!({ "project": "CEDAR", "rows": 500 }))
        .await
        .ok();
    api.tracker.advance_imports(20);
    let cancel = || api.send("POST", "/imports/imp-1/cancel", &[], b"");
    let import = cancel().await.ok();
    assert_eq!(
        (&import["state"], &import["done"]),
        (&json!("cancelled"), &json!(20))
    );
    api.tracker.advance_imports(20);
    assert_eq!(cancel().await.ok(), import, "twice is once");
    assert_eq!(api.walk("/tasks?project=CEDAR", 100, "id").await.len(), 20);
    api.send("POST", "/imports/imp-9/cancel", &[], b"")
        .await
        .problem(404, "unknown-import");

    api.post("/imports", &json!({ "project": "CEDAR", "rows": 1 }))
        .await
        .ok();
    api.tracker.advance_imports(1);
    api.send("POST", "/imports/imp-2/cancel", &[], b"")
        .await
        .problem(409, "import-done");
}

#[tokio::test]
async fn an_import_ends_with_its_project() {
    let api = Api::with(Options {
        rows_per_second: 0,
        ..Options::default()
    })
    .await;
    api.post("/imports", &json!({ "project": "CEDAR", "rows": 5 }))
        .await
        .ok();
    api.send("POST", "/projects/CEDAR/archive", &[], b"")
        .await
        .ok();
    assert_eq!(api.delete("/projects/CEDAR").await.status, 204);
    api.tracker.advance_imports(1);
    assert_eq!(api.get("/imports/imp-1").await.ok()["state"], "cancelled");
}
