//! Exercises while the book is open: saves, checks by hand, two pages, and what hangs.
//!
//! Cargo and the checker are small scripts here, so that every case takes a moment: what they do stands in the
//! learner's file. That the engine and the real ones fit together is proven where those are.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::served::{LIMIT, Server};
use crate::support::TestBook;

/// What the learner has, with these lines in the region.
fn file(lines: &str) -> String {
    format!(
        "/// Its name.\npub fn name() -> &'static str {{\n    // Exercise 1.1 begins. Hint: cargo xtask hint 1.1\n\
         {lines}\n    // Exercise 1.1 ends.\n}}\n"
    )
}

const FILE: &str = "chapters/ch01-hello-world/src/server.rs";
const STARTER: &str = "    \"nobody\"";
const RIGHT: &str = "    \"ada\"";
const WRONG: &str = "    \"bob\"";
/// Right, with a check more, which a save leaves out because it is slow.
const RIGHT_LATE: &str = "    let late = \"ada\";\n    late";
/// The checker never ends by itself.
const HANGS: &str = "    loop {}";
/// Cargo never ends by itself.
const BUILD_HANGS: &str = "    build_hangs!()";
/// Cargo talks without end, and fails.
const BUILD_FLOODS: &str = "    build_floods!()";

const CARGO: &str = r#"#!/bin/sh
[ "$1" = fetch ] && exit 0
case "$*" in
*reference-tests*) echo '{"reason":"compiler-artifact","target":{"kind":["bin"],"name":"checker"},"executable":"ROOT/checker"}'; exit 0;;
esac
if grep -q build_hangs "ROOT/FILE"; then sleep 600 & echo $! > "ROOT/hanging"; wait; fi
if grep -q build_floods "ROOT/FILE"; then yes 'a line of somebody' | head -n 2000000 >&2; exit 101; fi
echo '{"reason":"compiler-artifact","target":{"kind":["bin"],"name":"ch01-hello-world"},"executable":"ROOT/server"}'
"#;

const CHECKER: &str = r#"#!/bin/sh
grep -q late "ROOT/FILE" && late=',{"check":"late","exercise":"1.1","says":"It stays right.","slow":true}'
echo '{"event":"plan","checks":[{"check":"name","exercise":"1.1","says":"The name is right."}'"$late"']}'
if grep -q loop "ROOT/FILE"; then sleep 600 & echo $! > "ROOT/hanging"; wait; fi
if grep -q '"ada"' "ROOT/FILE"; then
    echo '{"event":"finished","check":"name","exercise":"1.1","millis":1,"outcome":"pass"}'
else
    echo '{"event":"finished","check":"name","exercise":"1.1","millis":1,"outcome":"fail","failure":{"what":"<b>wrong</b>","expected":"ada","got":"bob","why":"so"}}'
fi
outcome='"outcome":"pass"'
case "$*" in *--skip-slow*) outcome='"outcome":"left_out","reason":"slow"';; esac
[ -n "$late" ] && echo '{"event":"finished","check":"late","exercise":"1.1","millis":1,'"$outcome"'}'
echo '{"event":"done"}'
"#;

/// A checkout with a chapter, a server, and a page that listens.
struct Open {
    book: TestBook,
    server: Server,
}

impl Open {
    fn new(lines: &str) -> Self {
        let book = TestBook::new()
            .file(FILE, &file(lines))
            .file("chapters/ch01-hello-world/Cargo.toml", "[package]\n");
        let root = book.root().display().to_string();
        for (name, text) in [("cargo", CARGO), ("checker", CHECKER)] {
            let text = text.replace("ROOT", &root).replace("FILE", FILE);
            book.write(name, &text);
            let path = book.root().join(name);
            fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("can be set");
        }
        let cargo = book.root().join("cargo");
        let target = book.root().join("target");
        let variables: [(&str, &Path); 2] = [("CARGO", &cargo), ("CARGO_TARGET_DIR", &target)];
        let server = Server::start_with(&book, "0", &variables);
        Self { book, server }
    }

    fn listen(&self) -> Page {
        Page(Box::new(self.server.news_for("[\"1.1\"]")))
    }

    /// A page that has heard where everything stands.
    fn page(&self) -> Page {
        let mut page = self.listen();
        page.until("the first list of exercises", |news| {
            news["news"] == "overview"
        });
        page
    }

    fn save(&self, lines: &str) {
        self.book.write(FILE, &file(lines));
    }

