//! 8.7: in whose name the server acts, for whom, and what it writes down of that.

use std::time::Duration;

use issuer::{Effect, Fault, SERVER_CLIENT, SERVER_SECRET};
use serde_json::{Value, json};
use tokio::task::JoinSet;
use tracker::names;

use super::shared::{ALL, caller, data, requests, same, serve, tool_error};
use crate::harness::{Check, Context, Launcher, Remote, Verdict, ensure, short, wrong};

const EXERCISE: &str = "8.7";
/// Where the issuer gives out tokens.
const ENDPOINT: &str = "POST /token";
/// How many calls each caller makes at once.
const CALLS: usize = 5;
/// How long the endpoint takes, so that the calls meet.
const SLOW: u64 = 300;
/// What nobody but the tracker should read.
const TITLE: &str = "Title of this check 84e1";

pub(super) fn checks() -> Vec<Check> {
    vec![
        Check::new("ac-30-own-credential", EXERCISE, own_credential)
            .says("The tracker sees one credential, the server's own, fetched once; without it nothing reaches the tracker.")
            .why(
                "A token that is passed on lets the tracker act as the user, and hides who is calling.",
                "specification of the server, AC-30",
            ),
        Check::new("ac-31-isolation", EXERCISE, isolation)
            .says("One `request_key` of two callers makes two tasks, and a plan is of use to its own caller alone.")
            .why(
                "Keys are guessed and handles are copied. Who brings them counts, not that they are right.",
                "specification of the server, AC-31",
            ),
        Check::new("ac-32-audit", EXERCISE, audit)
            .says("Each change and each refusal leaves one line that says who, without token and title.")
            .why(
                "The tracker sees only the server. Who has changed what is known here or nowhere.",
                "specification of the server, AC-32",
            ),
    ]
}

/// A server that gets its credential from the issuer.
fn by_itself(ctx: &Context) -> Verdict<Launcher> {
    let url = ctx.issuer()?.token_url();
    let launcher = ctx.server().without("TRACKER_TOKEN");
    Ok(launcher
        .env("TRACKER_CLIENT_ID", SERVER_CLIENT)
        .env("TRACKER_CLIENT_SECRET", SERVER_SECRET)
        .env("TRACKER_TOKEN_URL", url))
}

async fn own_credential(ctx: Context) -> Verdict {
    let (issuer, tracker) = (ctx.issuer()?, ctx.tracker()?);
    let ada = serve(&ctx, by_itself(&ctx)?).await?;
    let resource = ada.url();
    let tokens = ["ada", "bjoern"].map(|who| issuer.token(&resource, who, ALL));
    issuer.fault(Fault::on(ENDPOINT, Effect::Latency { millis: SLOW }))?;
    let mut calls = JoinSet::new();
    for token in &tokens {
        for _ in 0..CALLS {
            let client: Remote = ada.with_token(token);
            calls.spawn(async move { data(&client.call("list_projects", json!({})).await?) });
        }
    }
    for called in calls.join_all().await {
        called?;
    }
    let sent = "list_projects, 5 times each by two callers, all at once";
    let asked = issuer.requests(ENDPOINT);
    ensure(asked.len() == 1, || {
        wrong("The token endpoint is not asked once.")
            .sent(sent)
            .expected("1 POST /token")
            .got(match asked.len() {
                0 => "none",
                _ => "more than one",
            })
    })?;
    let for_tracker = asked[0].parameter("resource") == Some(tracker.url().as_str());
    ensure(for_tracker, || {
        wrong("The server asks for a token of another resource.")
            .sent(sent)
            .expected(format!("resource={}", tracker.url()))
            .got(asked[0].parameter("resource").unwrap_or("none").to_owned())
    })?;
    let journal = tracker.journal();
    let shown = |entry: &tracker::Entry| entry.authorization.clone().unwrap_or_default();
    let first = journal.first().map(shown).unwrap_or_default();
    let one = journal.iter().all(|entry| shown(entry) == first);
    let foreign = tokens.iter().any(|token| first.contains(token.as_str()));
    ensure(one && first.starts_with("Bearer ") && !foreign, || {
        wrong("The tracker sees another credential than that of the server.")
            .sent(sent)
            .expected("one token in every request, which no caller has sent")
            .got(match foreign {
                true => "the token of a caller".to_owned(),
                false => format!("{} requests, not all with one token", journal.len()),
            })
    })?;

    let down = Fault::on(ENDPOINT, Effect::Status { status: 503 });
    issuer.fault(down.times(u64::MAX))?;
    tracker.clear_journal();
    let fresh = serve(&ctx, by_itself(&ctx)?).await?;
    let reply = fresh.call("list_projects", json!({})).await?;
    tool_error(&reply, "A call without a credential for the tracker", &[])?;
    let what = "Something reaches the tracker without the credential of the server.";
    same(
        &tracker.journal().len(),
        &0,
        what,
        "list_projects, while the token endpoint answers 503",
    )
}

