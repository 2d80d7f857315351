//! 3.9 Keep state in a handle.

use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::{
    Check, Context, Opening, Reply, Server, Verdict, Wrong, ensure, short, spoken, wrong,
};

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
    let got = short::list(handles.iter().take(4).map(|handle| short::quoted(handle)));
    let shortest = handles.iter().map(|handle| handle.chars().count()).min();
    ensure(shortest >= Some(SHORTEST), || {
        wrong("A handle is too short.")
            .sent(sent)
            .expected(format!("at least {SHORTEST} characters"))
            .got(got.clone())
    })?;
    let pairs = handles
        .iter()
        .enumerate()
        .flat_map(|(at, handle)| handles[..at].iter().map(move |other| (handle, other)));
    let alike = pairs
        .map(|(one, other)| (different_places(one, other), one, other))
        .min();
    if let Some((different, one, other)) = alike.filter(|(different, ..)| *different < DIFFERENT) {
        let what = match different {
            0 => "Two drafts have the same handle.",
            _ => "Handles follow from each other.",
        };
        return Err(wrong(what)
            .sent(sent)
            .expected("handles of random letters, which differ in nearly all of them")
            .got(format!(
                "{} and {}",
                short::quoted(one),
                short::quoted(other)
            ))
            .into());
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

/// Demands a tool error that says to open a new draft.
fn sends_back(reply: &Reply, kind: &str) -> Result<(), Wrong> {
    let expected = "result.isError = true, with text that says to open a new draft (open_draft)";
    let what = match reply.error() {
        Some(_) => format!("The refusal of {kind} handle is a protocol error."),
        None => format!("{} handle did not lead to a tool error.", capital(kind)),
    };
    let result = reply.tool_error(&what, expected)?;
    let text = result.text().to_lowercase();
    let says = ["open_draft", "open a", "new draft", "new one"];
    ensure(says.iter().any(|words| text.contains(words)), || {
        result
            .wrong("The error does not say to open a new draft.")
            .expected(expected)
    })
}

fn capital(word: &str) -> String {
    let (first, rest) = word.split_at(1);
    first.to_uppercase() + rest
}

async fn unknown(ctx: Context) -> Verdict {
    let server = ctx.start().await?;
    let used = open(&server, "ATLAS").await?;
    server
        .call("add_to_draft", task(&used, "Water the plants"))
        .await?
        .tool_success()?;
    server
        .call("submit_draft", json!({"draft": used}))
        .await?
        .tool_success()?;
    let made = ctx.tracker()?.requests(CREATE).len();
    // Of the same form as a real one.
    let unknown: String = used
        .chars()
        .map(|letter| {
            if letter.is_ascii_hexdigit() {
                '0'
            } else {
                letter
            }
        })
        .collect();
    for (handle, kind) in [
        (unknown.as_str(), "an unknown"),
        ("", "an empty"),
        (&used, "a used-up"),
    ] {
        let added = server
            .call("add_to_draft", task(handle, "Water the plants"))
            .await?;
        sends_back(&added, kind)?;
        let submitted = server
            .call("submit_draft", json!({"draft": handle}))
            .await?;
        sends_back(&submitted, kind)?;
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
    let calls = [
        ("add_to_draft", task(&draft, "Water the plants")),
        ("submit_draft", json!({"draft": draft})),
    ];
    for (tool, arguments) in calls {
        let reply = server.call(tool, arguments).await?;
        sends_back(&reply, "an expired").map_err(|wrong| {
            wrong.sent(format!(
                "open_draft with HANDLE_TTL_MS = {}, and {tool} with its handle after {}",
                ttl.as_millis(),
                spoken(waited)
            ))
        })?;
    }
    Ok(())
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
        .any(|tool| tells_a_time(tool.description()));
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

/// Whether a text names a time: an amount, and a unit after it.
fn tells_a_time(text: &str) -> bool {
    const UNITS: [&str; 8] = [
        "millisecond",
        "ms",
        "second",
        "sec",
        "minute",
        "min",
        "hour",
        "day",
    ];
    const AMOUNTS: [&str; 10] = [
        "a", "an", "half", "one", "two", "ten", "fifteen", "twenty", "thirty", "sixty",
    ];
    let text = text.to_lowercase();
    let words: Vec<&str> = text
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    words.iter().enumerate().any(|(at, word)| {
        let unit = word.trim_start_matches(|letter: char| letter.is_ascii_digit());
        let is_unit = UNITS.contains(&unit.trim_end_matches('s')) || UNITS.contains(&unit);
        let amount_before = words[at.saturating_sub(2)..at]
            .iter()
            .any(|word| AMOUNTS.contains(word) || word.bytes().all(|byte| byte.is_ascii_digit()));
        is_unit && (unit.len() < word.len() || amount_before)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_found_however_they_are_written() {
        for text in [
            "kept for 30 minutes",
            "kept for half an hour.",
            "A 30-minute lifetime",
            "expires after 1,800 seconds",
            "30min",
            "thirty minutes",
        ] {
            assert!(tells_a_time(text), "{text}");
        }
        for text in [
            "kept for a while",
            "for minutes",
            "in seconds",
            "1 to 200 tasks",
        ] {
            assert!(!tells_a_time(text), "{text}");
        }
    }

    #[test]
    fn places_are_counted_to_the_end_of_the_longer_text() {
        assert_eq!(different_places("draft-1", "draft-1"), 0);
        assert_eq!(different_places("draft-9", "draft-10"), 2);
    }
}
