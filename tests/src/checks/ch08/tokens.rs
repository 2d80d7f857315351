//! 8.7: who is let in, and what they see.

use issuer::{Draft, PublicKey, Signer};
use serde_json::{Value, json};
use verdict::Era;

use super::shared::{ALL, caller, data, same, serve};
use crate::harness::{
    Challenge, Check, Context, HttpReply, HttpRequest, Proxy, Remote, Verdict, ensure, wrong,
};

const EXERCISE: &str = "8.7";
const READ: &str = "tracker:read";
const ELSEWHERE: &str = "https://elsewhere.example";
/// An hour ago, in seconds from now.
const LONG_AGO: i64 = -3600;

pub(super) fn checks() -> Vec<Check> {
    vec![
        Check::new("ac-28-tokens", EXERCISE, tokens)
            .says("A token of the issuer's newest key for this resource is let in; every other is sent to the metadata.")
            .why(
                "A token for another server would let that server act here. A key that changes must not lock anybody out.",
                "specification of the server, AC-28",
            ),
        Check::new("ac-29-scopes", EXERCISE, scopes)
            .says("Who may read sees the four reading tools, and is refused the others by what the body says.")
            .why(
                "A model calls what it sees. The scope in the challenge is what the client asks its user for.",
                "specification of the server, AC-29",
            ),
    ]
}

/// What is wrong with a token, and how a right one becomes it.
type Case = (&'static str, fn(Draft) -> Draft);

/// Tokens that no server may take.
const WRONG: [Case; 8] = [
    ("for another audience", |d| d.claim("aud", ELSEWHERE)),
    ("of another issuer", |d| d.claim("iss", ELSEWHERE)),
    ("of an unknown key", |d| d.signed_by(Signer::UnknownKey)),
    ("of a stranger in the issuer's name", |d| {
        d.signed_by(Signer::Stranger)
    }),
    ("with alg none", |d| d.signed_by(Signer::Nobody)),
    ("with HS256 and the public key", |d| {
        d.signed_by(Signer::PublicKeyAsSecret(PublicKey::Pem))
    }),
    ("with HS256 and the public key as JSON", |d| {
        d.signed_by(Signer::PublicKeyAsSecret(PublicKey::Jwk))
    }),
    ("that expired an hour ago", |d| d.expires_in(LONG_AGO)),
];

/// Lists the tools with this header `Authorization`, or none.
async fn try_header(remote: &Remote, value: Option<&str>) -> Verdict<HttpReply> {
    let request = remote.post(&remote.message("tools/list", json!({})));
    let request = match value {
        Some(value) => request.header("Authorization", value),
        None => request.without("Authorization"),
    };
    remote.send(&request).await
}

async fn tokens(ctx: Context) -> Verdict {
    let issuer = ctx.issuer()?;
    // The address that clients know is not the one where the server listens.
    let proxy = Proxy::start().await?;
    let resource = format!("http://{}/mcp", proxy.address());
    let server = serve(&ctx, ctx.server().env("RESOURCE_URL", &resource)).await?;
    proxy.add(&server);
    let before = caller(&ctx, &server, &resource, "ada", ALL)?.through(&proxy);
    let right = async |remote: &Remote, sent: &str| -> Verdict {
        let reply = remote
            .send(&remote.post(&remote.message("tools/list", json!({}))))
            .await?;
        ensure(reply.status == 200, || {
            reply
                .wrong("A good token is refused.", sent)
                .expected("status 200")
        })?;
        Ok(())
    };
    right(&before, "tools/list with a good token").await?;
    issuer.rotate_key();
    let ada = caller(&ctx, &server, &resource, "ada", ALL)?.through(&proxy);
    right(&ada, "tools/list with a token of a key that is new").await?;

    let reply = try_header(&ada, None).await?;
    refused(&ctx, &ada, &reply, &resource, "no token").await?;
    for (what, spoil) in WRONG {
        let token = issuer.mint(&spoil(issuer.draft(&resource, "ada", ALL)));
        let reply = try_header(&ada, Some(&format!("Bearer {token}"))).await?;
        refused(&ctx, &ada, &reply, &resource, &format!("a token {what}")).await?;
    }
    right(&ada, "tools/list with the good token, after all the others").await
}

/// Demands 401, and a challenge that leads to the metadata of this resource.
async fn refused(
    ctx: &Context,
    remote: &Remote,
    reply: &HttpReply,
    resource: &str,
    with: &str,
) -> Verdict {
    let sent = format!("tools/list with {with}");
    let challenge = Challenge::of(reply, 401, &sent)?;
    let address = challenge.get("resource_metadata").unwrap_or_default();
    let base = resource.trim_end_matches("/mcp");
    let Some(path) = address.strip_prefix(base) else {
        return Err(wrong("The challenge leads to another server.")
            .sent(sent)
            .expected(format!("resource_metadata=\"{base}…\""))
            .got(reply.got())
            .into());
    };
    let request = HttpRequest::new("GET", path).and("Host", &remote.host());
    let document = remote.send(&request).await?;
    let told: Value = document.messages().into_iter().next().unwrap_or_default();
    let url = ctx.issuer()?.url();
    let servers = told["authorization_servers"].as_array();
    let trusts = servers.is_some_and(|servers| servers.iter().any(|server| *server == *url));
    let right = document.status == 200 && told["resource"] == resource && trusts;
    ensure(right, || {
        document
            .wrong(
                "The challenge does not lead to the metadata.",
                format!("GET {address}"),
            )
            .expected(format!(
                "resource {resource}, and {url} in authorization_servers"
            ))
    })?;
    Ok(())
}

async fn scopes(ctx: Context) -> Verdict {
    let ada = serve(&ctx, ctx.server()).await?;
    let eve = caller(&ctx, &ada, &ada.url(), "eve", READ)?;
    let reply = eve.request("tools/list", json!({})).await?;
    let result = reply.result()?;
    let tools = result["tools"].as_array().into_iter().flatten();
    let mut names: Vec<&str> = tools.filter_map(|tool| tool["name"].as_str()).collect();
    names.sort_unstable();
    let right = vec![
        "get_task",
        "list_projects",
        "plan_milestones",
        "search_tasks",
    ];
    let what = "The list is not what the token allows.";
    same(&names, &right, what, "tools/list with tracker:read alone")?;
    if ctx.era() == Era::Modern {
        ensure(result["cacheScope"] == "private", || {
            reply
                .wrong("Whoever keeps this list may show it to another caller.")
                .expected("cacheScope = \"private\"")
        })?;
    }
    let new = json!({"project": "ATLAS", "title": "Not allowed"});
    let message = eve.message(
        "tools/call",
        json!({"name": "create_task", "arguments": new}),
    );
    let plain = eve.post(&message);
    let mut tried = vec![(plain.clone(), "create_task with tracker:read alone")];
    if ctx.era() == Era::Legacy {
        let disguised = plain.header("Mcp-Name", "list_projects");
        tried.push((
            disguised,
            "create_task with Mcp-Name: list_projects and tracker:read alone",
        ));
    }
    for (request, sent) in tried {
        let reply = eve.send(&request).await?;
        let challenge = Challenge::of(&reply, 403, sent)?;
        let asks = challenge.get("error") == Some("insufficient_scope")
            && challenge.scopes().contains(&"tracker:write");
        ensure(asks, || {
            reply
                .wrong(
                    "The refusal does not ask for the scope that is missing.",
                    sent,
                )
                .expected("error=\"insufficient_scope\", scope=\"tracker:write\"")
        })?;
    }
    // Who may, can.
    data(&eve.call("list_projects", json!({})).await?)?;
    Ok(())
}
