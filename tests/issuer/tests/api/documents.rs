//! Clients that nobody has registered: their `client_id` is the address of a document.

use std::collections::BTreeMap;
use std::time::Duration;

use issuer::{LONGEST_DOCUMENT, Options};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::support::{Api, REDIRECT, RESOURCE, pairs, redemption, request, with};

/// Serves the same reply to everybody. `make` gets the document's address.
async fn serve(make: impl FnOnce(&str) -> String) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let url = format!("http://{address}/client.json");
    let reply = make(&url);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut asked = [0; 1024];
            let length = stream.read(&mut asked).await.unwrap_or(0);
            assert!(asked[..length].starts_with(b"GET /client.json "));
            // Whoever has read enough hangs up.
            let _ = stream.write_all(reply.as_bytes()).await;
        }
    });
    url
}

fn document(url: &str) -> Value {
    json!({
        "client_id": url,
        "client_name": "A client of the tests",
        "redirect_uris": ["http://127.0.0.1/callback"],
        "grant_types": ["authorization_code", "refresh_token"],
        "token_endpoint_auth_method": "none",
    })
}

fn http(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n{body}")
}

#[tokio::test]
async fn a_client_can_describe_itself() {
    let api = Api::start().await;
    let url = serve(|url| http(&document(url).to_string())).await;
    let asked = with(request(), "client_id", &url);
    let page = api.authorize(&asked).await;
    assert!(page.body.contains("A client of the tests") && page.body.contains(&url));
    assert!(page.body.contains("Nobody has registered this client"));

    let code = api.code(&asked).await;
    api.token(&redemption(&code))
        .await
        .refused(400, "invalid_grant");
    let tokens = api
        .token(&with(redemption(&code), "client_id", &url))
        .await
        .ok();
    let token = api
        .judge(tokens["access_token"].as_str().expect("a token"))
        .await;
    assert_eq!(token.expect("a right token").claims["client_id"], url);
    let renewal = pairs(&[
        ("grant_type", "refresh_token"),
        (
            "refresh_token",
            tokens["refresh_token"].as_str().expect("a token"),
        ),
        ("client_id", &url),
        ("resource", RESOURCE),
    ]);
    api.token(&renewal).await.ok();
}

#[tokio::test]
async fn what_the_document_does_not_name_it_does_not_get() {
    let api = Api::start().await;
    let url = serve(|url| {
        let mut document = document(url);
        document
            .as_object_mut()
            .expect("an object")
            .remove("grant_types");
        http(&document.to_string())
    })
    .await;
    let code = api.code(&with(request(), "client_id", &url)).await;
    let tokens = api
        .token(&with(redemption(&code), "client_id", &url))
        .await
        .ok();
    assert!(tokens.get("refresh_token").is_none());
    let elsewhere = with(request(), "client_id", &url);
    let elsewhere = with(elsewhere, "redirect_uri", "https://collector.example/");
    api.authorize(&elsewhere)
        .await
        .refused_on_a_page("invalid_request");
}

#[tokio::test]
async fn a_document_that_is_not_right_is_none() {
    let api = Api::start().await;
    let changed = |name: &'static str, value: Value| {
        move |url: &str| {
            let mut document = document(url);
            document[name] = value;
            http(&document.to_string())
        }
    };
    let long = "x".repeat(LONGEST_DOCUMENT as usize);
    let wrong = [
        serve(changed(
            "client_id",
            json!("http://127.0.0.1:1/client.json"),
        ))
        .await,
        serve(changed("client_secret", json!("s3cret"))).await,
        serve(changed(
            "token_endpoint_auth_method",
            json!("client_secret_post"),
        ))
        .await,
        serve(changed(
            "redirect_uris",
            json!([REDIRECT, "http://collector.example/"]),
        ))
        .await,
        serve(changed(
            "redirect_uris",
            json!([REDIRECT, "javascript:alert(1)"]),
        ))
        .await,
        serve(changed("redirect_uris", json!(REDIRECT))).await,
        serve(changed("client_uri", json!(long))).await,
        serve(|_| http("[]")).await,
        serve(|url| http(&document(url).to_string()).replace("application/json", "text/html"))
            .await,
        serve(|url| http(&document(url).to_string()).replace("200 OK", "404 Not Found")).await,
        serve(|_| format!("HTTP/1.1 302 Found\r\nLocation: {RESOURCE}\r\n\r\n")).await,
        serve(|_| "220 mail.example ready\r\n".into()).await,
    ];
    for url in wrong {
        let asked = with(request(), "client_id", &url);
        api.authorize(&asked)
            .await
            .refused_on_a_page("invalid_client");
    }
}

#[tokio::test]
async fn whoever_does_not_answer_is_not_waited_for() {
    let api = Api::start().await;
    let silent = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!(
        "http://{}/client.json",
        silent.local_addr().expect("an address")
    );
    let asked = with(request(), "client_id", &url);
    api.authorize(&asked)
        .await
        .refused_on_a_page("invalid_client");
}

#[tokio::test]
async fn only_this_machine_is_asked() {
    let api = Api::start().await;
    // Whoever mistakes one of these for this machine comes here.
    let trap = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = trap.local_addr().expect("an address").port();
    for address in [
        "https://app.example:PORT/client.json",
        "https://127.0.0.1:PORT/client.json",
        "http://app.example:PORT/client.json",
        "http://192.168.0.1:PORT/client.json",
        "http://127.0.0.2:PORT/client.json",
        "http://2130706433:PORT/client.json",
        "http://0x7f000001:PORT/client.json",
        "http://[::ffff:127.0.0.1]:PORT/client.json",
        "http://127.0.0.1@app.example:PORT/client.json",
        "http://app.example@127.0.0.1:PORT/client.json",
        "http://127.0.0.1.app.example:PORT/client.json",
        "http://localhost.app.example:PORT/client.json",
        "http://127.0.0.1:PORT",
        "http://127.0.0.1:PORT/",
        "http://127.0.0.1:PORT/a/../client.json",
        "http://127.0.0.1:PORT/client.json#here",
    ] {
        let address = address.replace("PORT", &port.to_string());
        let asked = with(request(), "client_id", &address);
        api.authorize(&asked)
            .await
            .refused_on_a_page("invalid_client");
    }
    let nobody = tokio::time::timeout(Duration::from_millis(100), trap.accept()).await;
    assert!(nobody.is_err(), "somebody was asked");
}

#[tokio::test]
async fn a_check_can_make_a_document_known() {
    let url = "https://app.example/client.json";
    let api = Api::with(Options {
        documents: BTreeMap::from([(url.into(), document(url))]),
        ..Options::default()
    })
    .await;
    let code = api.code(&with(request(), "client_id", url)).await;
    api.token(&with(redemption(&code), "client_id", url))
        .await
        .ok();
}
