//! The page on which a person decides.

use issuer::{Client, Grant, Options};

use crate::support::{Api, REDIRECT, RESOURCE, pairs, request, with};

#[tokio::test]
async fn the_page_says_who_wants_what_and_where_it_goes() {
    let api = Api::start().await;
    let page = api.authorize(&request()).await;
    for told in [
        "cargo xtask talk",
        "workbook-talk",
        RESOURCE,
        REDIRECT,
        "tracker:read",
        "tracker:write",
    ] {
        assert!(page.body.contains(told), "{told}");
    }
    assert!(!page.body.contains("tracker:admin"), "nobody asked for it");
    assert!(page.body.contains("For learning only"));
    // Whatever the person calls this machine, the answer goes where the page came from.
    assert!(page.body.contains("action=\"/consent\""));
    assert!(!page.body.contains("<script"));
    assert_eq!(
        page.header("content-security-policy"),
        "default-src 'none'; base-uri 'none'; frame-ancestors 'none'"
    );
    assert_eq!(page.header("x-frame-options"), "DENY");
    assert_eq!(page.header("cache-control"), "no-store");
}

#[tokio::test]
async fn a_client_cannot_write_the_page() {
    let hostile = Client {
        name: "<script>alert(1)</script>".into(),
        id: "hostile\"><script>".into(),
        secret: None,
        redirect_uris: vec![REDIRECT.into()],
        grants: vec![Grant::AuthorizationCode],
    };
    let api = Api::with(Options {
        clients: vec![hostile],
        ..Options::default()
    })
    .await;
    let asked = with(request(), "client_id", "hostile\"><script>");
    let page = api.authorize(&asked).await;
    assert_eq!(page.status, 200);
    assert!(!page.body.contains("<script"), "{}", page.body);
    assert!(page.body.contains("&lt;script&gt;alert(1)"));
}

#[tokio::test]
async fn no_means_no() {
    let api = Api::start().await;
    let back = api.decide(&request(), "deny").await;
    assert_eq!(back.answer("error").as_deref(), Some("access_denied"));
    assert_eq!(back.answer("code"), None);
    assert_eq!(back.answer("iss"), Some(api.issuer.url()));
}

#[tokio::test]
async fn each_request_is_answered_once_and_by_somebody_who_exists() {
    let api = Api::start().await;
    let name = api.authorize(&request()).await.hidden("request");
    let answer = |name: &str, subject: &str, decision: &str| {
        pairs(&[
            ("request", name),
            ("subject", subject),
            ("decision", decision),
        ])
    };
    for wrong in [
        answer(&name, "nobody", "allow"),
        answer(&name, "ada", "perhaps"),
        answer("guessed", "ada", "allow"),
        answer("", "ada", "allow"),
    ] {
        api.form("/consent", &[], &wrong)
            .await
            .refused_on_a_page("invalid_request");
    }
    let right = answer(&name, "noor", "allow");
    api.form("/consent", &[], &right).await.location();
    api.form("/consent", &[], &right)
        .await
        .refused_on_a_page("invalid_request");
}
