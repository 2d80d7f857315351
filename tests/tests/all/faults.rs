//! What the harness says of a server that misbehaves, and that it leaves no process behind.

use std::sync::Arc;
use std::time::Duration;

use reference_tests::harness::{
    Check, Context, Opening, Recorder, Selection, Surroundings, Verdict, run,
};
use serde_json::json;
use verdict::{CheckResult, Era, From, Outcome};

use crate::support::{Faulty, failure, has_note, pids, wait_until};

/// Limits a tenth as long: what never comes need not be waited for.
const SHORT: f64 = 0.1;
const USUAL: f64 = 1.0;

async fn greets(ctx: Context) -> Verdict {
    let server = ctx.start().await?;
    server
        .call("greet", json!({"name": "Ada"}))
        .await?
        .tool_success()?;
    Ok(())
}

async fn greet_with(fault: &str, factor: f64) -> (Faulty, CheckResult) {
    let faulty = Faulty::new(Some(fault), factor);
    let result = faulty.run(greets).await;
    (faulty, result)
}

#[tokio::test]
async fn a_server_that_is_right_passes_and_is_gone() {
    let right = Faulty::new(None, USUAL);
    assert_eq!(right.run(greets).await.outcome, Outcome::Pass);
    right.nobody_is_left(1);
}

