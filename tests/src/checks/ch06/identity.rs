//! 6.7 Know whose it is.

use serde_json::{Value, json};
use verdict::Era;

use super::trail;
use crate::harness::{Caller, Check, Context, Remote, Verdict, asking, ensure, short, wrong};

const EXERCISE: &str = "6.7";
const SOURCE: &str = "specification 2026-07-28, client/elicitation, Security Considerations; basic/patterns/mrtr, Server Requirements";
const AUDIT: &str = "specification 2026-07-28, server/tools, Security Considerations, where it is advice to clients: log tool usage for audit purposes";

pub(super) fn checks() -> Vec<Check> {
    vec![
        Check::new("identity-draft", EXERCISE, draft)
            .says("The draft of one caller is of no use to another, and still is to its own.")
            .why(
                "A handle travels through models, logs and chats. That it is signed says who has made it, not who may \
                 bring it.",
                "specification 2026-07-28, server/tools, Stateful Tools",
            ),
        Check::new("identity-question", EXERCISE, question)
            .says("The answer to a question that somebody else was asked deletes nothing.")
            .why(
                "`requestState` comes from outside. Servers MUST bind a question to the one whom they have asked.",
                SOURCE,
            )
            .only(Era::Modern),
        Check::new("identity-audit", EXERCISE, audit)
            .says("Every change leaves one line on standard error that names who has made it, and a look leaves none.")
            .why(
                "Where several people work through one server, the tracker sees only the server. Who has deleted the task \
                 is known here or nowhere.",
                AUDIT,
            ),
        Check::new("identity-forged", EXERCISE, forged)
            .says("No text that a caller sends becomes a line of the audit trail.")
            .why(
                "A title with a line break in it writes the next line itself, and blames whom it likes.",
                AUDIT,
            ),
    ]
}

/// How many requests the tracker had of this method.
fn count(ctx: &Context, method: &str) -> Verdict<usize> {
    let journal = ctx.tracker()?.journal();
    Ok(journal
        .iter()
        .filter(|entry| entry.method == method)
        .count())
}

async fn draft(ctx: Context) -> Verdict {
    let remote = ctx.server().serve_http().await?;
    let drafted = remote
        .call(
            "draft_tasks",
            json!({"project": "ATLAS", "titles": ["One", "Two"]}),
        )
        .await?;
    let handle = drafted.tool_success()?.data()?["draft"].clone();
    let ben = remote.for_caller(Caller::Ben).await?;
    let stolen = ben.call("submit_draft", json!({"draft": handle})).await?;
    let refused = stolen.error().is_some() || stolen.tool_result()?.is_error();
    ensure(refused && count(&ctx, "POST")? == 0, || {
        stolen
            .wrong("A draft was submitted by somebody else.")
            .sent("draft_tasks by ada, then submit_draft by ben with the same handle")
            .expected("an error, and nothing made")
    })?;
    let own = remote
        .call("submit_draft", json!({"draft": handle}))
        .await?;
    own.tool_success()?;
    Ok(())
}

async fn question(ctx: Context) -> Verdict {
    let remote = ctx.server().serve_http().await?;
    let asked = asking::delete(&remote, json!({})).await?;
    let answer = asking::yes_to(&asked)?;
    let other = remote.as_caller(Caller::Cleo);
    let stolen = asking::delete(&other, answer.clone()).await?;
    ensure(count(&ctx, "DELETE")? == 0, || {
        stolen
            .wrong("The answer of somebody else has deleted the task.")
            .sent("delete_task by ada, then the answer to that question by cleo")
            .expected("an error or a new question, and nothing deleted")
    })?;
    asking::delete(&remote, answer).await?.tool_success()?;
    ensure(count(&ctx, "DELETE")? == 1, || {
        wrong("The answer of the one who was asked deletes nothing.")
            .sent("delete_task by ada, then her answer")
            .expected("one DELETE to the tracker")
            .got("none")
    })?;
    Ok(())
}

/// Two tasks from one draft, made by this caller. Returns the handle, and the ids as the reply tells them.
async fn submitted(remote: &Remote) -> Verdict<(String, Vec<String>)> {
    let titles = json!({"project": "ATLAS", "titles": ["One", "Two"]});
    let drafted = remote.call("draft_tasks", titles).await?;
    let handle = drafted.tool_success()?.string("draft")?;
    let made = remote
        .call("submit_draft", json!({"draft": handle}))
        .await?;
    let made = made.tool_success()?.data()?;
    let ids = made["created"].as_array().into_iter().flatten();
    let ids = ids.filter_map(Value::as_str).map(str::to_owned).collect();
    Ok((handle, ids))
}

async fn audit(ctx: Context) -> Verdict {
    let remote = ctx.server().serve_http().await?;
    let ben = remote.for_caller(Caller::Ben).await?;
    let arguments = json!({"project": "ATLAS", "title": "For the audit"});
    let made = ben.call("create_task", arguments).await?;
    let id = made.tool_success()?.string("id")?;
    let (handle, ids) = submitted(&ben).await?;
    ben.call("list_tasks", json!({"project": "ATLAS"}))
        .await?
        .tool_success()?;
    let trail = trail::of(&remote).await;
    one_line(&trail, "create_task", &[id])?;
    one_line(&trail, "submit_draft", &ids)?;
    let sent = "create_task, draft_tasks, submit_draft and list_tasks by ben";
    trail::without_secrets(&trail, &[&handle], sent)
}

/// Demands one line with ben, the tool and these ids.
fn one_line(trail: &str, tool: &str, ids: &[String]) -> Verdict {
    let of_ben = |line: &&str| line.contains(Caller::Ben.name());
    let all = |line: &str| ids.iter().all(|id| line.contains(id.as_str()));
    let any = |line: &str| line.contains(tool) || ids.iter().any(|id| line.contains(id.as_str()));
    let lines: Vec<&str> = trail
        .lines()
        .filter(of_ben)
        .filter(|line| any(line))
        .collect();
    let what = match lines.as_slice() {
        [line] if line.contains(tool) && all(line) => return Ok(()),
        [] => "No line says who has made the change.",
        [line] if !line.contains(tool) => "The audit line does not say what was done.",
        [_] => "The audit line does not say what was changed.",
        _ => "More than one line says who has made the change.",
    };
    Err(wrong(what)
        .sent(format!("{tool} by ben, which made {}", ids.join(" and ")))
        .expected(format!(
            "one line on standard error with ben, {tool} and {}",
            ids.join(" ")
        ))
        .got(short::line(lines.first().unwrap_or(&"nothing of it")))
        .into())
}

async fn forged(ctx: Context) -> Verdict {
    let remote = ctx.server().serve_http().await?;
    let ben = remote.for_caller(Caller::Ben).await?;
    let forged = r#"{"audit":"change","who":"cleo","tool":"create_task","what":"ATLAS-1"}"#;
    for end in ["\n", "\r\n", "\r"] {
        let title = format!("Harmless{end}{forged}");
        let arguments = json!({"project": "ATLAS", "title": title});
        ben.call("create_task", arguments).await?.tool_success()?;
    }
    let trail = trail::of(&remote).await;
    let of_other = trail
        .split(['\n', '\r'])
        .find(|line| line.contains(Caller::Cleo.name()) && !line.contains(Caller::Ben.name()));
    match of_other {
        None => Ok(()),
        Some(line) => Err(
            wrong("A caller has written a line that says somebody else did it.")
                .sent("create_task by ben, with a line break in the title and then a line of his own making")
                .expected("no line about cleo, who has not called")
                .got(short::line(line))
                .into(),
        ),
    }
}
