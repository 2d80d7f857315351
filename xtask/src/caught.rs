//! The message of every wrong answer that a check caught, kept beside the edits.
//!
//! `tests/near-misses/chNN.caught.txt` is read in review: what would a learner have read?

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;
use verdict::Failure;

use crate::comparison::unified;
use crate::manifest::Chapter;
use crate::paths::Workbook;
use crate::rewrite::write_whole;
use crate::scratch::unscratched;

/// How many equal lines are shown around a difference.
const AROUND: usize = 2;

/// Messages in the order in which they were caught.
#[derive(Debug, Default)]
pub struct Caught {
    text: String,
}

impl Caught {
    /// Where the messages of a chapter are kept.
    pub fn path(root: &Path, chapter: &Chapter) -> PathBuf {
        root.join("tests/near-misses")
            .join(format!("{}.caught.txt", chapter.id))
    }

    /// Adds one message.
    pub fn add(&mut self, workbook: &Workbook, about: &str, failure: &Failure) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.text.push_str(&entry(workbook, about, failure));
    }

    /// How this differs from what is kept; none if it does not.
    pub fn difference(&self, workbook: &Workbook, chapter: &Chapter) -> Option<String> {
        let kept = Kept::read(workbook, chapter).text;
        (kept != self.text).then(|| unified(&kept, &self.text, AROUND))
    }

    /// Keeps this from now on.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn keep(&self, workbook: &Workbook, chapter: &Chapter) -> Result<()> {
        write_whole(&Self::path(&workbook.root, chapter), self.text.as_bytes())
    }
}

/// The messages that are kept.
#[derive(Debug, Default)]
pub struct Kept {
    text: String,
}

impl Kept {
    /// What is kept for a chapter: nothing, if there is no file yet.
    pub fn read(workbook: &Workbook, chapter: &Chapter) -> Self {
        Self {
            text: fs::read_to_string(Caught::path(&workbook.root, chapter)).unwrap_or_default(),
        }
    }

    /// Whether this very message is kept.
    pub fn has(&self, workbook: &Workbook, about: &str, failure: &Failure) -> bool {
        // A blank line stands between two of them, and in none.
        let message = format!("\n{}\n", entry(workbook, about, failure));
        format!("\n{}\n", self.text).contains(&message)
    }
}

/// One message, with whose it is.
fn entry(workbook: &Workbook, about: &str, failure: &Failure) -> String {
    let era = failure
        .era
        .map_or(String::new(), |era| format!(" ({})", era.name()));
    let lines = [
        ("sent", failure.sent.as_deref().unwrap_or_default()),
        ("expected", &failure.expected),
        ("got", &failure.got),
    ];
    let mut text = format!("{about}\n  {}{era}\n", failure.what);
    for (label, words) in lines.into_iter().filter(|(_, words)| !words.is_empty()) {
        // A String takes everything.
        let _ = writeln!(
            text,
            "    {label:<9} {}",
            words.replace('\n', "\n              ")
        );
    }
    steady(workbook, &text)
}

/// The text without what differs from run to run: folders, moments, numbers of processes, ports, UUIDs, and
/// limits, which grow with `WORKBOOK_TIME_FACTOR`.
fn steady(workbook: &Workbook, text: &str) -> String {
    let folders = [
        (workbook.build_target(), "[target]"),
        (workbook.root.clone(), "[workbook]"),
    ];
    let mut text = without_shown_ports(&without_counted(&without_uuids(text)));
    for (folder, name) in folders {
        text = text.replace(&folder.display().to_string(), name);
    }
    text = unscratched(&text);
    let temporary = std::env::temp_dir().display().to_string();
    let mut steady = String::with_capacity(text.len());
    let mut previous = "";
    let mut words = text.split_inclusive([' ', '\n']).peekable();
    while let Some(mut word) = words.next() {
        let mut bare = bare(word);
        let unit = words.next_if(|next| is_number(word) && ["s", "ms"].contains(&self::bare(next)));
        if let Some(unit) = unit {
            (word, bare) = (unit, self::bare(unit));
        }
        let end = &word[bare.len()..];
        let numbered = ["process", "open", "close"].contains(&previous);
        if unit.is_some() {
            steady.push_str("[time]");
        } else if numbered && !bare.is_empty() && bare.bytes().all(|byte| byte.is_ascii_digit()) {
            steady.push('#');
        } else if let Some(at) = bare.find(&temporary) {
            steady.push_str(&bare[..at]);
            steady.push_str("[temporary]");
        } else {
            steady.push_str(&without_port(&without_moments(bare)));
        }
        steady.push_str(end);
        previous = bare;
    }
    steady
}

/// A word without the signs that may follow it.
fn bare(word: &str) -> &str {
    word.trim_end_matches([' ', '\n', ',', '.', ')', '"', '`'])
}

/// Whether this is a number and one space.
fn is_number(word: &str) -> bool {
    word.strip_suffix(' ').is_some_and(|number| {
        number.starts_with(|sign: char| sign.is_ascii_digit()) && number.parse::<f64>().is_ok()
    })
}

/// `2026-11-23T09:41:07.123456Z` becomes `[time]`, wherever it stands in the word.
fn without_moments(word: &str) -> String {
    const FORM: &[u8] = b"0000-00-00T00:00:00";
    let fits = |bytes: &[u8]| {
        bytes.len() == FORM.len()
            && bytes.iter().zip(FORM).all(|(own, form)| match form {
                b'0' => own.is_ascii_digit(),
                form => own == form,
            })
    };
    let moment = word.as_bytes().windows(FORM.len()).position(fits);
    let Some((at, length)) = moment.and_then(|at| Some((at, word[at..].find('Z')?))) else {
        return word.to_owned();
    };
    format!("{}[time]{}", &word[..at], &word[at + length + 1..])
}

