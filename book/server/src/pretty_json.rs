//! JSON as a reader wants it: what fits on a line stays on a line.

use serde_json::Value;

/// The width at which an object or array is spread over lines.
const WIDTH: usize = 92;

/// `text` laid out for reading, keys in their order; `None` if it is not JSON.
///
/// Numbers are kept as they would be written again, which `1.0e3` is not. The raw line stands beside it in the book.
pub(crate) fn pretty(text: &str) -> Option<String> {
    let value: Value = serde_json::from_str(text).ok()?;
    let mut laid_out = String::new();
    // A message is spread at its first level even when it is short: `method` and `id` are what one looks for.
    spread(&value, 0, &mut laid_out);
    Some(laid_out)
}

fn write(value: &Value, indent: usize, column: usize, out: &mut String) {
    let line = one_line(value);
    if column + line.chars().count() <= WIDTH {
        out.push_str(&line);
    } else {
        spread(value, indent, out);
    }
}

fn spread(value: &Value, indent: usize, out: &mut String) {
    let inner = indent + 2;
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            out.push('{');
            for (place, (key, field)) in fields.iter().enumerate() {
                new_line(place > 0, inner, out);
                let key = format!("{}: ", quoted(key));
                out.push_str(&key);
                write(field, inner, inner + key.chars().count() + 1, out);
            }
            out.push('\n');
            out.push_str(&" ".repeat(indent));
            out.push('}');
        }
        Value::Array(items) if !items.is_empty() => {
            out.push('[');
            for (place, item) in items.iter().enumerate() {
                new_line(place > 0, inner, out);
                write(item, inner, inner + 1, out);
            }
            out.push('\n');
            out.push_str(&" ".repeat(indent));
            out.push(']');
        }
        other => out.push_str(&one_line(other)),
    }
}

fn new_line(comma: bool, indent: usize, out: &mut String) {
    if comma {
        out.push(',');
    }
    out.push('\n');
    out.push_str(&" ".repeat(indent));
}

fn one_line(value: &Value) -> String {
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            let fields: Vec<String> = fields
                .iter()
                .map(|(key, field)| format!("{}: {}", quoted(key), one_line(field)))
                .collect();
            format!("{{ {} }}", fields.join(", "))
        }
        Value::Array(items) if !items.is_empty() => {
            let items: Vec<String> = items.iter().map(one_line).collect();
            format!("[{}]", items.join(", "))
        }
        other => other.to_string(),
    }
}

fn quoted(key: &str) -> String {
    Value::from(key).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_parts_stay_on_their_line_and_keys_keep_their_order() {
        let line = r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"greet","arguments":{"name":"Ada"},"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}}"#;
        let laid_out = pretty(line).expect("this is JSON");
        let expected = r#"{
  "jsonrpc": "2.0",
  "id": 1,
  "method": "tools/call",
  "params": {
    "name": "greet",
    "arguments": { "name": "Ada" },
    "_meta": { "io.modelcontextprotocol/protocolVersion": "2026-07-28" }
  }
}"#;
        assert_eq!(laid_out, expected);
    }

    #[test]
    fn what_is_no_json_is_left_alone() {
        assert_eq!(pretty("Hello, Ada!"), None);
    }
}
