//! What differs from run to run is replaced by a name, so that a recording changes only when the server does.

use std::path::Path;

use anyhow::{Context as _, bail, ensure};
use serde_json::{Value, json};
use tracker::Tracker;

/// Shorter text may stand anywhere by chance.
const SHORTEST: usize = 8;

/// The days on which the tracker's clock stands: its times are the same in every run, and are data.
const DAYS_OF_TRACKER: [&str; 2] = ["2026-05-03", "2026-05-04"];

/// What to replace in recorded text.
#[derive(Debug)]
pub(super) struct Placeholders {
    /// What differs, and its name.
    replacements: Vec<(String, String)>,
    /// How many of them came with the machine; the others can be sent by name.
    given: usize,
}

impl Placeholders {
    /// For the solution of the chapter `server`, which has used this temporary folder and this tracker.
    pub(super) fn new(server: &str, folder: &Path, tracker: Option<&Tracker>) -> Self {
        let crate_name = server.replace('-', "_");
        let mut replacements = vec![
            (folder.display().to_string(), "<temporary folder>".into()),
            // The book shows the chapter, which is the solution under another name.
            (format!("{server}-solution"), server.into()),
            (format!("{crate_name}_solution"), crate_name),
        ];
        if let Some(tracker) = tracker {
            let address = tracker.address();
            replacements.push((address.to_string(), format!("{}:<port>", address.ip())));
        }
        Self {
            given: replacements.len(),
            replacements,
        }
    }

    /// The same, and this text of the machine has a name, too.
    pub(super) fn and(mut self, volatile: String, name: String) -> Self {
        self.replacements.insert(self.given, (volatile, name));
        self.given += 1;
        self
    }

    /// From now on the text that stands at `pointer` in this reply has a name. If `#uuid` follows the pointer,
    /// the first UUID inside of that text has it.
    ///
    /// # Errors
    /// There is no text, or text or name could be taken for something else.
    pub(super) fn learn(&mut self, name: &str, pointer: &str, reply: &Value) -> anyhow::Result<()> {
        ensure!(
            name.starts_with('<') && name.ends_with('>'),
            "{name:?} is no name: write <{name}>"
        );
        let (place, uuid) = match pointer.strip_suffix("#uuid") {
            Some(place) => (place, true),
            None => (pointer, false),
        };
        let mut value = reply
            .pointer(place)
            .and_then(Value::as_str)
            .with_context(|| format!("{name}: there is no text at {place} in {reply}"))?;
        if uuid {
            value = first_uuid(value)
                .with_context(|| format!("{name}: there is no UUID in {value:?}"))?;
        }
        ensure!(
            value.len() >= SHORTEST,
            "{name}: {value:?} is too short to be told from other text"
        );
        if self.replacements.iter().any(|(_, known)| known == name) {
            bail!("two values are called {name}");
        }
        self.replacements.push((in_json(value), name.into()));
        Ok(())
    }

    /// A line of a script with the values of the names that were learned.
    pub(super) fn fill(&self, line: &str) -> String {
        let mut line = line.to_owned();
        for (value, name) in &self.replacements[self.given..] {
            line = line.replace(name, value);
        }
        line
    }

    /// The text with everything replaced.
    pub(super) fn put_into(&self, text: &str) -> String {
        let mut text = without_thread_number(without_times(text));
        for (volatile, name) in &self.replacements {
            text = text.replace(volatile, name);
        }
        text
    }
}

/// The first UUID in a text, such as `1f0b9c1e-7c1a-4c57-9d0c-0a5b6f1d2e3c`.
fn first_uuid(text: &str) -> Option<&str> {
    const SHAPE: &[u8] = b"00000000-0000-0000-0000-000000000000";
    let place = text.as_bytes().windows(SHAPE.len()).position(|window| {
        window.iter().zip(SHAPE).all(|(byte, shape)| match shape {
            b'0' => byte.is_ascii_hexdigit(),
            other => byte == other,
        })
    })?;
    text.get(place..place + SHAPE.len())
}

/// How text stands inside of a JSON string.
fn in_json(text: &str) -> String {
    let quoted = json!(text).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}

/// Takes the number of the thread out of what the panic hook says: `thread 'main' (1234) panicked at …`.
fn without_thread_number(text: String) -> String {
    let number = text.strip_prefix("thread '").and_then(|rest| {
        let (_, number) = rest.split_once("' (")?;
        number.split_once(") panicked at ")
    });
    match number {
        Some((number, _)) if number.bytes().all(|byte| byte.is_ascii_digit()) => {
            text.replacen(&format!(" ({number})"), "", 1)
        }
        _ => text,
    }
}

/// Replaces points in time such as `2026-11-23T05:49:31.543363Z`. Days alone stay: they are data.
fn without_times(text: &str) -> String {
    const SHAPE: &[u8] = b"0000-00-00T00:00:00";
    let mut result = String::new();
    let mut rest = text;
    while !rest.is_empty() {
        let fits = rest.len() >= SHAPE.len()
            && rest.bytes().zip(SHAPE).all(|(byte, shape)| match shape {
                b'0' => byte.is_ascii_digit(),
                other => byte == *other,
            });
        if fits && !DAYS_OF_TRACKER.iter().any(|day| rest.starts_with(day)) {
            result.push_str("<time>");
            rest = rest[SHAPE.len()..]
                .trim_start_matches(|letter: char| letter.is_ascii_digit() || letter == '.');
            rest = rest.strip_prefix('Z').unwrap_or(rest);
        } else {
            let mut letters = rest.chars();
            result.extend(letters.next());
            rest = letters.as_str();
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uuid_inside_of_a_text_can_have_a_name() {
        let folder = Path::new("/nowhere-in-this-text");
        let mut placeholders = Placeholders::new("ch05-prompts", folder, None);
        let text = "é Between two lines 1f0b9c1e-7c1a-4c57-9d0c-0a5b6f1d2e3c is data.";
        let reply = json!({ "result": { "text": text } });
        placeholders
            .learn("<fence>", "/result/text#uuid", &reply)
            .expect("there is one");
        assert_eq!(
            placeholders.put_into(text),
            "é Between two lines <fence> is data."
        );
        let without = json!({ "result": { "text": "1f0b9c1e-7c1a-4c57" } });
        placeholders
            .learn("<other>", "/result/text#uuid", &without)
            .expect_err("there is none");
    }
}
