//! 2.3 Enforce what the schema promises.

use serde_json::{Value, json};

use super::board::{new_task, tasks};
use crate::harness::{Check, Context, Server, Verdict, ensure, short, wrong};

const EXERCISE: &str = "2.3";
const WHY: &str = "`#[schemars(length(max = 100))]` only describes the limit to the client; nobody enforces it but you. \
    Servers MUST validate all tool inputs.";
const SOURCE: &str = "specification 2026-07-28, server/tools, Security Considerations";
/// One letter of one byte, one of two.
const LETTERS: [&str; 2] = ["a", "ä"];
/// Days that no calendar has.
const NO_DAYS: [&str; 4] = ["2031-02-30", "2031-13-01", "2030-02-29", "next week"];
/// Days that are easily taken for wrong.
const DAYS: [&str; 2] = ["2028-02-29", "2031-12-31"];

pub(super) fn checks() -> Vec<Check> {
    vec![
        Check::new("title-too-long", EXERCISE, too_long)
            .says("A title of 101 characters is refused, and no task is stored.")
            .why(WHY, SOURCE)
            .leaves_no_trace(),
        Check::new("title-empty", EXERCISE, empty)
            .says("An empty title is refused, and no task is stored.")
            .why(WHY, SOURCE)
            .leaves_no_trace(),
        Check::new("title-fits", EXERCISE, fits)
            .says("Titles of 1 and of 100 characters are taken, whatever the letters.")
            .why(
                "A limit in characters counts characters: `len` of a `String` counts bytes, and `ä` has two.",
                SOURCE,
            ),
        Check::new("due-must-exist", EXERCISE, due_must_exist)
            .says("A day that no calendar has is refused, and no task is stored.")
            .why(
                "`format: date` is a remark in the schema. Whether the day exists is for the server to find out.",
                SOURCE,
            )
            .leaves_no_trace(),
        Check::new("due-fits", EXERCISE, due_fits)
            .says("A day that exists is taken, the 29th of February of a leap year too.")
            .why("What the schema allows has to work.", SOURCE),
    ]
}

/// Sends a task that has to be refused, and demands a tool error that names all of `named`.
async fn refused(server: &Server, arguments: Value, what: &str, named: &[&str]) -> Verdict {
    let before = tasks(server, "ATLAS").await?;
    let reply = server.call("add_task", arguments).await?;
    let expected = match named {
        [] => "result.isError = true".into(),
        words => format!(
            "result.isError = true, with text naming {}",
            words.join(" and ")
        ),
    };
    let what = match reply.error() {
        Some(_) => "The refusal is a protocol error.",
        None => what,
    };
    let result = reply.tool_error(what, &expected)?;
    let text = result.text();
    ensure(
        named
            .iter()
            .all(|word| text.contains(word.trim_matches('`'))),
        || {
            result
                .wrong("The refusal does not say what would be right.")
                .expected(expected)
        },
    )?;
    let after = tasks(server, "ATLAS").await?;
    ensure(before == after, || {
        let new: Vec<String> = after
            .keys()
            .filter(|id| !before.contains_key(*id))
            .cloned()
            .collect();
        let (what, got) = match new.is_empty() {
            false => (
                "The task was refused, and stored all the same.",
                format!("in the list now: {}", short::list(new)),
            ),
            true => (
                "The task was refused, and the list is another one now.",
                format!("tasks: {}", short::list(after.into_keys())),
            ),
        };
        wrong(what)
            .sent(format!("{}, then list_tasks", reply.sent()))
            .expected("the same tasks in `list_tasks` as before")
            .got(got)
    })?;
    Ok(())
}

async fn too_long(ctx: Context) -> Verdict {
    let server = ctx.start().await?;
    for letter in LETTERS {
        let what = "A title of 101 characters was stored.";
        refused(
            &server,
            new_task(&letter.repeat(101)),
            what,
            &["`title`", "100"],
        )
        .await?;
    }
    Ok(())
}

async fn empty(ctx: Context) -> Verdict {
    let server = ctx.start().await?;
    refused(
        &server,
        new_task(""),
        "A task without a title was stored.",
        &["`title`"],
    )
    .await
}

async fn fits(ctx: Context) -> Verdict {
    let server = ctx.start().await?;
    for letter in LETTERS {
        for length in [1, 100] {
            let title = letter.repeat(length);
            let reply = server.call("add_task", new_task(&title)).await?;
            let result = reply.tool_result()?;
            ensure(!result.is_error(), || {
                result
                    .wrong(format!(
                        "A title of {length} character{} was refused.",
                        if length == 1 { "" } else { "s" }
                    ))
                    .expected("result.isError = false")
            })?;
            ensure(result.string("title")? == title, || {
                result
                    .wrong("The title was changed on its way.")
                    .expected("the title that was sent")
            })?;
        }
    }
    Ok(())
}

fn due_on(day: &str) -> Value {
    let mut arguments = new_task("Water the plants");
    arguments["due"] = json!(day);
    arguments
}

async fn due_must_exist(ctx: Context) -> Verdict {
    let server = ctx.start().await?;
    for day in NO_DAYS {
        refused(
            &server,
            due_on(day),
            &format!("A task due on {day:?} was stored."),
            &[],
        )
        .await?;
    }
    Ok(())
}

async fn due_fits(ctx: Context) -> Verdict {
    let server = ctx.start().await?;
    for day in DAYS {
        server.call("add_task", due_on(day)).await?.tool_success()?;
    }
    Ok(())
}
