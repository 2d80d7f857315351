//! What the checks of this chapter have in common.

use std::time::Duration;

use serde::Serialize;
use serde_json::{Value, json};
use tokio::task::JoinHandle;
use tracker::Tracker;

use crate::harness::{Context, Launcher, Remote, Reply, Stop, Verdict, ensure, short, wrong};

/// Every scope by its name.
pub(super) const ALL: &str = "tracker:read tracker:write tracker:admin";
/// Signs what two processes of one check share.
pub(super) const STATE_KEY: &str = "the-state-key-of-this-check-0123456789abcdef";
/// What the tracker is asked when a task is made.
pub(super) const CREATE: &str = "POST /tasks";

/// Starts a server over HTTP that takes the tokens of the issuer. Its caller is `ada`, who may do everything.
///
/// # Errors
/// It does not say where it listens.
pub(super) async fn serve(ctx: &Context, launcher: Launcher) -> Verdict<Remote> {
    let url = ctx.issuer()?.url();
    let remote = launcher.without("STATIC_TOKENS").env("ISSUER_URL", url);
    let remote = remote.listen().await?;
    let resource = remote.url();
    caller(ctx, &remote, &resource, "ada", ALL)
}

/// The same server for somebody else. `resource` is what the token is good for.
pub(super) fn caller(
    ctx: &Context,
    remote: &Remote,
    resource: &str,
    who: &str,
    scope: &str,
) -> Verdict<Remote> {
    Ok(remote.with_token(&ctx.issuer()?.token(resource, who, scope)))
}

/// What a call has brought: `structuredContent`, and the same as JSON in a text block.
///
/// # Errors
/// The call has failed, or there is one of the two at most.
pub(super) fn data(reply: &Reply) -> Verdict<Value> {
    let result = reply.tool_success()?;
    let expected = "structuredContent, and the same as JSON in a text block";
    let Some(data) = result.structured() else {
        let wrong = result.wrong("The result has no structured content.");
        return Err(wrong.expected(expected).into());
    };
    let copied = |text: &&str| serde_json::from_str::<Value>(text).ok().as_ref() == Some(data);
    ensure(result.texts().iter().any(copied), || {
        result
            .wrong("The text of the result does not say what its data says.")
            .expected(expected)
    })?;
    Ok(data.clone())
}

/// The ids in one list of the data.
pub(super) fn ids(data: &Value) -> Vec<String> {
    let list = data.as_array().into_iter().flatten();
    list.map(|id| id["id"].as_str().or(id.as_str()))
        .map(|id| id.unwrap_or_default().to_owned())
        .collect()
}

/// How long a reply that is there already takes to be read.
pub(super) const MOMENT: Duration = Duration::from_millis(100);

/// Waits until the tracker has a request for a task. False if none comes in time.
pub(super) async fn arrived(ctx: &Context) -> Verdict<bool> {
    let there = |tracker: &Tracker| !tracker.requests(CREATE).is_empty();
    let limit = ctx.limits().request();
    Ok(ctx.tracker()?.wait_until(limit, there).await)
}

/// The reply to a call, if it is there already.
pub(super) async fn so_far(call: JoinHandle<Verdict<Reply>>) -> Verdict<Reply> {
    let gone = |_| Stop::Fault("there is no reply".into());
    let ended = tokio::time::timeout(MOMENT, call).await.map_err(gone)?;
    ended.map_err(|error| Stop::Fault(error.to_string()))?
}

/// Says that a call does not get as far as the tracker, and how it was answered, if it was.
pub(super) fn not_arrived(sent: &str, reply: Verdict<Reply>) -> Stop {
    const WHAT: &str = "The call does not reach the tracker.";
    let what = match reply {
        Ok(reply) => reply.wrong(WHAT),
        Err(_) => wrong(WHAT).got("no request, and no reply"),
    };
    what.sent(sent)
        .expected("POST /tasks at the tracker")
        .into()
}

/// Demands a tool error whose text holds all of `words` literally.
pub(super) fn tool_error(reply: &Reply, what: &str, words: &[&str]) -> Verdict {
    let expected = match words {
        [] => "result.isError = true, with a text".to_owned(),
        words => format!(
            "result.isError = true, with a text that names {}",
            short::list(words.iter().copied())
        ),
    };
    let refused = reply.tool_error(&format!("{what} gets no tool error."), &expected)?;
    let text = refused.texts().join("\n");
    let named = words.iter().all(|word| text.contains(word));
    ensure(named && !text.trim().is_empty(), || {
        refused
            .wrong(format!(
                "The tool error for {what} does not name what it should."
            ))
            .expected(expected)
    })?;
    Ok(())
}

/// Demands a protocol error with this code, whose message or data holds all of `words` literally.
pub(super) fn protocol_error(reply: &Reply, code: i64, what: &str, words: &[&str]) -> Verdict {
    let error = reply.expect_error(code, &format!("{what} gets another answer."))?;
    let told = error.to_string();
    ensure(words.iter().all(|word| told.contains(word)), || {
        reply
            .wrong(format!(
                "The error for {what} does not say what it is about."
            ))
            .expected(format!(
                "a protocol error with code {code} that names {}",
                short::list(words.iter().copied())
            ))
    })?;
    Ok(())
}

/// Demands that two values are the same. They are shown as JSON.
pub(super) fn same<T: PartialEq + Serialize>(
    got: &T,
    expected: &T,
    what: &str,
    sent: &str,
) -> Verdict {
    ensure(got == expected, || {
        wrong(what)
            .sent(sent)
            .expected(short::json(&json!(expected)))
            .got(short::json(&json!(got)))
    })?;
    Ok(())
}

/// Demands that the tracker has had so many requests of this route.
pub(super) fn requests(ctx: &Context, route: &str, expected: usize, sent: &str) -> Verdict {
    let got = ctx.tracker()?.requests(route).len();
    let what = format!("{route} is asked of the tracker another number of times than it should.");
    same(&got, &expected, &what, sent)
}

/// How many tasks the tracker has.
pub(super) fn tasks(ctx: &Context) -> Verdict<usize> {
    Ok(ctx.tracker()?.tasks().len())
}
