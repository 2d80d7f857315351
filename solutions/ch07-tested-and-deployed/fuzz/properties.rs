//! What has to hold whatever anybody sends: nothing panics, and what is accepted is right.
//!
//! The rules are written here a second time, and in another way than in the server. A fuzzer and a test bring
//! the inputs.

use ch07_tested_and_deployed_solution::command_line::Command;
use ch07_tested_and_deployed_solution::tools::CreateTask;
use ch07_tested_and_deployed_solution::trace_context::TraceContext;
use ch07_tested_and_deployed_solution::{due, title};

/// What became of an input.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Outcome {
    /// It was the arguments of a tool, whatever their values.
    pub(crate) arguments: bool,
    /// Their title and their day were accepted.
    pub(crate) accepted: bool,
}

/// Reads the bytes as everything that the server reads from strangers.
///
/// # Errors
/// Something was accepted or refused that should not have been.
pub(crate) fn hold(bytes: &[u8]) -> Result<Outcome, String> {
    let mut outcome = Outcome::default();
    if let Ok(task) = serde_json::from_slice::<CreateTask>(bytes) {
        let title = accepts_titles(&task.title)?;
        let day = task.due.as_deref().map_or(Ok(true), accepts_days)?;
        outcome.arguments = true;
        outcome.accepted = title && day;
    }
    let text = String::from_utf8_lossy(bytes);
    // Who did not send JSON may have sent a value alone.
    accepts_titles(&text)?;
    accepts_days(&text)?;
    accepts_traces(&text)?;
    // Whatever is typed, there is an answer.
    let _command = Command::read(text.split(' ').map(str::to_owned));
    Ok(outcome)
}

fn accepts_titles(text: &str) -> Result<bool, String> {
    let characters = text.chars().count();
    let right = characters <= 200 && text.chars().any(|letter| !letter.is_whitespace());
    agrees("the title", text, title::check(text).is_ok(), right)
}

fn accepts_days(text: &str) -> Result<bool, String> {
    agrees("the day", text, due::check(text).is_ok(), exists(text))
}

/// A day exists if it is written like one, and its month is long enough.
fn exists(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else {
        return false;
    };
    let number = |digits: &str, length: usize| {
        let plain = digits.len() == length && digits.bytes().all(|byte| byte.is_ascii_digit());
        plain.then(|| digits.parse::<usize>().ok()).flatten()
    };
    let (Some(year), Some(month), Some(day)) = (number(year, 4), number(month, 2), number(day, 2))
    else {
        return false;
    };
    let leap = year % 400 == 0 || (year % 4 == 0 && year % 100 != 0);
    let february = if leap { 29 } else { 28 };
    let days = [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    month
        .checked_sub(1)
        .and_then(|month| days.get(month))
        .is_some_and(|days| (1..=*days).contains(&day))
}

fn accepts_traces(text: &str) -> Result<(), String> {
    let Some(context) = TraceContext::parse(text) else {
        return Ok(());
    };
    let parent = context.parent_id.unwrap_or_default();
    let said = format!("{}-{parent}", context.trace_id);
    let right = text.get(3..52) == Some(said.as_str()) && said == said.to_lowercase();
    agrees("the trace", text, true, right).map(drop)
}

fn agrees(what: &str, text: &str, accepted: bool, right: bool) -> Result<bool, String> {
    match accepted == right {
        true => Ok(accepted),
        false => {
            let verb = if accepted { "accepted" } else { "refused" };
            Err(format!("{what} {text:?} was {verb}"))
        }
    }
}
