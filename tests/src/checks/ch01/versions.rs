//! 1.4 Choose the versions.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use verdict::Era;

use crate::harness::protocol::{self, Client, LEGACY, MODERN, UNSUPPORTED_VERSION};
use crate::harness::{Check, Context, Opening, Reply, Server, Verdict, Wrong, ensure};

const EXERCISE: &str = "1.4";
const VERSIONING: &str = "specification 2026-07-28, basic/versioning";
const WHY_BOTH: &str = "Most clients still open with `initialize`, others speak the modern revision at once: \
    a server that serves both loses nobody.";
/// Revisions that the server must refuse: one that does not exist, and one that it no longer speaks.
const REFUSED: [&str; 2] = ["2099-01-01", "2024-11-05"];

pub(super) fn checks() -> Vec<Check> {
    vec![
        Check::new("versions-discover", EXERCISE, discover)
            .says("server/discover lists 2025-11-25 and 2026-07-28, and the server then serves a call.")
            .why(
                "supportedVersions is what a client chooses from; each revision in it is a promise.",
                "specification 2026-07-28, server/discover",
            )
            .only(Era::Modern),
        Check::new("versions-direct-call", EXERCISE, direct_call)
            .says("A call is served as the very first message.")
            .why("In the modern era a client may skip server/discover.", VERSIONING)
            .only(Era::Modern),
        Check::new("versions-initialize", EXERCISE, initialize)
            .says("initialize with 2025-11-25 is answered in kind, and the server then serves a call.")
            .why(WHY_BOTH, VERSIONING)
            .only(Era::Legacy),
        Check::new("versions-negotiate", EXERCISE, negotiate)
            .says("initialize with 2024-11-05 is answered with 2025-11-25.")
            .why(
                "A server that does not speak what the client asks for MUST answer with a revision that it does \
                 speak; the client then decides.",
                "specification 2025-11-25, basic/lifecycle, Version Negotiation",
            )
            .only(Era::Legacy),
        Check::new("versions-refused", EXERCISE, refused)
            .says("A request in another revision is refused with -32022, which names those that are served.")
            .why(
                "The client can try again at once with one of `supported`, and the conversation goes on.",
                VERSIONING,
            )
            .only(Era::Modern),
    ]
}

async fn fresh(ctx: &Context) -> Verdict<Server> {
    ctx.server().start(Opening::None).await
}

async fn serves_a_call(server: &Server) -> Verdict {
    server
        .call("greet", json!({"name": "Ada"}))
        .await?
        .tool_success()?;
    Ok(())
}

/// Demands that a list holds exactly the two revisions, in any order.
fn exactly_both(reply: &Reply, list: &Value, place: &str) -> Result<(), Wrong> {
    let listed: Option<BTreeSet<&str>> = list
        .as_array()
        .map(|list| list.iter().filter_map(Value::as_str).collect());
    ensure(listed == Some(BTreeSet::from([LEGACY, MODERN])), || {
        reply
            .wrong("The server does not name exactly the two revisions.")
            .expected(format!("{place} with {LEGACY} and {MODERN}, in any order"))
            .got(format!("{place} = {list}"))
    })
}

async fn discover(ctx: Context) -> Verdict {
    let server = fresh(&ctx).await?;
    let reply = server.request("server/discover", json!({})).await?;
    exactly_both(
        &reply,
        &reply.result()?["supportedVersions"],
        "result.supportedVersions",
    )?;
    serves_a_call(&server).await
}

async fn direct_call(ctx: Context) -> Verdict {
    serves_a_call(&fresh(&ctx).await?).await
}

async fn initialize(ctx: Context) -> Verdict {
    opens_with(
        &ctx,
        LEGACY,
        "The server does not take up the revision that the client asks for.",
    )
    .await
}

async fn negotiate(ctx: Context) -> Verdict {
    opens_with(
        &ctx,
        "2024-11-05",
        "The server settles on a revision that it should not speak.",
    )
    .await
}

async fn opens_with(ctx: &Context, version: &str, what: &str) -> Verdict {
    let server = fresh(ctx).await?;
    let reply = server.initialize(version).await?;
    let settled = &reply.result()?["protocolVersion"];
    ensure(settled == LEGACY, || {
        reply
            .wrong(what)
            .expected(format!("result.protocolVersion = {LEGACY:?}"))
            .got(format!("result.protocolVersion = {settled}"))
    })?;
    serves_a_call(&server).await
}

async fn refused(ctx: Context) -> Verdict {
    // Once as the first message, once after a good request; a good request must work after each.
    for version in REFUSED {
        let server = fresh(&ctx).await?;
        refuses(&server, version).await?;
        serves_a_call(&server).await?;
        refuses(&server, version).await?;
        serves_a_call(&server).await?;
    }
    Ok(())
}

async fn refuses(server: &Server, version: &str) -> Verdict {
    let meta = protocol::meta(version, Some(&Client::default()));
    let params = protocol::with_meta(
        json!({"name": "greet", "arguments": {"name": "Ada"}}),
        &meta,
    );
    let request = protocol::request(server.fresh_id(), "tools/call", params);
    let reply = server.ask(request).await?;
    let sent = format!("tools/call greet, with _meta protocolVersion {version:?}");
    let what =
        format!("A request in revision {version} was not refused as the specification asks for.");
    let data = match reply.expect_error(UNSUPPORTED_VERSION, &what) {
        Ok(error) => &error["data"],
        Err(wrong) => return Err(wrong.sent(sent).into()),
    };
    exactly_both(&reply, &data["supported"], "error.data.supported")
        .map_err(|wrong| wrong.sent(sent.clone()))?;
    ensure(data["requested"] == version, || {
        reply
            .wrong("The refusal does not name the revision that was asked for.")
            .sent(sent)
            .expected(format!("error.data.requested = {version:?}"))
    })?;
    Ok(())
}
