//! The console's routes: a server under trial, from its first build to its last process.

mod faults;
mod support;

use std::path::Path;

use serde_json::{Value, json};

use self::support::{Console, SOURCE, serve, shared, with_fake};
use crate::served::Server;
use crate::support::TestBook;

#[test]
fn every_chapter_ends_with_a_page_that_is_whole_without_the_server() {
    let book = TestBook::new();
    assert_eq!(book.build().expect("it can be built").pages, 3);
    let page = book.read("target/book/ch01-hello-world/console.html");
    let (_, rest) = page.split_once("<main>").expect("a page has a main part");
    let (body, _) = rest.split_once("</main>").expect("the main part ends");
    assert!(body.contains("$ cargo xtask talk ch01 --wire"), "{body}");
    assert!(body.contains("data-console=\"ch01\" hidden"), "{body}");
    assert!(
        !body.contains("<button") && !body.contains("<form"),
        "{body}"
    );
    let contents = book.read("target/book/toc.html");
    assert!(
        contents.contains("ch01-hello-world/console.html"),
        "{contents}"
    );
}

#[test]
fn the_page_loads_what_a_console_needs_and_no_cards() {
    let book = TestBook::new();
    let server = Server::start(&book);
    let page = server.get("/ch01-hello-world/console.html").body;
    let loads = |script: &str| page.contains(&format!("/{script}.js "));
    assert!(
        loads("main") && loads("console") && loads("console-wire"),
        "{page}"
    );
    assert!(!loads("card") && !loads("progress"), "{page}");
}

#[test]
fn a_server_is_built_started_and_called_in_both_eras() {
    let server = serve(shared());
    for era in ["modern", "legacy"] {
        let mut console = Console::start(&server, era);
        let opened = console.heard.last().expect("it was heard").clone();
        let info = match era {
            "modern" => &opened["result"]["_meta"]["io.modelcontextprotocol/serverInfo"],
            _ => &opened["result"]["serverInfo"],
        };
        assert_eq!(info["name"], "fake", "{opened}");
        let call = console.ask("tools/list", json!({}), 60);
        let reply = console.end_of(call);
        assert_eq!(reply["result"]["tools"][0]["name"], "echo", "{reply}");
        assert_eq!(console.call("greet"), "hello");

        let call = console.begin("nothing", 60);
        let reply = console.end_of(call);
        assert_eq!(
            (&reply["outcome"], &reply["error"]["code"]),
            (&json!("error"), &json!(-32602))
        );
    }
}

#[test]
fn the_wire_has_both_directions_the_process_and_its_standard_error() {
    let server = serve(shared());
    let mut console = Console::start(&server, "modern");
    console.call("greet");
    let wire: Vec<&Value> = console
        .heard
        .iter()
        .filter(|event| event["event"] == "wire")
        .collect();
    let numbers: Vec<u64> = wire
        .iter()
        .filter_map(|line| line["number"].as_u64())
        .collect();
    assert!(
        numbers.iter().copied().eq(1..=wire.len() as u64),
        "{numbers:?}"
    );
    assert_eq!(
        (&wire[0]["from"], &wire[0]["text"]),
        (&json!("process"), &json!("started"))
    );
    assert!(
        wire.iter()
            .any(|line| line["from"] == "stderr" && line["text"] == "fake: started")
    );
    let request = wire
        .iter()
        .find(|line| line["kind"] == "request" && line["method"] == "tools/call")
        .expect("the request");
    let reply = wire.last().expect("the reply");
    assert_eq!(reply["answers"], request["number"]);
    assert_eq!(reply["method"], "tools/call");
    let sent: Value = serde_json::from_str(request["text"].as_str().expect("text")).expect("JSON");
    assert_eq!(
        sent["params"]["_meta"]["io.modelcontextprotocol/protocolVersion"],
        "2026-07-28"
    );
}

#[test]
fn a_question_is_put_to_the_page_in_both_eras() {
    let server = serve(shared());
    for era in ["modern", "legacy"] {
        let mut console = Console::start(&server, era);
        for action in ["accept", "decline"] {
            let call = console.begin("ask", 60);
            let question = console.wait("question");
            assert_eq!(question["params"]["message"], "Sure?");
            let body = json!({"question": question["question"], "result": {"action": action, "content": {}}});
            assert_eq!(console.post("answer", body.clone()).status, 200);
            let reply = console.end_of(call);
            assert_eq!(reply["result"]["content"][0]["text"], action, "{era}");
            let twice = console.post("answer", body);
            assert_eq!(twice.status, 409, "{}", twice.body);
            assert!(twice.body.contains("not open any more"), "{}", twice.body);
        }
    }
}

