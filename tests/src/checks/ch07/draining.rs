//! 7.7: a server that is told to stop loses nothing.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::json;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};
use tracker::{Effect, Fault};
use verdict::Needs;

use super::watching::{EXERCISE, get};
use crate::harness::{Check, Context, Remote, Stop, Verdict, ensure, short, wrong};

const SOURCE: &str =
    "specification 2026-07-28, basic/transports/streamable-http: the server answers each request";

/// Callers who go on calling until they are sent away.
const CALLERS: u32 = 6;
/// How long after its work the tracker answers each of their calls, in milliseconds.
const CALL: u64 = 480;
/// How long they call before the server is told to stop.
const LOAD: Duration = Duration::from_millis(720);
/// A server that has answered everything ends within this time.
const END: Duration = Duration::from_secs(4);
/// So does one that gives up what is left. Well before the caller would give up by itself, which is an end as well.
const FORCED_END: Duration = Duration::from_secs(1);
/// A route that is slow in these checks.
const SLOW: &str = "GET /tasks/{task}";

pub(super) fn checks() -> Vec<Check> {
    vec![
        Check::new("drain-answers", EXERCISE, answers)
            .says("On SIGTERM under load every call that was begun is answered, every other is refused before it does anything, and the process ends with 0.")
            .why(
                "A call that did its work and has no answer is done again by the client: the task is there twice.",
                SOURCE,
            )
            .needs(Needs::Crate)
            .unix_only()
            .waits()
            .within(Duration::from_secs(20)),
        Check::new("drain-not-ready", EXERCISE, not_ready)
            .says("While calls are still answered after SIGTERM, `/readyz` answers 503 or nobody listens any more.")
            .why(
                "Whoever spreads the load must learn that this instance takes no more, or goes on sending to it.",
                SOURCE,
            )
            .needs(Needs::Crate)
            .unix_only()
            .waits(),
        Check::new("drain-limit", EXERCISE, limited)
            .says("A call that does not end holds up the end for `DRAIN_LIMIT_MS` at most.")
            .why(
                "Whoever stops a process kills it when it takes too long, and then nothing is put in order.",
                SOURCE,
            )
            .needs(Needs::Crate)
            .unix_only()
            .waits(),
    ]
}

/// What became of the calls that create tasks, by title.
#[derive(Debug, Default)]
struct Calls {
    answered: BTreeSet<String>,
    others: Vec<(String, String)>,
}

async fn answers(ctx: Context) -> Verdict {
    let tracker = ctx.tracker()?;
    let remote = ctx
        .server()
        .env("DRAIN_LIMIT_MS", "10000")
        .serve_http()
        .await?;
    // The task is there at once, the reply is late: whoever does not wait for it loses a task that was made.
    tracker.fault(Fault::on("POST /tasks", Effect::LateReply { millis: CALL }).times(10_000))?;
    let calls = Arc::new(Mutex::new(Calls::default()));
    let mut callers = JoinSet::new();
    for caller in 0..CALLERS {
        callers.spawn(call_on(remote.clone(), caller, Arc::clone(&calls)));
    }
    sleep(LOAD).await;
    remote.process().terminate();
    let sent = format!(
        "SIGTERM while {CALLERS} callers create tasks, each of which the tracker confirms after {CALL} ms"
    );
    let ending = remote.process().ending(END, "SIGTERM").await;
    let ending = ending.map_err(|stop| stop.sent(sent.clone()))?;
    callers.join_all().await;
    let calls = calls.lock().unwrap_or_else(PoisonError::into_inner);
    ensure(!calls.answered.is_empty(), || {
        wrong("No call was answered before SIGTERM.")
            .sent(sent.clone())
            .expected("calls that are answered")
            .got(calls.others.first().map_or("nothing", |(_, got)| got))
    })?;
    let titles = tracker.tasks().into_iter().map(|task| task.title);
    let made: BTreeSet<String> = titles.filter(|title| title.starts_with("load ")).collect();
    let lost: Vec<&String> = made.difference(&calls.answered).collect();
    ensure(lost.is_empty(), || {
        let other = calls.others.iter().find(|(title, _)| *title == *lost[0]);
        wrong("A task was created, and the call that created it got no answer.")
            .sent(sent.clone())
            .expected("the reply to every call that has begun, before the process ends")
            .got("no reply")
            .note(format!(
                "So it was with {} calls. Of one of them the caller saw: {}",
                lost.len(),
                other.map_or("nothing", |(_, got)| got)
            ))
    })?;
    ensure(ending.is_normal(), || {
        wrong("The server does not end as one that was told to stop.")
            .sent(sent.clone())
            .expected("exit code 0")
            .got(ending.spoken())
    })?;
    Ok(())
}

