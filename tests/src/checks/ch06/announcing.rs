//! 6.3 Announce the authorization server.

use serde_json::{Value, json};
use verdict::Era;

use super::refusals::Refusals;
use crate::harness::{
    Caller, Challenge, Check, Context, HttpReply, HttpRequest, Remote, Verdict, ensure,
};

const EXERCISE: &str = "6.3";
const SOURCE: &str =
    "specification 2026-07-28, basic/authorization/authorization-server-discovery; RFC 9728";

/// Whose tokens the server says it accepts. Nobody is asked there: these checks use static tokens.
const ISSUER: &str = "https://issuer.example.com/tenant";
/// How clients reach a server that stands behind something else, with and without a path, and where its metadata is then.
const OUTSIDE: [(&str, &str, &str); 2] = [
    (
        "https://tracker.example.com/mcp",
        "https://tracker.example.com",
        "/.well-known/oauth-protected-resource/mcp",
    ),
    (
        "https://tracker.example.com",
        "https://tracker.example.com",
        "/.well-known/oauth-protected-resource",
    ),
];
const WELL_KNOWN: &str = "/.well-known/oauth-protected-resource";
/// A token that nobody has.
const NOBODYS: &str = "nobody-has-this-token-52e0a7";

pub(super) fn checks() -> Vec<Check> {
    vec![
        Check::new("announce-challenge", EXERCISE, challenge)
            .says("Whatever is asked without a token that counts is answered 401, with the address of the metadata.")
            .why(
                "This is where a client begins that knows nothing but the address of your server. Without the header it \
                 can only guess, and many give up.",
                SOURCE,
            ),
        Check::new("announce-metadata", EXERCISE, metadata)
            .says("The metadata names the server by the address that clients use, and who gives out tokens for it.")
            .why(
                "A client MUST use nothing from metadata whose `resource` is not the address that it has asked: a slash \
                 too many ends the sign-in. The document stands before the path of the endpoint.",
                SOURCE,
            ),
    ]
}

/// What a client may send that has no token that counts.
fn requests(ctx: &Context, remote: &Remote) -> Vec<(HttpRequest, String)> {
    let list = remote.post(&remote.message("tools/list", json!({})));
    let call = json!({"name": "list_projects", "arguments": {}});
    let call = remote.post(&remote.message("tools/call", call));
    let right = Caller::Ada.token();
    let with = |value: &str| list.clone().header("Authorization", value);
    let mut in_address = list.clone().without("Authorization");
    in_address.target += &format!("?access_token={right}");
    let opening = match ctx.era() {
        Era::Modern => remote.message("server/discover", json!({})),
        Era::Legacy => remote.opening(),
    };
    let opening = remote
        .post(&opening)
        .without("Authorization")
        .without("Mcp-Session-Id");
    let mut requests = vec![
        (opening, "the opening, without a token"),
        (
            with("").without("Authorization"),
            "tools/list without a token",
        ),
        (call.without("Authorization"), "tools/call without a token"),
        (with("Bearer"), "a header Authorization without a token"),
        (with("Bearer "), "an empty token"),
        (
            with(&format!("Bearer {NOBODYS}")),
            "a token that nobody has",
        ),
        (
            with(&format!("Bearer {}", &right[..right.len() - 1])),
            "a token without its last letter",
        ),
        (
            with(&format!("Bearer {right}x")),
            "a token with one letter more",
        ),
        (
            with(&format!("Bearer {}", right.to_uppercase())),
            "a token in large letters",
        ),
        (with(&format!("Basic {right}")), "a token by another scheme"),
        (with(right), "a token without a scheme"),
        (in_address, "a token in the address"),
    ];
    if ctx.era() == Era::Legacy {
        for (method, what) in [
            ("GET", "GET, for the stream of the session, without a token"),
            ("DELETE", "DELETE, to end the session, without a token"),
        ] {
            let mut request = list.clone().without("Authorization").body("");
            request.method = method.to_owned();
            requests.push((request, what));
        }
    }
    let named = |(request, what): (HttpRequest, &str)| (request, what.to_owned());
    requests.into_iter().map(named).collect()
}

