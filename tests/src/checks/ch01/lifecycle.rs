//! 1.6 Start once, end with the input.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::json;
use verdict::{Era, Needs};

use crate::harness::{
    Check, Context, Ending, Opening, Server, Stop, Verdict, Wrong, ensure, wrong,
};

const EXERCISE: &str = "1.6";
const STDIO: &str = "specification 2026-07-28, basic/transports/stdio";
const WHY_ONCE: &str = "What costs time or must be given back belongs to the life of the process. A modern client \
    sends no `initialized` to hang it on, and a request is no beginning: there are many.";
/// How long a server may take to end after its input has ended and nothing is in flight.
const IDLE_END: Duration = Duration::from_secs(2);
/// The same, with a call of one second in flight.
const BUSY_END: Duration = Duration::from_secs(6);
/// How many requests one process serves.
const REQUESTS: usize = 20;

pub(super) fn checks() -> Vec<Check> {
    vec![
        Check::new("journal-once", EXERCISE, journal_once)
            .says("The journal is opened once and closed once, however many requests come.")
            .why(WHY_ONCE, STDIO)
            .needs(Needs::Journal),
        Check::new("journal-shared", EXERCISE, journal_shared)
            .says("Two processes share the journal, each with one pair of lines.")
            .why(
                "Clients start a second process to look at a server while the first one runs: what a process opens \
                 must not lock out its sibling.",
                STDIO,
            )
            .needs(Needs::Journal),
        Check::new("journal-unused", EXERCISE, journal_unused)
            .says("A process that nobody used closes what it opened.")
            .why("Whoever opens also closes, on every way out.", STDIO)
            .needs(Needs::Journal)
            .only(Era::Modern),
        Check::new("ends-unused", EXERCISE, ends_unused)
            .says("A client that hangs up without a word is a normal end: exit code 0.")
            .why(
                "The client ends the connection by closing the input; hosts show any other exit code than 0 as a crash.",
                STDIO,
            )
            .only(Era::Modern),
        Check::new("ends-after-probe", EXERCISE, ends_after_probe)
            .says("A client that only looks at the server and hangs up is a normal end: exit code 0.")
            .why(
                "Clients ask `server/discover`, or shake hands, to see who is there. That is no use, but no fault either.",
                STDIO,
            ),
        Check::new("ends-with-input", EXERCISE, ends_with_input)
            .says("A call that is in flight when the input ends is still answered, then the process ends with 0.")
            .why(
                "A script that writes its requests and closes the pipe wants its replies; a server that drops them \
                 loses work that is half done.",
                STDIO,
            )
            .slow(),
    ]
}

/// The lines of a journal that count, in order: `open PID` and `close PID`.
struct Journal {
    path: PathBuf,
    lines: Vec<(bool, String)>,
}

impl Journal {
    fn read(path: &Path) -> Verdict<Self> {
        let text = match std::fs::read(path) {
            Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            // No server wrote to it.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(error) => {
                return Err(Stop::Fault(format!(
                    "cannot read {}: {error}",
                    path.display()
                )));
            }
        };
        let lines = text
            .lines()
            .filter_map(|line| {
                let opened = line.strip_prefix("open ").map(|rest| (true, rest));
                opened.or_else(|| line.strip_prefix("close ").map(|rest| (false, rest)))
            })
            .map(|(opens, rest)| {
                (
                    opens,
                    rest.split_whitespace()
                        .next()
                        .unwrap_or_default()
                        .to_owned(),
                )
            })
            .collect();
        Ok(Self {
            path: path.into(),
            lines,
        })
    }

    fn opened(&self) -> usize {
        self.lines.iter().filter(|(opens, _)| *opens).count()
    }

    fn closed(&self) -> usize {
        self.lines.len() - self.opened()
    }

    /// As a person says it, without the process ids, which mean nothing to anybody.
    fn got(&self) -> String {
        if self.lines.is_empty() {
            let there = if self.path.exists() {
                "an empty journal"
            } else {
                "no journal file"
            };
            return there.into();
        }
        format!(
            "{} `open` and {} `close` lines in the journal",
            self.opened(),
            self.closed()
        )
    }

    fn wrong(&self, what: &str, sent: impl Into<String>, expected: &str) -> Wrong {
        wrong(what).sent(sent).expected(expected).got(self.got())
    }

    /// Demands one pair for each of so many processes, each opened before it is closed.
    fn one_pair_each(&self, processes: usize, sent: &str) -> Result<(), Wrong> {
        let expected = match processes {
            1 => "one `open` line, then one `close` line".into(),
            count => format!("one `open` and one `close` line for each of {count} processes"),
        };
        let mut pairs: HashMap<&str, Vec<bool>> = HashMap::new();
        for (opens, process) in &self.lines {
            pairs.entry(process).or_default().push(*opens);
        }
        let right = pairs.len() == processes && pairs.values().all(|pair| *pair == [true, false]);
        ensure(right, || {
            let what = if self.opened() == 0 {
                "The journal was never opened."
            } else if self.opened() > processes {
                "The journal was opened more than once."
            } else if self.closed() < self.opened() {
                "The journal was not closed."
            } else {
                "The journal does not tell of one opening and one closing."
            };
            self.wrong(what, sent, &expected)
        })
    }
}

