//! Each fault, by the handle and by the admin routes.

use std::time::{Duration, Instant};

use serde_json::json;
use tracker::{Effect, Fault, INTERNAL_DETAIL, Options, WrongFault};

use crate::support::Api;

const LIMIT: Duration = Duration::from_secs(10);

// Holds: fault status
#[tokio::test]
async fn a_status_meets_the_calls_it_is_meant_for() {
    let api = Api::start().await;
    api.fault(
        Fault::on("POST /tasks", Effect::Status { status: 503 })
            .times(2)
            .after(1),
    );
    let body = json!({ "project": "CEDAR", "title": "t" });
    let mut statuses = Vec::new();
    for _ in 0..4 {
        statuses.push(api.post("/tasks", &body).await.status);
        api.get("/tasks").await.ok();
    }
    assert_eq!(statuses, [201, 503, 503, 201]);
    assert_eq!(
        api.walk("/tasks?project=CEDAR", 10, "id").await.len(),
        2,
        "a refused request does nothing"
    );
    assert!(api.tracker.pending_faults().is_empty());

    api.fault(Fault::anywhere(Effect::Status { status: 500 }));
    let reply = api.get("/projects").await;
    assert_eq!(
        (reply.status, reply.body.as_slice()),
        (500, INTERNAL_DETAIL.as_bytes())
    );
    api.fault(Fault::anywhere(Effect::Status { status: 403 }));
    api.get("/projects").await.problem(403, "refused");
    assert_eq!(
        api.tracker.journal().last().and_then(|entry| entry.status),
        Some(403)
    );
}

// Holds: fault too-many-requests
#[tokio::test]
async fn too_many_requests_say_when_to_come_back() {
    let api = Api::start().await;
    api.fault(Fault::anywhere(Effect::TooManyRequests { retry_after: 60 }));
    let reply = api.get("/projects").await;
    reply.problem(429, "too-many-requests");
    assert_eq!(reply.header("retry-after"), Some("60"));
    api.get("/projects").await.ok();
}

// Holds: fault token-expired
#[tokio::test]
async fn a_token_expires_once() {
    let api = Api::start().await;
    api.fault(Fault::anywhere(Effect::TokenExpired));
    let reply = api.get("/projects").await;
    reply.problem(401, "expired-token");
    assert!(
        reply
            .header("www-authenticate")
            .expect("a challenge")
            .contains("invalid_token")
    );
    api.get("/projects").await.ok();
}

// Holds: fault latency
#[tokio::test]
async fn latency_comes_before_the_work() {
    let api = Api::start().await;
    api.fault(Fault::on("POST /tasks", Effect::Latency { millis: 150 }));
    let before = api.tracker.tasks().len();
    let began = Instant::now();
    let body = json!({ "project": "CEDAR", "title": "t" });
    let look = async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        api.tracker.tasks().len()
    };
    let (reply, meanwhile) = tokio::join!(api.post("/tasks", &body), look);
    reply.ok();
    assert!(began.elapsed() >= Duration::from_millis(150));
    assert_eq!(meanwhile, before);
}

// Holds: fault late-reply
#[tokio::test]
async fn a_late_reply_comes_after_the_work() {
    let api = Api::start().await;
    api.fault(Fault::on(
        "POST /tasks",
        Effect::LateReply { millis: 30_000 },
    ));
    let body = json!({ "project": "CEDAR", "title": "t" }).to_string();
    let authorization = format!("Bearer {}", api.token);
    let headers = [
        ("Authorization", authorization.as_str()),
        ("Content-Type", "application/json"),
        ("Idempotency-Key", "k"),
    ];
    let caller = api.open("POST", "/tasks", &headers, body.as_bytes()).await;
    assert!(
        api.tracker
            .wait_until(LIMIT, |tracker| tracker.task("CEDAR-1").is_some())
            .await
    );
    assert_eq!(
        api.tracker.requests("POST /tasks")[0].status,
        None,
        "not answered yet"
    );
    drop(caller);
    let again = api
        .send("POST", "/tasks", &headers[1..], body.as_bytes())
        .await;
    assert_eq!(
        (
            again.ok()["id"].as_str(),
            again.header("idempotency-replayed")
        ),
        (Some("CEDAR-1"), Some("true"))
    );
}

#[tokio::test]
async fn a_caller_who_hangs_up_does_not_undo_the_request() {
    let api = Api::start().await;
    api.fault(Fault::on("POST /imports", Effect::Latency { millis: 100 }));
    let body = json!({ "project": "CEDAR", "rows": 1 }).to_string();
    let authorization = format!("Bearer {}", api.token);
    let headers = [
        ("Authorization", authorization.as_str()),
        ("Content-Type", "application/json"),
    ];
    let caller = api
        .open("POST", "/imports", &headers, body.as_bytes())
        .await;
    assert!(
        api.tracker
            .wait_until(LIMIT, |tracker| !tracker.journal().is_empty())
            .await
    );
    drop(caller);
    assert!(
        api.tracker
            .wait_until(LIMIT, |tracker| tracker.imports().len() == 1)
            .await
    );
}

// Holds: fault truncated-json
#[tokio::test]
async fn a_truncated_reply_is_whole_http_and_half_json() {
    let api = Api::start().await;
    let whole = api.get("/tasks/ATLAS-1").await.body;
    api.fault(Fault::on("GET /tasks/{task}", Effect::TruncatedJson));
    let reply = api.get("/tasks/ATLAS-1").await;
    assert_eq!(
        (reply.status, reply.body.as_slice()),
        (200, &whole[..whole.len() / 2])
    );
    assert_eq!(reply.header("content-type"), Some("application/json"));
    assert!(serde_json::from_slice::<serde_json::Value>(&reply.body).is_err());
}

