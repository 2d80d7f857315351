//! 3.9 Keep state in a handle.

use std::time::Duration;

use serde_json::{Value, json};
use verdict::Era;

use super::spoken_time;
use crate::harness::{Check, Context, Opening, Server, Verdict, ensure, short, spoken, wrong};

const EXERCISE: &str = "3.9";
const SOURCE: &str = "specification 2026-07-28, server/tools, Stateful Tools";
/// What the tracker is asked when a task is made.
const CREATE: &str = "POST /tasks";
/// Fewer characters than this can be guessed.
const SHORTEST: usize = 22;
/// In so many places at least two handles differ. Two random ones differ in nearly all.
const DIFFERENT: usize = 8;
/// How long a draft is kept where a check waits for longer (× the time factor).
const TTL: Duration = Duration::from_millis(60);

pub(super) fn checks() -> Vec<Check> {
    vec![
        Check::new("drafts-stay-apart", EXERCISE, stay_apart)
            .says("Drafts that are filled in turns on one connection stay apart.")
            .why(
                "A connection is no place for state: a client may have several conversations on one, and one on several. \
                 What belongs together is what names the same handle.",
                SOURCE,
            )
            .leaves_no_trace(),
        Check::new("handle-is-unguessable", EXERCISE, is_unguessable)
            .says("A handle has at least 22 characters and follows from nothing that somebody else could know.")
            .why(
                "Whoever knows a handle has what is behind it. Numbers, times and their hashes can be tried out.",
                SOURCE,
            )
            .leaves_no_trace(),
        Check::new("handle-unknown", EXERCISE, unknown)
            .says("A handle that is unknown or used up is a tool error that says to open a new draft.")
            .why(
                "The model holds the handle, so the model must be told. A protocol error goes to the client program, \
                 which can do nothing about it.",
                SOURCE,
            )
            .leaves_no_trace(),
        Check::new("handle-expires", EXERCISE, expires)
            .says("A handle older than `HANDLE_TTL_MS` is a tool error that says to open a new draft.")
            .why(
                "What nobody comes back for must go some day, and whoever comes back late must learn what to do.",
                SOURCE,
            )
            .waits(),
        Check::new("lifetime-described", EXERCISE, lifetime_described)
            .says("A description says how long a draft is kept.")
            .why(
                "A model plans with what it reads beforehand: whether the draft will still be there when the user is back.",
                SOURCE,
            )
            .leaves_no_trace(),
    ]
}

/// Opens a draft and gives its handle.
async fn open(server: &Server, project: &str) -> Verdict<String> {
    let reply = server
        .call("open_draft", json!({"project": project}))
        .await?;
    Ok(reply.tool_success()?.string("draft")?)
}

fn task(draft: &str, title: &str) -> Value {
    json!({"draft": draft, "title": title})
}

/// The titles of a project's tasks, the newest last.
fn titles(ctx: &Context, project: &str) -> Verdict<Vec<String>> {
    let tasks = ctx.tracker()?.tasks().into_iter();
    let own = tasks.filter(|task| task.project == project);
    Ok(own.map(|task| task.title).collect())
}

async fn stay_apart(ctx: Context) -> Verdict {
    let server = ctx.start().await?;
    // Two of one project and one of another: neither the connection nor the project tells them apart.
    let projects = ["DELTA", "DELTA", "CEDAR"];
    let mut drafts = Vec::new();
    for project in projects {
        drafts.push(open(&server, project).await?);
    }
    for round in ["first", "second"] {
        for (number, draft) in drafts.iter().enumerate() {
            let title = format!("Draft {number}, {round} task");
            let reply = server.call("add_to_draft", task(draft, &title)).await?;
            reply.tool_success()?;
        }
    }
    // The last is submitted first, so that the order in which they were opened does not decide either.
    for (number, draft) in drafts.iter().enumerate().rev() {
        let project = projects[number];
        let mut due = titles(&ctx, project)?;
        due.extend(["first", "second"].map(|round| format!("Draft {number}, {round} task")));
        let others: Vec<_> = ["CEDAR", "DELTA"]
            .into_iter()
            .filter(|other| *other != project)
            .map(|other| Ok((other, titles(&ctx, other)?)))
            .collect::<Verdict<_>>()?;
        let reply = server.call("submit_draft", json!({"draft": draft})).await?;
        reply.tool_success()?;
        let sent = "three drafts opened, two tasks added to each in turns, then submit_draft";
        let made = titles(&ctx, project)?;
        ensure(made == due, || {
            let new: Vec<_> = made
                .iter()
                .rev()
                .take(2)
                .rev()
                .map(|title| short::quoted(title))
                .collect();
            wrong("The draft that was submitted does not hold its own tasks.")
                .sent(format!("{sent} of draft {number}"))
                .expected(format!(
                    "the two tasks of draft {number} in {project}, in their order"
                ))
                .got(format!(
                    "{} tasks in {project}, the last of them {}",
                    made.len(),
                    short::list(new)
                ))
        })?;
        for (other, before) in others {
            ensure(titles(&ctx, other)? == before, || {
                wrong("A draft that was not submitted got its tasks made.")
                    .sent(format!("{sent} of draft {number}"))
                    .expected(format!("no new task in {other}"))
                    .got(reply.got())
            })?;
        }
    }
    Ok(())
}

