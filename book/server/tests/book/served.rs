//! The real program, over TCP.

use std::cell::Cell;
use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use tempfile::NamedTempFile;

use crate::support::TestBook;

/// Generous: a loaded machine is no failure.
pub(crate) const LIMIT: Duration = Duration::from_secs(30);

/// A running `workbook serve`, stopped when it goes out of scope.
pub(crate) struct Server {
    pub(crate) child: Child,
    /// Its standard input: whoever dies while the server runs, as a test can, takes it along.
    lifeline: Cell<Option<ChildStdin>>,
    pub(crate) address: SocketAddr,
    /// What it has written to standard error.
    errors: NamedTempFile,
}

impl Server {
    pub(crate) fn start(book: &TestBook) -> Self {
        Self::start_at(book, "0")
    }

    pub(crate) fn start_at(book: &TestBook, port: &str) -> Self {
        Self::start_with(book, port, &[])
    }

    /// With these variables in its environment.
    pub(crate) fn start_with(book: &TestBook, port: &str, variables: &[(&str, &Path)]) -> Self {
        Self::start_over(book.root(), &book.out(), port, variables)
    }

    /// Over the checkout in `root`.
    pub(crate) fn start_over(
        root: &Path,
        out: &Path,
        port: &str,
        variables: &[(&str, &Path)],
    ) -> Self {
        let errors = NamedTempFile::new().expect("a file can be made");
        let written = errors.reopen().expect("it can be opened");
        let mut child = Command::new(env!("CARGO_BIN_EXE_workbook"))
            .envs(variables.iter().copied())
            .arg("serve")
            .arg("--root")
            .arg(root)
            .arg("--out")
            .arg(out)
            .args(["--port", port, "--lifeline"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(written)
            .spawn()
            .expect("the program starts");
        let lifeline = child.stdin.take();
        let output = child.stdout.take().expect("standard output is a pipe");
        let (sender, receiver) = mpsc::channel();
        thread::spawn(move || {
            let mut line = String::new();
            let mut output = BufReader::new(output);
            let _ = output.read_line(&mut line);
            let _ = sender.send(line);
            // Whatever else it says must find a reader.
            let _ = io::copy(&mut output, &mut io::sink());
        });
        let line = receiver
            .recv_timeout(LIMIT)
            .expect("the program says where it is");
        let address = line
            .trim()
            .strip_prefix("workbook at http://")
            .and_then(|address| address.parse().ok())
            .unwrap_or_else(|| panic!("this is no address: {line}"));
        Self {
            child,
            lifeline: Cell::new(lifeline),
            address,
            errors,
        }
    }

    /// What it has written to standard error so far.
    pub(crate) fn errors(&self) -> String {
        fs::read_to_string(self.errors.path()).expect("the file can be read")
    }

    /// Ends its standard input, as when `cargo xtask serve` is killed.
    pub(crate) fn abandon(&self) {
        self.lifeline.take();
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[("Host", &self.address.to_string())])
    }

    pub(crate) fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
        Answer::of(self.send(method, path, headers))
    }

    pub(crate) fn send(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> TcpStream {
        let mut stream = self.connect();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\n{}Connection: close\r\n\r\n",
            lines(headers)
        )
        .expect("a request can be sent");
        stream
    }

    pub(crate) fn send_with(
        &self,
        method: &str,
        path: &str,
        headers: &[(&'static str, String)],
        body: &str,
    ) -> TcpStream {
        let length = body.len().to_string();
        let mut all: Vec<(&str, &str)> = headers
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        all.push(("Content-Length", &length));
        let mut stream = self.send(method, path, &all);
        // A server that refuses without reading may have closed the connection.
        let _ = stream.write_all(body.as_bytes());
        stream
    }

    pub(crate) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).expect("the server listens");
        stream
            .set_read_timeout(Some(LIMIT))
            .expect("a limit can be set");
        stream
    }

    /// Asks as a page of this server does.
    pub(crate) fn post(&self, path: &str, body: &str) -> Answer {
        Answer::of(self.send_with("POST", path, &self.own_headers(&self.token()), body))
    }

    /// The headers that a page sends, with this token.
    pub(crate) fn own_headers(&self, token: &str) -> Vec<(&'static str, String)> {
        vec![
            ("Host", self.address.to_string()),
            ("Origin", format!("http://{}", self.address)),
            ("Sec-Fetch-Site", "same-origin".to_owned()),
            ("Content-Type", "application/json".to_owned()),
            ("X-Workbook-Token", token.to_owned()),
        ]
    }

    /// The token that the server writes into its pages.
    pub(crate) fn token(&self) -> String {
        let page = self.get("/").body;
        let (_, after) = page
            .split_once("<meta name=\"workbook-token\" content=\"")
            .expect("a page has the token");
        let (token, _) = after.split_once('"').expect("the token ends");
        token.to_owned()
    }

    /// The address of the first script of the live parts: it changes with their text.
    pub(crate) fn main_script(&self) -> String {
        let page = self.get("/").body;
        let (_, after) = page
            .split_once("<meta name=\"workbook-scripts\" content=\"")
            .expect("a page has live parts");
        let (address, _) = after.split_once(' ').expect("there are several");
        address.to_owned()
    }

    /// The news that a page without exercises hears of the book, line by line.
    pub(crate) fn news(&self) -> impl Iterator<Item = String> + use<> {
        self.news_for("[]")
            .filter(|line| line.contains("\"news\":\"book\""))
    }

    /// Everything that a page with these exercises hears, line by line.
    pub(crate) fn news_for(&self, exercises: &str) -> impl Iterator<Item = String> + use<> {
        let body = format!("{{\"exercises\":{exercises}}}");
        let stream = self.send_with("POST", "/api/news", &self.own_headers(&self.token()), &body);
        BufReader::new(stream)
            .lines()
            .map(|line| line.expect("news arrive within the limit"))
            .filter(|line| line.starts_with('{'))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An answer, in parts.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answer {
    /// Everything that comes until the server closes the connection.
    pub(crate) fn of(mut stream: TcpStream) -> Self {
        let began = Instant::now();
        let mut bytes = Vec::new();
        let mut chunk = [0; 16 * 1024];
        // A connection that is closed before the request was read as a whole ends with an error, after the answer.
        while let Ok(read @ 1..) = stream.read(&mut chunk) {
            bytes.extend_from_slice(&chunk[..read]);
            assert!(began.elapsed() < LIMIT, "the answer does not end");
        }
        Self::read(&String::from_utf8_lossy(&bytes))
    }

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

    pub(crate) fn header(&self, name: &str) -> &str {
        self.head
            .lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
            .unwrap_or_else(|| panic!("there is no {name} in {}", self.head))
    }
}

fn lines(headers: &[(&str, &str)]) -> String {
    headers
        .iter()
        .map(|(name, value)| format!("{name}: {value}\r\n"))
        .collect()
}
