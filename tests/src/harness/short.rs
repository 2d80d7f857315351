//! Quoting what went over the wire so that a person can read it.

use serde_json::Value;

/// A quoted value may be this long, in characters.
const LIMIT: usize = 360;
/// A string inside a quoted value may be this long.
const STRING_LIMIT: usize = 80;
/// Text on its own may be this long: what a server says of an error is worth reading.
const TEXT_LIMIT: usize = 240;
/// A list inside a quoted value may have this many items.
const LIST_LIMIT: usize = 8;

/// JSON on one line; long strings and lists are abbreviated and say how long they are.
pub fn json(value: &Value) -> String {
    cut(&abbreviated(value).to_string(), LIMIT)
}

/// Text in quotes; long text is abbreviated.
pub fn quoted(text: &str) -> String {
    Value::from(string(text, TEXT_LIMIT)).to_string()
}

/// One raw line, as it is, cut if it is long; what cannot be printed is escaped.
pub fn line(text: &str) -> String {
    cut(&escaped(text, |_| false), LIMIT)
}

/// Text for a terminal: line ends and tabs stay, any other control character is escaped, so that a server
/// cannot clear the screen or move the cursor.
pub fn printable(text: &str) -> String {
    escaped(text, |letter| matches!(letter, '\n' | '\t'))
}

fn escaped(text: &str, stays: impl Fn(char) -> bool) -> String {
    let mut shown = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_control() && !stays(letter) {
            shown.extend(letter.escape_default());
        } else {
            shown.push(letter);
        }
    }
    shown
}

/// A list of words: `a, b and c`.
pub fn list(items: impl IntoIterator<Item = impl Into<String>>) -> String {
    let items: Vec<String> = items.into_iter().map(Into::into).collect();
    match items.as_slice() {
        [] => "none".into(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

fn abbreviated(value: &Value) -> Value {
    match value {
        Value::String(text) => string(text, STRING_LIMIT).into(),
        Value::Array(items) => {
            let mut shown: Vec<Value> = items.iter().take(LIST_LIMIT).map(abbreviated).collect();
            if items.len() > LIST_LIMIT {
                shown.push(format!("… ({} items)", items.len()).into());
            }
            shown.into()
        }
        Value::Object(map) => map
            .iter()
            .map(|(key, value)| (string(key, STRING_LIMIT), abbreviated(value)))
            .collect(),
        other => other.clone(),
    }
}

fn string(text: &str, limit: usize) -> String {
    let length = text.chars().count();
    let mut letters = text.chars();
    let repeats = letters
        .next()
        .is_some_and(|first| letters.all(|letter| letter == first));
    if repeats && length > 12 {
        let start: String = text.chars().take(4).collect();
        format!("{start}… ({length} characters)")
    } else if length > limit {
        let start: String = text.chars().take(limit - 20).collect();
        format!("{start}… ({length} characters)")
    } else {
        text.into()
    }
}

fn cut(text: &str, limit: usize) -> String {
    if text.chars().count() <= limit {
        return text.into();
    }
    let start: String = text.chars().take(limit).collect();
    format!("{start}…")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn repeated_letters_say_how_many() {
        let title = "ä".repeat(101);
        assert_eq!(
            super::json(&json!({"title": title})),
            r#"{"title":"ääää… (101 characters)"}"#
        );
    }

    #[test]
    fn text_on_its_own_may_be_longer() {
        let sentence = "id must be one of: ATLAS-1, ATLAS-2. ".repeat(5);
        assert_eq!(quoted(&sentence), format!("{sentence:?}"));
        let long = quoted(&sentence.repeat(2));
        assert!(long.ends_with("… (370 characters)\""), "{long}");
    }

    #[test]
    fn a_short_value_stays_as_it_is() {
        assert_eq!(super::json(&json!({"a": [1, null]})), r#"{"a":[1,null]}"#);
    }

    #[test]
    fn control_characters_are_visible() {
        assert_eq!(line("\u{1b}[2mINFO"), "\\u{1b}[2mINFO");
    }

    #[test]
    fn lists_read_like_a_sentence() {
        assert_eq!(list(["a", "b", "c"]), "a, b and c");
        assert_eq!(list(Vec::<String>::new()), "none");
    }
}
