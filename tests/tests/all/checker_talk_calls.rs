//! `checker talk`: calls that tell of their progress, ask something, or are taken back.
#![cfg(unix)]

use std::io::Write;

use crate::support::checker;

/// A server that reads the opening and offers the tool `sweep`, and then does what `then` says. `$line` is what it has
/// read, `answer ID RESULT` replies.
fn server(opening_replies: &str, then: &str) -> String {
    format!(
        r#"answer() {{ printf '{{"jsonrpc":"2.0","id":%s,"result":%s}}\n' "$1" "$2"; }}
{opening_replies}
{then}"#
    )
}

const TOOLS: &str = r#"{"tools":[{"name":"sweep","inputSchema":{"type":"object"}}]}"#;

fn modern(then: &str) -> String {
    let replies = format!("read line; answer 1 '{{}}'\nread line; answer 2 '{TOOLS}'");
    server(&replies, then)
}

fn legacy(then: &str) -> String {
    let hello = r#"{"protocolVersion":"2025-11-25","capabilities":{},"serverInfo":{"name":"s","version":"1"}}"#;
    let replies =
        format!("read line; answer 1 '{hello}'\nread line\nread line; answer 2 '{TOOLS}'");
    server(&replies, then)
}

/// Types lines into a talk with this server. Returns what was shown after the greeting.
fn talk(era: &str, server: &str, typed: &str) -> String {
    let mut child = checker(&["talk", "--era", era, "--", "sh", "-c", server])
        .spawn()
        .expect("starts");
    let mut input = child.stdin.take().expect("a pipe");
    input.write_all(typed.as_bytes()).expect("is read");
    drop(input);
    let output = child.wait_with_output().expect("ends");
    let shown = String::from_utf8_lossy(&output.stdout).into_owned();
    let (_, answers) = shown
        .split_once("`help` shows what you can type.\n")
        .unwrap_or_else(|| panic!("no greeting: {shown}"));
    answers.to_owned()
}

/// Replies with the text `yes` if the last line has these words, with the line itself otherwise.
fn says(id: u32, words: &str) -> String {
    format!(
        r#"case "$line" in
*'{words}'*) answer {id} '{{"content":[{{"type":"text","text":"yes"}}]}}' ;;
*) answer {id} '{{"content":[{{"type":"text","text":"no"}}]}}' ;;
esac
cat > /dev/null"#
    )
}

const FORM: &str = r#"{"message":"Sweep it?","requestedSchema":{"type":"object","properties":{"sure":{"type":"boolean","description":"Really?"}},"required":["sure"]}}"#;
const ASKED: &str = "the server asks: Sweep it?\n      sure  Really? [true, false]\n\
    answer with name=value …; an empty line declines\n";

fn asks_in_its_reply(words: &str) -> String {
    let question = format!(
        r#"{{"resultType":"input_required","requestState":"s1","inputRequests":{{"q":{{"method":"elicitation/create","params":{FORM}}}}}}}"#
    );
    modern(&format!(
        "read line; answer 3 '{question}'\nread line\n{}",
        says(4, words)
    ))
}

#[test]
fn a_modern_question_is_answered_with_a_second_call() {
    let sure =
        r#""inputResponses":{"q":{"action":"accept","content":{"sure":true}}},"requestState":"s1""#;
    let shown = talk("modern", &asks_in_its_reply(sure), "sweep\nsure=true\n");
    assert_eq!(shown, format!("{ASKED}yes\n"));
}

#[test]
fn an_empty_line_declines_and_the_end_of_the_input_answers_nothing() {
    let declined = r#""q":{"action":"decline"}"#;
    let shown = talk("modern", &asks_in_its_reply(declined), "sweep\n\n");
    assert_eq!(shown, format!("{ASKED}yes\n"));
    let gone = r#""q":{"action":"cancel"}"#;
    let shown = talk("modern", &asks_in_its_reply(gone), "sweep\n");
    assert_eq!(shown, format!("{ASKED}yes\n"));
}

#[test]
fn a_legacy_question_is_answered_while_the_call_is_open() {
    let ask = format!(
        r#"read line; echo '{{"jsonrpc":"2.0","id":0,"method":"elicitation/create","params":{FORM}}}'; read line"#
    );
    let answer = r#""id":0,"result":{"action":"accept","content":{"sure":true}}"#;
    let server = legacy(&format!("{ask}\n{}", says(3, answer)));
    let shown = talk("legacy", &server, "sweep\nsure=true\n");
    assert_eq!(shown, format!("{ASKED}yes\n"));
}

#[test]
fn progress_is_shown_before_the_reply_and_only_that_of_this_call() {
    let tell = |token: u32, now: u32| {
        format!(
            r#"echo '{{"jsonrpc":"2.0","method":"notifications/progress","params":{{"progressToken":{token},"progress":{now}.0,"total":3,"message":"room {now}"}}}}'"#
        )
    };
    let (own, foreign) = ([tell(1, 1), tell(1, 2)].join("\n"), tell(7, 3));
    let then = format!(
        "read line\n{own}\n{foreign}\n{}",
        says(3, r#""progressToken":1"#)
    );
    let shown = talk("modern", &modern(&then), "sweep\n");
    assert_eq!(
        shown,
        "  progress 1 of 3  room 1\n  progress 2 of 3  room 2\nyes\n"
    );
}

#[test]
fn a_call_can_be_taken_back_and_the_talk_goes_on() {
    let then = format!(
        "read line\nread line\ncancelled=$line\nread line\nline=$cancelled\n{}",
        says(
            4,
            r#""method":"notifications/cancelled","params":{"requestId":3"#
        )
    );
    let shown = talk("modern", &modern(&then), "sweep\ncancel\nsweep\n");
    assert_eq!(shown, "taken back; there will be no reply\nyes\n");
}

#[test]
fn nothing_is_taken_back_between_calls() {
    let shown = talk("modern", &modern("cat > /dev/null"), "cancel\n");
    assert_eq!(shown, "no call is open\n");
}

#[test]
fn it_has_a_name_of_its_own_and_can_show_forms() {
    let client =
        r#""capabilities":{"elicitation":{"form":{}}},"clientInfo":{"name":"workbook-talk""#;
    let then = format!("line=$hello\nread call\n{}", says(3, client));
    let server = legacy(&then).replacen("read line", "read line; hello=$line", 1);
    assert_eq!(talk("legacy", &server, "sweep\n"), "yes\n");
}
