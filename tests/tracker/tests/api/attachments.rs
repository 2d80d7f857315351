//! Files that belong to a task.

use serde_json::json;
use tracker::names;

use crate::support::Api;

// Holds: GET /tasks/{task}/attachments
#[tokio::test]
async fn attachments_are_listed_with_type_and_size() {
    let api = Api::start().await;
    let path = format!("/tasks/{}/attachments", names::ATTACHMENT_TASK);
    assert_eq!(
        api.walk(&path, 1, "name").await,
        ["sketch.png", "Notizen Zürich.md", "every-byte.bin"]
    );
    let items = api.get(&path).await.ok()["items"].clone();
    assert_eq!(items[1]["media_type"], "text/markdown; charset=utf-8");
    let last = json!({
        "id": "att-3",
        "name": "every-byte.bin",
        "media_type": "application/octet-stream",
        "size": 256,
        "updated": items[2]["updated"],
    });
    assert_eq!(items[2], last);
    assert!(
        api.walk("/tasks/ATLAS-1/attachments", 1, "name")
            .await
            .is_empty()
    );
    api.get("/tasks/NONE-1/attachments")
        .await
        .problem(404, "unknown-task");
}

// Holds: GET /tasks/{task}/attachments/{attachment}
#[tokio::test]
async fn an_attachment_is_its_bytes() {
    let api = Api::start().await;
    let reply = api.get("/tasks/ATLAS-2/attachments/att-3").await;
    assert_eq!(
        (reply.status, reply.header("content-type")),
        (200, Some("application/octet-stream"))
    );
    assert_eq!(reply.body, (0..=255).collect::<Vec<u8>>());
    assert_eq!(
        reply.header("content-disposition"),
        Some("attachment; filename*=UTF-8''every-byte.bin")
    );
    let png = api.get("/tasks/ATLAS-2/attachments/att-1").await;
    assert!(png.body.starts_with(b"\x89PNG"));
    assert_eq!(png.header("content-type"), Some("image/png"));
    let problem = api
        .get("/tasks/ATLAS-2/attachments/att-9")
        .await
        .problem(404, "unknown-attachment");
    assert_eq!(problem["allowed"], json!(["att-1", "att-2", "att-3"]));
    api.get("/tasks/ATLAS-1/attachments/att-1")
        .await
        .problem(404, "unknown-attachment");
    api.get("/tasks/NONE-1/attachments/att-1")
        .await
        .problem(404, "unknown-task");
}

// Holds: POST /tasks/{task}/attachments
#[tokio::test]
async fn a_file_is_kept_as_it_came() {
    let api = Api::start().await;
    let headers = [("Content-Type", "text/plain; charset=utf-8")];
    let reply = api
        .send(
            "POST",
            "/tasks/A%2FB-1/attachments?name=%C3%BC.txt",
            &headers,
            b"\xff\x00x",
        )
        .await;
    let attachment = reply.ok();
    assert_eq!(
        (reply.status, reply.header("location")),
        (201, Some("/tasks/A%2FB-1/attachments/att-4"))
    );
    assert_eq!(
        (&attachment["name"], &attachment["size"]),
        (&json!("ü.txt"), &json!(3))
    );
    let read = api.get("/tasks/A%2FB-1/attachments/att-4").await;
    assert_eq!(read.body, b"\xff\x00x");
    assert_eq!(
        read.header("content-type"),
        Some("text/plain; charset=utf-8")
    );
    let bare = api
        .send("POST", "/tasks/ATLAS-1/attachments?name=x", &[], b"")
        .await
        .ok();
    assert_eq!(bare["media_type"], "application/octet-stream");

    for name in ["", "a%2Fb", "a%5Cb", "a%00b", &"x".repeat(201)] {
        let path = format!("/tasks/ATLAS-1/attachments?name={name}");
        assert_eq!(
            api.send("POST", &path, &[], b"x")
                .await
                .problem(400, "invalid-parameter")["field"],
            "name"
        );
    }
    let large = vec![0; 1_000_001];
    let path = "/tasks/ATLAS-1/attachments?name=x";
    api.send("POST", path, &[], &large)
        .await
        .problem(413, "attachment-too-large");
    api.send("POST", path, &[], &large[1..]).await.ok();
    api.send("POST", "/tasks/NONE-1/attachments?name=x", &[], b"x")
        .await
        .problem(404, "unknown-task");
}
