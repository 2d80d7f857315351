//! What differs from run to run is replaced by a name, so that a recording changes only when the server does.

use std::path::Path;

/// What to replace in recorded text.
#[derive(Debug)]
pub(super) struct Placeholders {
    replacements: Vec<(String, String)>,
}

impl Placeholders {
    /// For the solution of the chapter `server`, which has used this temporary folder.
    pub(super) fn new(server: &str, folder: &Path) -> Self {
        let crate_name = server.replace('-', "_");
        Self {
            replacements: vec![
                (folder.display().to_string(), "<temporary folder>".into()),
                // The book shows the chapter, which is the solution under another name.
                (format!("{server}-solution"), server.into()),
                (format!("{crate_name}_solution"), crate_name),
            ],
        }
    }

    /// The text with everything replaced.
    pub(super) fn put_into(&self, text: &str) -> String {
        let mut text = without_times(text);
        for (volatile, name) in &self.replacements {
            text = text.replace(volatile, name);
        }
        text
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
        if fits {
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
