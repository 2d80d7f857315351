//! Checks that leave no trace share a server, and nobody can tell but by the time it takes.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use reference_tests::harness::{Check, Context, Selection, Verdict, wrong};
use serde_json::json;
use verdict::{CheckResult, Era, Outcome};

use crate::support::{Faulty, failure};

async fn greets(ctx: Context) -> Verdict {
    let server = ctx.start().await?;
    let greeting = server.call("greet", json!({"name": "Ada"})).await?;
    greeting.tool_success()?;
    Ok(())
}

async fn ends_the_server(ctx: Context) -> Verdict {
    ctx.start().await?.kill();
    Ok(())
}

async fn fails(ctx: Context) -> Verdict {
    greets(ctx).await?;
    Err(wrong("It is never right.").into())
}

fn three(first: Check) -> Vec<Check> {
    let check = |name| Check::new(name, "0.0", greets).leaves_no_trace();
    vec![first.leaves_no_trace(), check("second"), check("third")]
}

fn outcomes(results: &[CheckResult]) -> Vec<(&str, &Outcome)> {
    results
        .iter()
        .map(|result| (result.check.as_str(), &result.outcome))
        .collect()
}

#[tokio::test]
async fn they_share_one_server_in_each_era() {
    let right = Faulty::new(None, 1.0);
    let checks = three(Check::new("first", "0.0", greets));
    let results = right.run_checks(checks, &Selection::default()).await;
    let pass = &Outcome::Pass;
    assert_eq!(
        outcomes(&results),
        [("first", pass), ("second", pass), ("third", pass)]
    );
    right.nobody_is_left(2);
}

#[tokio::test]
async fn another_exercise_has_another_server() {
    let right = Faulty::new(None, 1.0);
    let mut checks = three(Check::new("first", "0.0", greets));
    checks.push(Check::new("fourth", "0.1", greets).leaves_no_trace());
    checks.push(Check::new("fifth", "0.0", greets));
    let modern = Selection {
        era: Some(Era::Modern),
        ..Selection::default()
    };
    assert_eq!(right.run_checks(checks, &modern).await.len(), 5);
    right.nobody_is_left(3);
}

#[tokio::test]
async fn with_their_messages_each_has_its_own() {
    let right = Faulty::new(None, 1.0);
    let wire = Selection {
        wire: true,
        ..Selection::default()
    };
    let checks = three(Check::new("first", "0.0", greets));
    let results = right.run_checks(checks, &wire).await;
    assert!(results.iter().all(|result| !result.wire.is_empty()));
    right.nobody_is_left(6);
}

#[tokio::test]
async fn one_that_fails_is_judged_by_its_own_server_and_takes_nobody_with_it() {
    let right = Faulty::new(None, 1.0);
    let checks = three(Check::new("first", "0.0", fails));
    let results = right.run_checks(checks, &Selection::default()).await;
    assert_eq!(failure(&results[0]).what, "It is never right.");
    assert_eq!(failure(&results[0]).era, Some(Era::Modern));
    // The whole conversation, as if it had been alone from the beginning.
    assert!(results[0].wire[0].text.starts_with("started: "));
    let pass = &Outcome::Pass;
    assert_eq!(outcomes(&results[1..]), [("second", pass), ("third", pass)]);
}

#[tokio::test]
async fn when_the_common_server_is_gone_the_others_have_their_own() {
    let right = Faulty::new(None, 1.0);
    let checks = three(Check::new("first", "0.0", ends_the_server));
    let results = right.run_checks(checks, &Selection::default()).await;
    let pass = &Outcome::Pass;
    assert_eq!(
        outcomes(&results),
        [("first", pass), ("second", pass), ("third", pass)]
    );
}

/// How many runs of [`meets_its_other_era`] have begun.
static BEGUN: AtomicUsize = AtomicUsize::new(0);

async fn meets_its_other_era(_: Context) -> Verdict {
    BEGUN.fetch_add(1, Ordering::SeqCst);
    while BEGUN.load(Ordering::SeqCst) < 2 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    Ok(())
}

#[tokio::test]
async fn a_check_that_mostly_waits_does_so_in_both_eras_at_once() {
    let right = Faulty::new(None, 1.0);
    let check = Check::new("first", "0.0", meets_its_other_era).waits();
    let results = right.run_checks(vec![check], &Selection::default()).await;
    assert_eq!(outcomes(&results), [("first", &Outcome::Pass)]);
}
