//! The tracker and the issuer beside the book.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use crate::support::TestBook;

/// Generous: a loaded machine is no failure.
const LIMIT: Duration = Duration::from_secs(30);

/// A running `workbook serve` and what it says, killed when it goes out of scope.
struct Served {
    child: Child,
    lines: Receiver<String>,
}

impl Served {
    fn start(book: &TestBook) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_workbook"))
            .arg("serve")
            .arg("--root")
            .arg(book.root())
            .arg("--out")
            .arg(book.out())
            .args(["--port", "0"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        let output = child.stdout.take().expect("standard output is a pipe");
        let (sender, lines) = mpsc::channel();
        thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                // The test may have seen enough.
                let _ = sender.send(line);
            }
        });
        Self { child, lines }
    }

    fn line(&self) -> String {
        self.lines.recv_timeout(LIMIT).expect("one more line")
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // Nothing is left to be told.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Serves a book with a chapter that needs the service of this name, and looks whether it comes and goes with the book.
fn comes_and_goes(name: &str, words: &str) {
    let title = "title = \"How an MCP server works\"";
    let with_service = format!("{title}\n{name} = true");
    let book = TestBook::new().replace("book/workbook.toml", title, &with_service);
    let served = Served::start(&book);
    assert!(served.line().starts_with("workbook at http://127.0.0.1:"));
    let line = served.line();
    let told = line
        .strip_prefix(&format!("{name} at http://"))
        .unwrap_or_else(|| panic!("this is no address: {line}"));
    // On a machine where somebody works with one it is that one, and goes on.
    let there = told.strip_suffix(", which runs already");
    let usual = || told.strip_suffix(words).expect("how it is told");
    let address = there.unwrap_or_else(usual);
    TcpStream::connect(address).expect("it listens");
    drop(served);
    let began = Instant::now();
    while there.is_none() && TcpStream::connect(address).is_ok() {
        assert!(began.elapsed() < LIMIT, "{address} still answers");
        thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_book_with_a_chapter_that_needs_it_has_a_tracker_beside_it() {
    comes_and_goes("tracker", "");
}

#[test]
fn a_book_with_a_chapter_that_needs_it_has_an_issuer_beside_it() {
    comes_and_goes("issuer", ", for learning only");
}

#[test]
fn a_book_without_such_a_chapter_has_none() {
    let book = TestBook::new();
    let mut served = Served::start(&book);
    let line = served.line();
    let address = line
        .strip_prefix("workbook at http://")
        .expect("an address");
    // The first page is served when everything has been started that will be.
    let mut page = TcpStream::connect(address).expect("the server listens");
    write!(
        page,
        "GET / HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
    )
    .expect("is sent");
    let mut reply = String::new();
    page.read_to_string(&mut reply).expect("a page");
    assert!(reply.starts_with("HTTP/1.1 200"), "{reply}");
    served.child.kill().expect("it still serves");
    assert!(served.lines.recv_timeout(LIMIT).is_err(), "nothing else");
}
