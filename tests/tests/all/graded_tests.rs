//! The judgement on tests, with a test program that is good or bad on demand.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, OnceLock};

use reference_tests::checks;
use reference_tests::harness::{Limits, Selection, Subject, run};
use tempfile::TempDir;
use verdict::{CheckResult, Event, Failure, Outcome};

use crate::support::failure;

/// Nothing is waited for: the limits of a slow machine.
const PATIENT: f64 = 5.0;
/// A limit has to expire, 1.5 s on the right server and 2.5 s on a wrong one.
const SHORT: f64 = 0.5;

/// The program, built once for all tests. Its folder stays until the system tidies up.
fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("graded");
        std::fs::create_dir_all(&folder).expect("a folder");
        let program = folder.join(format!("all{}", std::env::consts::EXE_SUFFIX));
        let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
        let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
        let status = Command::new(rustc)
            .args(["--test", "--edition", "2024", "--cap-lints", "allow", "-o"])
            .arg(&program)
            // Named as cargo names sources: as seen from the workspace.
            .current_dir(sources)
            .arg("graded.rs")
            .status()
            .expect("the compiler starts");
        assert!(status.success(), "the test program does not compile");
        program
    })
}

fn crate_in(mode: &str) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| {
        std::fs::write(folder.path().join(name), text).expect("is written");
    };
    write(
        "Cargo.toml",
        "[package]\nname = \"my-server\"\nversion = \"0.1.0\"\n",
    );
    write("mode", mode);
    folder
}

async fn judged(check: &str, mode: &str, factor: f64) -> CheckResult {
    let folder = crate_in(mode);
    let subject = Subject {
        command: "no server is started".into(),
        arguments: Vec::new(),
        folder: None,
        environment: Vec::new(),
        crate_folder: Some(folder.path().into()),
        target_folder: Some(folder.path().into()),
        tests: Some(program().into()),
        limits: Limits::with_factor(factor),
    };
    let selection = Selection {
        checks: vec![check.into()],
        ..Selection::default()
    };
    let mut found = None;
    run(checks::all(), &selection, Arc::new(subject), |event| {
        if let Event::Finished(result) = event {
            found = Some(result);
        }
    })
    .await;
    found.expect("a result")
}

async fn refused(mode: &str, factor: f64) -> Failure {
    failure(&judged("tests-of-logic", mode, factor).await).clone()
}

#[tokio::test]
async fn good_tests_pass_though_one_more_is_ignored() {
    let result = judged("tests-of-logic", "good", PATIENT).await;
    assert_eq!(result.outcome, Outcome::Pass);
}

#[tokio::test]
async fn a_fault_on_which_a_test_does_not_end_is_caught() {
    let result = judged("tests-of-logic", "waits for what never comes", SHORT).await;
    assert_eq!(result.outcome, Outcome::Pass);
}

#[tokio::test]
async fn a_module_without_tests_is_told() {
    let result = judged("tests-through-client", "good", PATIENT).await;
    assert_eq!(
        failure(&result).what,
        "There is no test in the module `client`."
    );
}

#[tokio::test]
async fn tests_that_are_all_ignored_are_told() {
    let result = judged("upstream-faked", "good", PATIENT).await;
    let failure = failure(&result);
    assert_eq!(
        failure.what,
        "Every test of `upstream` is ignored, so nothing is tested."
    );
    assert_eq!(failure.got, "`#[ignore]` on `upstream::is_slow`");
}

#[tokio::test]
async fn tests_that_assert_nothing_are_told_with_a_command_to_repeat() {
    let failure = refused("asserts nothing", PATIENT).await;
    assert_eq!(
        failure.what,
        "Faults 1 and 2 slip through the tests of `logic`."
    );
    assert_eq!(
        failure.sent.as_deref(),
        Some("PLANTED_FAULT=1 cargo test -p my-server --test all -- logic::")
    );
    assert_eq!(
        failure.got,
        "fault 1: both tests pass; fault 2: both tests pass"
    );
}

#[tokio::test]
async fn the_fault_that_slips_through_is_named_beside_the_one_that_is_caught() {
    let failure = refused("catches one of two", PATIENT).await;
    assert_eq!(failure.what, "Fault 2 slips through the tests of `logic`.");
    assert_eq!(
        failure.got,
        "fault 1: caught by `logic::doubles`; fault 2: both tests pass"
    );
}

#[tokio::test]
async fn a_test_that_always_fails_is_named_with_its_own_words() {
    let failure = refused("fails", PATIENT).await;
    assert_eq!(
        failure.what,
        "`logic::doubles` fails whether the server is right or wrong."
    );
    assert!(
        failure.got.starts_with("graded.rs:") && failure.got.ends_with(": nobody knows why"),
        "{}",
        failure.got
    );
}

#[tokio::test]
async fn a_test_that_sleeps_is_named() {
    let failure = refused("sleeps", SHORT).await;
    assert_eq!(
        failure.what,
        "`logic::doubles` is still running after 1.5 s, on a server that is right."
    );
}

#[tokio::test]
async fn a_test_that_looks_at_the_switch_is_no_test_of_the_server() {
    let failure = refused("looks at the switch", PATIENT).await;
    assert_eq!(failure.got, "a failure of `logic::halves`");
    assert!(failure.what.contains("PLANTED_FAULT"), "{}", failure.what);
}

#[tokio::test]
async fn a_test_that_ends_the_program_is_told() {
    let failure = refused("ends the program", PATIENT).await;
    assert_eq!(failure.what, "The test program ended before its tests did.");
    assert_eq!(failure.got, "exit code 0");
    assert!(failure.notes[0].contains("`logic::doubles`"), "{failure:?}");
}