async fn challenge(ctx: Context) -> Verdict {
    let remote = ctx.server().env("ISSUER_URL", ISSUER).serve_http().await?;
    let mut refusals = Refusals::default();
    for (request, sent) in requests(&ctx, &remote) {
        let reply = remote.send(&request).await?;
        let own = format!("http://{}/", remote.host());
        let path = place(&reply, &own, &sent)?;
        document(&remote, &format!("/{path}"), &remote.url()).await?;
        let token = if sent.contains("nobody") {
            NOBODYS
        } else {
            Caller::Ada.token()
        };
        refusals.add(&reply, token, &sent)?;
    }
    // The name of the scheme is the same in small letters.
    let message = remote.message("tools/list", json!({}));
    let small = format!("bearer {}", Caller::Ada.token());
    let reply = remote
        .send(&remote.post(&message).header("Authorization", &small))
        .await?;
    remote.reply(&message, &reply)?.result()?;
    refusals.audited(&remote).await
}

/// Where the challenge says that the metadata is, behind the address of the server.
fn place(reply: &HttpReply, own: &str, sent: &str) -> Verdict<String> {
    let challenge = Challenge::of(reply, 401, sent)?;
    let error = challenge.get("error");
    ensure(error.is_none_or(|error| error == "invalid_token"), || {
        reply
            .wrong("The challenge blames something else than the token.", sent)
            .expected("error=\"invalid_token\", or no error")
    })?;
    let address = challenge.get("resource_metadata").unwrap_or_default();
    let path = address.strip_prefix(own).ok_or_else(|| {
        reply
            .wrong("The challenge does not say where the metadata is.", sent)
            .expected(format!("resource_metadata=\"{own}…\""))
    })?;
    Ok(path.to_owned())
}

async fn metadata(ctx: Context) -> Verdict {
    let remote = ctx.server().env("ISSUER_URL", ISSUER).serve_http().await?;
    let own = format!("{WELL_KNOWN}{}", remote.path());
    document(&remote, &own, &remote.url()).await?;
    for (outside, host, path) in OUTSIDE {
        let behind = ctx
            .server()
            .env("ISSUER_URL", ISSUER)
            .env("RESOURCE_URL", outside)
            .serve_http()
            .await?;
        document(&behind, path, outside).await?;
        let request = behind.post(&behind.message("tools/list", json!({})));
        let reply = behind.send(&request.without("Authorization")).await?;
        let sent = format!("tools/list without a token, with RESOURCE_URL={outside}");
        let told = place(&reply, host, &sent)?;
        ensure(told == path, || {
            reply
                .wrong(
                    "The challenge names another place than the one that belongs to the address.",
                    &sent,
                )
                .expected(format!("resource_metadata=\"{host}{path}\""))
        })?;
    }
    Ok(())
}

/// Reads the metadata without a token, and demands that it is about this resource.
async fn document(remote: &Remote, path: &str, resource: &str) -> Verdict {
    let request = HttpRequest::new("GET", path).and("Host", &remote.host());
    let reply = remote.send(&request).await?;
    let sent = format!("GET {path}, without a token");
    let document: Value = reply.messages().into_iter().next().unwrap_or_default();
    let kind = reply.header("content-type").unwrap_or_default();
    let is_json = kind.starts_with("application/json") && document.is_object();
    ensure(reply.status == 200 && is_json, || {
        reply
            .wrong("There is no metadata where a client looks for it.", &sent)
            .expected("200, with a JSON object as application/json")
    })?;
    let issuers = document["authorization_servers"].as_array();
    let named = issuers.is_some_and(|issuers| issuers.contains(&json!(ISSUER)));
    ensure(named, || {
        reply
            .wrong(
                "The metadata does not name the authorization server.",
                &sent,
            )
            .expected(format!(
                "authorization_servers with {ISSUER:?}, as ISSUER_URL says"
            ))
    })?;
    ensure(document["resource"] == resource, || {
        reply
            .wrong(
                "The metadata is about another address than the one that clients use.",
                &sent,
            )
            .expected(format!("resource = {resource:?}"))
    })?;
    let scopes = document["scopes_supported"].as_array();
    let offline = scopes.is_some_and(|scopes| scopes.contains(&json!("offline_access")));
    ensure(!offline, || {
        reply
            .wrong(
                "The metadata lists `offline_access`, which is for client and issuer alone.",
                &sent,
            )
            .expected("scopes of this server only")
    })?;
    Ok(())
}
