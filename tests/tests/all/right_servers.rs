//! Every check against servers that are right: the solutions, and one that shares no code with them.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use reference_tests::checks;
use reference_tests::harness::{Limits, Selection, Subject, run};
use verdict::{CheckResult, Event, Needs, Outcome};

use crate::support::foreign_server;

async fn results(subject: Subject, chapter: &str) -> Vec<CheckResult> {
    let selection = Selection {
        chapter: Some(chapter.into()),
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

async fn solution_passes(chapter: &str, name: &str) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the workspace");
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

pub(crate) fn target_folder(root: &Path) -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from)
}

/// Builds one package, as `cargo xtask check` does, or one of its examples, and returns the program.
/// Builds a solution, or an example of it, where the checks of this program look for it.
pub(crate) fn solution(package: &str, example: Option<&str>) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the workspace");
    build(
        root,
        &target_folder(root).join("workbook"),
        package,
        example,
    )
}

fn build(root: &Path, target: &Path, package: &str, example: Option<&str>) -> PathBuf {
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
        .args(example.into_iter().flat_map(|name| ["--example", name]))
        .output()
        .expect("cargo runs");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "{package} does not build: {errors}"
    );
    let messages = String::from_utf8_lossy(&output.stdout);
    let executable = messages
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter(|message| message["target"]["name"] == example.unwrap_or(package))
        .find_map(|message| message["executable"].as_str().map(PathBuf::from));
    executable.expect("cargo names the program")
}
