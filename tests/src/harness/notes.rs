//! Known faults of a server, each in a sentence of its own. They explain a failure; what decides is the check.

use std::collections::BTreeMap;

use verdict::spoken_status;

use super::log::{ProcessLog, StrayLine};
use super::recorder::lock;
use super::short;

/// How many of the last lines of standard error are shown.
const LAST_LINES: usize = 3;

/// Where a learner finds what decides it, in every chapter.
const VERSIONS: &str = "Which revisions it serves is exercise 1.4: `supported_protocol_versions`.";

/// Kinds of faults. Of each kind one is told, however many processes show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Flood,
    StrayLine,
    GluedLine,
    HalfLine,
    ForeignId,
    Version,
    Panic,
    Exit,
    LastWords,
}

/// Adds everything about this process that may explain why a check failed.
pub(super) fn explain(log: &ProcessLog, notes: &mut BTreeMap<Kind, String>) {
    let known = lock(&log.inner);
    if known.plain_program {
        return;
    }
    let stderr = String::from_utf8_lossy(&known.stderr).into_owned();
    let mut note = |kind, text: String| {
        notes.entry(kind).or_insert(text);
    };

    if let Some(flood) = &known.flood {
        note(Kind::Flood, flood.clone());
    }
    // What stands on standard output explains why a reply was not found; where replies came, it explains nothing.
    if !known.unanswered.is_empty() {
        if let Some(stray) = known.stray_lines.first() {
            note(Kind::StrayLine, stray_line(stray, known.stray_count));
            if let Some(glued) = glued_line(&stray.text) {
                note(Kind::GluedLine, glued);
            }
        }
        if !known.half_line.is_empty() {
            let half = String::from_utf8_lossy(&known.half_line).into_owned();
            note(
                Kind::HalfLine,
                format!(
                    "Standard output ends with half a line, {}: a message counts only when its line has ended.",
                    short::line(&without_colour(&half))
                ),
            );
        }
        if let Some(id) = known.foreign_ids.first() {
            let text =
                format!("A reply came with id {id}, which is not the id of an open request.");
            note(Kind::ForeignId, text);
        }
    }
    if let Some(version) = known.refused_version {
        let text = format!("The server does not speak {version}. {VERSIONS}");
        note(Kind::Version, text);
        // A server may end after that refusal: how it does so is no other fault.
        return;
    }
    match panic_in(&stderr) {
        Some(panic) if known.unanswered.is_empty() => note(Kind::Panic, panic),
        Some(panic) => {
            let why = "A handler that panics sends no reply.";
            note(Kind::Panic, format!("{panic} {why}"));
        }
        None if known.ended_on("initialize") => {
            let text = "`initialize` may end a server that serves the modern era only.";
            note(Kind::Version, format!("{text} {VERSIONS}"));
        }
        None => {}
    }
    let crashed = known.exit.filter(|status| !status.success());
    if let Some(status) = crashed {
        note(
            Kind::Exit,
            format!("The server process ended with {}.", spoken_status(status)),
        );
    }
    if (crashed.is_some() || !known.unanswered.is_empty()) && !stderr.trim().is_empty() {
        let lines: Vec<&str> = stderr
            .lines()
            .filter(|line| !line.trim().is_empty())
            .collect();
        let last = &lines[lines.len().saturating_sub(LAST_LINES)..];
        let last: Vec<String> = last
            .iter()
            .map(|line| short::line(without_colour(line).trim()))
            .collect();
        note(
            Kind::LastWords,
            format!("Last on standard error: {}", last.join(" | ")),
        );
    }
}

fn stray_line(stray: &StrayLine, count: usize) -> String {
    let what = match (stray.invalid_utf8, stray.is_json) {
        (true, _) => "is not UTF-8",
        (_, true) => "is JSON, but not a JSON-RPC 2.0 message",
        _ => "is not JSON",
    };
    let more = match count {
        1 => String::new(),
        count => format!(" ({count} such lines in all)"),
    };
    format!(
        "A line on standard output {what}: {}{more}",
        short::line(&without_colour(&stray.text))
    )
}

fn glued_line(text: &str) -> Option<String> {
    let start = text.find(r#"{"jsonrpc""#).filter(|&start| start > 0)?;
    Some(format!(
        "That line holds a message after other text ({}), as after `print!` without a line end: no client finds it there.",
        short::quoted(&without_colour(&text[..start]))
    ))
}

/// The text without the codes that colour it in a terminal: ESC, `[`, numbers, a letter.
fn without_colour(text: &str) -> String {
    let mut plain = String::new();
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        if letter != '\u{1b}' {
            plain.push(letter);
        } else if letters.next() == Some('[') {
            for code in letters.by_ref() {
                if code.is_ascii_alphabetic() {
                    break;
                }
            }
        }
    }
    plain
}

/// The last panic that standard error tells of, with its place.
fn panic_in(stderr: &str) -> Option<String> {
    const MARK: &str = " panicked at ";
    let mut lines = stderr.lines();
    let mut found = None;
    while let Some(line) = lines.next() {
        if let (true, Some(at)) = (line.starts_with("thread "), line.find(MARK)) {
            let place = line[at + MARK.len()..].trim_end_matches(':');
            let message = lines.clone().next().unwrap_or_default();
            found = Some(format!(
                "The server panicked at {place}: {}.",
                short::line(message.trim_end_matches('.'))
            ));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colour_codes_are_taken_out() {
        assert_eq!(
            without_colour("\u{1b}[2m10:00\u{1b}[0m \u{1b}[32m INFO\u{1b}[0m x"),
            "10:00  INFO x"
        );
    }

    #[test]
    fn a_message_after_other_text_is_told() {
        let glued = glued_line(r#"debug: {"jsonrpc":"2.0"}"#).expect("told");
        assert!(glued.contains(r#"("debug: ")"#), "{glued}");
        assert_eq!(glued_line(r#"{"jsonrpc":"2.0"}"#), None);
    }

    #[test]
    fn a_panic_is_told_with_its_place() {
        let stderr = "log\n\nthread 'tokio-rt-worker' (4711) panicked at src/server.rs:41:9:\nindex out of bounds\nnote: run\n";
        assert_eq!(
            panic_in(stderr).as_deref(),
            Some("The server panicked at src/server.rs:41:9: index out of bounds.")
        );
        assert_eq!(panic_in("no panic here"), None);
    }
}