#[tokio::test]
async fn a_server_that_ends_at_once_is_told_with_its_exit_code_and_last_words() {
    let (_, result) = greet_with("exit", USUAL).await;
    let failure = failure(&result);
    assert_eq!(
        failure.what,
        "The server ended before it answered tools/call."
    );
    assert_eq!(
        failure.sent.as_deref(),
        Some(r#"tools/call greet {"name":"Ada"}"#)
    );
    assert_eq!(failure.got, "no reply; exit code 3");
    has_note(failure, "cannot find the settings");
}

#[tokio::test]
async fn silence_is_told_with_what_was_pending() {
    let (faulty, result) = greet_with("silent", SHORT).await;
    let failure = failure(&result);
    assert_eq!(failure.what, "The server did not answer tools/call.");
    assert_eq!(failure.got, "no reply in 200 ms");
    faulty.nobody_is_left(1);
}

#[tokio::test]
async fn a_panic_is_told_with_its_place() {
    let (_, result) = greet_with("panic", SHORT).await;
    has_note(failure(&result), "panicked at ");
    has_note(failure(&result), "foreign-server.rs:");
    has_note(failure(&result), "the answer is lost");
}

#[tokio::test]
async fn half_a_line_is_told() {
    let (faulty, result) = greet_with("half-line", SHORT).await;
    has_note(failure(&result), "ends with half a line");
    faulty.nobody_is_left(1);
}

#[tokio::test]
async fn a_reply_to_another_id_is_told() {
    let (_, result) = greet_with("other-id", SHORT).await;
    has_note(failure(&result), r#"A reply came with id "another""#);
}

#[tokio::test]
async fn a_line_that_is_no_json_decides_nothing() {
    let (_, result) = greet_with("chatty", USUAL).await;
    assert_eq!(result.outcome, Outcome::Pass);
}

#[tokio::test]
async fn invalid_utf8_survives_and_is_known() {
    async fn looks(ctx: Context) -> Verdict {
        let server = ctx.start().await?;
        server
            .call("greet", json!({"name": "Ada"}))
            .await?
            .tool_success()?;
        let (lines, count) = server.log().stray_lines();
        assert_eq!((count, lines[0].invalid_utf8), (1, true));
        Ok(())
    }
    let faulty = Faulty::new(Some("invalid-utf8"), USUAL);
    let result = faulty.run(looks).await;
    assert_eq!(result.outcome, Outcome::Pass);
    assert!(
        result.wire.iter().any(|line| line.text == "caf\u{fffd}"),
        "{:?}",
        result.wire
    );
}

#[tokio::test]
async fn a_flood_on_stdout_is_cut() {
    is_cut("flood-stdout", "more than 20000 lines to standard output").await;
}

#[tokio::test]
async fn a_flood_on_stderr_is_cut() {
    is_cut("flood-stderr", "more than 20000 lines to standard error").await;
}

#[tokio::test]
async fn a_line_without_end_is_cut() {
    is_cut(
        "endless-line",
        "more than 8 MB without one line end to standard output",
    )
    .await;
}

async fn is_cut(fault: &str, words: &str) {
    let (faulty, result) = greet_with(fault, USUAL).await;
    has_note(failure(&result), words);
    let recorded: usize = result.wire.iter().map(|line| line.text.len()).sum();
    assert!(
        recorded < 3 * 1024 * 1024,
        "{recorded} bytes of a hundred megabytes are kept"
    );
    faulty.nobody_is_left(1);
}

#[tokio::test]
async fn a_server_that_does_not_read_is_told() {
    async fn writes_much(ctx: Context) -> Verdict {
        let server = ctx.start().await?;
        // More than a pipe takes.
        server
            .call("greet", json!({"name": "A".repeat(1024 * 1024)}))
            .await?;
        Ok(())
    }
    let faulty = Faulty::new(Some("ignore-input"), SHORT);
    let result = faulty.run(writes_much).await;
    assert_eq!(
        failure(&result).what,
        "The server did not read its standard input for 200 ms."
    );
    faulty.nobody_is_left(1);
}

#[tokio::test]
async fn a_server_that_outlives_its_input_is_killed() {
    async fn hangs_up(ctx: Context) -> Verdict {
        let server = ctx.start().await?;
        server.call("greet", json!({"name": "Ada"})).await?;
        server.close_input().await;
        server
            .ending(Duration::from_millis(100), "its standard input ended")
            .await?;
        Ok(())
    }
    let faulty = Faulty::new(Some("stubborn"), USUAL);
    let result = faulty.run(hangs_up).await;
    let what = "The server was still running 100 ms after its standard input ended.";
    assert_eq!(failure(&result).what, what);
    faulty.nobody_is_left(1);
}

#[cfg(unix)]
#[tokio::test]
async fn a_server_that_ignores_sigterm_is_killed() {
    async fn tells_to_stop(ctx: Context) -> Verdict {
        let server = ctx.start().await?;
        server.call("greet", json!({"name": "Ada"})).await?;
        server.terminate();
        server.ending(Duration::from_millis(100), "SIGTERM").await?;
        Ok(())
    }
    let faulty = Faulty::new(Some("deaf"), USUAL);
    let result = faulty.run(tells_to_stop).await;
    assert_eq!(
        failure(&result).what,
        "The server was still running 100 ms after SIGTERM."
    );
    faulty.nobody_is_left(1);
}

#[tokio::test]
async fn what_a_server_has_started_dies_with_it() {
    async fn waits_for_the_child(ctx: Context) -> Verdict {
        let server = ctx.start().await?;
        server
            .call("greet", json!({"name": "Ada"}))
            .await?
            .tool_success()?;
        let subject = ctx.subject();
        let file = subject.environment[0].1.clone();
        while pids(file.as_ref()).len() < 2 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        Ok(())
    }
    let faulty = Faulty::new(Some("child"), USUAL);
    assert_eq!(faulty.run(waits_for_the_child).await.outcome, Outcome::Pass);
    faulty.nobody_is_left(2);
}

#[tokio::test]
async fn what_a_server_has_started_dies_after_it() {
    async fn outlived(ctx: Context) -> Verdict {
        let server = ctx.start().await?;
        let file = ctx.subject().environment[0].1.clone();
        while pids(file.as_ref()).len() < 2 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        server.close_input().await;
        assert!(
            server
                .ending(Duration::from_secs(5), "the end of input")
                .await?
                .is_normal()
        );
        Ok(())
    }
    let faulty = Faulty::new(Some("child"), USUAL);
    assert_eq!(faulty.run(outlived).await.outcome, Outcome::Pass);
    faulty.nobody_is_left(2);
}

#[tokio::test]
async fn a_check_that_panics_is_the_checkers_fault_and_leaves_nobody() {
    async fn panics(ctx: Context) -> Verdict {
        let server = ctx.start().await?;
        server.call("greet", json!({"name": "Ada"})).await?;
        panic!("the check is broken");
    }
    let right = Faulty::new(None, USUAL);
    let result = right.run(panics).await;
    assert!(
        matches!(&result.outcome, Outcome::Fault { message } if message.contains("panicked")),
        "{result:?}"
    );
    right.nobody_is_left(1);
}

#[tokio::test]
async fn a_check_that_takes_too_long_is_ended_with_its_server() {
    async fn never_ends(ctx: Context) -> Verdict {
        let server = ctx.start().await?;
        server.call("greet", json!({"name": "Ada"})).await?;
        std::future::pending().await
    }
    let right = Faulty::new(None, USUAL);
    let check = Check::new("endless", "0.0", never_ends)
        .only(Era::Modern)
        .within(Duration::from_millis(300));
    let result = right.run_check(check).await;
    assert_eq!(
        failure(&result).what,
        "The check did not come to an end within 300 ms."
    );
    right.nobody_is_left(1);
}

#[tokio::test]
async fn a_run_that_is_dropped_leaves_nobody() {
    let faulty = Faulty::new(Some("silent"), USUAL);
    let check = Check::new("probe", "0.0", greets).only(Era::Modern);
    let selection = Selection::default();
    let work = run(
        vec![check],
        &selection,
        Arc::new(faulty.subject.clone()),
        |_| {},
    );
    let started = async {
        while pids(&faulty.pid_file()).is_empty() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    tokio::select! {
        () = work => panic!("the server never answers"),
        () = started => {}
    }
    // The runtime has to come round once for aborted tasks to be dropped.
    tokio::time::sleep(Duration::from_millis(50)).await;
    faulty.nobody_is_left(1);
}

#[tokio::test]
async fn a_command_that_does_not_exist_is_no_failure_of_a_server() {
    let mut nothing = Faulty::new(None, USUAL);
    nothing.subject.command = "/no/such/program".into();
    let result = nothing.run(greets).await;
    assert!(
        matches!(&result.outcome, Outcome::Fault { message } if message.contains("/no/such/program")),
        "{result:?}"
    );
}

#[tokio::test]
async fn a_failure_names_the_first_era_in_which_it_was_seen() {
    async fn legacy_fails(ctx: Context) -> Verdict {
        use reference_tests::harness::{ensure, wrong};
        ctx.start().await?.tools().await?;
        ensure(ctx.era() == Era::Modern, || wrong("legacy it is"))?;
        Ok(())
    }
    let right = Faulty::new(None, USUAL);
    let result = right
        .run_check(Check::new("both", "0.0", legacy_fails))
        .await;
    assert_eq!(failure(&result).era, Some(Era::Legacy));
    // One process an era, numbered in order.
    assert_eq!(result.wire.last().map(|line| line.process), Some(2));
    right.nobody_is_left(2);
}

#[tokio::test]
async fn replies_find_their_requests_in_any_order() {
    async fn overtakes(ctx: Context) -> Verdict {
        let server = ctx.start().await?;
        let slow = server.begin_call("wait", json!({"millis": 150})).await?;
        let fast = server.begin_call("greet", json!({"name": "Ada"})).await?;
        assert_eq!(slow.reply().await?.tool_success()?.text(), "waited 150 ms");
        assert_eq!(fast.reply().await?.tool_success()?.text(), "Hello, Ada!");
        Ok(())
    }
    let right = Faulty::new(None, USUAL);
    let result = right.run(overtakes).await;
    assert_eq!(result.outcome, Outcome::Pass);
    let replies: Vec<bool> = result
        .wire
        .iter()
        .filter(|line| line.from == From::Server)
        .map(|line| line.text.contains("waited"))
        .collect();
    assert_eq!(replies, [false, true]);
}

#[test]
fn a_context_that_is_dropped_kills_its_servers() {
    let faulty = Faulty::new(Some("silent"), USUAL);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let subject = Arc::new(faulty.subject.clone());
    runtime.block_on(async {
        let context = Context::new(
            subject,
            Era::Modern,
            Surroundings::Plain,
            Arc::new(Recorder::new()),
        );
        let server = context.server().start(Opening::None).await.expect("starts");
        wait_until("the server has told its id", || {
            pids(&faulty.pid_file()).len() == 1
        });
        // Forgotten, so that nothing but the end of the runtime can end the server.
        std::mem::forget(server);
        std::mem::forget(context);
    });
    runtime.shutdown_timeout(Duration::from_secs(1));
    faulty.nobody_is_left(1);
}
