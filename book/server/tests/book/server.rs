//! The server as a reader meets it.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::served::{LIMIT, Server};
use crate::support::{PAGE, TestBook};

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
    let main = server.main_script();
    let script = server.get(&main);
    assert_eq!(script.status, 200);
    assert_eq!(
        script.header("content-type"),
        "text/javascript; charset=utf-8"
    );
    assert_eq!(
        script.header("cache-control"),
        "max-age=31536000, immutable"
    );
    let other = main.replacen("/live/", "/live/0", 1);
    assert_eq!(server.get(&other).status, 404, "{other} is of no version");
    let card = main.replace("main.js", "card.js");
    assert!(
        page.body.contains(&format!(" {card} ")),
        "{card} is not named"
    );
    // Nothing holds up a page: its style and its list of chapters are in it, one script stands for all others.
    let (head, body) = page.body.split_once("</head>").expect("it has a head");
    assert!(!head.contains("href=\"../style-") && !head.contains("<script src"));
    assert_eq!(body.matches("<script src=").count(), 1);
    assert_eq!(body.matches(" defer data-scripts=").count(), 1);
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
    let note = server.get("/").body;
    assert!(note.contains("not built yet"));
    assert!(
        note.contains("<script type=\"module\" src=\"/live/"),
        "it cannot reload by itself"
    );

    book.write(PAGE, &page);
    let second = news.next().expect("the repair is news");
    assert!(second.contains("\"error\":null"), "{second}");
    assert!(server.get("/").body.contains("Introduction"));
}

#[test]
fn a_port_that_is_taken_is_left_alone_and_said_to_be() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let port = taken.local_addr().expect("it has an address").port();
    let book = TestBook::new();
    let server = Server::start_at(&book, &port.to_string());
    assert_ne!(server.address.port(), port);
    assert_eq!(server.get("/").status, 200);
    let said = format!("Port {port} is taken, so the next free one is used.");
    assert!(server.errors().contains(&said), "{}", server.errors());
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
