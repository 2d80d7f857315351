//! 3.8 Keep results small.

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::harness::{
    Check, Context, Opening, Reply, Server, Stop, ToolResult, Verdict, Wrong, ensure, short, wrong,
};

const EXERCISE: &str = "3.8";
const SOURCE: &str = "specification 2026-07-28, server/tools, Tool Result";
/// What a result may hold where a check sets the limit, in bytes.
const LIMIT: usize = 4_000;
/// More parts than this are taken for a walk without an end.
const PARTS: usize = 60;
/// Where a result may say how to go on.
const NEXT: [&str; 4] = ["next_from", "next", "next_cursor", "nextCursor"];
/// A project whose id, like those of its tasks, is encoded in an address.
const PROJECT: &str = "A/B";

pub(super) fn checks() -> Vec<Check> {
    vec![
        Check::new("parts-fit", EXERCISE, parts_fit)
            .says("Each part of a long task stays below `RESULT_LIMIT`, and the parts make the whole.")
            .why(
                "Clients cut off results that are too long, or fill the model's context with them. Both copies count, the \
                 text and `structuredContent`; and a cut falls between characters, never inside one.",
                SOURCE,
            ),
        Check::new("short-stays-whole", EXERCISE, short_stays_whole)
            .says("A task that fits comes whole, with nothing to go on with.")
            .why("A part is a detour: whoever can be answered at once is.", SOURCE)
            .leaves_no_trace(),
        Check::new("cut-is-told", EXERCISE, cut_is_told)
            .says("A result that was cut says so: how long the text is or how much is left, and how to go on.")
            .why(
                "A model that does not know of the rest takes the part for the whole.",
                SOURCE,
            )
            .leaves_no_trace(),
        Check::new("link-leads-to-all", EXERCISE, link_leads_to_all)
            .says("A result that was cut links to the whole task, and the link can be read.")
            .why(
                "A host can fetch the whole by itself, without passing it through the model.",
                "specification 2026-07-28, server/tools, Resource Links",
            )
            .leaves_no_trace(),
        Check::new("from-is-checked", EXERCISE, from_is_checked)
            .says("A `from` at which no part begins is answered with words, not with a panic.")
            .why(
                "The number comes from a model. Inside a character a slice of a `str` panics.",
                "specification 2026-07-28, server/tools, Security Considerations",
            )
            .leaves_no_trace(),
    ]
}

/// Lines of 121 bytes, of characters of three bytes each.
fn lines(count: usize) -> String {
    ("語".repeat(40) + "\n").repeat(count)
}

/// Texts that are too long for one result of [`LIMIT`] bytes, each hard to cut in its own way.
fn long_texts() -> [String; 3] {
    // Characters of three and of four bytes, at places that are no multiples of them.
    let broad = "𝄞".repeat(30) + "\n";
    // What JSON writes longer than it is, once in each copy.
    let quoted = "\t\"a\\b\"\n";
    [
        lines(50),
        format!("x{}", broad.repeat(50)),
        quoted.repeat(300),
    ]
}

/// A new task with this text.
fn planted(ctx: &Context, text: &str) -> Verdict<String> {
    ctx.tracker()?
        .add_task(PROJECT, "Read what was found", text)
        .ok_or_else(|| Stop::Fault(format!("the tracker has no project {PROJECT}")))
}

/// The text and the way on of a result.
fn part_of(result: &ToolResult<'_>) -> Result<(String, Option<Value>), Wrong> {
    let data = result.data()?;
    let next = NEXT
        .iter()
        .map(|key| &data[key])
        .find(|value| !value.is_null())
        .cloned();
    Ok((result.string("description")?, next))
}

/// How many bytes of a result a model would read, both copies.
fn size_of(result: &ToolResult<'_>) -> usize {
    let text: usize = result.texts().iter().map(|text| text.len()).sum();
    let structured = result.structured().map_or(0, |data| data.to_string().len());
    text + structured
}

async fn parts_fit(ctx: Context) -> Verdict {
    let server = ctx
        .server()
        .env("RESULT_LIMIT", LIMIT.to_string())
        .start(Opening::Usual)
        .await?;
    for text in long_texts() {
        let task = planted(&ctx, &text)?;
        let (joined, parts) = walk(&server, &task).await?;
        ensure(joined == text, || {
            let same = joined
                .chars()
                .zip(text.chars())
                .take_while(|(one, other)| one == other);
            let same: usize = same.map(|(letter, _)| letter.len_utf8()).sum();
            wrong("The parts do not make the whole.")
                .sent(format!(
                    "get_task, and again until nothing was left: calls: {parts}"
                ))
                .expected(format!("the {} bytes of the description", text.len()))
                .got(format!(
                    "{} bytes, of which the first {same} are right",
                    joined.len()
                ))
        })?;
    }
    Ok(())
}

