//! 6.5 Ask for scopes.

use serde_json::json;
use verdict::Era;

use super::refusals::Refusals;
use super::spellings::{AMBIGUOUS, BODIES, HEADERS, written};
use crate::harness::{
    Caller, Challenge, Check, Context, HttpReply, Remote, Verdict, ensure, wrong,
};

const EXERCISE: &str = "6.5";
const SOURCE: &str = "specification 2026-07-28, basic/authorization, Scope Challenge Handling";

/// Tokens that have one scope only.
const ONLY_ADMIN: &str = "static-token-only-admin-18c3f0";
const ONLY_WRITE: &str = "static-token-only-write-64e9b2";
/// A token that allows nothing.
const NOTHING: &str = "static-token-for-nothing-b07d15";

/// `BODY_LIMIT` in the check that looks at it, and a title that is longer.
const BODY_LIMIT: usize = 4000;

pub(super) fn checks() -> Vec<Check> {
    vec![
        Check::new("scope-challenge", EXERCISE, challenge)
            .says("A call that the token does not allow is answered 403, with the scope that it needs, and changes nothing.")
            .why(
                "The client asks its user for the scopes in the challenge, and calls again. All that the operation needs \
                 belongs there, or the user is asked twice.",
                SOURCE,
            ),
        Check::new("scope-of-body", EXERCISE, of_body)
            .says("What a request needs is read from its body, whatever its headers say.")
            .why(
                "Only the modern era compares `Mcp-Name` with the body. A legacy request may have any value in it, or none.",
                "specification 2026-07-28, basic/transports/streamable-http, Standard Headers",
            ),
        Check::new("scope-odd-bodies", EXERCISE, odd_bodies)
            .says("What a request needs is found in its body however that is written, or the request is refused.")
            .why(
                "Two readers of one text may read two things. If your middleware finds another tool than the SDK, the \
                 check is around the call and not before it.",
                SOURCE,
            ),
        Check::new("scope-hierarchy", EXERCISE, hierarchy)
            .says("Who may delete may write, and who may write may read.")
            .why(
                "Servers MUST account for such relations between scopes: a client that was granted the larger one would \
                 be sent to its user for the smaller.",
                SOURCE,
            ),
        Check::new("scope-list", EXERCISE, list)
            .says("A caller sees the tools that the token allows, and the list is private.")
            .why(
                "A model that sees a tool calls it. A list that depends on the caller and is not private may be shown to \
                 another one by whoever keeps it.",
                "specification 2026-07-28, server/utilities/caching",
            ),
        Check::new("scope-body-limit", EXERCISE, limit)
            .says("A body that is read for its scope is not read without end.")
            .why(
                "Reading the body before the SDK does goes around the limit of the SDK. What is kept in memory needs a \
                 limit of its own.",
                "specification 2026-07-28, server/tools, Security Considerations",
            ),
    ]
}

async fn challenge(ctx: Context) -> Verdict {
    let remote = with_tokens(&ctx).await?;
    let eve = remote.for_caller(Caller::Eve).await?;
    let ben = remote.for_caller(Caller::Ben).await?;
    let nobody = remote.with_token(NOTHING);
    nobody.open_if_legacy().await?;
    let new = json!({"project": "ATLAS", "title": "Not allowed"});
    let drafted = json!({"project": "ATLAS", "titles": ["Not allowed"]});
    let file = json!({"task": "ATLAS-1", "url": "https://files.example.com/plan.txt"});
    let one = json!({"task": "ATLAS-1"});
    let mut refusals = Refusals::default();
    for (asking, token, tool, arguments, scope) in [
        (&nobody, NOTHING, "list_projects", json!({}), "tracker:read"),
        (
            &eve,
            Caller::Eve.token(),
            "create_task",
            new,
            "tracker:write",
        ),
        (
            &eve,
            Caller::Eve.token(),
            "draft_tasks",
            drafted,
            "tracker:write",
        ),
        (
            &eve,
            Caller::Eve.token(),
            "submit_draft",
            json!({"draft": "x"}),
            "tracker:write",
        ),
        (
            &eve,
            Caller::Eve.token(),
            "import_attachment",
            file,
            "tracker:write",
        ),
        (
            &eve,
            Caller::Eve.token(),
            "delete_task",
            one.clone(),
            "tracker:admin",
        ),
        (
            &ben,
            Caller::Ben.token(),
            "delete_task",
            one,
            "tracker:admin",
        ),
    ] {
        let reply = asking.try_call(tool, arguments).await?;
        let sent = format!("tools/call {tool} with a token that lacks {scope}");
        demands(&reply, scope, &sent)?;
        refusals.add(&reply, token, &sent)?;
    }
    unchanged(&ctx, "calls that the token does not allow")?;
    refusals.audited(&remote).await
}

