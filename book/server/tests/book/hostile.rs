//! Requests that no page of the book sends: each is refused, and none of them runs or reads anything.

use std::io::{Read, Write};
use std::time::Instant;

use crate::served::{Answer, LIMIT, Server};
use crate::support::TestBook;

/// Longer than any body may be.
const TOO_LONG: usize = 1_000_000;

/// The expected status, the method, and the headers of a request.
type Case<'a> = (u16, &'a str, &'a [(&'a str, &'a str)]);

#[test]
fn readers_come_from_this_machine_and_only_read() {
    let book = TestBook::new();
    let server = Server::start(&book);
    let own = server.address.to_string();
    let port = server.address.port();
    let local = format!("localhost:{port}");
    let own_origin = format!("http://{own}");
    let neighbour = format!("http://127.0.0.1:{}", port ^ 1);
    let cases: &[Case<'_>] = &[
        (200, "GET", &[("Host", &own)]),
        (200, "GET", &[("Host", &local)]),
        (200, "GET", &[("Host", &own), ("Origin", &own_origin)]),
        (403, "GET", &[("Host", "evil.example")]),
        (403, "GET", &[("Host", "127.0.0.1.evil.example")]),
        (403, "GET", &[("Host", "localhost@evil.example")]),
        (403, "GET", &[]),
        (403, "GET", &[("Host", &own), ("Host", "evil.example")]),
        (
            403,
            "GET",
            &[("Host", &own), ("Origin", "https://evil.example")],
        ),
        (403, "GET", &[("Host", &own), ("Origin", "null")]),
        (403, "GET", &[("Host", &own), ("Origin", &neighbour)]),
        (
            403,
            "GET",
            &[
                ("Host", &own),
                ("Origin", &own_origin),
                ("Origin", "https://evil.example"),
            ],
        ),
        (405, "POST", &[("Host", &own), ("Content-Length", "0")]),
        (405, "PUT", &[("Host", &own), ("Content-Length", "0")]),
        (405, "DELETE", &[("Host", &own)]),
        (
            405,
            "OPTIONS",
            &[("Host", &own), ("Access-Control-Request-Method", "GET")],
        ),
    ];
    let script = server.main_script();
    for (status, method, headers) in cases {
        for path in ["/", "/live/no-such.js", &script] {
            let answer = server.ask(method, path, headers);
            // Behind the guard, an unknown path is simply not there.
            let expected = if *status == 200 && path == "/live/no-such.js" {
                404
            } else {
                *status
            };
            assert_eq!(answer.status, expected, "{method} {path} {headers:?}");
            shares_nothing(&answer);
        }
    }
}

/// What is changed in a request that would be answered, and what is said to it then.
struct Change {
    what: &'static str,
    /// The header, and its value: none takes it away.
    header: (&'static str, Option<&'static str>),
    status: u16,
    code: &'static str,
}

const CHANGES: &[Change] = &[
    change(
        "a foreign host",
        "Host",
        Some("evil.example"),
        403,
        "foreign_host",
    ),
    change("no host", "Host", None, 403, "foreign_host"),
    change(
        "a foreign origin",
        "Origin",
        Some("https://evil.example"),
        403,
        "foreign_origin",
    ),
    change(
        "an origin without a name",
        "Origin",
        Some("null"),
        403,
        "foreign_origin",
    ),
    change(
        "a page of another port",
        "Sec-Fetch-Site",
        Some("same-site"),
        403,
        "foreign_origin",
    ),
    change(
        "a page of another site",
        "Sec-Fetch-Site",
        Some("cross-site"),
        403,
        "foreign_origin",
    ),
    change(
        "an address typed in",
        "Sec-Fetch-Site",
        Some("none"),
        403,
        "foreign_origin",
    ),
    change("no token", "X-Workbook-Token", None, 403, "no_token"),
    change(
        "an empty token",
        "X-Workbook-Token",
        Some(""),
        403,
        "wrong_token",
    ),
    change(
        "a token of another run",
        "X-Workbook-Token",
        Some("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"),
        403,
        "wrong_token",
    ),
    change("no type", "Content-Type", None, 415, "not_json"),
    change(
        "a form",
        "Content-Type",
        Some("application/x-www-form-urlencoded"),
        415,
        "not_json",
    ),
    change(
        "text that looks like JSON",
        "Content-Type",
        Some("text/plain; x=application/json"),
        415,
        "not_json",
    ),
];

const fn change(
    what: &'static str,
    header: &'static str,
    value: Option<&'static str>,
    status: u16,
    code: &'static str,
) -> Change {
    Change {
        what,
        header: (header, value),
        status,
        code,
    }
}

/// Every route, with a body that it understands.
const ROUTES: &[(&str, &str)] = &[
    ("/api/check", "{\"exercise\":\"1.1\"}"),
    ("/api/console/answer", "{}"),
    ("/api/console/call", "{}"),
    ("/api/console/cancel", "{}"),
    ("/api/console/open", "{}"),
    ("/api/console/restart", "{}"),
    ("/api/console/send", "{}"),
    ("/api/console/stop", "{}"),
    ("/api/diff", "{\"exercise\":\"1.1\"}"),
    ("/api/hint", "{\"exercise\":\"1.1\"}"),
    ("/api/news", "{\"exercises\":[]}"),
    ("/api/no-such", "{}"),
    ("/api/reset", "{\"exercise\":\"1.1\",\"agreed\":true}"),
    ("/api/stop", "{}"),
    ("/api/undo", "{\"exercise\":\"1.1\"}"),
];