async fn isolation(ctx: Context) -> Verdict {
    let ada = serve(&ctx, ctx.server()).await?;
    let bjoern = caller(&ctx, &ada, &ada.url(), "bjoern", ALL)?;
    let new =
        json!({"project": names::EMPTY_PROJECT, "title": "Ours", "request_key": "same-key-of-two"});
    let one = data(&ada.call("create_task", new.clone()).await?)?;
    let reply = bjoern.call("create_task", new).await?;
    let other = data(&reply)?;
    ensure(other["id"].is_string() && one["id"] != other["id"], || {
        reply
            .wrong("Two callers with one request_key get one task.")
            .expected(format!("another id than {}", one["id"]))
    })?;
    let plan = json!({"project": names::EMPTY_PROJECT, "first_due": "2026-06-01"});
    let planned = data(&ada.call("plan_milestones", plan).await?)?;
    let handle = json!({"plan": planned["plan"]});
    let reply = bjoern.call("apply_plan", handle.clone()).await?;
    tool_error(&reply, "The plan of another caller", &["plan_milestones"])?;
    requests(
        &ctx,
        "PATCH /tasks/{task}",
        0,
        "apply_plan by bjoern with a plan of ada",
    )?;
    // It is as good as ever for its own caller.
    data(&ada.call("apply_plan", handle).await?)?;
    Ok(())
}

/// Waits until standard error has so many lines of JSON with `audit`, and gives all that there are.
async fn trail(remote: &Remote, count: usize) -> Vec<(String, Value)> {
    let read = || {
        let log = remote.log().stderr();
        let whole = log
            .split_inclusive('\n')
            .filter(|line| line.ends_with('\n'));
        let lines = whole.filter_map(|line| {
            let value: Value = serde_json::from_str(line.trim()).ok()?;
            value["audit"]
                .is_string()
                .then(|| (line.trim().to_owned(), value))
        });
        lines.collect::<Vec<_>>()
    };
    let limit = remote.process().limits().request();
    let enough = async {
        while read().len() < count {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let _ = tokio::time::timeout(limit, enough).await;
    read()
}

async fn audit(ctx: Context) -> Verdict {
    let ada = serve(&ctx, ctx.server().env("RUST_LOG", "off")).await?;
    let token = ctx.issuer()?.token(&ada.url(), "ada", ALL);
    let ada = ada.with_token(&token);
    let new = json!({"project": names::EMPTY_PROJECT, "title": TITLE});
    let id = data(&ada.call("create_task", new).await?)?["id"].clone();
    let lines = trail(&ada, 1).await;
    let right = |line: &Value| {
        line["audit"] == "change"
            && line["who"] == "ada"
            && line["tool"] == "create_task"
            && line["what"] == id
    };
    let told = |lines: &[(String, Value)]| match lines {
        [] => "no line with `audit`".to_owned(),
        lines => short::line(
            &lines
                .iter()
                .map(|(line, _)| line.as_str())
                .collect::<Vec<_>>()
                .join(" | "),
        ),
    };
    let quiet = |line: &str| !line.contains(TITLE) && !line.contains(&token);
    let one = matches!(lines.as_slice(), [(text, line)] if right(line) && quiet(text));
    ensure(one, || {
        wrong("A change does not leave the one line that it should.")
            .sent("create_task by ada, with RUST_LOG=off")
            .expected(format!("one line with audit change, who ada, tool create_task, what {id}, without token and title"))
            .got(told(&lines))
    })?;

    let bjoern = caller(&ctx, &ada, &ada.url(), "bjoern", "tracker:write")?;
    let reply = bjoern
        .try_call("delete_task", json!({"task": "ATLAS-1"}))
        .await?;
    ensure(reply.status == 403, || {
        reply
            .wrong(
                "A caller may do more than the token says.",
                "delete_task with tracker:write",
            )
            .expected("status 403")
    })?;
    let lines = trail(&ada, 2).await;
    let since = &lines[1.min(lines.len())..];
    let refusal = |line: &Value| line["audit"] == "refusal" && line["who"] == "bjoern";
    let one = matches!(since, [(_, line)] if refusal(line));
    ensure(one, || {
        wrong("A refusal does not leave the one line that it should.")
            .sent("delete_task by bjoern, who has tracker:write alone")
            .expected("one line with audit refusal and who bjoern, and none with change")
            .got(told(since))
    })?;
    Ok(())
}