    /// The process that hangs, once it does.
    fn hanging(&self) -> String {
        let began = Instant::now();
        loop {
            let text = fs::read_to_string(self.book.root().join("hanging")).unwrap_or_default();
            if text.ends_with('\n') {
                return text.trim().to_owned();
            }
            assert!(began.elapsed() < LIMIT, "nothing hangs");
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

/// A page that listens.
struct Page(Box<dyn Iterator<Item = String>>);

impl Page {
    fn until(&mut self, what: &str, fits: impl Fn(&Value) -> bool) -> Value {
        let began = Instant::now();
        for line in &mut self.0 {
            let news: Value = serde_json::from_str(&line).expect("news are JSON");
            if fits(&news) {
                return news;
            }
            assert!(began.elapsed() < LIMIT, "no {what}; the last news: {news}");
        }
        panic!("no {what}: the news have ended");
    }

    fn verdict(&mut self, state: &str) -> Value {
        self.until(&format!("verdict {state}"), |news| {
            news["news"] == "verdict"
                && news["exercise"]["state"] == state
                && news["outdated"] == false
        })
    }

    fn phase(&mut self, phase: &str) -> Value {
        self.until(&format!("work that is {phase}"), |news| {
            news["news"] == "work" && news["phase"] == phase
        })
    }
}

/// Waits until a process is gone; one that nobody has waited for counts as gone.
fn gone(id: &str) {
    let began = Instant::now();
    let alive = || {
        let zombie =
            fs::read_to_string(format!("/proc/{id}/stat")).is_ok_and(|text| text.contains(") Z"));
        let answers = Command::new("kill").args(["-0", id]).output();
        !zombie && answers.is_ok_and(|output| output.status.success())
    };
    while alive() {
        assert!(began.elapsed() < LIMIT, "process {id} still runs");
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn a_save_turns_every_page_without_anyone_asking() {
    let open = Open::new(STARTER);
    let (mut one, mut other) = (open.page(), open.page());
    open.save(RIGHT);
    for page in [&mut one, &mut other] {
        let list = page.until("list with it solved", |news| {
            news["news"] == "overview" && news["solved"] == 1
        });
        let exercise = &list["chapters"][0]["exercises"][0];
        assert_eq!(
            (&exercise["state"], &exercise["sign"]),
            (&"ok".into(), &"ok".into())
        );
        assert_eq!(exercise["page"], "ch01-hello-world/greet.html");
        assert_eq!(exercise["places"][0], format!("{FILE}:3"));
        let verdict = page.verdict("ok");
        assert_eq!(
            verdict["exercise"]["checks"][0]["says"],
            "The name is right."
        );
    }
    // A page that goes away in the middle takes nothing along.
    drop(other);
    open.save(WRONG);
    let verdict = one.verdict("wrong");
    assert_eq!(
        verdict["exercise"]["checks"][0]["failure"]["what"],
        "<b>wrong</b>"
    );
    // What a page missed is told when it comes again: after sleep, in a new tab.
    open.page().verdict("wrong");
}

#[test]
fn the_last_save_wins_and_ends_what_runs() {
    let open = Open::new(STARTER);
    let mut page = open.page();
    open.save(HANGS);
    let hanging = open.hanging();
    open.save(RIGHT);
    page.verdict("ok");
    gone(&hanging);
}

#[test]
fn a_check_by_hand_runs_and_outlives_a_save() {
    let open = Open::new(WRONG);
    let mut page = open.page();
    assert_eq!(
        open.server
            .post("/api/check", "{\"exercise\":\"1.1\"}")
            .status,
        200
    );
    let verdict = page.verdict("wrong");
    assert_eq!(verdict["quick"], false);
    page.phase("done");

    open.save(HANGS);
    let first = open.hanging();
    fs::remove_file(open.book.root().join("hanging")).expect("it was there");
    assert_eq!(
        open.server
            .post("/api/check", "{\"exercise\":\"1.1\"}")
            .status,
        200
    );
    open.save(RIGHT);
    gone(&first);
    let verdict = page.until("verdict of the check by hand", |news| {
        news["news"] == "verdict" && news["quick"] == false && news["outdated"] == false
    });
    assert_eq!(verdict["exercise"]["state"], "ok");
}

#[test]
fn slow_checks_of_what_was_saved_follow_by_themselves() {
    let open = Open::new(STARTER);
    let mut page = open.page();
    open.save(RIGHT_LATE);
    let verdict = page.verdict("not_rechecked");
    assert_eq!(verdict["quick"], true);
    let verdict = page.verdict("ok");
    assert_eq!(verdict["quick"], false);
    // Only once: nothing is left now.
    page.phase("done");
    open.save(WRONG);
    page.verdict("wrong");
}

#[test]
fn what_hangs_can_be_stopped() {
    for lines in [HANGS, BUILD_HANGS] {
        let open = Open::new(lines);
        let mut page = open.page();
        open.server.post("/api/check", "{\"exercise\":\"1.1\"}");
        let hanging = open.hanging();
        assert_eq!(open.server.post("/api/stop", "{}").status, 200);
        page.phase("stopped");
        gone(&hanging);
        open.save(RIGHT);
        page.verdict("ok");
    }
}

#[test]
fn a_flood_becomes_a_few_lines() {
    let open = Open::new(BUILD_FLOODS);
    let mut page = open.page();
    open.server.post("/api/check", "{\"exercise\":\"1.1\"}");
    let verdict = page.until("verdict", |news| news["news"] == "verdict");
    let refused = verdict["build"]["refused"].as_str().expect("cargo's words");
    assert!(refused.contains("lines left out"), "{refused}");
    assert!(refused.len() < 100_000, "{} bytes", refused.len());
}

#[test]
fn nothing_is_left_when_the_server_ends() {
    for (lines, signal) in [
        (HANGS, Some("-TERM")),
        (BUILD_HANGS, Some("-INT")),
        (BUILD_HANGS, Some("-HUP")),
        // Nobody is there any more who could send one.
        (HANGS, None),
        (BUILD_HANGS, None),
    ] {
        let mut open = Open::new(lines);
        let _page = open.page();
        open.server.post("/api/check", "{\"exercise\":\"1.1\"}");
        let hanging = open.hanging();
        let id = open.server.child.id().to_string();
        match signal {
            Some(signal) => {
                let sent = Command::new("kill").args([signal, &id]).status();
                assert!(sent.expect("kill is there").success());
            }
            None => open.server.abandon(),
        }
        let status = open.server.child.wait().expect("can be waited for");
        assert!(status.success(), "{signal:?}: {status}");
        gone(&hanging);
    }
}

#[test]
fn hints_are_counted_like_those_of_the_terminal() {
    let open = Open::new(STARTER);
    let hint = || open.server.post("/api/hint", "{\"exercise\":\"1.1\"}").body;
    assert_eq!(hint(), "{\"shown\":1}");
    assert!(
        open.book
            .read("chapters/.progress.json")
            .contains("\"hints\": 1")
    );
    assert_eq!(hint(), "{\"shown\":2}");
    assert_eq!(hint(), "{\"shown\":2}", "there are two");
    let list = open
        .listen()
        .until("list", |news| news["news"] == "overview");
    assert_eq!(list["chapters"][0]["exercises"][0]["hints"], 2);
}

#[test]
fn own_lines_are_compared_put_back_and_brought_again() {
    let open = Open::new(WRONG);
    let ask = |path: &str, more: &str| {
        let answer = open
            .server
            .post(path, &format!("{{\"exercise\":\"1.1\"{more}}}"));
        let body: Value = serde_json::from_str(&answer.body).expect("JSON");
        (answer.status, body)
    };
    let (_, difference) = ask("/api/diff", "");
    let lines = difference["regions"][0]["lines"].as_array().expect("lines");
    assert!(
        lines
            .iter()
            .any(|line| line["side"] == "first" && line["text"] == WRONG)
    );

    let (status, refused) = ask("/api/undo", "");
    assert_eq!(
        (status, &refused["error"]["code"]),
        (400, &"bad_request".into())
    );

    let (_, changes) = ask("/api/reset", ",\"agreed\":false");
    assert_eq!(changes["files"][0]["path"], FILE);
    assert_eq!(changes["kept"], Value::Null);
    assert_eq!(open.book.read(FILE), file(WRONG), "only asked");

    let (_, changes) = ask("/api/reset", ",\"agreed\":true");
    assert!(changes["kept"].is_string(), "{changes}");
    assert_eq!(open.book.read(FILE), file(STARTER));
    let (_, nothing) = ask("/api/reset", ",\"agreed\":true");
    assert_eq!(nothing["files"], Value::Array(Vec::new()));

    let (status, back) = ask("/api/undo", "");
    assert_eq!((status, &back["files"][0]), (200, &FILE.into()));
    assert_eq!(open.book.read(FILE), file(WRONG));
}

#[test]
fn only_exercises_of_the_manifest_are_reached() {
    let open = Open::new(STARTER);
    for id in [
        "9.9",
        "",
        "../1.1",
        "ch01",
        "all",
        "1.1 --yes",
        "1.1/../../..",
    ] {
        for path in ["/api/check", "/api/diff", "/api/hint", "/api/undo"] {
            let answer = open
                .server
                .post(path, &format!("{{\"exercise\":\"{id}\"}}"));
            assert_eq!(answer.status, 404, "{path} {id}: {}", answer.body);
        }
    }
}
