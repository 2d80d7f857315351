//! What schemas and values need so that every client gets along with them.

use std::fmt;

use rmcp::schemars::Schema;
use rmcp::schemars::transform::{RecursiveTransform, Transform};
use serde::de::{Deserializer, Error, Unexpected, Visitor};

/// Takes `format` off every number of a schema.
///
/// The names that Rust's integers get there, such as `uint32`, belong to no standard, and some
/// clients refuse what they do not know. For `#[schemars(transform = without_number_formats)]` on
/// the outermost type; what is inlined into it is reached too.
pub fn without_number_formats(schema: &mut Schema) {
    let clean = |schema: &mut Schema| {
        let number = ["integer", "number"];
        let is_number = match schema.get("type") {
            Some(serde_json::Value::String(name)) => number.contains(&name.as_str()),
            Some(serde_json::Value::Array(names)) => names
                .iter()
                .any(|name| name.as_str().is_some_and(|name| number.contains(&name))),
            _ => false,
        };
        if is_number {
            schema.remove("format");
        }
    };
    RecursiveTransform(clean).transform(schema);
}

/// Reads `limit`: a whole number, which some clients send as text.
///
/// For `#[serde(default, deserialize_with = "lenient_limit")]`. What is no number is refused with a
/// sentence that names the argument, since serde itself names only the type.
///
/// # Errors
/// The value is no whole number.
pub fn lenient_limit<'de, D: Deserializer<'de>>(value: D) -> Result<Option<u32>, D::Error> {
    value.deserialize_any(Limit)
}

struct Limit;

impl Limit {
    fn number<E: Error, N: TryInto<u32> + fmt::Display + Copy>(value: N) -> Result<Option<u32>, E> {
        let number = value.try_into();
        number.map(Some).map_err(|_| Self::refused(value))
    }

    fn refused<E: Error>(value: impl fmt::Display) -> E {
        E::custom(format!(
            "limit must be a whole number from 1 to 100, got {value}"
        ))
    }
}

impl<'de> Visitor<'de> for Limit {
    type Value = Option<u32>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("limit to be a whole number from 1 to 100")
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Self::Value, E> {
        Self::number(value)
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Self::Value, E> {
        Self::number(value)
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Self::Value, E> {
        // JSON has one kind of number: 20.0 is 20.
        match value.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&value) {
            true => Ok(Some(value as u32)),
            false => Err(Self::refused(value)),
        }
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        let number = text.trim().parse();
        number
            .map(Some)
            .map_err(|_| Self::refused(format!("{text:?}")))
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Self::Value, E> {
        Err(E::invalid_type(Unexpected::Bool(value), &self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn limit(value: Value) -> Result<Option<u32>, String> {
        lenient_limit(value).map_err(|error| error.to_string())
    }

    #[test]
    fn numbers_come_in_several_forms() {
        for value in [json!(7), json!("7"), json!(" 7 "), json!(7.0)] {
            assert_eq!(limit(value), Ok(Some(7)));
        }
        assert_eq!(limit(json!(null)), Ok(None));
    }

    #[test]
    fn what_is_no_number_is_refused_by_name() {
        let values = [
            json!("seven"),
            json!(""),
            json!(-1),
            json!(7.5),
            json!(true),
            json!([7]),
            json!({}),
            json!(5_000_000_000_u64),
            json!("7,5"),
        ];
        for value in values {
            let problem = limit(value.clone()).expect_err("no number");
            assert!(problem.contains("limit"), "{value}: {problem}");
        }
    }

    #[test]
    fn only_numbers_lose_their_format() {
        let mut schema = rmcp::schemars::json_schema!({
            "type": "object",
            "properties": {
                "limit": { "type": ["integer", "null"], "format": "uint32", "minimum": 1 },
                "due": { "type": "string", "format": "date" },
            },
        });
        without_number_formats(&mut schema);
        let schema = schema.to_value();
        assert_eq!(
            schema["properties"]["limit"],
            json!({ "type": ["integer", "null"], "minimum": 1 })
        );
        assert_eq!(schema["properties"]["due"]["format"], "date");
    }
}
