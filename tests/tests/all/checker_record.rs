//! `checker record`: scripts and what comes of them.

use serde_json::{Value, json};

use crate::support::{checker, foreign_server, output};

/// The recorded lines, what was said on standard error, and the exit code.
pub(crate) type Recorded = (Vec<(String, String)>, String, Option<i32>);

/// Runs a script with the server that needs nothing.
fn record(script: &str) -> Recorded {
    record_with(script, &[], &[foreign_server()])
}

/// Runs a script with these options and this server.
pub(crate) fn record_with(script: &str, options: &[&str], server: &[&str]) -> Recorded {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("script.toml");
    std::fs::write(&path, script).expect("can be written");
    let path = path.to_str().expect("plain path");
    let words = [&["record", path], options, &["--"], server].concat();
    let output = output(&mut checker(&words));
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let line = |line: &str| {
        let value: Value = serde_json::from_str(line).expect("JSON");
        let field = |name: &str| value[name].as_str().expect("text").to_owned();
        (field("from"), field("text"))
    };
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    (
        text.lines().map(line).collect(),
        errors,
        output.status.code(),
    )
}

fn lines(script: &str) -> Vec<(String, String)> {
    let (lines, errors, code) = record(script);
    assert_eq!(code, Some(0), "{errors}");
    lines
}

pub(crate) fn who(lines: &[(String, String)]) -> Vec<&str> {
    lines.iter().map(|(from, _)| from.as_str()).collect()
}

fn id(line: &(String, String)) -> Value {
    serde_json::from_str::<Value>(&line.1).expect("JSON")["id"].clone()
}

const MODERN: &str = "title = \"t\"\nserver = \"ch01-hello-world\"\nera = \"modern\"\n";
const LEGACY: &str = "title = \"t\"\nserver = \"ch01-hello-world\"\nera = \"legacy\"\n";

