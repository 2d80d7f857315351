//! 8.1: who the server is, and where its secrets come from.

use std::time::Duration;

use serde_json::{Value, json};
use verdict::Era;

use super::shared::{data, ids, same, serve};
use crate::harness::protocol::{self, Client};
use crate::harness::{
    Check, Context, Opening, Reply, Server, Stop, TRACKER_TOKEN, Verdict, ensure, short, wrong,
};

const EXERCISE: &str = "8.1";
/// A revision that this server does not speak.
const OLD: &str = "2024-11-05";
/// How long a program may take to end (× the time factor).
const ENDS: Duration = Duration::from_secs(2);
/// A web page whose scripts nobody has allowed.
const ELSEWHERE: &str = "https://elsewhere.example";

pub(super) fn checks() -> Vec<Check> {
    vec![
        Check::new("ac-01-identity-stdio", EXERCISE, over_stdio)
            .says("Over stdio the server names itself as `--version` does, writes nothing but messages, and refuses other revisions.")
            .why(
                "Whoever looks into a report of a fault needs to know which program it was. A line of a log between the \
                 messages ends the conversation.",
                "specification of the server, AC-01",
            ),
        Check::new("ac-02-identity-http", EXERCISE, over_http)
            .says("Over HTTP the server tells where it listens, names itself as `--version` does, and refuses foreign pages.")
            .why(
                "The address is what clients are given. A page that a person opens must not use the server.",
                "specification of the server, AC-02",
            ),
        Check::new("ac-03-secrets", EXERCISE, secrets)
            .says("The token comes from a file as well, is never shown, and without one the server does not start.")
            .why(
                "A server that starts without its credential fails at the first call, in front of a user who can do nothing.",
                "specification of the server, AC-03",
            ),
    ]
}

/// The two words of `--version`.
async fn version(ctx: &Context) -> Verdict<[String; 2]> {
    let (stdout, ending) = ctx.server().argument("--version").output(ENDS).await?;
    let line = stdout.strip_suffix('\n').unwrap_or(&stdout);
    let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
    match <[String; 2]>::try_from(words) {
        Ok(words) if ending.is_normal() => Ok(words),
        _ => Err(wrong("`--version` does not print a name and a version.")
            .sent("--version")
            .expected("two words with a blank between them, and exit code 0")
            .got(format!("{}, {}", short::quoted(&stdout), ending.spoken()))
            .into()),
    }
}

/// Demands that this reply names the server so.
fn named(reply: &Reply, [name, version]: &[String; 2]) -> Verdict {
    let result = reply.result()?;
    let info = match reply.era() {
        Era::Modern => &result["_meta"][protocol::META_SERVER],
        Era::Legacy => &result["serverInfo"],
    };
    ensure(info["name"] == *name && info["version"] == *version, || {
        reply
            .wrong("The server names itself in another way than `--version` does.")
            .expected(format!("name {name}, version {version}"))
            .got(short::json(info))
    })?;
    Ok(())
}

