//! What a test program prints: the list of its tests, how each ended, and what a failing one said.

use std::collections::BTreeMap;
use std::path::Path;

use crate::harness::short;

/// So many lines of what a failing test says are quoted.
const MESSAGE_LINES: usize = 4;

/// How one test ended, in the program's own word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Word {
    Ok,
    Failed,
    Ignored,
}

/// The names in the output of `--list`.
pub(super) fn listed(output: &str) -> Vec<String> {
    let names = output
        .lines()
        .filter_map(|line| line.trim_end().strip_suffix(": test"));
    names.map(str::to_owned).collect()
}

/// How those of `names` ended that have ended.
pub(super) fn ended(output: &str, names: &[String]) -> BTreeMap<String, Word> {
    // What failing tests have printed follows there, and may look like anything.
    let results = output
        .split_once("\nfailures:\n")
        .map_or(output, |(results, _)| results);
    let ended = names
        .iter()
        .filter_map(|name| Some((name.clone(), word_of(results, name)?)));
    ended.collect()
}

/// A line need not begin with the result: a child of another test may have printed something before it.
fn word_of(results: &str, name: &str) -> Option<Word> {
    [" ... ", " - should panic ... "].iter().find_map(|dots| {
        let (_, rest) = results.split_once(&format!("test {name}{dots}"))?;
        let word = rest.split([',', '\n', '\r', ' ']).next()?;
        match word {
            "ok" => Some(Word::Ok),
            "FAILED" => Some(Word::Failed),
            "ignored" => Some(Word::Ignored),
            _ => None,
        }
    })
}

/// What a failing test said: the place and the message of its panic, or the error that it returned.
pub(super) fn said(output: &str, name: &str) -> Option<String> {
    let (_, rest) = output.split_once(&format!("---- {name} stdout ----\n"))?;
    let end = ["\n---- ", "\nfailures:\n"].iter();
    let end = end.filter_map(|mark| rest.find(mark)).min();
    let own = &rest[..end.unwrap_or(rest.len())];
    if let Some((_, panic)) = own.split_once("panicked at ") {
        let (place, message) = panic.split_once('\n').unwrap_or((panic, ""));
        let message = lines(message.lines().take_while(|line| {
            !line.starts_with("note: ") && !line.starts_with("stack backtrace")
        }));
        let place = place.trim_end_matches(':');
        // A place in a crate of somebody else tells a learner nothing.
        let elsewhere = Path::new(place).is_absolute();
        return Some(match (message.is_empty(), elsewhere) {
            (true, _) => place.to_owned(),
            (false, true) => message,
            (false, false) => format!("{place}: {message}"),
        });
    }
    let first = lines(own.lines());
    (!first.is_empty()).then_some(first)
}

/// Lines on one line.
fn lines<'a>(lines: impl Iterator<Item = &'a str>) -> String {
    let lines: Vec<&str> = lines
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .take(MESSAGE_LINES)
        .collect();
    short::line(&lines.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|&name| name.to_owned()).collect()
    }

    const RED: &str = "
running 5 tests
test logic::adds ... ok
test logic::deep::ignored_with_reason ... ignored, later
test logic::panics - should panic ... ok
test logic::returns ... FAILED
a child wrote this test logic::subtracts ... FAILED

failures:

---- logic::returns stdout ----
Error: \"no such project\"

---- logic::subtracts stdout ----

thread '<unnamed>' (4711) panicked at tests/all/logic.rs:14:5:
assertion `left == right` failed: the sum
  left: 1
 right: 2
note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace


failures:
    logic::returns
    logic::subtracts

test result: FAILED. 2 passed; 2 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s
";

    #[test]
    fn tests_are_listed_and_nothing_else() {
        let output = "logic::adds: test\nlogic::deep::adds: test\nlogic::speed: benchmark\n\n2 tests, 1 benchmark\n";
        assert_eq!(listed(output), ["logic::adds", "logic::deep::adds"]);
        assert!(listed("0 tests, 0 benchmarks\n").is_empty());
    }

    #[test]
    fn each_way_to_end_is_understood() {
        let all = names(&[
            "logic::adds",
            "logic::deep::ignored_with_reason",
            "logic::panics",
            "logic::returns",
            "logic::subtracts",
            "logic::hangs",
        ]);
        let ended: Vec<_> = ended(RED, &all).into_iter().collect();
        let expected = [
            ("logic::adds", Word::Ok),
            ("logic::deep::ignored_with_reason", Word::Ignored),
            ("logic::panics", Word::Ok),
            ("logic::returns", Word::Failed),
            ("logic::subtracts", Word::Failed),
        ];
        assert_eq!(ended, expected.map(|(name, word)| (name.to_owned(), word)));
    }

    #[test]
    fn a_name_that_begins_like_another_is_not_taken_for_it() {
        let output = "test logic::adds_twice ... FAILED\n";
        assert!(ended(output, &names(&["logic::adds"])).is_empty());
    }

    #[test]
    fn what_a_test_prints_is_no_result() {
        let output = "test a ... FAILED\n\nfailures:\n\n---- a stdout ----\ntest b ... ok\n";
        assert_eq!(
            ended(output, &names(&["a", "b"])),
            BTreeMap::from([("a".to_owned(), Word::Failed)])
        );
    }

    #[test]
    fn a_panic_is_quoted_with_its_place_whoever_panics() {
        assert_eq!(
            said(RED, "logic::subtracts").as_deref(),
            Some(
                "tests/all/logic.rs:14:5: assertion `left == right` failed: the sum; left: 1; right: 2"
            )
        );
    }

    #[test]
    fn an_error_that_is_returned_is_quoted() {
        assert_eq!(
            said(RED, "logic::returns").as_deref(),
            Some("Error: \"no such project\"")
        );
    }

    #[test]
    fn a_test_that_says_nothing_has_no_message() {
        let output = "failures:\n\n---- a stdout ----\n\n\nfailures:\n    a\n";
        assert_eq!(said(output, "a"), None);
        assert_eq!(said(output, "b"), None);
    }
}
