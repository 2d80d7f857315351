//! 6.3 Announce the authorization server.

use serde_json::{Value, json};

use super::challenge::Challenge;
use crate::harness::{Check, Context, HttpRequest, Remote, Verdict, ensure};

const EXERCISE: &str = "6.3";
const SOURCE: &str =
    "specification 2026-07-28, basic/authorization/authorization-server-discovery; RFC 9728";

/// Whose tokens the server says it accepts. Nobody is asked there: these checks use static tokens.
const ISSUER: &str = "https://issuer.example.com/tenant";
/// How clients reach a server that stands behind something else.
const OUTSIDE: &str = "https://tracker.example.com/mcp";
const WELL_KNOWN: &str = "/.well-known/oauth-protected-resource";

pub(super) fn checks() -> Vec<Check> {
    vec![
        Check::new("announce-challenge", EXERCISE, challenge)
            .says("A request without a token that counts is answered 401, with the address of the metadata.")
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

async fn challenge(ctx: Context) -> Verdict {
    let remote = ctx.server().env("ISSUER_URL", ISSUER).serve_http().await?;
    let right = remote.post(&remote.message("tools/list", json!({})));
    let wrong_token = right
        .clone()
        .header("Authorization", "Bearer nobody-has-this-token");
    for (request, sent) in [
        (right.without("Authorization"), "tools/list without a token"),
        (wrong_token, "tools/list with a token that nobody has"),
    ] {
        let reply = remote.send(&request).await?;
        let challenge = Challenge::of(&reply, 401, sent)?;
        let address = challenge.get("resource_metadata").unwrap_or_default();
        let own = format!("http://{}/", remote.host());
        let path = address.strip_prefix(&own).ok_or_else(|| {
            reply
                .wrong("The challenge does not say where the metadata is.", sent)
                .expected(format!("resource_metadata=\"{own}…\""))
        })?;
        document(&remote, &format!("/{path}"), &remote.url()).await?;
    }
    Ok(())
}

async fn metadata(ctx: Context) -> Verdict {
    let remote = ctx.server().env("ISSUER_URL", ISSUER).serve_http().await?;
    let place = format!("{WELL_KNOWN}{}", remote.path());
    document(&remote, &place, &remote.url()).await?;
    let behind = ctx
        .server()
        .env("ISSUER_URL", ISSUER)
        .env("RESOURCE_URL", OUTSIDE)
        .serve_http()
        .await?;
    document(&behind, &format!("{WELL_KNOWN}/mcp"), OUTSIDE).await
}

/// Reads the metadata without a token, and demands that it is about this resource.
async fn document(remote: &Remote, path: &str, resource: &str) -> Verdict {
    let request = HttpRequest::new("GET", path).and("Host", &remote.host());
    let reply = remote.send(&request).await?;
    let sent = format!("GET {path}, without a token");
    let document: Value = reply.messages().into_iter().next().unwrap_or_default();
    ensure(reply.status == 200 && document.is_object(), || {
        reply
            .wrong("There is no metadata where a client looks for it.", &sent)
            .expected("200, with a JSON object")
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
