//! 4.5 Generate and cache.

use serde_json::{Value, json};
use verdict::Era;

use crate::harness::{Check, Context, Reply, Server, Stop, Verdict, Wrong, ensure, wrong};

const EXERCISE: &str = "4.5";
const URI: &str = "tracker://projects/ATLAS/report";
const PROJECT: &str = "ATLAS";
/// A task of another project: a change that no figure of this report shows.
const ELSEWHERE: &str = "BEACON-2";
/// So many tasks are new.
const NEW_TASKS: usize = 13;
/// So long a client may keep a report at most, in milliseconds.
const LONGEST: u64 = 60_000;
/// A number with so many digits is a time in seconds or milliseconds, no figure.
const DIGITS_OF_TIME: usize = 10;

pub(super) fn checks() -> Vec<Check> {
    vec![
        Check::new("report-live", EXERCISE, is_live)
            .says("A figure of the report changes when the tracker does.")
            .why(
                "A report that was made once is wrong from the first change on, and nothing about it shows that.",
                "specification 2026-07-28, server/resources",
            ),
        Check::new("report-hints", EXERCISE, has_hints)
            .says("The report says that it may be kept for 1 to 60000 ms, and for this client alone.")
            .why(
                "Without a time every look is a request; with a long one the figures are old. What one user may see is \
                 not for a cache that others share.",
                "specification 2026-07-28, server/utilities/caching",
            )
            .only(Era::Modern)
            .leaves_no_trace(),
    ]
}

async fn read(server: &Server) -> Verdict<(Reply, String)> {
    let reply = server
        .request("resources/read", json!({"uri": URI}))
        .await?;
    let contents = reply.result()?["contents"].as_array();
    let texts = contents.into_iter().flatten();
    let texts: Vec<&str> = texts.filter_map(|one| one["text"].as_str()).collect();
    let text = texts.join("\n");
    ensure(!text.trim().is_empty(), || {
        reply
            .wrong("The report is empty.")
            .expected("contents with text: figures of the project")
    })?;
    Ok((reply, text))
}

async fn is_live(ctx: Context) -> Verdict {
    let tracker = ctx.tracker()?;
    let server = ctx.start().await?;
    let (_, first) = read(&server).await?;
    // What moves although nothing in this project has changed is no figure of it.
    tracker.edit_task(ELSEWHERE, |task| task.points += 1);
    let (_, second) = read(&server).await?;
    for number in 1..=NEW_TASKS {
        let title = format!("New task {number}");
        let added = tracker.add_task(PROJECT, &title, "Made between two reads.");
        added.ok_or_else(|| Stop::Fault(format!("the tracker has no project {PROJECT}")))?;
    }
    let polls = tracker.requests("GET /changes").len();
    let moved = |text: &str| figure_moved(&first, &second, text);
    let (mut reply, text) = read(&server).await?;
    if !moved(&text) && polls > 0 {
        // It follows the change feed: what it had kept is thrown away as soon as it hears of the change.
        let heard = |tracker: &tracker::Tracker| tracker.requests("GET /changes").len() > polls;
        tracker.wait_until(ctx.limits().request(), heard).await;
        reply = until_moved(&ctx, &server, moved).await?;
    } else if moved(&text) {
        return Ok(());
    }
    let (_, text) = (reply.result()?, text_of(&reply));
    ensure(moved(&text), || unmoved(&reply))?;
    Ok(())
}