async fn is_unguessable(ctx: Context) -> Verdict {
    let another = ctx.server().start(Opening::Usual);
    let (one, other) = tokio::try_join!(ctx.start(), another)?;
    let mut handles = Vec::new();
    for server in [&one, &other] {
        for _ in 0..3 {
            handles.push(open(server, "ATLAS").await?);
        }
    }
    let sent = "open_draft three times in each of two processes";
    for handle in &handles {
        let length = handle.chars().count();
        ensure(length >= SHORTEST, || {
            wrong("A handle is too short.")
                .sent(sent)
                .expected(format!("at least {SHORTEST} characters"))
                .got(format!("{length} characters"))
                .note(format!("Such as {}.", short::quoted(handle)))
        })?;
    }
    for (at, one) in handles.iter().enumerate() {
        for other in &handles[..at] {
            ensure(different_places(one, other) >= DIFFERENT, || {
                wrong("A handle follows from another one.")
                    .sent(sent)
                    .expected("handles of random letters, which differ in nearly all of them")
                    .got(match one == other {
                        true => "one handle for two drafts".into(),
                        false => {
                            format!("two handles that differ in fewer than {DIFFERENT} places")
                        }
                    })
                    .note(format!(
                        "{} and {}.",
                        short::quoted(other),
                        short::quoted(one)
                    ))
            })?;
        }
    }
    Ok(())
}

/// In how many places two texts differ.
fn different_places(one: &str, other: &str) -> usize {
    let (mut one, mut other) = (one.chars(), other.chars());
    let mut different = 0;
    loop {
        match (one.next(), other.next()) {
            (None, None) => return different,
            (one, other) => different += usize::from(one != other),
        }
    }
}

/// Uses a handle that is good for nothing, and demands tool errors that say to open a new draft.
async fn sent_back(server: &Server, tools: [&str; 2], handle: &str, kind: &str) -> Verdict {
    let expected = "result.isError = true, with text that says to open a new draft (open_draft)";
    for tool in tools {
        let arguments = match tool {
            "add_to_draft" => task(handle, "Water the plants"),
            _ => json!({"draft": handle}),
        };
        let reply = server.call(tool, arguments).await?;
        let sent = format!("tools/call {tool} with {kind}");
        let what = match reply.error() {
            Some(_) => format!("The refusal of {kind} is a protocol error."),
            None => format!("`{tool}` works with {kind}."),
        };
        let result = reply
            .tool_error(&what, expected)
            .map_err(|wrong| wrong.sent(&sent))?;
        let text = result.text().to_lowercase();
        let says = ["open_draft", "open a", "new draft", "new one"];
        ensure(says.iter().any(|words| text.contains(words)), || {
            result
                .wrong("The error does not say to open a new draft.")
                .sent(&sent)
                .expected(expected)
        })?;
    }
    Ok(())
}

async fn unknown(ctx: Context) -> Verdict {
    let server = ctx.start().await?;
    let used = open(&server, "ATLAS").await?;
    for (tool, arguments) in [
        ("add_to_draft", task(&used, "Water the plants")),
        ("submit_draft", json!({"draft": used})),
    ] {
        server.call(tool, arguments).await?.tool_success()?;
    }
    let made = ctx.tracker()?.requests(CREATE).len();
    // Of the same form as a real one.
    let zero = |letter: char| {
        if letter.is_ascii_hexdigit() {
            '0'
        } else {
            letter
        }
    };
    let unknown: String = used.chars().map(zero).collect();
    for (handle, kind) in [
        (unknown.as_str(), "an unknown handle"),
        ("", "an empty handle"),
        (&used, "a handle that was submitted before"),
    ] {
        sent_back(&server, ["submit_draft", "add_to_draft"], handle, kind).await?;
    }
    let now = ctx.tracker()?.requests(CREATE).len();
    ensure(now == made, || {
        wrong("A draft that does not exist was submitted, and tasks were made.")
            .sent("submit_draft with handles that are unknown or used up")
            .expected("no POST /tasks at the tracker")
            .got(format!("{} of them", now - made))
    })?;
    Ok(())
}

async fn expires(ctx: Context) -> Verdict {
    let ttl = ctx.limits().scaled(TTL);
    let server = ctx
        .server()
        .env("HANDLE_TTL_MS", ttl.as_millis().to_string())
        .start(Opening::Usual)
        .await?;
    let draft = open(&server, "ATLAS").await?;
    let waited = ttl + Duration::from_millis(20);
    tokio::time::sleep(waited).await;
    // Whoever looks first may clear away what is too old for the one after: each is first in one era.
    let tools = match ctx.era() {
        Era::Modern => ["submit_draft", "add_to_draft"],
        Era::Legacy => ["add_to_draft", "submit_draft"],
    };
    let sent = format!(
        "open_draft where HANDLE_TTL_MS is {} ms, and its handle after {}",
        ttl.as_millis(),
        spoken(waited)
    );
    sent_back(&server, tools, &draft, "an expired handle")
        .await
        .map_err(|stop| stop.sent(sent))
}

async fn lifetime_described(ctx: Context) -> Verdict {
    let server = ctx.start().await?;
    let tools = server.tools().await?;
    let of_drafts: Vec<_> = ["open_draft", "add_to_draft", "submit_draft"]
        .iter()
        .filter_map(|name| tools.iter().find(|tool| tool.name() == *name))
        .collect();
    let told = of_drafts
        .iter()
        .any(|tool| spoken_time::is_in(tool.description()));
    ensure(told, || {
        let descriptions = of_drafts
            .iter()
            .map(|tool| format!("{}: {}", tool.name(), short::quoted(tool.description())));
        wrong("No description says how long a draft is kept.")
            .sent("tools/list")
            .expected("the lifetime in the description of open_draft, such as: 30 minutes")
            .got(short::list(descriptions))
    })?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_to_the_end_of_the_longer_text() {
        assert_eq!(different_places("draft-1", "draft-1"), 0);
        assert_eq!(different_places("draft-9", "draft-10"), 2);
    }
}