/// Reads a task part by part: the parts in one, and how many they were.
async fn walk(server: &Server, task: &str) -> Verdict<(String, usize)> {
    let (mut joined, mut seen) = (String::new(), HashSet::new());
    let mut arguments = json!({"task": task});
    for number in 1..=PARTS {
        let reply = server.call("get_task", arguments.clone()).await?;
        let result = reply.tool_success()?;
        let size = size_of(&result);
        let (part, next) = part_of(&result)?;
        ensure(size <= LIMIT, || {
            result
                .wrong("A result is longer than it may be.")
                .sent(format!("{}, with RESULT_LIMIT = {LIMIT}", reply.sent()))
                .expected(format!(
                    "text and structuredContent of at most {LIMIT} bytes together"
                ))
                .got(format!(
                    "{size} bytes, with {} bytes of the description in structuredContent",
                    part.len()
                ))
        })?;
        joined.push_str(&part);
        let Some(next) = next else {
            return Ok((joined, number));
        };
        ensure(!part.is_empty() && seen.insert(next.to_string()), || {
            result
                .wrong("The parts do not get on.")
                .expected("some text in each part, and another place to go on each time")
        })?;
        arguments["from"] = next;
    }
    Err(wrong("A long task has no end.")
        .sent(format!("{PARTS} calls of get_task"))
        .expected("a last part, without `next_from`")
        .got(format!("{} bytes so far", joined.len()))
        .into())
}

async fn short_stays_whole(ctx: Context) -> Verdict {
    let text = "One line – and “quotes”.\nAnother line.";
    let server = ctx.start().await?;
    let task = planted(&ctx, text)?;
    let reply = server.call("get_task", json!({"task": task})).await?;
    let result = reply.tool_success()?;
    let (part, next) = part_of(&result)?;
    ensure(part == text && next.is_none(), || {
        result
            .wrong("A task that fits does not come whole.")
            .expected(format!(
                "the description {}, and no `next_from`",
                short::quoted(text)
            ))
    })?;
    Ok(())
}

/// Reads the first part of a text that is longer than results are without a limit of the check's own, 20,000 bytes.
async fn first_part(ctx: &Context) -> Verdict<(Server, Reply, String)> {
    let text = lines(200);
    let server = ctx.start().await?;
    let task = planted(ctx, &text)?;
    let reply = server.call("get_task", json!({"task": task})).await?;
    let (_, next) = part_of(&reply.tool_success()?)?;
    ensure(next.is_some(), || {
        reply
            .wrong("A task that is too long is not cut.")
            .sent(format!("{}, a task of {} bytes", reply.sent(), text.len()))
            .expected("a part of the description, and `next_from`")
    })?;
    Ok((server, reply, text))
}

async fn cut_is_told(ctx: Context) -> Verdict {
    let (_server, reply, text) = first_part(&ctx).await?;
    let result = reply.tool_success()?;
    let (part, _) = part_of(&result)?;
    let (bytes, characters) = (text.len(), text.chars().count());
    let (left, characters_left) = (bytes - part.len(), characters - part.chars().count());
    let said = numbers_in(&result.text());
    let told = [bytes, left, characters, characters_left]
        .iter()
        .any(|amount| said.contains(amount));
    ensure(told, || {
        result
            .wrong("The result does not say how much was cut.")
            .expected(format!(
                "text or structuredContent with a number: {bytes} bytes in all, or {left} left"
            ))
    })?;
    Ok(())
}

/// All whole numbers in a text. Separators between groups of three digits are understood.
fn numbers_in(text: &str) -> HashSet<usize> {
    let plain = text.split(|letter: char| !letter.is_ascii_digit());
    let grouped = text
        .split(|letter: char| !(letter.is_ascii_digit() || ",_.'\u{202f}\u{a0}".contains(letter)));
    let grouped = grouped.map(|number| number.replace(|letter: char| !letter.is_ascii_digit(), ""));
    plain
        .map(str::to_owned)
        .chain(grouped)
        .filter_map(|number| number.parse().ok())
        .collect()
}

async fn link_leads_to_all(ctx: Context) -> Verdict {
    let (server, reply, text) = first_part(&ctx).await?;
    let content = reply.result()?["content"].as_array();
    let uri = content
        .into_iter()
        .flatten()
        .find(|block| block["type"] == "resource_link")
        .and_then(|link| link["uri"].as_str())
        .ok_or_else(|| {
            reply
                .wrong("The result has no link to the whole task.")
                .expected("a block of type resource_link in `content`")
        })?;
    let read = server
        .request("resources/read", json!({"uri": uri}))
        .await?;
    let contents = read.result()?["contents"].as_array();
    let whole = contents
        .into_iter()
        .flatten()
        .filter_map(|content| content["text"].as_str())
        .any(|found| found.contains(&text) || description_in(found).as_deref() == Some(&text));
    ensure(whole, || {
        read.wrong("Behind the link is not the whole task.")
            .expected(format!(
                "contents with all {} bytes of the description",
                text.len()
            ))
    })?;
    Ok(())
}

fn description_in(json: &str) -> Option<String> {
    let task: Value = serde_json::from_str(json).ok()?;
    task["description"].as_str().map(Into::into)
}

async fn from_is_checked(ctx: Context) -> Verdict {
    let text = lines(2);
    let server = ctx.start().await?;
    let task = planted(&ctx, &text)?;
    for from in [1, text.len() + 1, u32::MAX as usize] {
        let arguments = json!({"task": task, "from": from});
        let reply = server.call("get_task", arguments).await?;
        // A refusal, the next place where a part begins, or an empty part: all are fine.
        reply.tool_result()?;
    }
    Ok(())
}
