//! What a log line tells, whatever form it has.

use serde_json::Value;

/// A field with its value, or a word on its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Feature {
    name: String,
    value: String,
}

/// A word this long may be an id.
const WORD: usize = 8;

/// What all of these lines tell.
pub(super) fn common(lines: &[String]) -> Vec<Feature> {
    let Some((first, others)) = lines.split_first() else {
        return Vec::new();
    };
    let mut common = features(first);
    for line in others {
        let own = features(line);
        common.retain(|feature| own.contains(feature));
    }
    common
}

/// What one line tells: its fields, be it JSON or `name=value`, and longer words with a digit.
pub(super) fn features(line: &str) -> Vec<Feature> {
    let mut found = Vec::new();
    if let Ok(value @ Value::Object(_)) = serde_json::from_str(line) {
        fields_of_json(&value, "", &mut found);
        return found;
    }
    let mut rest = line;
    while let Some((before, after)) = rest.split_once('=') {
        let part_of_name = |letter: char| letter.is_alphanumeric() || "_.-".contains(letter);
        let start = before
            .char_indices()
            .rev()
            .take_while(|(_, letter)| part_of_name(*letter))
            .last()
            .map_or(before.len(), |(at, _)| at);
        let value = match after.strip_prefix('"') {
            Some(quoted) => quoted.split('"').next(),
            None => after.split([' ', '}', ',', ')', ']']).next(),
        };
        if start < before.len() {
            found.push(Feature {
                name: before[start..].to_owned(),
                value: value.unwrap_or_default().to_owned(),
            });
        }
        rest = after;
    }
    let words = line.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '-');
    let ids =
        words.filter(|word| word.len() >= WORD && word.bytes().any(|byte| byte.is_ascii_digit()));
    found.extend(ids.map(|word| Feature {
        name: String::new(),
        value: word.to_owned(),
    }));
    found
}

fn fields_of_json(value: &Value, name: &str, found: &mut Vec<Feature>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                fields_of_json(value, name, found);
            }
        }
        Value::Array(items) => {
            for item in items {
                fields_of_json(item, name, found);
            }
        }
        scalar => found.push(Feature {
            name: name.to_owned(),
            value: scalar.to_string(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shared(lines: &[&str]) -> Vec<String> {
        let lines: Vec<String> = lines.iter().map(|&line| line.to_owned()).collect();
        let shown = |feature: Feature| format!("{}={}", feature.name, feature.value);
        common(&lines).into_iter().map(shown).collect()
    }

    #[test]
    fn fields_of_a_span_are_shared_and_times_are_not() {
        let lines = [
            "2026-11-26T20:00:00.000001Z  INFO request{method=\"tools/call\" id=7}: server: asking path=/tasks/1",
            "2026-11-26T20:00:00.000002Z  INFO request{method=\"tools/call\" id=7}: server: answered millis=3",
        ];
        let shared = shared(&lines);
        assert!(shared.contains(&"id=7".to_owned()), "{shared:?}");
        assert!(
            shared.contains(&"method=tools/call".to_owned()),
            "{shared:?}"
        );
        assert!(
            !shared.iter().any(|feature| feature.contains("00000")),
            "{shared:?}"
        );
    }

    #[test]
    fn json_and_bare_words_are_understood() {
        let json = [
            r#"{"message":"asking","span":{"request_id":"a1"}}"#,
            r#"{"message":"answered","spans":[{"request_id":"a1"}]}"#,
        ];
        assert_eq!(shared(&json), ["request_id=\"a1\""]);
        let words = ["[0b6c9d1e4f] asking", "[0b6c9d1e4f] answered"];
        assert_eq!(shared(&words), ["=0b6c9d1e4f"]);
    }
}
