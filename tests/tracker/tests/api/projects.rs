//! Projects, their members and the figures about them.

use serde_json::json;
use tracker::{START, names};

use crate::support::Api;

// Holds: GET /projects
#[tokio::test]
async fn projects_come_in_pages() {
    let api = Api::start().await;
    let all = api.walk("/projects", 100, "id").await;
    assert_eq!(all.len(), 25);
    for limit in [1, 10, 24, 25] {
        assert_eq!(
            api.walk("/projects", limit, "id").await,
            all,
            "pages of {limit}"
        );
    }
    assert_eq!(
        api.walk("/projects?archived=true", 10, "id").await,
        [names::ARCHIVED_PROJECT]
    );
    assert_eq!(
        api.walk("/projects?archived=false", 10, "id").await.len(),
        24
    );
    let problem = api
        .get("/projects?archived=maybe")
        .await
        .problem(400, "invalid-parameter");
    assert_eq!(
        (&problem["field"], &problem["allowed"]),
        (&json!("archived"), &json!(["true", "false"]))
    );
    assert_eq!(
        api.get("/projects").await.ok()["items"]
            .as_array()
            .map(Vec::len),
        Some(20)
    );
}

#[tokio::test]
async fn a_cursor_belongs_to_its_list_and_survives_changes() {
    let api = Api::start().await;
    let first = api.get("/projects?limit=10").await.ok();
    let cursor = first["next_cursor"].as_str().expect("more pages");
    for wrong in ["/projects?cursor=not-a-cursor", "/projects?cursor="] {
        assert_eq!(
            api.get(wrong).await.problem(400, "invalid-cursor")["field"],
            "cursor"
        );
    }
    api.get(&format!("/tasks?cursor={cursor}"))
        .await
        .problem(400, "invalid-cursor");
    api.get(&format!("/projects?archived=false&cursor={cursor}"))
        .await
        .problem(400, "invalid-cursor");

    // The last project of the first page goes; the second page begins where it would have begun.
    let last = first["items"][9]["id"].as_str().expect("an id");
    api.send("POST", &format!("/projects/{last}/archive"), &[], b"")
        .await
        .ok();
    assert_eq!(api.delete(&format!("/projects/{last}")).await.status, 204);
    let second = api
        .get(&format!("/projects?limit=10&cursor={cursor}"))
        .await
        .ok();
    assert_eq!(second["items"][0]["id"], "KITE");
}

// Holds: GET /projects/{project}
#[tokio::test]
async fn a_project_is_found_by_its_encoded_id() {
    let api = Api::start().await;
    let atlas = api.get("/projects/ATLAS").await.ok();
    let expected = json!({
        "id": "ATLAS",
        "name": "Atlas mobile app",
        "description": "Everything about Atlas mobile app.",
        "archived": false,
        "updated": atlas["updated"],
    });
    assert_eq!(atlas, expected);
    for id in names::ODD_PROJECTS {
        assert_eq!(
            api.get(&format!("/projects/{}", tracker::percent_encode(id)))
                .await
                .ok()["id"],
            id
        );
    }
    let problem = api
        .get("/projects/NONE")
        .await
        .problem(404, "unknown-project");
    assert_eq!(
        (&problem["field"], &problem["allowed"][0]),
        (&json!("project"), &json!("ATLAS"))
    );
}