#[test]
fn a_request_gets_an_id_and_what_the_era_demands_and_keeps_its_key_order() {
    let script = format!(
        "{MODERN}[[step]]\nrequest = {{ method = \"tools/call\", params = {{ name = \"greet\", arguments = {{ name = \"Ada\", language = \"de\" }} }} }}\n"
    );
    let lines = lines(&script);
    assert_eq!(who(&lines), ["client", "server"]);
    let start = r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"greet","arguments":{"name":"Ada","language":"de"},"_meta":{"#;
    assert!(lines[0].1.starts_with(start), "{}", lines[0].1);
    assert!(lines[1].1.contains("Hallo, Ada!"));
}

#[test]
fn one_tool_of_the_list_is_picked_and_the_others_are_counted() {
    const STEP: &str = "[[step]]\nrequest = { method = \"tools/list\" }\n";
    let reply = |pick: &str| -> Value {
        let lines = lines(&format!("{MODERN}{STEP}{pick}"));
        serde_json::from_str(&lines[1].1).expect("JSON")
    };
    let whole = reply("");
    let all = whole["result"]["tools"].as_array().expect("a list");
    let [first, .., last] = &all[..] else {
        panic!("one tool or none: {all:?}");
    };
    let others = json!(format!("… {} more", all.len() - 1));
    for (tool, shown) in [(first, [first, &others]), (last, [&others, last])] {
        let mut expected = whole.clone();
        expected["result"]["tools"] = json!(shown);
        assert_eq!(reply(&format!("pick = {}\n", tool["name"])), expected);
    }
}

#[test]
fn a_pick_that_is_not_listed_is_a_mistake_of_the_script() {
    let step = "[[step]]\nrequest = { method = \"tools/list\" }\npick = \"paint\"\n";
    let (_, errors, code) = record(&format!("{MODERN}{step}"));
    assert_eq!(code, Some(4));
    assert!(
        errors.contains("lists nothing with the name \"paint\""),
        "{errors}"
    );
}

#[test]
fn the_handshake_is_made_and_not_shown() {
    let lines = lines(&format!(
        "{LEGACY}[[step]]\nrequest = {{ method = \"ping\" }}\n"
    ));
    assert_eq!(who(&lines), ["client", "server"]);
    assert_eq!(lines[0].1, r#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#);
    assert_eq!(lines[1].1, r#"{"jsonrpc":"2.0","id":1,"result":{}}"#);
}

#[test]
fn a_handshake_that_is_spelled_out_is_shown() {
    let script = format!(
        "{LEGACY}handshake = false\n[[step]]\nrequest = {{ method = \"initialize\", params = {{ protocolVersion = \"2025-11-25\" }} }}\n"
    );
    let lines = lines(&script);
    assert_eq!(
        lines[0].1,
        r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25"}}"#
    );
    assert!(lines[1].1.contains("\"serverInfo\""));
}

#[test]
fn raw_lines_hidden_steps_and_the_end_of_input() {
    let script = format!(
        "{MODERN}[[step]]\nrequest = {{ method = \"server/discover\" }}\nshow = false\n[[step]]\nline = 'hello'\n[[step]]\nclose = true\n"
    );
    let lines = lines(&script);
    let shown: Vec<(&str, &str)> = lines
        .iter()
        .map(|(from, text)| (from.as_str(), text.as_str()))
        .collect();
    assert_eq!(
        shown,
        [
            ("client", "hello"),
            ("process", "standard input closed"),
            ("process", "ended with exit code 0")
        ]
    );
}

#[test]
fn replies_at_about_the_same_time_are_sorted_by_id_and_others_stay() {
    let wait = |millis: u32| {
        format!(
            "[[step]]\nrequest = {{ method = \"tools/call\", params = {{ name = \"wait\", arguments = {{ millis = {millis} }} }} }}\ntogether = true\n"
        )
    };
    let burst = lines(&format!("{MODERN}{}{}", wait(30), wait(0)));
    assert_eq!(
        burst[2..].iter().map(id).collect::<Vec<_>>(),
        [json!(1), json!(2)]
    );
    let apart = lines(&format!("{MODERN}{}{}", wait(600), wait(0)));
    assert_eq!(
        apart[2..].iter().map(id).collect::<Vec<_>>(),
        [json!(2), json!(1)]
    );
}

#[test]
fn what_is_wrong_with_a_script_is_told() {
    let (lines, errors, code) = record(&format!(
        "{MODERN}[[step]]\nrequset = {{ method = \"ping\" }}\n"
    ));
    assert_eq!((lines.len(), code), (0, Some(4)));
    assert!(errors.contains("requset"), "{errors}");
    let (_, errors, code) = record(&format!("{MODERN}[[step]]\ntogether = true\n"));
    assert_eq!(code, Some(4));
    assert!(errors.contains("exactly one of"), "{errors}");
}

/// Asks a question of its own, and gives a reply that differs from run to run.
#[cfg(unix)]
const ASKER: &str = r#"
read call
echo '{"jsonrpc":"2.0","method":"notifications/progress","params":{"progress":1}}'
echo '{"jsonrpc":"2.0","id":7,"method":"elicitation/create","params":{}}'
read answer
echo "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"state\":\"process-$$\",\"heard\":$answer}}"
read again
case "$again" in *"process-$$"*) right=true;; *) right=false;; esac
echo "{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{\"right\":$right}}"
"#;

#[cfg(unix)]
#[test]
fn a_question_of_the_server_is_answered_and_what_differs_gets_a_name() {
    let script = format!(
        r#"{MODERN}capabilities = {{ elicitation = {{ form = {{}} }} }}
[[step]]
request = {{ method = "a" }}
names = {{ "<state>" = "/result/state" }}
together = true
[[step]]
after = "elicitation/create"
answer = {{ action = "decline" }}
[[step]]
request = {{ method = "b", params = {{ state = "<state>" }} }}
"#
    );
    let (lines, errors, code) = record_with(&script, &[], &["sh", "-c", ASKER]);
    assert_eq!(code, Some(0), "{errors}");
    let shown: Vec<&str> = lines.iter().map(|(_, text)| text.as_str()).collect();
    assert!(
        shown[0].contains(
            r#""io.modelcontextprotocol/clientCapabilities":{"elicitation":{"form":{}}}"#
        )
    );
    let answer = r#"{"jsonrpc":"2.0","id":7,"result":{"action":"decline"}}"#;
    assert_eq!(
        shown[1..5],
        [
            r#"{"jsonrpc":"2.0","method":"notifications/progress","params":{"progress":1}}"#,
            r#"{"jsonrpc":"2.0","id":7,"method":"elicitation/create","params":{}}"#,
            answer,
            &format!(
                r#"{{"jsonrpc":"2.0","id":1,"result":{{"state":"<state>","heard":{answer}}}}}"#
            ),
        ]
    );
    assert!(
        shown[5].contains(r#""params":{"state":"<state>","#),
        "{}",
        shown[5]
    );
    assert_eq!(
        shown[6],
        r#"{"jsonrpc":"2.0","id":2,"result":{"right":true}}"#
    );
}

#[cfg(unix)]
#[test]
fn the_port_of_the_tracker_has_a_name_and_its_times_stay() {
    let server = r#"read call
echo "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":[\"$TRACKER_URL\",\"2026-05-04T09:00:01Z\",\"2026-11-23T08:00:00Z\"]}""#;
    let script = format!("{MODERN}[[step]]\nrequest = {{ method = \"a\" }}\n");
    let (lines, errors, code) = record_with(&script, &["--tracker"], &["sh", "-c", server]);
    assert_eq!(code, Some(0), "{errors}");
    let result = r#""result":["http://127.0.0.1:<port>","2026-05-04T09:00:01Z","<time>"]"#;
    assert!(lines[1].1.contains(result), "{}", lines[1].1);
}

#[test]
fn faults_are_for_a_tracker_and_must_be_some() {
    let fault = |fault: &str| format!("{MODERN}[[step]]\nfault = {{ {fault} }}\n");
    let said = |script: &str, options: &[&str]| {
        let (_, errors, code) = record_with(script, options, &[foreign_server()]);
        (code, errors)
    };
    let right = fault("route = \"POST /tasks\", effect = \"status\", status = 503");
    assert_eq!(said(&right, &["--tracker"]), (Some(0), String::new()));
    for (script, options, words) in [
        (right, &[][..], "for chapters with a tracker"),
        (fault("effect = \"flood\""), &["--tracker"], "flood"),
        (
            fault("effect = \"latency\", milis = 5"),
            &["--tracker"],
            "milis",
        ),
        (
            fault("route = \"PUT /tasks\", effect = \"truncated-json\""),
            &["--tracker"],
            "no route",
        ),
        (
            fault("effect = \"truncated-json\", often = 5"),
            &["--tracker"],
            "often",
        ),
    ] {
        let (code, errors) = said(&script, options);
        assert_eq!(code, Some(4), "{script}");
        assert!(errors.contains(words), "{errors}");
    }
}

#[test]
fn a_change_in_the_tracker_is_told_where_it_happens() {
    let request = "[[step]]\nrequest = { method = \"tools/list\" }\n";
    let script =
        |change: &str| format!("{MODERN}{request}[[step]]\nchange = {{ {change} }}\n{request}");
    let right = script("finish = \"ATLAS-1\"");
    let (lines, errors, code) = record_with(&right, &["--tracker"], &[foreign_server()]);
    assert_eq!(code, Some(0), "{errors}");
    assert_eq!(
        who(&lines),
        ["client", "server", "tracker", "client", "server"]
    );
    assert_eq!(lines[2].1, "ATLAS-1 is done now");
    for (change, options, words) in [
        (
            "finish = \"ATLAS-1\"",
            &[][..],
            "for chapters with a tracker",
        ),
        ("finish = \"ATLAS-999\"", &["--tracker"], "no task"),
        ("add-project = \"ATLAS\"", &["--tracker"], "already"),
        ("rename = \"ATLAS\"", &["--tracker"], "rename"),
    ] {
        let (_, errors, code) = record_with(&script(change), options, &[foreign_server()]);
        assert_eq!(code, Some(4), "{change}");
        assert!(errors.contains(words), "{errors}");
    }
}

#[cfg(unix)]
#[test]
fn a_panic_is_told_without_the_number_of_its_thread() {
    let server = r#"read call
printf "\nthread 'worker' (1234) panicked at src/a.rs:1:2:\nno (5) apples\n" >&2
echo '{"jsonrpc":"2.0","id":1,"result":{}}'"#;
    let script = format!(
        "example = \"basket\"\n{MODERN}[env]\nRUST_LOG = \"error\"\n[[step]]\nrequest = {{ method = \"a\" }}\n"
    );
    let (lines, errors, code) = record_with(&script, &[], &["sh", "-c", server]);
    assert_eq!(code, Some(0), "{errors}");
    let log: Vec<&str> = lines
        .iter()
        .filter(|(from, _)| from == "stderr")
        .map(|(_, text)| text.as_str())
        .collect();
    assert_eq!(
        log,
        ["thread 'worker' panicked at src/a.rs:1:2:", "no (5) apples"]
    );
}
