//! What is told of a server that serves one era only: which exercise decides it, in every chapter.

use reference_tests::harness::{Check, Context, Verdict};
use serde_json::json;
use verdict::{Era, Failure};

use crate::support::{Faulty, failure};

async fn greets(ctx: Context) -> Verdict {
    let server = ctx.start().await?;
    let greeting = server.call("greet", json!({"name": "Ada"})).await?;
    greeting.tool_success()?;
    Ok(())
}

async fn told(fault: &str) -> Failure {
    let faulty = Faulty::new(Some(fault), 1.0);
    let result = faulty.run_check(Check::new("probe", "2.1", greets)).await;
    failure(&result).clone()
}

#[tokio::test]
async fn a_server_that_refuses_the_handshake_is_told_which_exercise_decides_that() {
    let told = told("modern-only").await;
    assert_eq!(told.what, "The server refused initialize.");
    assert_eq!(told.era, Some(Era::Legacy));
    // That the process ended then is no news.
    assert_eq!(
        told.notes,
        [
            "The server does not speak 2025-11-25. Which revisions it serves is exercise 1.4: `supported_protocol_versions`."
        ]
    );
}

#[tokio::test]
async fn a_server_that_ends_on_the_handshake_is_told_which_exercise_may_decide_that() {
    let told = told("ends-on-handshake").await;
    assert_eq!(told.what, "The server ended before it answered initialize.");
    assert_eq!(
        told.notes,
        [
            "`initialize` may end a server that serves the modern era only. Which revisions it serves is exercise 1.4: `supported_protocol_versions`.",
            "The server process ended with exit code 1.",
            "Last on standard error: the client did not begin as it should",
        ]
    );
}

#[tokio::test]
async fn a_server_that_never_starts_is_not_about_eras() {
    let told = told("exit").await;
    assert_eq!(told.era, Some(Era::Modern));
    assert!(!told.notes.iter().any(|note| note.contains("1.4")));
}
