//! The server as a reader and a hostile page meet it: the real program, over TCP.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use crate::support::{PAGE, TestBook};

/// Generous: a loaded machine is no failure.
const LIMIT: Duration = Duration::from_secs(30);

/// A running `workbook serve`, stopped when it goes out of scope.
struct Server {
    child: Child,
    address: SocketAddr,
}

impl Server {
    fn start(book: &TestBook) -> Self {
        Self::start_at(book, "0")
    }

    fn start_at(book: &TestBook, port: &str) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_workbook"))
            .arg("serve")
            .arg("--root")
            .arg(book.root())
            .arg("--out")
            .arg(book.out())
            .args(["--port", port])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        let output = child.stdout.take().expect("standard output is a pipe");
        let (sender, receiver) = mpsc::channel();
        thread::spawn(move || {
            let mut line = String::new();
            let _ = BufReader::new(output).read_line(&mut line);
            let _ = sender.send(line);
        });
        let line = receiver
            .recv_timeout(LIMIT)
            .expect("the program says where it is");
        let address = line
            .trim()
            .strip_prefix("workbook at http://")
            .and_then(|address| address.parse().ok())
            .unwrap_or_else(|| panic!("this is no address: {line}"));
        Self { child, address }
    }

    fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[("Host", &self.address.to_string())])
    }

    fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
        let mut stream = self.send(method, path, headers);
        let mut text = String::new();
        stream
            .read_to_string(&mut text)
            .expect("the answer is text and ends");
        Answer::read(&text)
    }

    fn send(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).expect("the server listens");
        stream
            .set_read_timeout(Some(LIMIT))
            .expect("a limit can be set");
        let headers: String = headers
            .iter()
            .map(|(name, value)| format!("{name}: {value}\r\n"))
            .collect();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\n{headers}Connection: close\r\n\r\n"
        )
        .expect("a request can be sent");
        stream
    }

    /// The news that a page hears, line by line.
    fn news(&self) -> impl Iterator<Item = String> + use<> {
        let stream = self.send(
            "GET",
            "/live/events",
            &[("Host", &self.address.to_string())],
        );
        BufReader::new(stream)
            .lines()
            .map(|line| line.expect("news arrive within the limit"))
            .filter(|line| line.starts_with("data: "))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

struct Answer {
    status: u16,
    head: String,
    body: String,
}

impl Answer {
    fn read(text: &str) -> Self {
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((text, ""));
        let status = head
            .split(' ')
            .nth(1)
            .and_then(|status| status.parse().ok());
        Self {
            status: status.unwrap_or_else(|| panic!("this is no answer: {text}")),
            head: head.to_owned(),
            body: body.to_owned(),
        }
    }

    fn header(&self, name: &str) -> &str {
        self.head
            .lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
            .unwrap_or_else(|| panic!("there is no {name} in {}", self.head))
    }
}

#[test]
fn it_ends_with_whoever_started_it() {
    let book = TestBook::new();
    let mut child = Command::new(env!("CARGO_BIN_EXE_workbook"))
        .args(["serve", "--lifeline", "--port", "0", "--root"])
        .arg(book.root())
        .arg("--out")
        .arg(book.out())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    let mut output = BufReader::new(child.stdout.take().expect("standard output is a pipe"));
    let mut line = String::new();
    output.read_line(&mut line).expect("it says where it is");
    drop(child.stdin.take());
    let began = Instant::now();
    while child.try_wait().expect("can be waited for").is_none() {
        if began.elapsed() > LIMIT {
            child.kill().expect("can be ended");
            panic!("it goes on by itself");
        }
        thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn pages_and_their_files_are_served() {
    let book = TestBook::new();
    let server = Server::start(&book);
    let page = server.get("/ch01-hello-world/greet.html");
    assert_eq!(page.status, 200);
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert_eq!(page.header("x-content-type-options"), "nosniff");
    assert!(page.body.contains("data-exercise=\"1.1\""));
    assert!(server.get("/").body.contains("Introduction"));
    assert!(server.get("/live/reload.js").body.contains("EventSource"));
    assert_eq!(server.get("/nowhere.html").status, 404);

    let tag = page.header("etag").to_owned();
    let host = server.address.to_string();
    let again = server.ask(
        "GET",
        "/ch01-hello-world/greet.html",
        &[("Host", &host), ("If-None-Match", &tag)],
    );
    assert_eq!((again.status, again.body.as_str()), (304, ""));
    let head = server.ask("HEAD", "/", &[("Host", &host)]);
    assert_eq!((head.status, head.body.as_str()), (200, ""));
}

#[test]
fn the_policy_of_a_page_names_exactly_its_inline_scripts() {
    let book = TestBook::new();
    let server = Server::start(&book);
    for path in ["/", "/ch01-hello-world/greet.html", "/404.html"] {
        let page = server.get(path);
        let policy = page.header("content-security-policy");
        let (_, scripts) = policy
            .split_once("script-src ")
            .expect("scripts have a rule");
        let (scripts, _) = scripts.split_once(';').expect("the rule ends");
        let allowed = scripts
            .split(' ')
            .filter(|source| source.starts_with("'sha256-"))
            .count();
        assert_eq!(
            allowed,
            page.body.matches("<script>").count(),
            "{path}: {scripts}"
        );
        assert!(!scripts.contains("unsafe"), "{scripts}");
    }
}

/// The expected status, the method, and the headers of a request.
type Case<'a> = (u16, &'a str, &'a [(&'a str, &'a str)]);

#[test]
fn hostile_requests_are_refused() {
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
    for (status, method, headers) in cases {
        for path in ["/", "/live/events-not", "/live/reload.js"] {
            let answer = server.ask(method, path, headers);
            // Behind the guard, an unknown path is simply not there.
            let expected = if *status == 200 && path == "/live/events-not" {
                404
            } else {
                *status
            };
            assert_eq!(answer.status, expected, "{method} {path} {headers:?}");
            assert!(
                !answer.head.contains("access-control-allow"),
                "{}",
                answer.head
            );
        }
    }
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
fn a_save_is_news_and_a_broken_book_keeps_the_old_page() {
    let book = TestBook::new();
    let server = Server::start(&book);
    let mut news = server.news();
    let first = news.next().expect("the state comes at once");
    assert!(first.contains("\"error\":null"), "{first}");

    let page = book.read(PAGE);
    book.write(PAGE, &format!("{page}\nA new sentence.\n"));
    let second = news.next().expect("a save is news");
    assert!(
        second.contains("\"error\":null") && second != first,
        "{second}"
    );
    assert!(
        server
            .get("/ch01-hello-world/greet.html")
            .body
            .contains("A new sentence.")
    );

    book.write(PAGE, &format!("{page}\n{{{{#console gone}}}}\n"));
    let third = news.next().expect("a failed build is news");
    assert!(
        third.contains("greet.md:5: there is no file book/src/console/gone.txt"),
        "{third}"
    );
    assert!(
        server
            .get("/ch01-hello-world/greet.html")
            .body
            .contains("A new sentence.")
    );

    book.write(PAGE, &page);
    let fourth = news.next().expect("the repair is news");
    assert!(
        fourth.contains("\"error\":null") && fourth != second,
        "{fourth}"
    );
    assert!(
        !server
            .get("/ch01-hello-world/greet.html")
            .body
            .contains("A new sentence.")
    );
}

#[test]
fn a_book_that_is_broken_from_the_start_is_served_as_soon_as_it_is_repaired() {
    let book = TestBook::new();
    let page = book.read(PAGE);
    book.write(PAGE, "{{#nonsense}}\n");
    let server = Server::start(&book);
    let mut news = server.news();
    let first = news.next().expect("the state comes at once");
    assert!(first.contains("there is no directive"), "{first}");
    assert!(server.get("/").body.contains("not built yet"));

    book.write(PAGE, &page);
    let second = news.next().expect("the repair is news");
    assert!(second.contains("\"error\":null"), "{second}");
    assert!(server.get("/").body.contains("Introduction"));
}

#[test]
fn a_port_that_is_taken_is_left_alone() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let port = taken.local_addr().expect("it has an address").port();
    let book = TestBook::new();
    let server = Server::start_at(&book, &port.to_string());
    assert_ne!(server.address.port(), port);
    assert_eq!(server.get("/").status, 200);
}

#[cfg(unix)]
#[test]
fn control_c_ends_at_once_while_a_page_listens() {
    let book = TestBook::new();
    let mut server = Server::start(&book);
    let mut news = server.news();
    news.next().expect("the state comes at once");
    let begin = Instant::now();
    let sent = Command::new("kill")
        .args(["-INT", &server.child.id().to_string()])
        .status()
        .expect("kill is there");
    assert!(sent.success());
    let ended = loop {
        if let Some(status) = server
            .child
            .try_wait()
            .expect("the program can be waited for")
        {
            break status;
        }
        assert!(
            begin.elapsed() < Duration::from_secs(5),
            "the server goes on"
        );
        thread::sleep(Duration::from_millis(10));
    };
    assert!(ended.success(), "{ended}");
}
