//! 7.8: what clients are told, and whether they can start the server with it.

use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};
use verdict::{Era, Needs};

use super::formats::{Client, Entry, Surroundings};
use crate::harness::{Check, Context, Opening, Stop, TRACKER_TOKEN, Verdict, ensure, short, wrong};

const EXERCISE: &str = "7.8";
const SOURCE: &str = "specification 2026-07-28, basic/transports/stdio: the client launches the server as a subprocess";

/// Printing takes no longer than this.
const PRINT: Duration = Duration::from_secs(2);
/// Four clients start it, in each era.
const STARTS: Duration = Duration::from_secs(30);

pub(super) fn checks() -> Vec<Check> {
    vec![
        Check::new("config-fits-client", EXERCISE, fits)
            .says("For each of four clients, `print-config` prints JSON that this client reads, without the token.")
            .why(
                "Each client has a form of its own and ignores what it does not know, so a wrong key looks like a server that is not there.",
                SOURCE,
            )
            .only(Era::Modern)
            .needs(Needs::Crate),
        Check::new("config-starts-server", EXERCISE, starts)
            .says("A client that does what the configuration says, in a folder of its own, gets a server that reaches the tracker.")
            .why(
                "A client knows neither your shell nor your folder. What it needs to start the server is what stands there, and nothing else.",
                SOURCE,
            )
            .needs(Needs::Crate)
            .waits()
            .within(STARTS),
    ]
}

async fn fits(ctx: Context) -> Verdict {
    for client in Client::ALL {
        let token_file = token_file(&ctx)?;
        entry(&ctx, client, &token_file).await?;
    }
    Ok(())
}

async fn starts(ctx: Context) -> Verdict {
    let token_file = token_file(&ctx)?;
    let elsewhere = ctx.folder()?.join("elsewhere");
    std::fs::create_dir_all(&elsewhere)
        .map_err(|error| Stop::Fault(format!("cannot make a folder: {error}")))?;
    for client in Client::ALL {
        let entry = entry(&ctx, client, &token_file).await?;
        let mut launcher = ctx.program(Path::new(&entry.command), &elsewhere);
        for argument in &entry.arguments {
            launcher = launcher.argument(argument);
        }
        for (name, value) in &entry.environment {
            launcher = launcher.env(name, value);
        }
        let sent = format!(
            "what {} does with this configuration: {}",
            client.title(),
            entry.spoken()
        );
        let server = launcher.start(Opening::Usual).await;
        let server = server.map_err(|stop| stop.sent(sent.clone()))?;
        let call = server.call("list_tasks", json!({"project": "ATLAS"})).await;
        let reply = call.map_err(|stop| stop.sent(sent.clone()))?;
        let result = reply.tool_result()?;
        ensure(!result.is_error(), || {
            wrong(format!(
                "The server that {} starts does not reach the tracker.",
                client.title()
            ))
            .sent(format!("{sent}; then tools/call list_tasks"))
            .expected("the tasks of ATLAS: TRACKER_URL, and the token by variable or by file, reach the server")
            .got(result.got())
        })?;
    }
    Ok(())
}

/// The file that holds the token, for whoever cannot pass on variables.
fn token_file(ctx: &Context) -> Verdict<String> {
    let path = ctx.folder()?.join("tracker-token");
    std::fs::write(&path, format!("{TRACKER_TOKEN}\n"))
        .map_err(|error| Stop::Fault(format!("cannot write {}: {error}", path.display())))?;
    Ok(path.to_string_lossy().into_owned())
}

/// What a client makes of the configuration that is printed for it.
async fn entry(ctx: &Context, client: Client, token_file: &str) -> Verdict<Entry> {
    let launcher = ctx
        .server()
        .argument("print-config")
        .argument(client.name())
        .without("TRACKER_TOKEN")
        .env("TRACKER_TOKEN_FILE", token_file);
    let sent = format!("print-config {}", client.name());
    let (output, ending) = launcher.output(PRINT).await?;
    let what = |what: &str| wrong(format!("{}: {what}", client.title())).sent(sent.clone());
    ensure(ending.is_normal(), || {
        what("the configuration is not printed.")
            .expected("JSON on standard output, and exit code 0")
            .got(ending.spoken())
    })?;
    let printed: Value = serde_json::from_str(&output).map_err(|error| {
        what("what is printed is not JSON.")
            .expected("one JSON object, and nothing else on standard output")
            .got(format!(
                "{error}; the last line is {}",
                short::line(output.trim().lines().last().unwrap_or_default())
            ))
    })?;
    ensure(!output.contains(TRACKER_TOKEN), || {
        what("the configuration holds the token.")
            .expected("the name of a variable, or of the file that holds it")
            .got("the value itself")
            .why("Such files are committed, synchronised and shown to others.")
    })?;
    let surroundings = Surroundings {
        tracker_url: ctx.tracker()?.url(),
        token: TRACKER_TOKEN.into(),
        token_file: token_file.into(),
    };
    let entry = Entry::read(client, &printed, &surroundings).map_err(|problem| {
        what(problem.what)
            .expected(problem.expected)
            .got(short::json(&problem.got))
    })?;
    Ok(entry)
}
