//! Pages of other sites: what they may ask, and what they cannot do in the name of who sits at the browser.

use issuer::{MACHINE_CLIENT, Options};

use crate::support::{Api, RESOURCE, pairs, request};

const OTHER: (&str, &str) = ("Origin", "https://app.example");

#[tokio::test]
async fn a_client_in_a_browser_finds_its_way() {
    let api = Api::start().await;
    for path in [
        "/.well-known/oauth-authorization-server",
        "/.well-known/openid-configuration",
        "/jwks",
    ] {
        let reply = api.send("GET", path, &[OTHER], "").await;
        reply.ok();
        assert_eq!(reply.header("access-control-allow-origin"), "*", "{path}");
        let asked = [OTHER, ("Access-Control-Request-Method", "GET")];
        let before = api.send("OPTIONS", path, &asked, "").await;
        assert_eq!(before.status, 204);
        assert_eq!(before.header("access-control-allow-methods"), "GET");
        let may_send = before.header("access-control-allow-headers");
        assert!(may_send.contains("mcp-protocol-version"), "{may_send}");
    }
    // It has to be able to read a refusal, too.
    let wrong = pairs(&[
        ("grant_type", "client_credentials"),
        ("client_id", MACHINE_CLIENT),
        ("resource", RESOURCE),
    ]);
    let reply = api.form("/token", &[OTHER], &wrong).await;
    reply.refused(401, "invalid_client");
    assert_eq!(reply.header("access-control-allow-origin"), "*");
}

#[tokio::test]
async fn other_sites_cannot_press_the_button() {
    let api = Api::start().await;
    let page = api.authorize(&request()).await;
    assert!(page.headers.get("access-control-allow-origin").is_none());
    let name = page.hidden("request");
    let form = pairs(&[
        ("request", &name),
        ("subject", "ada"),
        ("decision", "allow"),
    ]);
    for origin in ["https://app.example", "null", "http://127.0.0.1", ""] {
        let reply = api.form("/consent", &[("Origin", origin)], &form).await;
        reply.refused(403, "misdirected");
    }
    let own = api.issuer.url();
    api.form("/consent", &[("Origin", own.as_str())], &form)
        .await
        .location();
}

#[tokio::test]
async fn a_name_that_points_here_is_no_way_in() {
    let api = Api::start().await;
    let port = api.issuer.address().port();
    for host in [
        "evil.example".to_owned(),
        format!("evil.example:{port}"),
        "127.0.0.1".into(),
    ] {
        let reply = api.send("GET", "/jwks", &[("Host", &host)], "").await;
        reply.refused(403, "misdirected");
    }
    let by_name = format!("localhost:{port}");
    api.send("GET", "/jwks", &[("Host", &by_name)], "")
        .await
        .ok();
}

#[tokio::test]
async fn other_sites_cannot_change_anything() {
    let api = Api::with(Options {
        admin: true,
        ..Options::default()
    })
    .await;
    for (method, path) in [
        ("POST", "/admin/keys/rotate"),
        ("POST", "/admin/faults"),
        ("DELETE", "/admin/faults"),
    ] {
        let reply = api.send(method, path, &[OTHER], "").await;
        reply.refused(403, "misdirected");
        let before = api.send("OPTIONS", path, &[OTHER], "").await;
        before.refused(403, "misdirected");
    }
    assert_eq!(api.issuer.current_key(), "key-1");
}
