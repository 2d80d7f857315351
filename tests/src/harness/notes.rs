//! Known faults of a server, each in a sentence of its own. They explain a failure; what decides is the check.

use super::log::{ProcessLog, spoken_status};
use super::recorder::lock;
use super::short;

/// How many of the last lines of standard error are shown.
const LAST_LINES: usize = 3;

/// Everything about this process that may explain why a check failed.
pub(super) fn explain(log: &ProcessLog) -> Vec<String> {
    let known = lock(&log.inner);
    let stderr = String::from_utf8_lossy(&known.stderr).into_owned();
    let mut notes = Vec::new();

    notes.extend(known.flood.clone());
    if let Some(stray) = known.stray_lines.first() {
        let what = match (stray.invalid_utf8, stray.is_json) {
            (true, _) => "is not UTF-8",
            (_, true) => "is JSON, but not a JSON-RPC 2.0 message",
            _ => "is not JSON",
        };
        let more = match known.stray_count {
            1 => String::new(),
            count => format!(" ({count} such lines in all)"),
        };
        notes.push(format!(
            "A line on standard output {what}: {}{more}",
            short::line(&stray.text)
        ));
        if let Some(start) = stray.text.find(r#"{"jsonrpc""#).filter(|&start| start > 0) {
            notes.push(format!(
                "That line holds a message after other text ({}), as after `print!` without a line end: no client finds it there.",
                short::quoted(&stray.text[..start])
            ));
        }
    }
    if !known.half_line.is_empty() {
        notes.push(format!(
            "Standard output ends with half a line, {}: a message counts only when its line has ended.",
            short::line(&String::from_utf8_lossy(&known.half_line))
        ));
    }
    if let Some(id) = known.foreign_ids.first() {
        notes.push(format!(
            "A reply came with id {id}, which is not the id of an open request."
        ));
    }
    notes.extend(panic_in(&stderr));
    if let Some(status) = known.exit.filter(|status| !status.success()) {
        notes.push(format!(
            "The server process ended with {}.",
            spoken_status(status)
        ));
    }
    let silent = !known.unanswered.is_empty() || known.stdout_ended;
    if silent && !stderr.trim().is_empty() && !known.killed | known.exit.is_some() {
        let lines: Vec<&str> = stderr.trim_end().lines().collect();
        let last = &lines[lines.len().saturating_sub(LAST_LINES)..];
        let last: Vec<String> = last.iter().map(|line| short::line(line)).collect();
        notes.push(format!("Last on standard error: {}", last.join(" | ")));
    }
    notes
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
                "The server panicked at {place}: {}. A handler that panics sends no reply.",
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
    fn a_panic_is_told_with_its_place() {
        let stderr = "log\n\nthread 'tokio-rt-worker' (4711) panicked at src/server.rs:41:9:\nindex out of bounds\nnote: run\n";
        assert_eq!(
            panic_in(stderr).as_deref(),
            Some(
                "The server panicked at src/server.rs:41:9: index out of bounds. A handler that panics sends no reply."
            )
        );
        assert_eq!(panic_in("no panic here"), None);
    }
}
