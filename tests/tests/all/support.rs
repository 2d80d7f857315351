//! What the tests have in common.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use reference_tests::harness::{Check, Context, Limits, Selection, Subject, Verdict, run};
use tempfile::TempDir;
use verdict::{CheckResult, Era, Event, Failure, Outcome};

/// Nothing that these tests wait for takes this long unless it is broken.
pub(crate) const LONG: Duration = Duration::from_secs(20);

/// The server that misbehaves on demand.
pub(crate) fn foreign_server() -> &'static str {
    env!("CARGO_BIN_EXE_foreign-server")
}

/// A subject with a fault, and the file in which its processes write their ids.
pub(crate) struct Faulty {
    pub(crate) subject: Subject,
    folder: TempDir,
}

impl Faulty {
    pub(crate) fn new(fault: Option<&str>, factor: f64) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let arguments = fault.map(|fault| ["--fault".into(), fault.into()]);
        let subject = Subject {
            command: foreign_server().into(),
            arguments: arguments.into_iter().flatten().collect(),
            folder: None,
            environment: vec![("PID_FILE".into(), folder.path().join("pids").into())],
            crate_folder: None,
            target_folder: None,
            tests: None,
            limits: Limits::with_factor(factor),
        };
        Self { subject, folder }
    }

    pub(crate) fn pid_file(&self) -> PathBuf {
        self.folder.path().join("pids")
    }

    /// Runs one check in the modern era.
    pub(crate) async fn run<F>(&self, check: fn(Context) -> F) -> CheckResult
    where
        F: Future<Output = Verdict> + Send + 'static,
    {
        self.run_check(Check::new("probe", "0.0", check).only(Era::Modern))
            .await
    }

    pub(crate) async fn run_check(&self, check: Check) -> CheckResult {
        let wire = Selection {
            wire: true,
            ..Selection::default()
        };
        let mut results = self.run_checks(vec![check], &wire).await;
        assert_eq!(results.len(), 1);
        results.remove(0)
    }

    pub(crate) async fn run_checks(
        &self,
        checks: Vec<Check>,
        selection: &Selection,
    ) -> Vec<CheckResult> {
        let mut results = Vec::new();
        let subject = Arc::new(self.subject.clone());
        run(checks, selection, subject, |event| {
            if let Event::Finished(result) = event {
                results.push(result);
            }
        })
        .await;
        results
    }

    /// Demands that so many processes were started, and that none of them is left.
    pub(crate) fn nobody_is_left(&self, started: usize) {
        let pids = pids(&self.pid_file());
        assert_eq!(pids.len(), started, "processes that told their id");
        for pid in pids {
            wait_until(&format!("process {pid} is gone"), || !is_alive(pid));
        }
    }
}

pub(crate) fn failure(result: &CheckResult) -> &Failure {
    match &result.outcome {
        Outcome::Fail { failure } => failure,
        other => panic!("a failure was due, not {other:?}"),
    }
}

/// Demands a note that contains these words.
pub(crate) fn has_note(failure: &Failure, words: &str) {
    assert!(
        failure.notes.iter().any(|note| note.contains(words)),
        "no note with {words:?}: {failure:#?}"
    );
}

pub(crate) fn pids(file: &Path) -> Vec<u32> {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    text.lines().filter_map(|line| line.parse().ok()).collect()
}

/// Whether a process runs. One that is dead and not yet taken notice of by its parent does not.
pub(crate) fn is_alive(pid: u32) -> bool {
    if Path::new("/proc/self/stat").exists() {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        // The state follows the name, which stands in parentheses and may hold anything.
        return stat
            .rsplit_once(") ")
            .is_some_and(|(_, rest)| !rest.starts_with(['Z', 'X']));
    }
    let probe = Command::new("sh")
        .args(["-c", &format!("kill -0 {pid}")])
        .stderr(Stdio::null())
        .status();
    probe.is_ok_and(|status| status.success())
}

pub(crate) fn wait_until(what: &str, mut holds: impl FnMut() -> bool) {
    let began = Instant::now();
    while !holds() {
        assert!(began.elapsed() < LONG, "waited in vain until {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Whether nobody listens there any more, or soon will not.
pub(crate) async fn is_closed(address: SocketAddr) -> bool {
    let began = Instant::now();
    while tokio::net::TcpStream::connect(address).await.is_ok() {
        if began.elapsed() > LONG {
            return false;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    true
}

/// The checker, with its standard input open.
pub(crate) fn checker(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_checker"));
    command
        .args(arguments)
        .env_remove("WORKBOOK_TIME_FACTOR")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// Runs a command to its end with its standard input held open.
pub(crate) fn output(command: &mut Command) -> Output {
    let mut child = command.spawn().expect("starts");
    let input = child.stdin.take();
    let output = child.wait_with_output().expect("ends");
    drop(input);
    output
}

/// The exit code of a process that must end soon.
pub(crate) fn exit_code(child: &mut Child) -> Option<i32> {
    let mut status = None;
    wait_until("the process ends", || {
        status = child.try_wait().expect("can be asked");
        status.is_some()
    });
    status.and_then(|status| status.code())
}
