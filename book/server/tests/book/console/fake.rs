//! A server that does what a test wants, well or badly. It stands in a chapter of the test's checkout, and is built
//! there as a learner's is: no crate but the standard library.

use std::io::{self, BufRead, Write};
use std::process::{Command, Stdio, exit};
use std::thread;
use std::time::Duration;

const GREETING: &str = "hello";

fn main() {
    eprintln!("fake: started");
    let mut lines = io::stdin().lock().lines();
    while let Some(Ok(line)) = lines.next() {
        let id = raw_value(&line, "id");
        match text(&line, "method").as_deref() {
            Some("initialize") => reply(
                &id,
                r#"{"protocolVersion":"2025-11-25","capabilities":{"tools":{}},"serverInfo":{"name":"fake","version":"1"}}"#,
            ),
            Some("server/discover") => reply(
                &id,
                r#"{"resultType":"complete","capabilities":{"tools":{}},"_meta":{"io.modelcontextprotocol/serverInfo":{"name":"fake","version":"1"}}}"#,
            ),
            Some("tools/list") => reply(
                &id,
                r#"{"tools":[{"name":"echo","inputSchema":{"type":"object"}}]}"#,
            ),
            Some("tools/call") => {
                let tool = text(&line, "name").unwrap_or_default();
                call(&tool, &id, &line, &mut lines);
            }
            _ => {}
        }
    }
    eprintln!("fake: end of input");
}

fn call(
    tool: &str,
    id: &str,
    line: &str,
    lines: &mut impl Iterator<Item = io::Result<String>>,
) {
    match tool {
        "greet" => say(id, GREETING),
        "ask" if line.contains("io.modelcontextprotocol/") => match line.contains("inputResponses") {
            true => say(id, &text(line, "action").unwrap_or_default()),
            false => reply(
                id,
                r#"{"resultType":"input_required","inputRequests":{"sure":{"method":"elicitation/create","params":{"message":"Sure?","requestedSchema":{"type":"object"}}}},"requestState":"rs"}"#,
            ),
        },
        "ask" => {
            send(
                r#"{"jsonrpc":"2.0","id":"q","method":"elicitation/create","params":{"message":"Sure?","requestedSchema":{"type":"object"}}}"#,
            );
            if let Some(Ok(answer)) = lines.next() {
                say(id, &text(&answer, "action").unwrap_or_default());
            }
        }
        "progress" => {
            let token = raw_value(line, "progressToken");
            for step in 1..=2 {
                send(&format!(
                    r#"{{"jsonrpc":"2.0","method":"notifications/progress","params":{{"progressToken":{token},"progress":{step},"total":2}}}}"#
                ));
            }
            say(id, "done");
        }
        "hang" => {}
        "crash" => {
            eprintln!("fake: about to crash");
            exit(3);
        }
        "flood" => {
            let line = format!("{}\n", "x".repeat(1023));
            let mut output = io::stdout().lock();
            for _ in 0..100 * 1024 {
                output.write_all(line.as_bytes()).expect("is read");
            }
            drop(output);
            say(id, "flooded");
        }
        "one-line" => {
            let piece = "y".repeat(1024 * 1024);
            for _ in 0..20 {
                print!("{piece}");
            }
            println!();
            say(id, "written");
        }
        "broken" => {
            io::stderr().write_all(b"caf\xe9\n").expect("is read");
            println!("no message at all");
            say(id, "said");
        }
        "child" => {
            let child = Command::new("sleep")
                .arg("600")
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .expect("sleep starts");
            say(id, &child.id().to_string());
        }
        // From now on neither the end of the input nor SIGTERM ends this process.
        #[cfg(unix)]
        "stubborn" => {
            let mut shell = Command::new("sh");
            shell.args(["-c", "trap '' TERM; echo \"$0\"; i=0; while [ $i -lt 120 ]; do sleep 1; i=$((i+1)); done"]);
            shell.arg(message(id, &std::process::id().to_string()));
            let error = std::os::unix::process::CommandExt::exec(&mut shell);
            panic!("{error}");
        }
        // Even then it has an end, should the workbook be killed.
        "deaf" => {
            thread::sleep(Duration::from_secs(120));
            exit(4);
        }
        _ => send(&format!(
            r#"{{"jsonrpc":"2.0","id":{id},"error":{{"code":-32602,"message":"no such tool"}}}}"#
        )),
    }
}

fn say(id: &str, words: &str) {
    send(&message(id, words));
}

fn message(id: &str, words: &str) -> String {
    format!(r#"{{"jsonrpc":"2.0","id":{id},"result":{{"content":[{{"type":"text","text":"{words}"}}]}}}}"#)
}

fn reply(id: &str, result: &str) {
    send(&format!(r#"{{"jsonrpc":"2.0","id":{id},"result":{result}}}"#));
}

fn send(line: &str) {
    let mut output = io::stdout().lock();
    writeln!(output, "{line}").expect("is read");
    output.flush().expect("is read");
}

/// What stands behind the first `"key":`, up to the next comma or brace: enough for the messages of the tests.
fn raw_value(line: &str, key: &str) -> String {
    let found = line.split_once(&format!("\"{key}\":"));
    let (_, rest) = found.unwrap_or_default();
    rest.split([',', '}']).next().unwrap_or_default().to_owned()
}

fn text(line: &str, key: &str) -> Option<String> {
    let value = raw_value(line, key);
    let inner = value.strip_prefix('"')?.strip_suffix('"')?;
    Some(inner.to_owned())
}