async fn start_with_journal(ctx: &Context, opening: Opening) -> Verdict<(Server, PathBuf)> {
    let path = ctx.folder()?.join("journal");
    let server = ctx.server().env("JOURNAL", &path).start(opening).await?;
    Ok((server, path))
}

async fn hang_up(server: &Server, limit: Duration) -> Verdict<Ending> {
    server.close_input().await;
    server.ending(limit, "its standard input ended").await
}

/// Demands exit code 0.
fn normal(ending: Ending, sent: &str) -> Result<(), Wrong> {
    ensure(ending.is_normal(), || {
        wrong("The process did not end normally.")
            .sent(sent)
            .expected("exit code 0")
            .got(ending.spoken())
    })
}

async fn journal_once(ctx: Context) -> Verdict {
    let (server, path) = start_with_journal(&ctx, Opening::Usual).await?;
    for _ in 0..REQUESTS {
        server
            .call("greet", json!({"name": "Ada"}))
            .await?
            .tool_success()?;
    }
    hang_up(&server, IDLE_END).await?;
    let sent = format!("{REQUESTS} calls of `greet`, then the end of the input");
    Journal::read(&path)?.one_pair_each(1, &sent)?;
    Ok(())
}

async fn journal_shared(ctx: Context) -> Verdict {
    const SENT: &str =
        "calls to two processes with the same JOURNAL; the second ends while the first runs";
    let (first, path) = start_with_journal(&ctx, Opening::Usual).await?;
    first
        .call("greet", json!({"name": "Ada"}))
        .await?
        .tool_success()?;
    let (second, _) = start_with_journal(&ctx, Opening::Usual).await?;
    second
        .call("greet", json!({"name": "Grace"}))
        .await?
        .tool_success()?;
    normal(hang_up(&second, IDLE_END).await?, SENT)?;
    first
        .call("greet", json!({"name": "Ada"}))
        .await?
        .tool_success()?;
    normal(hang_up(&first, IDLE_END).await?, SENT)?;
    Journal::read(&path)?.one_pair_each(2, SENT)?;
    Ok(())
}

async fn journal_unused(ctx: Context) -> Verdict {
    let (silent, path) = start_with_journal(&ctx, Opening::None).await?;
    hang_up(&silent, IDLE_END).await?;
    let (probed, _) = start_with_journal(&ctx, Opening::None).await?;
    probed
        .request("server/discover", json!({}))
        .await?
        .result()?;
    hang_up(&probed, IDLE_END).await?;
    // Whether a process without requests opens it at all is its own affair.
    journal_is_balanced(
        &path,
        "nothing to one process, server/discover to another, then the end of the input",
    )
}

async fn ends_unused(ctx: Context) -> Verdict {
    let server = ctx.server().start(Opening::None).await?;
    normal(
        hang_up(&server, IDLE_END).await?,
        "nothing, then the end of the input",
    )?;
    Ok(())
}

async fn ends_after_probe(ctx: Context) -> Verdict {
    let server = ctx.start().await?;
    let sent = match ctx.era() {
        Era::Modern => {
            server
                .request("server/discover", json!({}))
                .await?
                .result()?;
            "server/discover, then the end of the input"
        }
        Era::Legacy => "the handshake, then the end of the input",
    };
    normal(hang_up(&server, IDLE_END).await?, sent)?;
    Ok(())
}

async fn ends_with_input(ctx: Context) -> Verdict {
    const SENT: &str = "tools/call wait {\"millis\":1000}, then at once the end of the input";
    let server = ctx.start().await?;
    let call = server.begin_call("wait", json!({"millis": 1000})).await?;
    server.close_input().await;
    let call = call.within(ctx.limits().scaled(BUSY_END));
    let reply = call.reply().await.map_err(|lost| lost.sent(SENT))?;
    let text = reply.tool_success()?.text();
    ensure(text.contains("1000"), || {
        reply
            .wrong("The call that was in flight got another answer.")
            .expected("the text `waited 1000 ms`")
    })?;
    let ending = server.ending(BUSY_END, "its standard input ended").await?;
    normal(ending, SENT)?;
    Ok(())
}

/// Demands as many `close` lines as `open` lines, which may be none.
pub(super) fn journal_is_balanced(path: &Path, sent: &str) -> Verdict {
    let journal = Journal::read(path)?;
    ensure(journal.opened() == journal.closed(), || {
        journal.wrong(
            "The journal was opened, but not closed.",
            sent,
            "as many `close` lines as `open` lines",
        )
    })?;
    Ok(())
}
