//! The change feed and its long poll.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tracker::Options;

use crate::support::Api;

fn cursor(reply: &Value) -> String {
    reply["cursor"].as_str().expect("a cursor").to_owned()
}

/// What the feed tells, without numbers and times.
fn told(reply: &Value) -> Vec<String> {
    let changes = reply["changes"].as_array().expect("changes");
    let text = |change: &Value, field: &str| change[field].as_str().unwrap_or("-").to_owned();
    changes
        .iter()
        .map(|change| {
            format!(
                "{} {} {}",
                text(change, "kind"),
                text(change, "project"),
                text(change, "task")
            )
        })
        .collect()
}

// Holds: GET /changes
#[tokio::test]
async fn every_change_is_told_once_and_in_order() {
    let api = Api::start().await;
    let begin = api.get("/changes").await.ok();
    assert_eq!(begin["changes"], json!([]), "the seed is no change");
    api.post("/tasks", &json!({ "project": "CEDAR", "title": "t" }))
        .await
        .ok();
    api.json(
        "PATCH",
        "/tasks/CEDAR-1",
        &[("If-Match", "*")],
        &json!({ "title": "u" }),
    )
    .await
    .ok();
    api.post("/tasks/CEDAR-1/transitions", &json!({ "to": "doing" }))
        .await
        .ok();
    api.send("POST", "/tasks/CEDAR-1/attachments?name=x", &[], b"")
        .await
        .ok();
    api.delete("/tasks/CEDAR-1").await;
    api.send("POST", "/projects/CEDAR/archive", &[], b"")
        .await
        .ok();
    api.delete("/projects/CEDAR").await;
    let expected = [
        "task.created CEDAR CEDAR-1",
        "task.updated CEDAR CEDAR-1",
        "task.updated CEDAR CEDAR-1",
        "task.updated CEDAR CEDAR-1",
        "task.deleted CEDAR CEDAR-1",
        "project.updated CEDAR -",
        "project.deleted CEDAR -",
    ];
    let all = api
        .get(&format!("/changes?after={}", cursor(&begin)))
        .await
        .ok();
    assert_eq!(told(&all), expected);
    assert_eq!(
        all["changes"][0],
        json!({
            "number": 1, "at": "2026-05-04T09:00:01Z", "kind": "task.created", "project": "CEDAR", "task": "CEDAR-1",
        })
    );
    let mut after = cursor(&begin);
    let mut one_by_one = Vec::new();
    for _ in 0..7 {
        let part = api
            .get(&format!("/changes?limit=1&after={after}"))
            .await
            .ok();
        one_by_one.extend(told(&part));
        after = cursor(&part);
    }
    assert_eq!(one_by_one, expected);
    assert_eq!(after, cursor(&all));
    let none = api.get(&format!("/changes?after={after}")).await.ok();
    assert_eq!((told(&none).len(), cursor(&none)), (0, after));
}

#[tokio::test]
async fn what_colleagues_do_is_told_too() {
    let api = Api::start().await;
    let after = cursor(&api.get("/changes").await.ok());
    assert!(
        api.tracker
            .edit_task("ATLAS-1", |task| task.title = "New".into())
    );
    assert!(
        api.tracker.add_project("NEW", "New project") && !api.tracker.add_project("NEW", "Again")
    );
    assert_eq!(
        api.tracker.add_task("NEW", "t", "d").as_deref(),
        Some("NEW-1")
    );
    assert!(api.tracker.rename_member("ATLAS", "ada", "Ada B."));
    assert!(api.tracker.add_member("NEW", "mira", "Mira"));
    assert!(api.tracker.delete_task("NEW-1") && !api.tracker.delete_task("NEW-1"));
    assert!(
        !api.tracker.edit_task("NONE-1", |_| ())
            && !api.tracker.rename_member("ATLAS", "nobody", "x")
            && !api.tracker.add_member("NEW", "mira", "Mira, again")
            && !api.tracker.add_member("NONE", "mira", "Mira")
    );
    let all = api.get(&format!("/changes?after={after}")).await.ok();
    let expected = [
        "task.updated ATLAS ATLAS-1",
        "project.created NEW -",
        "task.created NEW NEW-1",
        "members.updated ATLAS -",
        "members.updated NEW -",
        "task.deleted NEW NEW-1",
    ];
    assert_eq!(told(&all), expected);
    assert_eq!(api.tracker.members("ATLAS")[0].name, "Ada B.");
    assert_eq!(api.tracker.members("NEW").len(), 1);
    assert!(
        api.tracker
            .projects()
            .iter()
            .any(|project| project.id == "NEW")
    );
}

#[tokio::test]
async fn a_long_poll_ends_with_a_change_or_with_its_time() {
    let api = Api::start().await;
    let after = cursor(&api.get("/changes").await.ok());
    let path = format!("/changes?wait_ms=10000&after={after}");
    let change = async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        api.tracker.edit_task("ATLAS-1", |_| ());
    };
    let began = Instant::now();
    let (reply, ()) = tokio::join!(api.get(&path), change);
    assert_eq!(told(&reply.ok()), ["task.updated ATLAS ATLAS-1"]);
    assert!(
        began.elapsed() < Duration::from_secs(5),
        "{:?}",
        began.elapsed()
    );

    let after = cursor(&reply.ok());
    let began = Instant::now();
    let reply = api
        .get(&format!("/changes?wait_ms=100&after={after}"))
        .await
        .ok();
    assert!(told(&reply).is_empty() && began.elapsed() >= Duration::from_millis(100));
    let problem = api
        .get("/changes?wait_ms=30001")
        .await
        .problem(400, "invalid-parameter");
    assert_eq!(problem["field"], "wait_ms");
}

#[tokio::test]
async fn a_reader_who_was_away_too_long_begins_again() {
    let api = Api::with(Options {
        changes_kept: 2,
        ..Options::default()
    })
    .await;
    let after = cursor(&api.get("/changes").await.ok());
    for _ in 0..3 {
        api.tracker.edit_task("ATLAS-1", |_| ());
    }
    api.get(&format!("/changes?after={after}"))
        .await
        .problem(410, "cursor-expired");
    let problem = api
        .get("/changes?after=nonsense")
        .await
        .problem(400, "invalid-cursor");
    assert_eq!(problem["field"], "after");
    // A cursor of another run of the tracker points at changes that this one does not have.
    let other = Api::start().await;
    let ahead = cursor(&api.get("/changes").await.ok());
    other
        .get(&format!("/changes?after={ahead}"))
        .await
        .problem(410, "cursor-expired");
}
