//! What the tests share: a tracker that is none, a client in either era, and the program itself.

#![allow(dead_code, reason = "which of these a module needs is its own affair")]

use std::collections::HashMap;
use std::env::VarError;
use std::process::Command;
use std::time::Duration;

use ch07_tested_and_deployed_solution::environment::Environment;
use ch07_tested_and_deployed_solution::server::TrackerServer;
use ch07_tested_and_deployed_solution::settings::Settings;
use rmcp::model::{CallToolRequestParams, CallToolResult, ProtocolVersion};
use rmcp::service::{ClientLifecycleMode, RunningService};
use rmcp::{ClientServiceExt, RoleClient, ServiceError, ServiceExt};
use serde_json::{Value, json};
use wiremock::matchers::{method, path, query_param};
use wiremock::{Mock, MockServer, ResponseTemplate};

/// No test waits longer than this for anything.
pub(crate) const LIMIT: Duration = Duration::from_secs(10);

/// Which of the two ways a client opens with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Era {
    /// `initialize`, revision 2025-11-25.
    Legacy,
    /// Every request brings its revision, 2026-07-28.
    Modern,
}

/// Both, for tests that must hold in both.
pub(crate) const ERAS: [Era; 2] = [Era::Legacy, Era::Modern];

/// A client of a server in this process.
pub(crate) type Client = RunningService<RoleClient, ()>;

/// Waits for something, and fails the test after [`LIMIT`].
pub(crate) async fn in_time<T>(work: impl Future<Output = T>) -> T {
    let done = tokio::time::timeout(LIMIT, work).await;
    done.unwrap_or_else(|_| panic!("this took longer than {LIMIT:?}"))
}

/// Starts this server in the test's own process and connects a client to it. No port, no child process: the
/// messages go through memory.
pub(crate) async fn connect(tracker_url: &str, era: Era) -> Client {
    let server = TrackerServer::new(settings(tracker_url)).expect("an HTTP client");
    let (server_end, client_end) = tokio::io::duplex(64 * 1024);
    // In a task of its own: server and client wait for each other.
    tokio::spawn(async move {
        let running = server.serve(server_end).await.expect("a client comes");
        running.waiting().await
    });
    let lifecycle = match era {
        Era::Legacy => ClientLifecycleMode::Initialize,
        Era::Modern => ClientLifecycleMode::Discover {
            preferred_versions: vec![ProtocolVersion::V_2026_07_28],
        },
    };
    let connected = ().serve_with_lifecycle(client_end, lifecycle);
    in_time(connected).await.expect("the server answers")
}

/// Calls a tool. `arguments` is a JSON object.
pub(crate) async fn call(
    client: &Client,
    tool: &'static str,
    arguments: Value,
) -> Result<CallToolResult, ServiceError> {
    let Value::Object(arguments) = arguments else {
        panic!("arguments are an object");
    };
    let request = CallToolRequestParams::new(tool).with_arguments(arguments);
    in_time(client.call_tool(request)).await
}

/// All texts of a result.
pub(crate) fn text(result: &CallToolResult) -> String {
    let texts = result.content.iter().filter_map(|block| block.as_text());
    texts.map(|block| block.text.as_str()).collect()
}

/// The settings for a tracker at this address.
pub(crate) fn settings(tracker_url: &str) -> Settings {
    let variables = HashMap::from([
        ("TRACKER_URL", tracker_url),
        ("TRACKER_TOKEN", "t0k3n-of-the-tests"),
        ("ATTEMPT_TIMEOUT_MS", "300"),
    ]);
    let variable = |name: &str| match variables.get(name) {
        Some(value) => Ok((*value).to_owned()),
        None => Err(VarError::NotPresent),
    };
    Settings::read(&Environment::new(variable)).expect("these can be used")
}

/// A tracker that knows the project ATLAS with the task ATLAS-1, and makes ATLAS-2.
pub(crate) async fn tracker() -> MockServer {
    let tracker = MockServer::start().await;
    let task =
        json!({ "id": "ATLAS-1", "project": "ATLAS", "title": "Draw the map", "state": "todo" });
    let made =
        json!({ "id": "ATLAS-2", "project": "ATLAS", "title": "Fold the map", "state": "todo" });
    let answers = [
        (
            Mock::given(method("GET"))
                .and(path("/tasks"))
                .and(query_param("project", "ATLAS")),
            ResponseTemplate::new(200).set_body_json(json!({ "items": [task.clone()] })),
        ),
        (
            Mock::given(method("GET")).and(path("/tasks")),
            unknown("project"),
        ),
        (
            Mock::given(method("GET")).and(path("/tasks/ATLAS-1")),
            ResponseTemplate::new(200).set_body_json(task),
        ),
        (
            Mock::given(method("POST")).and(path("/tasks")),
            ResponseTemplate::new(201).set_body_json(made),
        ),
    ];
    for (question, answer) in answers {
        // A test may put a mock of its own in front: 1 comes before 5.
        question
            .respond_with(answer)
            .with_priority(9)
            .mount(&tracker)
            .await;
    }
    tracker
}

/// What the tracker says about something that it does not know, in the shape of its real replies.
fn unknown(what: &str) -> ResponseTemplate {
    let detail = format!("There is no such {what}.");
    let problem = json!({ "detail": detail, "field": what, "allowed": ["ATLAS"] });
    ResponseTemplate::new(404).set_body_raw(problem.to_string(), "application/problem+json")
}

/// The program of this crate, built by cargo for these tests. No tracker is where it looks for one.
pub(crate) fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ch07-tested-and-deployed-solution"));
    command
        .env("TRACKER_URL", "http://127.0.0.1:9")
        .env("TRACKER_TOKEN", "t0k3n-of-the-tests")
        .env("RUST_LOG", "info");
    command
}

/// What came of a program that was started.
pub(crate) struct Ended {
    /// Its exit code; none if a signal has ended it, or this test because it did not end.
    pub(crate) code: Option<i32>,
    /// What it wrote to standard output.
    pub(crate) stdout: String,
}

/// Starts a program, writes `input`, closes the input and waits for the end, [`LIMIT`] at most.
pub(crate) async fn run(command: Command, input: &str) -> Ended {
    use std::process::Stdio;
    use tokio::io::AsyncWriteExt;

    let mut command = tokio::process::Command::from(command);
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true);
    let mut child = command.spawn().expect("the program starts");
    let mut pipe = child.stdin.take().expect("it is piped");
    pipe.write_all(input.as_bytes())
        .await
        .expect("the program reads");
    drop(pipe);
    match tokio::time::timeout(LIMIT, child.wait_with_output()).await {
        Ok(output) => {
            let output = output.expect("its output can be read");
            let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
            Ended {
                code: output.status.code(),
                stdout,
            }
        }
        Err(_) => Ended {
            code: None,
            stdout: String::new(),
        },
    }
}

/// One line of the modern era, as a client writes it: a request that brings everything with it.
pub(crate) fn request(id: u32, method: &str, mut params: Value) -> String {
    params["_meta"] = json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientInfo": { "name": "tests", "version": "1" },
        "io.modelcontextprotocol/clientCapabilities": {},
    });
    let message = json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params });
    format!("{message}\n")
}
