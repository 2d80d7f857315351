//! A failed check: what is wrong, sent, expected, got, why, where, next.

use verdict::{Failure, From, WireLine};

use super::{INDENT, LABELLED, Options};
use crate::report::{CheckReport, ExerciseReport};
use crate::style::{Style, harmless};

/// The first failing check at full length; with `all` every one.
pub(super) fn full(exercise: &ExerciseReport, all: bool, options: Options) -> String {
    let style = options.style;
    let mut text = String::new();
    let mut failures = exercise.failures();
    let shown: Vec<_> = failures
        .by_ref()
        .take(if all { usize::MAX } else { 1 })
        .collect();
    for (check, failure) in shown {
        text.push_str(&block(failure, style));
        if options.wire {
            text.push_str(&messages(check));
        }
        text.push('\n');
    }
    let also: Vec<&str> = failures.map(|(check, _)| check.says.as_str()).collect();
    for (position, says) in also.iter().enumerate() {
        let label = if position == 0 { "also" } else { "" };
        text.push_str(&labelled(style, label, &format!("fails: {says}")));
    }
    let places: Vec<&str> = exercise
        .place
        .iter()
        .chain(&exercise.more_places)
        .map(String::as_str)
        .collect();
    if !places.is_empty() {
        text.push_str(&labelled(style, "where", &places.join("\n")));
    }
    let id = &exercise.id;
    let mut next = Vec::new();
    if exercise.place.is_some() {
        next.push(format!("cargo xtask hint {id}"));
    }
    if !options.wire && exercise.place.is_some() {
        next.push(format!("the messages: cargo xtask check {id} --wire"));
    } else if !options.wire {
        next.push("the messages: the same command with --wire".to_owned());
    }
    if !next.is_empty() {
        let mut commands = next.join("     ");
        if LABELLED + commands.chars().count() > style.width {
            commands = next.join("\n"); // A command that is broken in two cannot be copied.
        }
        text.push_str(&labelled(style, "next", &commands));
    }
    text.push('\n');
    text
}

/// Only what is wrong, in one sentence.
pub(super) fn short(exercise: &ExerciseReport, style: Style) -> String {
    let mut text = String::new();
    if let Some((_, failure)) = exercise.failures().next() {
        text.push_str(&style.wrapped(INDENT, &harmless(&failure.what)));
        // Without a place it is a server of somebody else's, and the command has its own.
        let next = match exercise.place {
            Some(_) => format!("cargo xtask check {}", exercise.id),
            None => format!("the same command for {} alone", exercise.id),
        };
        text.push_str(&labelled(style, "next", &next));
    }
    text
}

/// The messages of every check, whatever came out: somebody wants to see them.
pub(super) fn messages_of(exercise: &ExerciseReport, options: Options) -> String {
    let mut text = String::new();
    for check in &exercise.checks {
        if let verdict::Outcome::Fail { failure } = &check.result.outcome {
            text.push_str(&block(failure, options.style));
        }
        text.push_str(&messages(check));
    }
    text
}

fn block(failure: &Failure, style: Style) -> String {
    let mut what = harmless(&failure.what);
    if let Some(era) = failure.era {
        what.push_str(&format!(" ({} era)", era.name()));
    }
    let mut text = style.wrapped(INDENT, &what);
    text.push('\n');
    let mut line = |label: &str, words: &str| {
        text.push_str(&labelled(style, label, &harmless(words)));
    };
    if let Some(sent) = &failure.sent {
        line("sent", sent);
    }
    line("expected", &failure.expected);
    line("got", &failure.got);
    line("why", &failure.why);
    if let Some(source) = &failure.source {
        line("", source);
    }
    for note in &failure.notes {
        line("note", note);
    }
    text
}

fn labelled(style: Style, label: &str, text: &str) -> String {
    style.labelled(LABELLED, &format!("{:INDENT$}{label}", ""), text)
}

/// Everything that went over the wire, with times.
fn messages(check: &CheckReport) -> String {
    let wire = &check.result.wire;
    if wire.is_empty() {
        return String::new();
    }
    let several = wire.iter().any(|line| line.process > 1);
    let mut text = format!(
        "\n{:INDENT$}messages of `{}`, with milliseconds: > to the server, < from it, ! its standard error\n",
        "", check.result.check
    );
    for line in wire {
        text.push_str(&message(line, several));
    }
    text
}

fn message(line: &WireLine, several: bool) -> String {
    let sign = match line.from {
        From::Client => ">",
        From::Server => "<",
        From::Stderr => "!",
        From::Process | From::Tracker => "*",
    };
    let process = match several {
        true => format!(" #{}", line.process),
        false => String::new(),
    };
    // A message stays one line, however long: it is there to be copied.
    format!(
        "{:>12}.{}{process} {sign} {}\n",
        line.micros / 1000,
        line.micros % 1000 / 100,
        harmless(&line.text)
    )
}
