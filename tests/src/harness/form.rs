//! Filling in the form of a question, as a user does who agrees or does not.

use serde_json::{Map, Value};

/// Beginnings of values that agree, in lower case.
const YES: [&str; 8] = [
    "yes", "y", "true", "ok", "sure", "delete", "confirm", "proceed",
];
/// Beginnings of values that do not.
const NO: [&str; 8] = [
    "no", "n", "false", "keep", "cancel", "don", "abort", "decline",
];

/// The content of a form with this schema, filled in by somebody who agrees or does not. None if the form has no place for
/// that answer, or asks for something else.
pub(super) fn filled(schema: &Value, agrees: bool) -> Option<Value> {
    let fields = schema["properties"].as_object();
    let mut content = Map::new();
    for (name, field) in fields.into_iter().flatten() {
        match value(field, agrees) {
            Some(value) => {
                content.insert(name.clone(), value);
            }
            None if is_required(schema, name) => return None,
            None => {}
        }
    }
    // Sending an empty form is agreeing.
    (agrees || !content.is_empty()).then_some(Value::Object(content))
}

fn is_required(schema: &Value, name: &str) -> bool {
    let required = schema["required"].as_array();
    required
        .into_iter()
        .flatten()
        .any(|required| required == name)
}

/// What goes into one field.
fn value(field: &Value, agrees: bool) -> Option<Value> {
    if field["type"] == "boolean" {
        return Some(agrees.into());
    }
    let words = if agrees { YES } else { NO };
    let says = |text: &Value| {
        let text = text.as_str().unwrap_or_default().to_lowercase();
        words.iter().any(|word| match word.len() {
            1 => text == *word,
            _ => text.starts_with(word),
        })
    };
    if let Some(values) = field["enum"].as_array() {
        return values.iter().find(|value| says(value)).cloned();
    }
    let choices = field["oneOf"].as_array()?;
    let choice = choices
        .iter()
        .find(|choice| says(&choice["const"]) || says(&choice["title"]))?;
    Some(choice["const"].clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_boolean_is_what_the_user_says() {
        let schema = json!({"properties": {"sure": {"type": "boolean"}}, "required": ["sure"]});
        assert_eq!(filled(&schema, true), Some(json!({"sure": true})));
        assert_eq!(filled(&schema, false), Some(json!({"sure": false})));
    }

    #[test]
    fn a_choice_is_found_by_value_or_title() {
        let schema = json!({"properties": {"do": {"enum": ["Delete it", "Keep it"]}}});
        assert_eq!(filled(&schema, false), Some(json!({"do": "Keep it"})));
        let choices = json!([{"const": "1", "title": "No"}, {"const": "2", "title": "Yes"}]);
        let schema = json!({"properties": {"do": {"oneOf": choices}}});
        assert_eq!(filled(&schema, true), Some(json!({"do": "2"})));
    }

    #[test]
    fn an_empty_form_can_only_agree() {
        let schema = json!({"type": "object", "properties": {}});
        assert_eq!(filled(&schema, true), Some(json!({})));
        assert_eq!(filled(&schema, false), None);
    }

    #[test]
    fn what_cannot_be_filled_in_is_said() {
        let schema = json!({"properties": {"name": {"type": "string"}}, "required": ["name"]});
        assert_eq!(filled(&schema, true), None);
        let optional = json!({"properties": {"name": {"type": "string"}}});
        assert_eq!(filled(&optional, true), Some(json!({})));
    }
}