// Holds: POST /projects/{project}/archive, DELETE /projects/{project}
#[tokio::test]
async fn only_an_archived_project_can_be_deleted() {
    let api = Api::start().await;
    api.delete("/projects/ATLAS")
        .await
        .problem(409, "not-archived");
    let archived = api
        .send("POST", "/projects/ATLAS/archive", &[], b"")
        .await
        .ok();
    assert_eq!(archived["archived"], true);
    assert!(archived["updated"].as_str().expect("a time") > START);
    assert_eq!(
        api.send("POST", "/projects/ATLAS/archive", &[], b"")
            .await
            .ok(),
        archived,
        "twice is once"
    );
    let task = json!({ "project": "ATLAS", "title": "too late" });
    assert_eq!(
        api.post("/tasks", &task)
            .await
            .problem(409, "project-archived")["field"],
        "project"
    );
    api.post("/imports", &json!({ "project": "ATLAS", "rows": 1 }))
        .await
        .problem(409, "project-archived");
    api.get("/tasks/ATLAS-1").await.ok();

    assert_eq!(api.delete("/projects/ATLAS").await.status, 204);
    api.delete("/projects/ATLAS")
        .await
        .problem(404, "unknown-project");
    api.get("/tasks/ATLAS-1").await.problem(404, "unknown-task");
    assert!(api.tracker.attachments().is_empty());
    api.send("POST", "/projects/ATLAS/archive", &[], b"")
        .await
        .problem(404, "unknown-project");
}

// Holds: GET /projects/{project}/members
#[tokio::test]
async fn members_are_found_by_prefix() {
    let api = Api::start().await;
    assert_eq!(
        api.walk("/projects/HARBOR/members", 100, "id").await.len(),
        150
    );
    let bjoern = api
        .walk("/projects/ATLAS/members?prefix=BJ%C3%96", 10, "name")
        .await;
    assert_eq!(bjoern, ["Björn"], "case does not count, in any script");
    assert_eq!(
        api.walk("/projects/HARBOR/members?prefix=zo", 3, "name")
            .await
            .len(),
        10
    );
    assert!(
        api.walk("/projects/HARBOR/members?prefix=nobody", 3, "name")
            .await
            .is_empty()
    );
    let member = &api.get("/projects/ATLAS/members?limit=1").await.ok()["items"][0];
    assert_eq!(
        *member,
        json!({ "id": "ada", "name": "Ada", "role": "lead" })
    );
    api.get("/projects/NONE/members")
        .await
        .problem(404, "unknown-project");
}

// Holds: GET /projects/{project}/velocity
#[tokio::test]
async fn the_current_sprint_follows_the_tasks() {
    let api = Api::start().await;
    let velocity = api.get("/projects/BEACON/velocity").await.ok();
    let sprints = velocity["sprints"].as_array().expect("sprints");
    assert_eq!((sprints.len(), &velocity["unit"]), (4, &json!("points")));
    let now =
        json!({ "number": 15, "from": "2026-05-04", "to": "2026-05-15", "planned": 4, "done": 0 });
    assert_eq!(sprints[3], now);
    for to in ["doing", "done"] {
        api.post("/tasks/BEACON-2/transitions", &json!({ "to": to }))
            .await
            .ok();
    }
    let after = api.get("/projects/BEACON/velocity").await.ok();
    assert_eq!(after["sprints"][3]["done"], 1);
    assert_eq!(after["sprints"][0], velocity["sprints"][0]);
    api.get("/projects/NONE/velocity")
        .await
        .problem(404, "unknown-project");
}

// Holds: GET /projects/{project}/burndown.png
#[tokio::test]
async fn the_burndown_is_a_png_that_follows_the_tasks() {
    let api = Api::start().await;
    let before = api.get("/projects/BEACON/burndown.png").await;
    assert_eq!(
        (before.status, before.header("content-type")),
        (200, Some("image/png"))
    );
    assert!(before.body.starts_with(b"\x89PNG\r\n\x1a\n") && before.body.len() < 10_000);
    assert_eq!(
        api.get("/projects/BEACON/burndown.png").await.body,
        before.body
    );
    for to in ["doing", "done"] {
        api.post("/tasks/BEACON-2/transitions", &json!({ "to": to }))
            .await
            .ok();
    }
    assert_ne!(
        api.get("/projects/BEACON/burndown.png").await.body,
        before.body
    );
    api.get("/projects/NONE/burndown.png")
        .await
        .problem(404, "unknown-project");
}