/// Creates tasks until a call is not answered with a task. Some callers begin later, so that at every moment some call has
/// just begun.
async fn call_on(remote: Remote, caller: u32, calls: Arc<Mutex<Calls>>) {
    sleep(Duration::from_millis(CALL) / CALLERS * caller).await;
    for number in 0.. {
        let title = format!("load {caller}.{number}");
        let got = create(&remote, &title).await;
        let mut calls = calls.lock().unwrap_or_else(PoisonError::into_inner);
        match got {
            Ok(()) => calls.answered.insert(title),
            Err(got) => {
                calls.others.push((title, got));
                return;
            }
        };
    }
}

async fn create(remote: &Remote, title: &str) -> Result<(), String> {
    let arguments = json!({"project": "ATLAS", "title": title});
    let reply = remote.try_call("create_task", arguments).await;
    let reply = reply.map_err(|stop| stop.to_string())?;
    let message = reply.messages().pop().unwrap_or_default();
    let done = reply.status == 200
        && message["result"]["isError"] != true
        && message["result"].is_object();
    match done {
        true => Ok(()),
        false => Err(reply.got()),
    }
}

async fn not_ready(ctx: Context) -> Verdict {
    let millis = millis(ctx.limits().scaled(Duration::from_millis(600)));
    let remote = slow(&ctx, millis, 30_000).await?;
    let call = begun(&ctx, &remote).await?;
    remote.process().terminate();
    // The signal has to arrive before anybody can know of it.
    sleep(ctx.limits().scaled(Duration::from_millis(100))).await;
    let sent = "GET /readyz after SIGTERM, while a call is still answered";
    match get(&remote, "/readyz").await {
        // Nobody listens any more: that is an answer, too.
        Err(Stop::Wrong(_)) => {}
        Err(fault) => return Err(fault),
        Ok(reply) => ensure(reply.status == 503, || {
            reply
                .wrong("/readyz is wrong when the server is about to end.", sent)
                .expected("503")
        })?,
    }
    let reply = call.await.map_err(|error| Stop::Fault(error.to_string()))?;
    let reply = reply.map_err(|stop| stop.sent("a call that was begun before SIGTERM"))?;
    ensure(reply.status == 200, || {
        reply
            .wrong(
                "A call that was begun before SIGTERM is not answered.",
                "tools/call get_task, then SIGTERM",
            )
            .expected("200, with the task")
    })?;
    Ok(())
}

async fn limited(ctx: Context) -> Verdict {
    const LIMIT: u64 = 300;
    let remote = slow(&ctx, 60_000, LIMIT).await?;
    let call = begun(&ctx, &remote).await?;
    remote.process().terminate();
    let sent = format!("DRAIN_LIMIT_MS={LIMIT}, a call that takes a minute, then SIGTERM");
    let ending = remote.process().ending(FORCED_END, "SIGTERM").await;
    call.abort();
    let ending = ending.map_err(|stop| stop.sent(sent.clone()))?;
    ensure(ending.is_normal(), || {
        let log = remote.log().stderr();
        let last = log
            .trim_end()
            .lines()
            .last()
            .unwrap_or("nothing on standard error")
            .to_owned();
        wrong("The server does not end as one that was told to stop.")
            .sent(sent)
            .expected("exit code 0")
            .got(format!("{}; {}", ending.spoken(), short::line(&last)))
    })?;
    Ok(())
}

/// A server whose tracker takes its time for one task.
async fn slow(ctx: &Context, millis: u64, drain_limit: u64) -> Verdict<Remote> {
    let remote = ctx
        .server()
        .env("DRAIN_LIMIT_MS", drain_limit.to_string())
        .env("ATTEMPT_TIMEOUT_MS", "120000")
        .env("CALL_BUDGET_MS", "120000")
        .serve_http()
        .await?;
    ctx.tracker()?
        .fault(Fault::on(SLOW, Effect::Latency { millis }).times(10))?;
    Ok(remote)
}

type Call = tokio::task::JoinHandle<Verdict<crate::harness::HttpReply>>;

/// A call whose request has reached the tracker.
async fn begun(ctx: &Context, remote: &Remote) -> Verdict<Call> {
    let caller = remote.clone();
    let call = tokio::spawn(async move {
        caller
            .try_call("get_task", json!({"task": "ATLAS-1"}))
            .await
    });
    let end = Instant::now() + ctx.limits().request();
    while ctx.tracker()?.requests(SLOW).is_empty() {
        ensure(Instant::now() < end && !call.is_finished(), || {
            wrong("A call does not reach the tracker.")
                .sent("tools/call get_task {\"task\":\"ATLAS-1\"}")
                .expected("a request GET /tasks/ATLAS-1")
                .got("none")
        })?;
        sleep(Duration::from_millis(5)).await;
    }
    Ok(call)
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
