//! Signing in: `checker talk` and `checker connect` with a server over HTTP, an issuer, and a browser that is a script.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStdin, Stdio};
use std::sync::OnceLock;
use std::sync::mpsc::{self, Receiver};

use issuer::{Effect, Fault, Issuer, Options};
use serde_json::{Value, json};

use crate::right_servers::solution;
use crate::support::{LONG, checker, exit_code};

/// The solution of chapter 6.
fn server() -> &'static str {
    static BUILT: OnceLock<String> = OnceLock::new();
    BUILT.get_or_init(|| {
        let program = solution("ch06-secured-solution", None);
        program.to_str().expect("a plain path").to_owned()
    })
}

/// A talk that goes on while a test looks at it.
struct Talk {
    child: Child,
    input: Option<ChildStdin>,
    lines: Receiver<String>,
    shown: String,
}

impl Talk {
    fn start(issuer: &Issuer, options: &[&str]) -> Self {
        let words = [&["talk", "--http"], options, &["--", server()]].concat();
        let mut child = checker(&words)
            .env("ISSUER_URL", issuer.url())
            .env("TRACKER_TOKEN", "not-used")
            .stderr(Stdio::null())
            .spawn()
            .expect("starts");
        let input = child.stdin.take();
        let output = child.stdout.take().expect("a pipe");
        let (sender, lines) = mpsc::channel();
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                // The test may have seen enough.
                let _ = sender.send(line);
            }
        });
        Self {
            child,
            input,
            lines,
            shown: String::new(),
        }
    }

    /// Reads up to the line that contains `words`, and gives it.
    #[track_caller]
    fn up_to(&mut self, words: &str) -> String {
        loop {
            let Ok(line) = self.lines.recv_timeout(LONG) else {
                panic!("no line with `{words}` in:\n{}", self.shown);
            };
            self.shown += &format!("{line}\n");
            if line.contains(words) {
                return line;
            }
        }
    }

    fn types(&mut self, line: &str) {
        let input = self.input.as_mut().expect("it is open");
        writeln!(input, "{line}").expect("it reads");
    }

    /// Waits for the address that a person has to open, and answers there as a browser would.
    #[track_caller]
    fn answer(&mut self, decision: &str) {
        let line = self.up_to("sign-in: open ");
        let (_, url) = line.split_once("open ").expect("an address");
        let page = get(url);
        let request = between(&page, "name=\"request\" value=\"", "\"");
        let host = between(url, "http://", "/");
        let form = format!("request={request}&subject=ada&decision={decision}");
        let back = post(&host, "/consent", &form);
        get(&between(
            &back.replace("Location:", "location:"),
            "location: ",
            "\r\n",
        ));
    }

    /// Leaves; gives the exit code.
    fn leave(mut self) -> Option<i32> {
        self.input = None;
        exit_code(&mut self.child)
    }
}