/// Reads until a figure has moved, or the request limit is over.
async fn until_moved(
    ctx: &Context,
    server: &Server,
    moved: impl Fn(&str) -> bool,
) -> Verdict<Reply> {
    let began = std::time::Instant::now();
    loop {
        let (reply, text) = read(server).await?;
        if moved(&text) || began.elapsed() > ctx.limits().request() {
            return Ok(reply);
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
}

fn text_of(reply: &Reply) -> String {
    let contents = &reply.message()["result"]["contents"];
    let texts = contents.as_array().into_iter().flatten();
    texts.filter_map(|one| one["text"].as_str()).collect()
}

fn unmoved(reply: &Reply) -> Wrong {
    reply
        .wrong("No figure of the report changes with the tracker.")
        .sent(format!(
            "resources/read {URI}, {NEW_TASKS} new tasks in the tracker, and resources/read again"
        ))
        .expected("at least one number, other than a date or a time, that is different now")
        .note("A report is made of what the tracker holds at the moment of the read.")
}

/// Whether a figure is another one in `after`. What differs between `first` and `second` already moves by itself.
fn figure_moved(first: &str, second: &str, after: &str) -> bool {
    let (first, second, after) = (figures(first), figures(second), figures(after));
    if second.len() != after.len() {
        return true;
    }
    let pairs = second.iter().zip(&after).enumerate();
    pairs
        .filter(|(place, _)| first.get(*place) == second.get(*place))
        .any(|(_, (before, now))| before != now)
}

/// The numbers of a text, but for those of dates and times.
fn figures(text: &str) -> Vec<String> {
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || "-:.+".contains(letter);
    let words = text.split(|letter| !is_part(letter));
    let words = words.map(|word| word.trim_matches(|letter| "-:.+".contains(letter)));
    let words = words.filter(|word| !is_time(word));
    let numbers = words.flat_map(|word| word.split(|letter: char| !letter.is_ascii_digit()));
    numbers
        .filter(|number| !number.is_empty() && number.len() < DIGITS_OF_TIME)
        .map(str::to_owned)
        .collect()
}

/// Whether a word is a date or a time, such as `2026-05-04T09:00:00Z`, `2026-05-04` or `9:00`.
fn is_time(word: &str) -> bool {
    let parts: Vec<&str> = word
        .split(|letter: char| !letter.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .collect();
    let is_date = parts.len() >= 3 && parts[0].len() == 4 && word.matches('-').count() >= 2;
    let is_clock = parts.len() >= 2 && word.contains(':') && parts[1].len() == 2;
    is_date || is_clock
}

async fn has_hints(ctx: Context) -> Verdict {
    let server = ctx.start().await?;
    let (reply, _) = read(&server).await?;
    let result = reply.result()?;
    let (ttl, scope) = (&result["ttlMs"], &result["cacheScope"]);
    let said = |hint: &Value| match hint.is_null() {
        true => "not said".to_owned(),
        false => hint.to_string(),
    };
    let got = format!("ttlMs {}, cacheScope {}", said(ttl), said(scope));
    let hint = |what: &str, expected: String| {
        wrong(what)
            .sent(reply.sent())
            .expected(expected)
            .got(got.clone())
    };
    let fits = ttl.as_u64().is_some_and(|ttl| (1..=LONGEST).contains(&ttl));
    ensure(fits, || {
        hint(
            "The report does not say a sensible time for which it may be kept.",
            format!("ttlMs from 1 to {LONGEST}"),
        )
    })?;
    ensure(scope == "private", || {
        hint(
            "The report may be shared between users.",
            "cacheScope \"private\"".to_owned(),
        )
    })?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_no_figure() {
        let text = "as of 2026-05-04T09:00:00Z (09:00, 1777885200000): 3 tasks, 40 %, |12|";
        assert_eq!(figures(text), ["3", "40", "12"]);
        assert_eq!(figures(r#"{"todo":7,"points":8.5}"#), ["7", "8", "5"]);
    }

    #[test]
    fn what_moves_by_itself_is_no_figure() {
        assert!(!figure_moved(
            "read 1, 5 tasks",
            "read 2, 5 tasks",
            "read 3, 5 tasks"
        ));
        assert!(figure_moved(
            "read 1, 5 tasks",
            "read 2, 5 tasks",
            "read 3, 6 tasks"
        ));
    }
}