/// `http://127.0.0.1:45757/tasks` becomes `http://127.0.0.1:[port]/tasks`. Ports that mean something are short.
fn without_port(word: &str) -> String {
    const SHORTEST: usize = 5;
    let mut parts = word.split(':');
    let mut steady = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let digits = part.bytes().take_while(u8::is_ascii_digit).count();
        let follows_host =
            steady.ends_with(|sign: char| sign.is_ascii_alphanumeric() || ".]".contains(sign));
        steady.push(':');
        match follows_host && digits >= SHORTEST {
            true => steady.push_str(&format!("[port]{}", &part[digits..])),
            false => steady.push_str(part),
        }
    }
    steady
}

/// `port: Some(45757)`, as `Debug` shows an address, becomes `port: Some([port])`.
fn without_shown_ports(text: &str) -> String {
    const BEFORE: &str = "port: Some(";
    let mut parts = text.split(BEFORE);
    let mut steady = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        steady.push_str(BEFORE);
        steady.push_str("[port]");
        steady.push_str(part.trim_start_matches(|sign: char| sign.is_ascii_digit()));
    }
    steady
}

/// Ids of requests that are sent until something happens, and signed handles: `"id":332` becomes `"id":[id]`, `rs1.AAAB.x`
/// becomes `[handle]`. The first ninety-nine requests of a check are counted in the same way every time.
fn without_counted(text: &str) -> String {
    const SHORTEST: usize = 3;
    let mut parts = text.split("\"id\":");
    let mut steady = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let digits = part.bytes().take_while(u8::is_ascii_digit).count();
        steady.push_str("\"id\":");
        match digits >= SHORTEST {
            true => steady.push_str(&format!("[id]{}", &part[digits..])),
            false => steady.push_str(part),
        }
    }
    let mut parts = steady.split("rs1.");
    let mut without = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let is_signed = |sign: char| sign.is_ascii_alphanumeric() || "-_.".contains(sign);
        without.push_str("[handle]");
        without.push_str(part.trim_start_matches(is_signed));
    }
    without
}

/// Every `00000000-0000-0000-0000-000000000000` becomes `[uuid]`, whatever its digits are.
fn without_uuids(text: &str) -> String {
    const FORM: &[u8] = b"00000000-0000-0000-0000-000000000000";
    let fits = |bytes: &[u8]| {
        bytes.iter().zip(FORM).all(|(own, form)| match form {
            b'0' => own.is_ascii_hexdigit(),
            form => own == form,
        })
    };
    let mut rest = text;
    let mut steady = String::with_capacity(text.len());
    while let Some(at) = rest.as_bytes().windows(FORM.len()).position(fits) {
        steady.push_str(&rest[..at]);
        steady.push_str("[uuid]");
        rest = &rest[at + FORM.len()..];
    }
    steady + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_whole_message_is_kept() {
        let workbook = Workbook {
            root: "/w".into(),
            target: "/t".into(),
        };
        let failure = |got: &str| Failure {
            what: "It is wrong.".into(),
            got: got.into(),
            ..Failure::default()
        };
        let mut caught = Caught::default();
        for (about, got) in [
            ("a, first", "1"),
            ("b, second", "2\nlines"),
            ("c, third", "3"),
        ] {
            caught.add(&workbook, about, &failure(got));
        }
        let kept = Kept { text: caught.text };
        let has = |about: &str, got: &str| kept.has(&workbook, about, &failure(got));
        assert!(has("a, first", "1") && has("b, second", "2\nlines") && has("c, third", "3"));
        // Another's message, the beginning of one, its end.
        assert!(!has("a, first", "3") && !has("b, second", "2") && !has("third", "3"));
    }

    #[test]
    fn what_differs_from_run_to_run_has_a_name() {
        let workbook = Workbook {
            root: "/w".into(),
            target: "/t".into(),
        };
        let text = "at 2026-11-23T09:41:07.123Z process 4711 wrote /t/workbook/x in 1.5 s, then close 4711\n";
        assert_eq!(
            steady(&workbook, text),
            "at [time] process # wrote [target]/x in [time], then close #\n"
        );
        let text = "\"GET http://127.0.0.1:45757/tasks\", and nobody at 127.0.0.1:1\n";
        assert_eq!(
            steady(&workbook, text),
            "\"GET http://127.0.0.1:[port]/tasks\", and nobody at 127.0.0.1:1\n"
        );
        let text = "http://files.example:45757/to?http://[::1]:45758/, {\"id\":\"45759\"}\n";
        assert_eq!(
            steady(&workbook, text),
            "http://files.example:[port]/to?http://[::1]:[port]/, {\"id\":\"45759\"}\n"
        );
        let text = "Url { host: Some(Ipv4(127.0.0.1)), port: Some(45757), path: \"/\" }\n";
        let told = "Url { host: Some(Ipv4(127.0.0.1)), port: Some([port]), path: \"/\" }\n";
        assert_eq!(steady(&workbook, text), told);
        let text = "{\"id\":332,\"draft\":\"rs1.AAAB-x_y.z\"}, {\"id\":12}\n";
        let told = "{\"id\":[id],\"draft\":\"[handle]\"}, {\"id\":12}\n";
        assert_eq!(steady(&workbook, text), told);
        let text = "ä\\n8c6a1f0e-05d1-4e52-9ffd-421f83901aba\\nä 8c6a1f0e-05d1-4e52-9ffd-421f83901ab8, 8c6a1f0e\n";
        assert_eq!(steady(&workbook, text), "ä\\n[uuid]\\nä [uuid], 8c6a1f0e\n");
    }
}