// Holds: fault edited-meanwhile
#[tokio::test]
async fn a_colleague_comes_first() {
    let api = Api::start().await;
    let path = "/tasks/ATLAS-1/transitions";
    let etag = api
        .get("/tasks/ATLAS-1")
        .await
        .header("etag")
        .expect("an ETag")
        .to_owned();
    api.fault(Fault::anywhere(Effect::EditedMeanwhile));
    api.get("/projects/ATLAS").await.ok();
    let reply = api
        .json(
            "POST",
            path,
            &[("If-Match", &etag)],
            &json!({ "to": "doing" }),
        )
        .await;
    reply.problem(412, "changed-meanwhile");
    let etag = api
        .get("/tasks/ATLAS-1")
        .await
        .header("etag")
        .expect("an ETag")
        .to_owned();
    api.json(
        "POST",
        path,
        &[("If-Match", &etag)],
        &json!({ "to": "doing" }),
    )
    .await
    .ok();
}

// Holds: fault cursor-expired
#[tokio::test]
async fn a_cursor_expires() {
    let api = Api::start().await;
    api.fault(Fault::anywhere(Effect::CursorExpired).times(2));
    let projects = api.get("/projects?limit=10").await.ok();
    let next = format!(
        "/projects?limit=10&cursor={}",
        projects["next_cursor"].as_str().expect("a cursor")
    );
    api.get(&next).await.problem(410, "cursor-expired");
    let changes = api.get("/changes").await.ok();
    let after = format!(
        "/changes?after={}",
        changes["cursor"].as_str().expect("a cursor")
    );
    api.get(&after).await.problem(410, "cursor-expired");
    api.get(&next).await.ok();
    api.get(&after).await.ok();
}

#[tokio::test]
async fn faults_follow_one_another_and_can_be_taken_back() {
    let api = Api::start().await;
    api.fault(Fault::on("GET /projects", Effect::Status { status: 502 }));
    api.fault(Fault::on(
        "GET /projects",
        Effect::TooManyRequests { retry_after: 1 },
    ));
    api.fault(Fault::on("GET /projects", Effect::Status { status: 504 }).times(9));
    let mut statuses = Vec::new();
    for _ in 0..3 {
        statuses.push(api.get("/projects").await.status);
    }
    assert_eq!(statuses, [502, 429, 504]);
    api.tracker.clear_faults();
    api.get("/projects").await.ok();
    let unknown = Fault::on("GET /project", Effect::TruncatedJson);
    assert_eq!(
        api.tracker.fault(unknown),
        Err(WrongFault::UnknownRoute("GET /project".into()))
    );
}

// Holds: GET /admin/faults, POST /admin/faults, DELETE /admin/faults
#[tokio::test]
async fn faults_can_be_switched_on_by_hand() {
    let api = Api::with(Options {
        admin: true,
        ..Options::default()
    })
    .await;
    let late = json!({ "route": "POST /tasks", "skip": 1, "times": 2, "effect": "late-reply", "millis": 5 });
    let reply = api.post("/admin/faults", &late).await;
    assert_eq!((reply.status, reply.ok()), (201, late.clone()));
    api.post(
        "/admin/faults",
        &json!({ "effect": "status", "status": 502 }),
    )
    .await
    .ok();
    let short = json!({ "route": null, "skip": 0, "times": 1, "effect": "status", "status": 502 });
    assert_eq!(
        api.get("/admin/faults").await.ok(),
        json!({ "items": [late, short] })
    );
    assert_eq!(api.get("/projects").await.status, 502);
    assert_eq!(api.delete("/admin/faults").await.status, 204);
    assert_eq!(api.get("/admin/faults").await.ok(), json!({ "items": [] }));
    assert_eq!(
        api.tracker.journal().len(),
        1,
        "admin requests are not written down"
    );

    for name in Effect::NAMES {
        let body = json!({ "effect": name, "status": 500, "retry_after": 1, "millis": 1 });
        let needed = match name {
            "status" => "status",
            "too-many-requests" => "retry_after",
            "latency" | "late-reply" => "millis",
            _ => "",
        };
        let mut exact = json!({ "effect": name });
        if !needed.is_empty() {
            exact[needed] = body[needed].clone();
        }
        api.post("/admin/faults", &exact).await.ok();
    }
    for wrong in [
        json!({ "effect": "fire" }),
        json!({}),
        json!({ "effect": "latency" }),
    ] {
        let problem = api
            .post("/admin/faults", &wrong)
            .await
            .problem(422, "invalid-field");
        assert_eq!(problem["field"], "effect");
    }
    for (field, wrong) in [
        ("tims", json!({ "effect": "truncated-json", "tims": 3 })),
        ("status", json!({ "effect": "status", "status": 200 })),
    ] {
        assert_eq!(
            api.post("/admin/faults", &wrong)
                .await
                .problem(422, "invalid-field")["field"],
            field
        );
    }
    let route = json!({ "route": "GET /nothing", "effect": "truncated-json" });
    assert_eq!(
        api.post("/admin/faults", &route)
            .await
            .problem(422, "invalid-field")["field"],
        "route"
    );
}

#[tokio::test]
async fn without_the_option_there_is_no_admin() {
    let api = Api::start().await;
    api.get("/admin/faults").await.problem(404, "unknown-path");
}