/// Demands a refusal that asks for a scope.
fn demands(reply: &HttpReply, scope: &str, sent: &str) -> Verdict {
    let challenge = Challenge::of(reply, 403, sent)?;
    let failed = |what: &str, expected: String| reply.wrong(what, sent).expected(expected);
    ensure(challenge.get("error") == Some("insufficient_scope"), || {
        failed(
            "The challenge does not say what is wrong.",
            "error=\"insufficient_scope\"".into(),
        )
    })?;
    ensure(challenge.scopes().contains(&scope), || {
        failed(
            "The challenge does not name the scope that is missing.",
            format!("scope=\"{scope}\""),
        )
    })?;
    ensure(challenge.get("resource_metadata").is_some(), || {
        failed(
            "The challenge does not say where to get a token.",
            "resource_metadata=\"…\"".into(),
        )
    })?;
    Ok(())
}

/// A server that knows tokens with one scope and with none, too.
async fn with_tokens(ctx: &Context) -> Verdict<Remote> {
    let mut tokens = Caller::tokens();
    if let Some(tokens) = tokens.as_array_mut() {
        tokens.push(json!({"token": ONLY_ADMIN, "sub": "olga", "scope": "tracker:admin"}));
        tokens.push(json!({"token": ONLY_WRITE, "sub": "otto", "scope": "tracker:write"}));
        tokens.push(json!({"token": NOTHING, "sub": "nils", "scope": ""}));
    }
    ctx.server()
        .env("STATIC_TOKENS", tokens.to_string())
        .serve_http()
        .await
}

/// Demands that nothing was changed at the tracker.
fn unchanged(ctx: &Context, sent: &str) -> Verdict {
    let journal = ctx.tracker()?.journal();
    let changed = journal.iter().find(|entry| entry.method != "GET");
    match changed {
        None => Ok(()),
        Some(entry) => Err(
            wrong("A call was refused, and has changed something nevertheless.")
                .sent(sent)
                .expected("no request to the tracker that changes anything")
                .got(format!("{} {}", entry.method, entry.path))
                .into(),
        ),
    }
}

async fn of_body(ctx: Context) -> Verdict {
    let remote = ctx.server().serve_http().await?;
    let eve = remote.for_caller(Caller::Eve).await?;
    let ben = remote.for_caller(Caller::Ben).await?;
    let mut refusals = Refusals::default();
    let new =
        json!({"name": "create_task", "arguments": {"project": "ATLAS", "title": "Not allowed"}});
    let gone = json!({"name": "delete_task", "arguments": {"task": "ATLAS-1"}});
    for (asking, who, params, scope) in [
        (&eve, Caller::Eve, new, "tracker:write"),
        (&ben, Caller::Ben, gone, "tracker:admin"),
    ] {
        for (what, headers) in HEADERS {
            let message = asking.message("tools/call", params.clone());
            let mut request = asking.post(&message).without("Mcp-Name");
            if headers.iter().any(|(name, _)| *name == "Mcp-Method") {
                request = request.without("Mcp-Method");
            }
            for (name, value) in headers {
                request = request.and(name, value);
            }
            let reply = asking.send(&request).await?;
            let sent = format!(
                "{} in the body, {what}, and a token that lacks {scope}",
                params["name"]
            );
            // A header that does not fit may be refused for itself. Only the modern era demands that, and that it is there.
            let may_refuse = ctx.era() == Era::Modern || !headers.is_empty();
            if may_refuse && reply.status == 400 {
                refusals.add_other(&reply, who.token(), &sent)?;
                continue;
            }
            ensure(reply.status == 403, || {
                reply
                    .wrong(
                        "What the body asks for is not what the token was judged by.",
                        &sent,
                    )
                    .expected("403")
            })?;
            demands(&reply, scope, &sent)?;
            refusals.add(&reply, who.token(), &sent)?;
        }
    }
    unchanged(&ctx, "calls with headers that name another tool")?;
    if ctx.era() == Era::Legacy {
        // Who is allowed what the body says is not refused for what a header says.
        let message = eve.message(
            "tools/call",
            json!({"name": "list_projects", "arguments": {}}),
        );
        let request = eve.post(&message).and("Mcp-Name", "delete_task");
        let reply = eve.send(&request).await?;
        eve.reply(&message, &reply)?.tool_success()?;
    }
    let new = json!({"project": "ATLAS", "title": "Allowed"});
    remote.call("create_task", new).await?.tool_success()?;
    refusals.audited(&remote).await
}

