//! Every check against servers that are right: the solutions, and one that shares no code with them.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use reference_tests::checks;
use reference_tests::harness::{Limits, Selection, Subject, run};
use serde_json::Value;
use verdict::{CheckResult, Event, Needs, Outcome};

use crate::support::foreign_server;

async fn results(subject: Subject, chapter: &str) -> Vec<CheckResult> {
    let selection = Selection {
        chapter: Some(chapter.into()),
        // These build every dependency once more, which takes minutes: `cargo xtask verify ch07` proves them.
        skip_slow: chapter == "ch07",
        ..Selection::default()
    };
    let mut results = Vec::new();
    run(checks::all(), &selection, Arc::new(subject), |event| {
        if let Event::Finished(result) = event {
            results.push(result);
        }
    })
    .await;
    assert!(!results.is_empty(), "no check at all for {chapter}");
    results
}

pub(crate) fn subject(command: &Path) -> Subject {
    Subject {
        command: command.into(),
        arguments: Vec::new(),
        folder: None,
        environment: Vec::new(),
        crate_folder: None,
        target_folder: None,
        tests: None,
        limits: Limits::from_environment().expect("a factor"),
    }
}

/// A check that this server does not pass demands what only the solutions do.
async fn foreign_server_passes(chapter: &str) {
    let needs = |name: &str| {
        let all = checks::all();
        let check = all
            .iter()
            .find(|check| check.info().check == name)
            .expect("is there");
        check.info().needs
    };
    for result in results(subject(foreign_server().as_ref()), chapter).await {
        match &result.outcome {
            Outcome::Pass => {}
            Outcome::LeftOut { .. } => {
                assert_ne!(needs(&result.check), Needs::Wire, "{}", result.check)
            }
            other => panic!("{}: {other:#?}", result.check),
        }
    }
}

#[tokio::test]
async fn the_foreign_server_passes_chapter_1() {
    foreign_server_passes("ch01").await;
}

#[tokio::test]
async fn the_foreign_server_passes_chapter_2() {
    foreign_server_passes("ch02").await;
}

#[tokio::test]
async fn the_solution_of_chapter_1_passes() {
    solution_passes("ch01", "ch01-hello-world").await;
}

#[tokio::test]
async fn the_solution_of_chapter_2_passes() {
    solution_passes("ch02", "ch02-first-server").await;
}

#[tokio::test]
async fn the_solution_of_chapter_3_passes() {
    solution_passes("ch03", "ch03-advanced-tools").await;
}

#[tokio::test]
async fn the_solution_of_chapter_4_passes() {
    solution_passes("ch04", "ch04-resources").await;
}

#[tokio::test]
async fn the_solution_of_chapter_5_passes() {
    solution_passes("ch05", "ch05-prompts").await;
}

#[tokio::test]
async fn the_solution_of_chapter_6_passes() {
    solution_passes("ch06", "ch06-secured").await;
}

#[tokio::test]
async fn the_solution_of_chapter_7_passes() {
    let (root, name) = (root(), "ch07-tested-and-deployed");
    let target = target_folder(root).join("workbook");
    let package = format!("{name}-solution");
    let built = messages(
        root,
        &target,
        &package,
        &["--lib", "--bins", "--test", "all"],
    );
    let subject = Subject {
        crate_folder: Some(root.join("solutions").join(name)),
        target_folder: Some(target),
        tests: Some(executable(&built, "all")),
        ..subject(&executable(&built, &package))
    };
    for result in results(subject, "ch07").await {
        let left_out = matches!(&result.outcome, Outcome::LeftOut { reason } if reason == "slow");
        if !left_out {
            assert_eq!(result.outcome, Outcome::Pass, "{}", result.check);
        }
    }
}

#[tokio::test]
async fn the_solution_of_chapter_8_passes() {
    solution_passes("ch08", "ch08-capstone").await;
}

async fn solution_passes(chapter: &str, name: &str) {
    let root = root();
    let target = target_folder(root).join("workbook");
    let subject = Subject {
        crate_folder: Some(root.join("solutions").join(name)),
        target_folder: Some(target.clone()),
        ..subject(&build(root, &target, &format!("{name}-solution"), None))
    };
    for result in results(subject, chapter).await {
        assert_eq!(result.outcome, Outcome::Pass, "{}", result.check);
    }
}

fn root() -> &'static Path {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests.parent().expect("the workspace")
}

fn target_folder(root: &Path) -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from)
}

/// Builds a solution, or an example of it, where the checks of this program look for it.
pub(crate) fn solution(package: &str, example: Option<&str>) -> PathBuf {
    let root = root();
    build(
        root,
        &target_folder(root).join("workbook"),
        package,
        example,
    )
}

/// Builds one package, as `cargo xtask check` does, or one of its examples, and returns the program.
fn build(root: &Path, target: &Path, package: &str, example: Option<&str>) -> PathBuf {
    let what: Vec<&str> = example
        .into_iter()
        .flat_map(|name| ["--example", name])
        .collect();
    let built = messages(root, target, package, &what);
    executable(&built, example.unwrap_or(package))
}

/// What cargo says about a build that succeeds.
fn messages(root: &Path, target: &Path, package: &str, what: &[&str]) -> Vec<Value> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .current_dir(root)
        .args([
            "build",
            "--offline",
            "--message-format=json",
            "-p",
            package,
            "--target-dir",
        ])
        .arg(target)
        .args(what)
        .output()
        .expect("cargo runs");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "{package} does not build: {errors}"
    );
    let messages = String::from_utf8_lossy(&output.stdout);
    let messages = messages
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok());
    messages.collect()
}

/// The program of a target.
fn executable(messages: &[Value], target: &str) -> PathBuf {
    let mut own = messages
        .iter()
        .filter(|message| message["target"]["name"] == target);
    let program = own.find_map(|message| message["executable"].as_str().map(PathBuf::from));
    program.expect("cargo names the program")
}