async fn over_stdio(ctx: Context) -> Verdict {
    let version = version(&ctx).await?;
    let launcher = || ctx.server().env("RUST_LOG", "debug").start(Opening::None);
    let server = launcher().await?;
    let opened = match ctx.era() {
        Era::Modern => server.request("server/discover", json!({})).await?,
        Era::Legacy => server.initialize(protocol::LEGACY).await?,
    };
    named(&opened, &version)?;
    server.request("tools/list", json!({})).await?.result()?;
    pure(&server).await?;

    let fresh = launcher().await?;
    let params = protocol::with_meta(json!({}), &protocol::meta(OLD, Some(&Client::default())));
    let message = protocol::request(fresh.fresh_id(), "server/discover", params);
    let reply = fresh.ask(message).await?;
    let error = reply.expect_error(
        protocol::UNSUPPORTED_VERSION,
        "A revision that the server does not speak is not refused.",
    )?;
    let mut supported: Vec<Value> = error["data"]["supported"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    supported.sort_by_key(ToString::to_string);
    let both = vec![json!(protocol::LEGACY), json!(protocol::MODERN)];
    same(
        &supported,
        &both,
        "The refusal names other revisions than the two that there are.",
        "server/discover in 2024-11-05",
    )?;
    pure(&fresh).await
}

/// Ends the input, and demands that nothing but messages came out.
async fn pure(server: &Server) -> Verdict {
    server.close_input().await;
    server.log().settled(server.limits().request()).await;
    let (stray, count) = server.log().stray_lines();
    let unfinished = server.log().unfinished_line();
    ensure(count == 0 && unfinished.is_none(), || {
        let line = stray.first().map(|line| line.text.clone()).or(unfinished);
        wrong("Standard output holds something else than messages.")
            .sent("requests, with RUST_LOG=debug")
            .expected("one JSON-RPC message on each line of standard output")
            .got(short::line(&line.unwrap_or_default()))
    })?;
    Ok(())
}

async fn over_http(ctx: Context) -> Verdict {
    let version = version(&ctx).await?;
    let remote = serve(&ctx, ctx.server()).await?;
    let message = match ctx.era() {
        Era::Modern => remote.message("server/discover", json!({})),
        Era::Legacy => remote.opening(),
    };
    let reply = remote.send(&remote.post(&message)).await?;
    let method = message["method"].as_str().unwrap_or_default();
    let sent = format!("{method} with a good token");
    ensure(reply.status == 200, || {
        reply
            .wrong("The opening is refused.", &sent)
            .expected("status 200")
    })?;
    named(&remote.reply(&message, &reply)?, &version)?;

    let foreign = remote.post(&message).header("Origin", ELSEWHERE);
    let reply = remote.send(&foreign).await?;
    ensure(reply.status == 403, || {
        reply
            .wrong(
                "What the script of a foreign page sends is served.",
                format!("{sent}, and Origin: {ELSEWHERE}"),
            )
            .expected("status 403")
    })?;
    Ok(())
}

async fn secrets(ctx: Context) -> Verdict {
    let file = ctx.folder()?.join("token");
    std::fs::write(&file, format!("{TRACKER_TOKEN}\n"))
        .map_err(|error| Stop::Fault(format!("cannot write {}: {error}", file.display())))?;
    let launcher = ctx.server().without("TRACKER_TOKEN");
    let server = launcher
        .env("TRACKER_TOKEN_FILE", &file)
        .start(Opening::Usual)
        .await?;
    let reply = server.call("list_projects", json!({})).await?;
    let sent = "list_projects, with TRACKER_TOKEN_FILE";
    let count = ids(&data(&reply)?["projects"]).len();
    same(
        &count,
        &25,
        "The projects are not those of the tracker.",
        sent,
    )?;
    server.close_input().await;
    server.log().settled(ctx.limits().request()).await;
    let shown = reply.message().to_string() + &server.log().stderr();
    ensure(!shown.contains(TRACKER_TOKEN), || {
        wrong("The token is shown.")
            .sent(sent)
            .expected("a reply and standard error without the token")
            .got("the token in one of them")
    })?;
    for value in [None, Some("  "), Some("${TRACKER_TOKEN}")] {
        does_not_start(&ctx, value).await?;
    }
    Ok(())
}

/// Demands that the server ends when its token has this value.
async fn does_not_start(ctx: &Context, value: Option<&str>) -> Verdict {
    let launcher = ctx.server().without("TRACKER_TOKEN");
    let (launcher, sent) = match value {
        None => (launcher, "a start without a token".to_owned()),
        Some(value) => (
            launcher.env("TRACKER_TOKEN", value),
            format!("a start with TRACKER_TOKEN={value:?}"),
        ),
    };
    let server = launcher.start(Opening::None).await?;
    let ending = server.ending(ENDS, &sent).await?;
    server.log().settled(ctx.limits().request()).await;
    let told = server.log().stderr();
    ensure(
        ending.status.code() == Some(2) && told.contains("TRACKER_TOKEN"),
        || {
            wrong("The server does not say which setting is missing.")
                .sent(sent)
                .expected("exit code 2, and TRACKER_TOKEN on standard error")
                .got(format!("{}, {}", ending.spoken(), short::quoted(&told)))
        },
    )?;
    Ok(())
}