#[test]
fn progress_comes_before_the_reply_of_its_call() {
    let server = serve(shared());
    let mut console = Console::start(&server, "modern");
    let call = console.begin("progress", 60);
    for step in 1..=2 {
        let progress = console.wait("progress");
        assert_eq!(progress["call"], call);
        assert_eq!(progress["params"]["progress"], step);
    }
    assert_eq!(console.end_of(call)["outcome"], "result");
}

#[test]
fn lines_are_sent_as_they_are() {
    let server = serve(shared());
    let mut console = Console::start(&server, "modern");
    let text = "{\"jsonrpc\":\"2.0\",\"id\":\"mine\",  \"method\":\"tools/list\"}";
    assert_eq!(console.post("send", json!({ "text": text })).status, 200);
    assert_eq!(console.wire("mine")["text"], text);
    let reply = console.wire("\"id\":\"mine\",\"result\"");
    assert_eq!(reply["kind"], "result");
}

#[test]
fn a_save_starts_the_server_anew_and_a_mistake_leaves_the_old_one() {
    let book = with_fake(TestBook::new());
    let server = serve(&book);
    let mut console = Console::start(&server, "modern");
    assert_eq!(console.call("greet"), "hello");

    let source = book.read(SOURCE);
    book.write(SOURCE, &source.replace("\"hello\"", "\"good morning\""));
    let started = console.wait("started");
    assert_eq!(started["after_save"], true);
    console.wait("opened");
    assert_eq!(console.call("greet"), "good morning");

    book.write(SOURCE, &source.replace("\"hello\"", "17"));
    let failed = console.wait("not_built");
    assert_eq!(failed["still_running"], true);
    let why = failed["why"].as_str().expect("words");
    assert!(
        why.starts_with("ch01-hello-world does not compile; `cargo xtask check ch01`"),
        "{why}"
    );
    assert!(why.contains("mismatched types"), "{why}");
    assert_eq!(console.call("greet"), "good morning");
}

#[test]
fn a_stopped_server_has_ended_by_itself_and_the_console_stays() {
    let server = serve(shared());
    let mut console = Console::start(&server, "modern");
    assert_eq!(console.post("stop", json!({})).status, 200);
    console.wire("fake: end of input");
    let ended = console.wait("ended");
    assert_eq!(
        (&ended["status"], &ended["asked"]),
        (&json!("exit code 0"), &json!(true))
    );
    assert_eq!(console.post("stop", json!({})).status, 409);
    assert_eq!(console.post("restart", json!({})).status, 200);
    console.wait("opened");
}

#[test]
fn what_does_not_exist_is_refused_in_words() {
    let server = serve(shared());
    let no_chapter = json!({"chapter": "ch09", "server": "own", "era": "modern", "forms": true});
    let answer = server.post("/api/console/open", &no_chapter.to_string());
    assert_eq!(answer.status, 404);
    assert!(
        answer.body.contains("there is no chapter ch09"),
        "{}",
        answer.body
    );
    for path in ["restart", "stop"] {
        let answer = server.post(&format!("/api/console/{path}"), r#"{"session":4711}"#);
        assert_eq!(answer.status, 404);
        assert!(answer.body.contains("\"no_session\""), "{}", answer.body);
    }
}

#[test]
fn a_solution_is_called_in_both_eras() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join("console-solution");
    let server = Server::start_over(&root, &out, "0", &[]);
    for era in ["modern", "legacy"] {
        let mut console = Console::open(&server, "ch01", "solution", era);
        // It may have to be built, which is told all the time.
        console.wait("opened");
        let params = json!({"name": "greet", "arguments": {"name": "Ada"}});
        let call = console.ask("tools/call", params, 60);
        let reply = console.end_of(call);
        let text = reply["result"]["content"][0]["text"]
            .as_str()
            .unwrap_or_default();
        assert!(text.contains("Ada"), "{reply}");
    }
}
