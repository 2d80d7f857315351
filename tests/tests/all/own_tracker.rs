//! Every run of a check that asks for one has a tracker of its own, and its servers are told where.

use std::sync::Mutex;
use std::time::Duration;

use reference_tests::harness::{Check, Context, TRACKER_TOKEN, Verdict, wrong};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tracker::{Effect, Fault, Tracker};
use verdict::{CheckResult, Outcome};

use crate::support::{Faulty, failure, has_note, is_closed};

/// A server that does nothing but tell what it was told.
const TELLS: &str = "echo \"$TRACKER_URL $TRACKER_TOKEN $CALL_BUDGET_MS $STATE_KEY\"";

fn teller() -> Faulty {
    let mut faulty = Faulty::new(None, 1.0);
    faulty.subject.command = "sh".into();
    faulty.subject.arguments = vec!["-c".into(), TELLS.into()];
    faulty
}

async fn run<F>(check: fn(Context) -> F) -> CheckResult
where
    F: Future<Output = Verdict> + Send + 'static,
{
    let check = Check::new("probe", "0.0", check).with_tracker();
    teller().run_check(check).await
}

/// What the server says of its environment.
async fn told(ctx: &Context) -> Verdict<String> {
    let (told, _) = ctx.server().output(Duration::from_secs(2)).await?;
    Ok(told.trim().to_owned())
}

/// Sends a request, with this token if there is one; gives the status line.
async fn ask(tracker: &Tracker, request: &str, token: Option<&str>) -> String {
    let mut stream = TcpStream::connect(tracker.address())
        .await
        .expect("a connection");
    let authorization = token.map(|token| format!("Authorization: Bearer {token}\r\n"));
    let head = format!(
        "{request} HTTP/1.1\r\nHost: tracker\r\nConnection: close\r\n{}\r\n",
        authorization.unwrap_or_default()
    );
    stream.write_all(head.as_bytes()).await.expect("is sent");
    let mut reply = String::new();
    stream.read_to_string(&mut reply).await.expect("a reply");
    reply.lines().next().unwrap_or_default().to_owned()
}

#[cfg(unix)]
#[tokio::test]
async fn each_era_has_its_own_and_every_server_of_it_is_told() {
    static SEEN: Mutex<Vec<String>> = Mutex::new(Vec::new());
    async fn looks(ctx: Context) -> Verdict {
        let (one, other) = (told(&ctx).await?, told(&ctx).await?);
        assert_eq!(one, other);
        let tracker = ctx.tracker()?;
        assert_eq!(one, format!("{} {TRACKER_TOKEN}", tracker.url()));
        assert!(tracker.journal().is_empty(), "nobody was here before");
        let status = ask(tracker, "GET /projects", Some(TRACKER_TOKEN)).await;
        assert!(status.contains("200"), "{status}");
        SEEN.lock().expect("no panic").push(tracker.url());
        Ok(())
    }
    assert_eq!(run(looks).await.outcome, Outcome::Pass);
    let seen = std::mem::take(&mut *SEEN.lock().expect("no panic"));
    assert_eq!(seen.len(), 2, "once in each era");
    assert_ne!(seen[0], seen[1]);
    for url in seen {
        let address = url.trim_start_matches("http://").parse().expect("address");
        assert!(is_closed(address).await, "{url} has outlived its check");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn what_the_check_sets_goes_before() {
    async fn looks(ctx: Context) -> Verdict {
        let elsewhere = ctx.server().env("TRACKER_URL", "http://127.0.0.1:1");
        let (said, _) = elsewhere.output(Duration::from_secs(2)).await?;
        assert_eq!(said.trim(), format!("http://127.0.0.1:1 {TRACKER_TOKEN}"));
        Ok(())
    }
    assert_eq!(run(looks).await.outcome, Outcome::Pass);
}

#[cfg(unix)]
#[tokio::test]
async fn a_check_without_one_tells_nothing_and_has_nothing() {
    async fn looks(ctx: Context) -> Verdict {
        assert_eq!(told(&ctx).await?, "");
        ctx.tracker()?;
        Ok(())
    }
    let result = teller().run(looks).await;
    let Outcome::Fault { message } = result.outcome else {
        panic!("{:?}", result.outcome);
    };
    assert_eq!(message, "this check has no tracker");
}

#[tokio::test]
async fn it_does_not_outlive_a_check_that_hangs() {
    static URL: Mutex<String> = Mutex::new(String::new());
    async fn hangs(ctx: Context) -> Verdict {
        let tracker = ctx.tracker()?;
        tracker.fault(Fault::anywhere(Effect::Latency { millis: 600_000 }))?;
        *URL.lock().expect("no panic") = tracker.url();
        ask(tracker, "GET /projects", Some(TRACKER_TOKEN)).await;
        Ok(())
    }
    let check = Check::new("probe", "0.0", hangs)
        .with_tracker()
        .within(Duration::from_millis(200));
    let result = teller().run_check(check).await;
    let what = &failure(&result).what;
    assert_eq!(what, "The check did not come to an end within 200 ms.");
    let url = URL.lock().expect("no panic").clone();
    let address = url.trim_start_matches("http://").parse().expect("address");
    assert!(is_closed(address).await, "{url} has outlived its check");
}

#[tokio::test]
async fn faults_and_journal_are_at_hand() {
    async fn looks(ctx: Context) -> Verdict {
        let tracker = ctx.tracker()?;
        tracker.fault(Fault::on("GET /projects", Effect::Status { status: 503 }))?;
        let first = ask(tracker, "GET /projects", Some(TRACKER_TOKEN)).await;
        let second = ask(tracker, "GET /projects", Some(TRACKER_TOKEN)).await;
        assert!(first.contains("503") && second.contains("200"));
        assert_eq!(tracker.requests("GET /projects").len(), 2);
        tracker.fault(Fault::on("GET /nothing", Effect::TruncatedJson))?;
        Ok(())
    }
    let result = run(looks).await;
    let Outcome::Fault { message } = result.outcome else {
        panic!("{:?}", result.outcome);
    };
    assert!(
        message.contains("has no route \"GET /nothing\""),
        "{message}"
    );
}

#[tokio::test]
async fn a_server_with_another_token_is_explained() {
    async fn fails(ctx: Context) -> Verdict {
        ask(
            ctx.tracker()?,
            "GET /projects",
            Some(tracker::DEFAULT_TOKEN),
        )
        .await;
        Err(wrong("The list is empty.").into())
    }
    let result = run(fails).await;
    has_note(
        failure(&result),
        "GET /projects, which came with another token",
    );
    has_note(failure(&result), "TRACKER_TOKEN");
}