#[test]
fn what_runs_code_wants_the_token_and_json_from_its_own_page() {
    let book = TestBook::new();
    let server = Server::start(&book);
    let token = server.token();
    for (path, body) in ROUTES {
        for change in CHANGES {
            let (name, value) = change.header;
            let mut headers = server.own_headers(&token);
            headers.retain(|(own, _)| *own != name);
            headers.extend(value.map(|value| (name, value.to_owned())));
            let answer = answer(&server, "POST", path, &headers, body);
            let what = format!("{path}: {}", change.what);
            refused(&answer, change.status, change.code, &what);
        }
        let twice = [
            server.own_headers(&token),
            vec![("X-Workbook-Token", token.clone())],
        ];
        let answer = answer(&server, "POST", path, &twice.concat(), body);
        refused(&answer, 403, "wrong_token", "the token twice");
    }
}

#[test]
fn what_runs_code_is_never_read() {
    let book = TestBook::new();
    let server = Server::start(&book);
    let headers = server.own_headers(&server.token());
    for (path, _) in ROUTES {
        for method in ["GET", "PUT", "DELETE", "OPTIONS", "PATCH"] {
            let answer = answer(&server, method, path, &headers, "{}");
            refused(&answer, 405, "post_only", &format!("{method} {path}"));
            assert_eq!(answer.header("allow"), "POST");
        }
        let head = answer(&server, "HEAD", path, &headers, "");
        assert_eq!((head.status, head.body.as_str()), (405, ""));
    }
}

#[test]
fn bodies_have_a_form_and_a_limit() {
    let book = TestBook::new();
    let server = Server::start(&book);
    for body in ["", "{", "[]", "{\"unknown\": 1}", "\u{0}"] {
        refused(&server.post("/api/news", body), 400, "bad_request", body);
    }
    let headers = server.own_headers(&server.token());
    let long = format!("{{\"a\":\"{}\"}}", "a".repeat(TOO_LONG));
    let announced = [
        headers.clone(),
        vec![("Content-Length", TOO_LONG.to_string())],
    ]
    .concat();
    refused(
        &answer_of(&server, &announced, ""),
        413,
        "too_large",
        "a long body, announced",
    );
    let in_chunks = [headers, vec![("Transfer-Encoding", "chunked".to_owned())]].concat();
    let chunk = format!("{:x}\r\n{long}\r\n0\r\n\r\n", long.len());
    refused(
        &answer_of(&server, &in_chunks, &chunk),
        413,
        "too_large",
        "a long body, in chunks",
    );
}

#[test]
fn nothing_outside_the_book_can_be_read() {
    let book = TestBook::new();
    book.write("target/secret.txt", "a secret");
    let server = Server::start(&book);
    let paths = [
        "/../secret.txt",
        "/../../book/workbook.toml",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/..%5csecret.txt",
        "/ch01-hello-world/../../secret.txt",
        "//etc/passwd",
        "/%2fetc%2fpasswd",
        "/secret.txt%00.html",
        "/.%00./secret.txt",
        "/ch01-hello-world/quiz.toml",
        "/live/../../secret.txt",
        "/live/..%2f..%2fsecret.txt",
    ];
    for path in paths {
        let answer = server.get(path);
        assert_eq!(answer.status, 404, "{path}");
        assert!(
            !answer.body.contains("a secret") && !answer.body.contains("root:"),
            "{path}"
        );
    }
}

#[test]
fn a_thousand_connections_do_not_keep_a_reader_out() {
    let book = TestBook::new();
    let server = Server::start(&book);
    let mut held = Vec::new();
    for _ in 0..1000 {
        held.push(server.connect());
    }
    let began = Instant::now();
    assert_eq!(server.get("/").status, 200);
    assert!(began.elapsed() < LIMIT);
    let mut closed = 0;
    for stream in held.iter_mut().take(100) {
        closed += usize::from(!matches!(stream.read(&mut [0]), Ok(1..)));
    }
    assert_eq!(closed, 100, "the oldest had to go");
    drop(held);
    assert_eq!(server.get("/").status, 200);
}

/// Sends exactly these headers and this body to the news.
fn answer_of(server: &Server, headers: &[(&'static str, String)], body: &str) -> Answer {
    let headers: Vec<(&str, &str)> = headers
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let mut stream = server.send("POST", "/api/news", &headers);
    // A server that refuses without reading may have closed the connection.
    let _ = stream.write_all(body.as_bytes());
    Answer::of(stream)
}

fn answer(
    server: &Server,
    method: &str,
    path: &str,
    headers: &[(&'static str, String)],
    body: &str,
) -> Answer {
    Answer::of(server.send_with(method, path, headers, body))
}

fn refused(answer: &Answer, status: u16, code: &str, what: &str) {
    assert_eq!(answer.status, status, "{what}: {}", answer.body);
    let start = format!("{{\"error\":{{\"code\":\"{code}\",\"message\":\"");
    assert!(answer.body.starts_with(&start), "{what}: {}", answer.body);
    assert_eq!(answer.header("content-type"), "application/json", "{what}");
    assert_eq!(answer.header("x-content-type-options"), "nosniff", "{what}");
    shares_nothing(answer);
}

/// No header of CORS, so no foreign page may read it.
fn shares_nothing(answer: &Answer) {
    assert!(!answer.head.contains("access-control-"), "{}", answer.head);
}
