//! 1.2 Keep stdout for the protocol.

use serde_json::json;

use crate::harness::{Check, Context, Opening, Server, Verdict, ensure, short, wrong};

const EXERCISE: &str = "1.2";
const SOURCE: &str = "specification 2026-07-28, basic/transports/stdio";
/// What the given tool `greet` writes into the log, once a call.
const LOG_LINE: &str = "greeting sent";
const LANGUAGES: [&str; 3] = ["en", "de", "fr"];

pub(super) fn checks() -> Vec<Check> {
    vec![
        Check::new("stdout-only-messages", EXERCISE, only_messages)
            .says("Every line on standard output is a message of the protocol.")
            .why(
                "Standard output is the wire: the server MUST NOT write anything there that is not an MCP message. \
                 A client may skip such a line, or take the server for broken.",
                SOURCE,
            ),
        Check::new("log-on-stderr", EXERCISE, log_on_stderr)
            .says("The log goes to standard error, and no line of it is lost.")
            .why(
                "The server MAY write its log to standard error; that is where hosts collect it, and the only \
                 place where a person finds out what happened.",
                SOURCE,
            ),
        Check::new("log-without-colour", EXERCISE, log_without_colour)
            .says("The log has no colour codes when nobody looks at it through a terminal.")
            .why(
                "Hosts keep the log in a file, where colour codes stand between the words and a search for them fails.",
                SOURCE,
            ),
    ]
}

/// A server that logs, as a host starts it.
async fn start(ctx: &Context) -> Verdict<Server> {
    ctx.server()
        .env("RUST_LOG", "info")
        .start(Opening::Usual)
        .await
}

/// Greets in every language, then hangs up and waits until everything is written.
async fn greet_and_hang_up(ctx: &Context, server: &Server) -> Verdict {
    let mut outcome = Ok(());
    for language in LANGUAGES {
        match server
            .call("greet", json!({"name": "Ada", "language": language}))
            .await
        {
            Ok(reply) => {
                reply.tool_success()?;
            }
            // One lost reply tells enough; what is on standard output may tell why.
            Err(stop) => {
                outcome = Err(stop);
                break;
            }
        }
    }
    server.close_input().await;
    server.log().settled(ctx.limits().request()).await;
    outcome
}

async fn only_messages(ctx: Context) -> Verdict {
    let server = start(&ctx).await?;
    let greeted = greet_and_hang_up(&ctx, &server).await;
    let (lines, count) = server.log().stray_lines();
    let wrong_output = |what: String, got: String| {
        wrong(what)
            .sent("tools/call greet with `language` en, de and fr, and RUST_LOG=info")
            .expected("only JSON-RPC messages on standard output, one a line")
            .got(got)
    };
    if let Some(line) = lines.first() {
        let what = match count {
            1 => "A line on standard output is no message.".into(),
            _ => format!("{count} lines on standard output are no messages."),
        };
        return Err(wrong_output(what, short::line(&line.text)).into());
    }
    if let Some(half) = server.log().unfinished_line() {
        let what = "Standard output ends with half a line.".into();
        return Err(wrong_output(what, short::line(&half)).into());
    }
    greeted
}

async fn log_on_stderr(ctx: Context) -> Verdict {
    let server = start(&ctx).await?;
    // What becomes of the replies is for the other check.
    let _ = greet_and_hang_up(&ctx, &server).await;
    let log = server.log().stderr();
    let found = log.matches(LOG_LINE).count();
    let due = LANGUAGES.len();
    ensure(found >= due, || {
        let what = match found {
            0 => "The log line of `greet` is not on standard error.".into(),
            _ => format!("Only {found} of {due} log lines of `greet` are on standard error."),
        };
        let got = match log.trim_end().lines().last() {
            None => "nothing on standard error".into(),
            Some(last) => format!("{found} such lines; the last line is {}", short::line(last)),
        };
        wrong(what)
            .sent("three calls of `greet`, with RUST_LOG=info")
            .expected(format!("{due} lines with {LOG_LINE:?} on standard error"))
            .got(got)
    })?;
    Ok(())
}

async fn log_without_colour(ctx: Context) -> Verdict {
    const ESCAPE: char = '\u{1b}';
    let server = start(&ctx).await?;
    let _ = greet_and_hang_up(&ctx, &server).await;
    let stderr = server.log().stderr();
    let (stray, _) = server.log().stray_lines();
    let coloured = stderr
        .lines()
        .chain(stray.iter().map(|line| line.text.as_str()))
        .find(|line| line.contains(ESCAPE));
    ensure(coloured.is_none(), || {
        wrong("The log holds colour codes although no terminal shows it.")
            .sent("three calls of `greet`, with RUST_LOG=info and without NO_COLOR; standard error is a pipe")
            .expected("log lines without the byte ESC")
            .got(short::line(coloured.unwrap_or_default()))
    })?;
    // A log that is not there has no colour either, but that proves nothing.
    ensure(!stderr.trim().is_empty() || !stray.is_empty(), || {
        wrong("There is no log to look at.")
            .sent("three calls of `greet`, with RUST_LOG=info")
            .expected("log lines without the byte ESC")
            .got("no log line anywhere")
    })?;
    Ok(())
}
