//! 1.1 Say who you are.

use std::time::Duration;

use serde_json::{Value, json};
use verdict::Era;

use crate::harness::{Check, Context, Opening, Reply, Verdict, ensure, protocol, wrong};

const EXERCISE: &str = "1.1";
const WHY: &str = "Clients show name and version to people, and write them into the reports of faults. \
    Left alone, the SDK gives its own.";

pub(super) fn checks() -> Vec<Check> {
    vec![
        Check::new("identity-discover", EXERCISE, identity_in_discover)
            .says("server/discover names the server as `--version` does.")
            .why(WHY, "specification 2026-07-28, server/discover")
            .only(Era::Modern),
        Check::new("identity-initialize", EXERCISE, identity_in_initialize)
            .says("initialize names the server as `--version` does.")
            .why(WHY, "specification 2025-11-25, basic/lifecycle, Initialization")
            .only(Era::Legacy),
        Check::new("identity-title", EXERCISE, title)
            .says("The server has a title for people.")
            .why(
                "A list of servers shows the title; without one, it has to show the name of a program.",
                "specification 2026-07-28, server/discover",
            ),
        Check::new("identity-instructions", EXERCISE, instructions)
            .says("The server tells a model how to use it.")
            .why(
                "Hosts give the instructions to the model together with the tools: the one place where the server \
                 explains itself as a whole.",
                "specification 2026-07-28, server/discover",
            ),
    ]
}

/// What `--version` prints: name and version, as the server itself must give them.
async fn printed_identity(ctx: &Context) -> Verdict<(String, String)> {
    let (output, ending) = ctx
        .server()
        .argument("--version")
        .output(Duration::from_secs(2))
        .await?;
    let words: Vec<&str> = output.split_whitespace().collect();
    match words[..] {
        [name, version] if ending.is_normal() => Ok((name.into(), version.into())),
        _ => Err(wrong("`--version` does not print name and version.")
            .sent("the command with the argument --version")
            .expected("one line with name and version, and exit code 0")
            .got(format!("{output:?} and {}", ending.spoken()))
            .into()),
    }
}

/// The reply that opens the conversation, with what it says about the server.
async fn opening(ctx: &Context) -> Verdict<Reply> {
    let server = ctx.server().start(Opening::None).await?;
    match ctx.era() {
        Era::Modern => server.request("server/discover", json!({})).await,
        Era::Legacy => server.initialize(protocol::LEGACY).await,
    }
}

fn server_info(reply: &Reply) -> Verdict<&Value> {
    let result = reply.result()?;
    Ok(match reply.era() {
        Era::Modern => &result["_meta"][protocol::META_SERVER],
        Era::Legacy => &result["serverInfo"],
    })
}

async fn identity_in_discover(ctx: Context) -> Verdict {
    judge_identity(&ctx, "result._meta[\"io.modelcontextprotocol/serverInfo\"]").await
}

async fn identity_in_initialize(ctx: Context) -> Verdict {
    judge_identity(&ctx, "result.serverInfo").await
}

async fn judge_identity(ctx: &Context, place: &str) -> Verdict {
    let (name, version) = printed_identity(ctx).await?;
    let reply = opening(ctx).await?;
    let info = server_info(&reply)?;
    let expected =
        format!("{place} with name {name:?} and version {version:?}, as --version prints them");
    let got = format!("{place} = {info}");
    let right = info["name"] == name.as_str() && info["version"] == version.as_str();
    ensure(right, || {
        let what = match info["name"].as_str() {
            None => "The server does not give its name.".into(),
            Some("rmcp") => "The server calls itself `rmcp`, as the SDK does.".into(),
            Some(other) if other != name => format!("The server calls itself `{other}`."),
            Some(_) => format!("The server gives {} as its version.", info["version"]),
        };
        reply.wrong(what).expected(expected).got(got)
    })?;
    Ok(())
}

async fn title(ctx: Context) -> Verdict {
    let reply = opening(&ctx).await?;
    let info = server_info(&reply)?;
    let title = info["title"].as_str().unwrap_or_default();
    ensure(!title.trim().is_empty(), || {
        reply
            .wrong("The server has no title.")
            .expected("serverInfo with a `title` that is not empty")
            .got(format!("serverInfo = {info}"))
    })?;
    Ok(())
}

async fn instructions(ctx: Context) -> Verdict {
    let reply = opening(&ctx).await?;
    let instructions = reply.result()?["instructions"].as_str().unwrap_or_default();
    ensure(!instructions.trim().is_empty(), || {
        reply
            .wrong("The server gives no instructions.")
            .expected("result.instructions, a text that is not empty")
    })?;
    Ok(())
}