async fn odd_bodies(ctx: Context) -> Verdict {
    let remote = ctx.server().serve_http().await?;
    let eve = remote.for_caller(Caller::Eve).await?;
    let clear = BODIES.map(|(what, body)| (what, body, true));
    let ambiguous = AMBIGUOUS.map(|(what, body)| (what, body, false));
    for (what, body, is_clear) in clear.into_iter().chain(ambiguous) {
        for name in ["list_projects", "create_task"] {
            let message = eve.message("tools/call", json!({"name": name}));
            let body = written(body, &message);
            let reply = eve.send(&eve.post(&message).body(body)).await?;
            let sent = format!(
                "create_task in a body like this: {what}, Mcp-Name: {name}, and a token that may only read"
            );
            ensure(!is_clear || matches!(reply.status, 400 | 403), || {
                reply
                    .wrong(
                        "What the body asks for is not what the token was judged by.",
                        &sent,
                    )
                    .expected("403, or 400 where the server refuses every such body")
            })?;
            unchanged(&ctx, &sent)?;
        }
    }
    Ok(())
}

async fn hierarchy(ctx: Context) -> Verdict {
    let remote = with_tokens(&ctx).await?;
    let new = json!({"project": "ATLAS", "title": "Allowed"});
    for (token, scope, tool, arguments) in [
        (ONLY_WRITE, "tracker:write", "list_projects", json!({})),
        (ONLY_ADMIN, "tracker:admin", "list_projects", json!({})),
        (ONLY_ADMIN, "tracker:admin", "create_task", new),
    ] {
        let message = remote.message("tools/call", json!({"name": tool, "arguments": arguments}));
        let request = remote
            .post(&message)
            .header("Authorization", &format!("Bearer {token}"));
        let reply = remote.send(&request).await?;
        let sent = format!("tools/call {tool} with a token whose only scope is {scope}");
        ensure(reply.status == 200, || {
            reply
                .wrong(
                    format!("{scope} does not include what {tool} needs."),
                    &sent,
                )
                .expected("200")
        })?;
        remote.reply(&message, &reply)?.tool_success()?;
    }
    Ok(())
}

async fn list(ctx: Context) -> Verdict {
    let remote = ctx.server().serve_http().await?;
    let eve = remote.for_caller(Caller::Eve).await?;
    for (client, shown, hidden) in [
        (
            &remote,
            &["list_projects", "create_task", "delete_task"][..],
            &[][..],
        ),
        (
            &eve,
            &["list_projects", "list_tasks"][..],
            &["create_task", "submit_draft", "delete_task"][..],
        ),
    ] {
        let listed = client.request("tools/list", json!({})).await?;
        let tools = listed.result()?["tools"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        let has = |name: &str| tools.iter().any(|tool| tool["name"] == name);
        for name in shown {
            ensure(has(name), || {
                listed
                    .wrong(format!("The list lacks {name}, which the token allows."))
                    .expected(*name)
            })?;
        }
        for name in hidden {
            ensure(!has(name), || {
                listed
                    .wrong(format!(
                        "The list shows {name} to a caller who may only read."
                    ))
                    .expected("the tools that the token allows")
            })?;
        }
        if ctx.era() == Era::Modern {
            ensure(listed.result()?["cacheScope"] == "private", || {
                listed
                    .wrong("Whoever keeps this list may show it to another caller.")
                    .expected("cacheScope = \"private\"")
            })?;
        }
    }
    Ok(())
}

async fn limit(ctx: Context) -> Verdict {
    let remote = ctx
        .server()
        .env("BODY_LIMIT", BODY_LIMIT.to_string())
        .serve_http()
        .await?;
    let title = "x".repeat(2 * BODY_LIMIT);
    let reply = remote
        .try_call("create_task", json!({"project": "ATLAS", "title": title}))
        .await?;
    ensure(reply.status == 413, || {
        reply
            .wrong(
                "A body that is too long was read to its end.",
                format!(
                    "a body of more than {} bytes, with BODY_LIMIT={BODY_LIMIT}",
                    2 * BODY_LIMIT
                ),
            )
            .expected("status 413")
    })?;
    unchanged(&ctx, "create_task in a body that is too long")
}
