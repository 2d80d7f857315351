//! 1.5 Know who is calling.

use serde_json::json;
use verdict::Era;

use crate::harness::protocol::{self, Client, LEGACY, MODERN};
use crate::harness::{Check, Context, Opening, Reply, Server, Verdict, ensure};

const EXERCISE: &str = "1.5";
const SOURCE: &str = "specification 2026-07-28, basic/index";

pub(super) fn checks() -> Vec<Check> {
    vec![
        Check::new("caller-modern", EXERCISE, named)
            .says("`whoami` names the client that a modern request introduces, and the era.")
            .why("In the modern era every request says in `_meta` who sends it; there is no handshake to look back to.", SOURCE)
            .only(Era::Modern),
        Check::new("caller-legacy", EXERCISE, named)
            .says("`whoami` names the client of the handshake, and the era.")
            .why(
                "A legacy client introduces itself once, in `initialize`, for the whole connection.",
                "specification 2025-11-25, basic/lifecycle, Initialization",
            )
            .only(Era::Legacy),
        Check::new("caller-interleaved", EXERCISE, interleaved)
            .says("Two modern clients that take turns are told apart.")
            .why(
                "Requests of one connection may come from different clients: what one of them said is no news about \
                 the next.",
                SOURCE,
            )
            .only(Era::Modern),
        Check::new("caller-unknown", EXERCISE, unknown)
            .says("A modern client that does not give its name is \"unknown\", whoever called before.")
            .why("clientInfo is no required key: a request without it is a good request.", SOURCE)
            .only(Era::Modern),
    ]
}

async fn ask(server: &mut Server, client: &Client) -> Verdict<Reply> {
    server.introduce_as(client.clone());
    server.call("whoami", json!({})).await
}

/// Demands that the answer names this client and this era, in whatever form.
fn names(reply: &Reply, client: &Client, era: Era) -> Verdict {
    let introduced = match era {
        Era::Modern => "in _meta",
        Era::Legacy => "in the handshake",
    };
    let sent = format!(
        "tools/call whoami {{}}, with clientInfo {} {introduced}",
        client.to_json()
    );
    let text = reply
        .tool_success()
        .map_err(|refused| refused.sent(sent.clone()))?
        .text();
    let wrong = |what: String| reply.wrong(what).sent(sent.clone());
    let expected = || {
        format!(
            "an answer with {:?}, {:?} and the era ({} or its revision)",
            client.name,
            client.version,
            era.name()
        )
    };
    for (what, due) in [("name", &client.name), ("version", &client.version)] {
        ensure(text.contains(due.as_str()), || {
            wrong(format!("The answer does not give the client's {what}.")).expected(expected())
        })?;
    }
    let text = text.to_lowercase();
    let said = |era: Era| match era {
        Era::Modern => text.contains("modern") || text.contains(MODERN),
        Era::Legacy => text.contains("legacy") || text.contains(LEGACY),
    };
    let other = match era {
        Era::Modern => Era::Legacy,
        Era::Legacy => Era::Modern,
    };
    ensure(said(era) && !said(other), || {
        wrong("The answer does not give the era of the request.".into()).expected(expected())
    })?;
    Ok(())
}

async fn named(ctx: Context) -> Verdict {
    let mut server = ctx.server().start(Opening::None).await?;
    let client = Client::new("Parrot", "3.14.15");
    server.introduce_as(client.clone());
    if ctx.era() == Era::Legacy {
        server.initialize(LEGACY).await?;
    }
    let reply = ask(&mut server, &client).await?;
    names(&reply, &client, ctx.era())
}

async fn interleaved(ctx: Context) -> Verdict {
    let mut server = ctx.start().await?;
    let callers = [
        Client::new("Parrot", "3.14.15"),
        Client::new("Heron", "27.1.8"),
    ];
    // In turn, then at the same time.
    for turn in [0, 1, 0, 1] {
        let client = &callers[turn];
        let reply = ask(&mut server, client).await?;
        names(&reply, client, Era::Modern)?;
    }
    let mut open = Vec::new();
    for turn in [0, 1, 0, 1, 1, 0] {
        let client = &callers[turn];
        server.introduce_as(client.clone());
        open.push((client, server.begin_call("whoami", json!({})).await?));
    }
    for (client, pending) in open {
        names(&pending.reply().await?, client, Era::Modern)?;
    }
    Ok(())
}

async fn unknown(ctx: Context) -> Verdict {
    let mut server = ctx.start().await?;
    // As the first request of all, then after a client that did give its name.
    is_unknown(&server).await?;
    let client = Client::new("Parrot", "3.14.15");
    names(&ask(&mut server, &client).await?, &client, Era::Modern)?;
    is_unknown(&server).await
}

async fn is_unknown(server: &Server) -> Verdict {
    let params = json!({"name": "whoami", "arguments": {}, "_meta": protocol::meta(MODERN, None)});
    let reply = server
        .ask(protocol::request(server.fresh_id(), "tools/call", params))
        .await?;
    let text = reply.tool_success()?.text();
    ensure(
        text.to_lowercase().contains("unknown") && !text.contains("Parrot"),
        || {
            reply
                .wrong("A client that did not give its name is not told as unknown.")
                .sent("tools/call whoami {}, without clientInfo in _meta")
                .expected("an answer with `unknown`, and no name of another caller")
        },
    )?;
    Ok(())
}