impl Drop for Talk {
    fn drop(&mut self) {
        // It has ended already, where the test went well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[track_caller]
fn between(text: &str, before: &str, after: &str) -> String {
    let (_, rest) = text.split_once(before).expect("it is there");
    let (found, _) = rest.split_once(after).expect("it has an end");
    found.to_owned()
}

fn get(url: &str) -> String {
    let rest = url.strip_prefix("http://").expect("an address");
    let (host, path) = rest.split_once('/').expect("a path");
    exchange(
        host,
        &format!("GET /{path} HTTP/1.0\r\nHost: {host}\r\n\r\n"),
    )
}

fn post(host: &str, path: &str, form: &str) -> String {
    let length = form.len();
    exchange(
        host,
        &format!(
            "POST {path} HTTP/1.0\r\nHost: {host}\r\nContent-Type: application/x-www-form-urlencoded\r\n\
             Content-Length: {length}\r\n\r\n{form}"
        ),
    )
}

fn exchange(host: &str, request: &str) -> String {
    let mut stream = TcpStream::connect(host).expect("it listens");
    stream.set_read_timeout(Some(LONG)).expect("a limit");
    stream.write_all(request.as_bytes()).expect("is sent");
    let mut reply = String::new();
    stream.read_to_string(&mut reply).expect("a reply");
    reply
}

async fn issuer() -> Issuer {
    Issuer::start(Options::default()).await.expect("starts")
}

const DRAFT: &str = r#"draft_tasks {"project":"ATLAS","titles":["One"]}"#;

#[tokio::test(flavor = "multi_thread")]
async fn a_person_signs_in_and_allows_more_when_it_is_needed() {
    for era in ["modern", "legacy"] {
        let issuer = issuer().await;
        let mut talk = Talk::start(&issuer, &["--era", era]);
        talk.up_to("the server answers 401, WWW-Authenticate: Bearer resource_metadata=");
        talk.up_to("asks you about tracker:read. Open this address:");
        talk.answer("allow");
        talk.up_to("it has our state, and iss is the issuer");
        talk.up_to("an access token for 900 s with tracker:read, and one that renews");
        talk.up_to("list_projects — ");
        talk.types(DRAFT);
        talk.up_to("There is no tool and no command `draft_tasks`");
        talk.up_to("`call draft_tasks …` asks for it");
        talk.types(&format!("call {DRAFT}"));
        talk.up_to("the server answers 403");
        talk.up_to("asks you about tracker:read tracker:write. Open this address:");
        talk.answer("allow");
        talk.up_to("\"draft\": \"");
        talk.types("tools");
        talk.up_to("draft_tasks — ");
        assert!(
            !talk.shown.contains("eyJ"),
            "no token is shown: {}",
            talk.shown
        );
        assert_eq!(talk.leave(), Some(0));
        let asked = issuer.requests("GET /authorize");
        assert_eq!(asked.len(), 2, "{era}");
        issuer.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_has_expired_is_renewed_without_asking() {
    let issuer = issuer().await;
    let mut talk = Talk::start(&issuer, &["--scope", "tracker:read tracker:write"]);
    // The first token is refused by the server: it says itself that its time is over.
    issuer
        .fault(Fault::token(Effect::Expired))
        .expect("the fault exists");
    talk.answer("allow");
    talk.up_to("error=\"invalid_token\"");
    talk.types(DRAFT);
    talk.up_to("\"draft\": \"");
    assert_eq!(talk.leave(), Some(0));
    assert_eq!(issuer.requests("GET /authorize").len(), 1);
    assert_eq!(issuer.requests("POST /token").len(), 2);
    issuer.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_signs_in_with_its_secret() {
    let issuer = issuer().await;
    let mut talk = Talk::start(&issuer, &["--machine"]);
    talk.up_to("list_projects — ");
    talk.types(&format!("call {DRAFT}"));
    talk.up_to("\"draft\": \"");
    assert_eq!(talk.leave(), Some(0));
    assert!(issuer.requests("GET /authorize").is_empty());
    assert_eq!(
        issuer.requests("POST /token").len(),
        2,
        "one for each scope"
    );
    issuer.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_who_says_no_is_told_and_the_talk_ends() {
    let issuer = issuer().await;
    let mut talk = Talk::start(&issuer, &[]);
    talk.answer("deny");
    talk.up_to("access_denied: The person said no.");
    talk.up_to("There is no connection to the server.");
    assert_eq!(talk.leave(), Some(1));
    issuer.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_waits_for_ever_for_a_browser() {
    let issuer = issuer().await;
    let mut talk = Talk::start(&issuer, &["--sign-in-limit", "1"]);
    talk.up_to("sign-in: open ");
    talk.up_to("nobody answered within 1 s");
    assert_eq!(talk.leave(), Some(1));
    issuer.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_without_our_state_is_not_taken() {
    let issuer = issuer().await;
    let mut talk = Talk::start(&issuer, &["--sign-in-limit", "2"]);
    let line = talk.up_to("sign-in: open ");
    let redirect = between(&line, "redirect_uri=http%3A%2F%2F127.0.0.1%3A", "%2F");
    let reply = get(&format!(
        "http://127.0.0.1:{redirect}/callback?code=stolen&state=guessed"
    ));
    assert!(reply.starts_with("HTTP/1.1 404"), "{reply}");
    talk.up_to("nobody answered within 2 s");
    assert!(issuer.requests("POST /token").is_empty());
    issuer.stop().await;
}

/// What a server says that announces this, to a client that only wants to connect.
async fn refused(resource: Value, metadata: impl Fn(&str) -> Value) -> String {
    let page = |body: &Value| {
        let body = body.to_string();
        format!(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        )
    };
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let own = format!("http://{}", listener.local_addr().expect("an address"));
    let named = resource.to_string().replace("OWN", &own);
    let resource: Value = serde_json::from_str(&named).expect("it is JSON");
    let replies = [page(&resource), page(&metadata(&own))];
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let mut head = [0; 4096];
            let read = stream.read(&mut head).unwrap_or(0);
            let head = String::from_utf8_lossy(&head[..read]).into_owned();
            let reply = if head.starts_with("POST") {
                "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            } else if head.contains("oauth-protected-resource/mcp") {
                &replies[0]
            } else {
                &replies[1]
            };
            let _ = stream.write_all(reply.as_bytes());
        }
    });
    let url = format!("{own}/mcp");
    let output = crate::support::output(&mut checker(&["connect", "--url", &url]));
    assert_eq!(output.status.code(), Some(4));
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn metadata_about_another_server_or_of_another_issuer_ends_it() {
    let said = refused(
        json!({"resource": "http://127.0.0.1:1/mcp", "authorization_servers": ["OWN"]}),
        |own| json!({"issuer": own, "token_endpoint": own}),
    )
    .await;
    assert!(
        said.contains("such a token would be for somebody else"),
        "{said}"
    );
    let said = refused(
        json!({"resource": "OWN/mcp", "authorization_servers": ["OWN"]}),
        |own| json!({"issuer": "http://127.0.0.1:1", "token_endpoint": own}),
    )
    .await;
    assert!(
        said.contains("the authorization server calls itself"),
        "{said}"
    );
    let said = refused(
        json!({"resource": "OWN/mcp", "authorization_servers": ["OWN"]}),
        |own| json!({"issuer": own, "token_endpoint": own, "authorization_endpoint": own}),
    )
    .await;
    assert!(
        said.contains("does not say that it checks a proof"),
        "{said}"
    );
}
