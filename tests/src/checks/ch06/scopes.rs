//! 6.5 Ask for scopes.

use serde_json::json;
use verdict::Era;

use super::challenge::Challenge;
use crate::harness::{Caller, Check, Context, Remote, Verdict, ensure, wrong};

const EXERCISE: &str = "6.5";
const SOURCE: &str = "specification 2026-07-28, basic/authorization, Scope Challenge Handling";

/// Tokens that have one scope only.
const ONLY_ADMIN: &str = "static-token-only-admin-18c3f0";
const ONLY_WRITE: &str = "static-token-only-write-64e9b2";

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

/// The same server for another caller, with a conversation opened.
async fn caller(remote: &Remote, caller: Caller) -> Verdict<Remote> {
    let remote = remote.as_caller(caller);
    if remote.process().era() == Era::Legacy {
        remote.open().await?;
    }
    Ok(remote)
}

async fn challenge(ctx: Context) -> Verdict {
    let remote = ctx.server().serve_http().await?;
    let new = json!({"project": "ATLAS", "title": "Not allowed"});
    for (who, tool, arguments, scope) in [
        (Caller::Eve, "create_task", new, "tracker:write"),
        (
            Caller::Ben,
            "delete_task",
            json!({"task": "ATLAS-1"}),
            "tracker:admin",
        ),
    ] {
        let asking = caller(&remote, who).await?;
        let reply = asking.try_call(tool, arguments).await?;
        let sent = format!("tools/call {tool} with a token that lacks {scope}");
        let challenge = Challenge::of(&reply, 403, &sent)?;
        let failed = |what: &str, expected: String| reply.wrong(what, &sent).expected(expected);
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
    }
    unchanged(&ctx, "two calls that the token does not allow")
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
    let eve = caller(&remote, Caller::Eve).await?;
    let arguments = json!({"project": "ATLAS", "title": "Not allowed"});
    let message = eve.message(
        "tools/call",
        json!({"name": "create_task", "arguments": arguments}),
    );
    let right = eve.post(&message).without("Mcp-Name");
    // The modern era refuses a header that does not fit, for a reason of its own.
    let refused: &[u16] = match ctx.era() {
        Era::Modern => &[400, 403],
        Era::Legacy => &[403],
    };
    for (request, header) in [
        (right.clone(), "no header Mcp-Name"),
        (
            right.clone().and("Mcp-Name", "list_projects"),
            "Mcp-Name: list_projects",
        ),
        (right.and("Mcp-Name", ""), "an empty header Mcp-Name"),
    ] {
        let reply = eve.send(&request).await?;
        ensure(refused.contains(&reply.status), || {
            reply
                .wrong(
                    "What the body asks for is not what the token was judged by.",
                    format!("create_task in the body, {header}, and a token that may only read"),
                )
                .expected("403")
        })?;
    }
    unchanged(&ctx, "create_task with headers that name another tool")
}

async fn hierarchy(ctx: Context) -> Verdict {
    let mut tokens = Caller::tokens();
    if let Some(tokens) = tokens.as_array_mut() {
        tokens.push(json!({"token": ONLY_ADMIN, "sub": "olga", "scope": "tracker:admin"}));
        tokens.push(json!({"token": ONLY_WRITE, "sub": "otto", "scope": "tracker:write"}));
    }
    let remote = ctx
        .server()
        .env("STATIC_TOKENS", tokens.to_string())
        .serve_http()
        .await?;
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
    let eve = caller(&remote, Caller::Eve).await?;
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
