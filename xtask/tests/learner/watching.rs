//! `watch` at a real terminal: a save during a check, keys during a hang, the terminal given back.

use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use crate::fixture::{Learner, command};
use crate::terminal::Terminal;

const VALIDATE: &str = "chapters/ch02-first-server/src/validate.rs";
const LONG: Duration = Duration::from_secs(120);

#[test]
fn the_last_save_wins_and_keys_answer_while_a_server_hangs() {
    let learner = Learner::new();
    let mut watch = command(&["watch", "ch02"]);
    // Only a newer save can end the hanging check within this test.
    watch.env("WORKBOOK_TIME_FACTOR", "50");
    let mut terminal = Terminal::start(watch);
    let shown = terminal.wait_for(0, "0 of 7 done", LONG);

    learner.fill(
        VALIDATE,
        "2.3",
        &["    let _ = (title, due);", "    loop {}"],
    );
    let saved = Instant::now();
    let shown = terminal.wait_for(shown, "validate.rs saved", LONG);
    assert!(saved.elapsed() < Duration::from_secs(2), "noticed late");
    // Long enough to be built and to hang.
    thread::sleep(Duration::from_secs(2));
    terminal.press("h");
    let shown = terminal.wait_for(shown, "2.3", Duration::from_secs(5));
    terminal.press("n");
    let shown = terminal.wait_for(shown, "where", Duration::from_secs(5));

    learner.solve("2.3");
    let shown = terminal.wait_for(shown, "validate.rs saved", LONG);
    let shown = terminal.wait_for(shown, "1 of 7 done", LONG);

    learner.fill(VALIDATE, "2.3", &["    title"]);
    terminal.wait_for(shown, "does not compile", LONG);
    terminal.press("q");
    let (code, screen) = terminal.ends();
    assert_eq!(code, Some(0));
    assert!(
        screen.contains("\x1b[32mok"),
        "colour at a terminal:\n{screen:?}"
    );
    assert!(
        !screen.contains("\x1b[2J") && !screen.contains("\x1b[3J"),
        "wiped:\n{screen:?}"
    );
    // A verdict on the hanging text was never shown: the newer save came first.
    assert!(!screen.contains("no reply"), "{screen}");
}

#[test]
fn the_terminal_is_given_back_after_ctrl_c_and_after_sigterm() {
    let _learner = Learner::new();
    for way in ["key", "signal"] {
        let mut terminal = Terminal::start(command(&["watch", "ch01"]));
        terminal.wait_for(0, "next hint", LONG);
        if way == "key" {
            terminal.press("\x03");
        } else {
            terminal.signal("-TERM");
        }
        let (code, _) = terminal.ends();
        assert_eq!(code, Some(0), "{way}");
    }
}

#[test]
fn without_a_terminal_keys_are_lines() {
    let _learner = Learner::new();
    let mut child = command(&["watch", "ch01"])
        .stdin(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut input = child.stdin.take().expect("is a pipe");
    input.write_all(b"n\nq\n").expect("can be written");
    let output = child.wait_with_output().expect("it ends");
    let text = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(0));
    assert!(text.contains("goal") && !text.contains('\x1b'), "{text}");
}

#[test]
fn slow_checks_are_left_out_until_somebody_asks_for_them() {
    let learner = Learner::new();
    learner.solve("1.6");
    let watch = || {
        let mut child = command(&["watch", "ch01"])
            .stdin(Stdio::piped())
            .spawn()
            .expect("it starts");
        let mut input = child.stdin.take().expect("is a pipe");
        let mut output = BufReader::new(child.stdout.take().expect("is a pipe"));
        let mut text = String::new();
        while !text.contains("of 7 done") || !text.trim_end().ends_with("quit") {
            assert!(
                output.read_line(&mut text).expect("can be read") > 0,
                "{text}"
            );
        }
        input.write_all(b"q\n").expect("can be written");
        assert_eq!(child.wait().expect("it ends").code(), Some(0));
        text
    };
    let text = watch();
    assert!(
        text.contains("?   1.6") && text.contains("cargo xtask check 1.6"),
        "{text}"
    );
    learner.run(&["check", "1.6"]).exits(0).says(&["ok  1.6"]);
    // Their pass holds for the same crate, so nothing is left open now.
    let text = watch();
    assert!(text.contains("ok  1.6"), "{text}");
}

#[test]
fn the_saved_exercise_is_told_while_others_are_still_checked() {
    let learner = Learner::new();
    learner.fill(
        VALIDATE,
        "2.3",
        &["    let _ = (title, due);", "    loop {}"],
    );
    let mut child = command(&["watch", "ch02"])
        // The checks of the exercise that hangs do not end within this test.
        .env("WORKBOOK_TIME_FACTOR", "50")
        .stdin(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut input = child.stdin.take().expect("is a pipe");
    let mut output = BufReader::new(child.stdout.take().expect("is a pipe"));
    let mut text = String::new();
    let mut read_until = |end: &str| {
        while !text.contains(end) {
            let read = output.read_line(&mut text).expect("can be read");
            assert!(read > 0, "{text}");
        }
        text.clone()
    };
    read_until("quit");
    learner.solve("2.7");
    let text = read_until("ok  2.7  Say how tools behave");
    assert!(!text.contains("of 7 done"), "waited for the rest:\n{text}");
    input.write_all(b"q\n").expect("can be written");
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
}
