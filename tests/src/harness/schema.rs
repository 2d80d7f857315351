//! Reading JSON Schema the way a client does: through references and alternatives.

use std::collections::BTreeSet;

use serde_json::Value;

/// References that lead to references end here.
const DEPTH_LIMIT: usize = 16;

/// Everything that a schema says about one value: the schema itself, what it refers to, and its parts.
///
/// Follows `$ref` inside the document, `allOf`, `anyOf` and `oneOf`.
pub fn layers<'a>(root: &'a Value, schema: &'a Value) -> Vec<&'a Value> {
    let mut found = Vec::new();
    collect(root, schema, 0, &mut found);
    found
}

fn collect<'a>(root: &'a Value, schema: &'a Value, depth: usize, found: &mut Vec<&'a Value>) {
    if depth > DEPTH_LIMIT || !schema.is_object() {
        return;
    }
    found.push(schema);
    if let Some(target) = schema["$ref"]
        .as_str()
        .and_then(|reference| resolve(root, reference))
    {
        collect(root, target, depth + 1, found);
    }
    for keyword in ["allOf", "anyOf", "oneOf"] {
        for part in schema[keyword].as_array().into_iter().flatten() {
            collect(root, part, depth + 1, found);
        }
    }
}

/// The schema and every schema that is written inside it, in any place where JSON Schema allows one.
pub fn parts(schema: &Value) -> Vec<&Value> {
    let mut found = Vec::new();
    let mut open = vec![schema];
    while let Some(part) = open.pop() {
        let Some(keywords) = part.as_object() else {
            continue;
        };
        found.push(part);
        for (keyword, value) in keywords {
            match (keyword.as_str(), value) {
                // The keys are names of somebody's choice, the values are schemas.
                (
                    "properties" | "patternProperties" | "$defs" | "definitions"
                    | "dependentSchemas",
                    Value::Object(named),
                ) => {
                    open.extend(named.values());
                }
                // What stands here are values, even if they look like schemas.
                ("const" | "default" | "enum" | "examples" | "required", _) => {}
                (_, Value::Array(list)) => open.extend(list),
                (_, value) => open.push(value),
            }
        }
    }
    found
}

/// The part of the document that a reference such as `#/$defs/Unit` means.
fn resolve<'a>(root: &'a Value, reference: &str) -> Option<&'a Value> {
    root.pointer(reference.strip_prefix('#')?)
}

/// The schema of one property of an object schema.
pub fn property<'a>(root: &'a Value, name: &str) -> Option<&'a Value> {
    layers(root, root)
        .into_iter()
        .find_map(|layer| layer["properties"].get(name))
}

/// The names of an object schema's required properties.
pub fn required(root: &Value) -> BTreeSet<String> {
    layers(root, root)
        .into_iter()
        .flat_map(|layer| layer["required"].as_array().into_iter().flatten())
        .filter_map(|name| name.as_str().map(Into::into))
        .collect()
}

/// The description of a property: its own, else that of the type it refers to.
pub fn description<'a>(root: &'a Value, schema: &'a Value) -> Option<&'a str> {
    layers(root, schema)
        .into_iter()
        .filter_map(|layer| layer["description"].as_str())
        .find(|text| !text.trim().is_empty())
}

/// The strings that a schema allows by `enum` and `const`; `None` if it lists none.
pub fn allowed_strings(root: &Value, schema: &Value) -> Option<BTreeSet<String>> {
    let layers = layers(root, schema);
    let listed = layers.iter().flat_map(|layer| {
        let one = layer.get("const").into_iter();
        layer["enum"].as_array().into_iter().flatten().chain(one)
    });
    let strings: BTreeSet<String> = listed
        .filter_map(|value| value.as_str().map(Into::into))
        .collect();
    (!strings.is_empty()).then_some(strings)
}

/// Checks a value against a schema (draft 2020-12 unless the schema names another).
///
/// # Errors
/// The value does not fit, or the schema itself is broken; the text says where.
pub fn validate(schema: &Value, value: &Value) -> Result<(), String> {
    Validator::new(schema)?.validate(value)
}

/// A schema that was read once, for several values: reading it costs more than judging a value.
pub struct Validator {
    schemas: boon::Schemas,
    index: boon::SchemaIndex,
}

impl Validator {
    /// Reads a schema.
    ///
    /// # Errors
    /// It is broken.
    pub fn new(schema: &Value) -> Result<Self, String> {
        const PLACE: &str = "http://localhost/schema.json";
        let mut schemas = boon::Schemas::new();
        let mut compiler = boon::Compiler::new();
        compiler.set_default_draft(boon::Draft::V2020_12);
        // Nothing is fetched: a reference to another document is an error, as the specification wants it.
        compiler.use_loader(Box::new(NoFetching));
        compiler
            .add_resource(PLACE, schema.clone())
            .map_err(|error| format!("the schema is broken: {error}"))?;
        let index = compiler
            .compile(PLACE, &mut schemas)
            .map_err(|error| format!("the schema is broken: {error:#}"))?;
        Ok(Self { schemas, index })
    }

    /// Checks a value.
    ///
    /// # Errors
    /// It does not fit; the text says where.
    pub fn validate(&self, value: &Value) -> Result<(), String> {
        self.schemas
            .validate(value, self.index)
            .map_err(|error| told(&error))
    }
}

impl std::fmt::Debug for Validator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Validator")
    }
}

/// The innermost causes, one after the other.
fn told(error: &boon::ValidationError) -> String {
    if error.causes.is_empty() {
        let place = error.instance_location.to_string();
        let place = if place.is_empty() {
            "the whole value"
        } else {
            &place
        };
        return format!("at {place}: {}", error.kind);
    }
    error.causes.iter().map(told).collect::<Vec<_>>().join("; ")
}

struct NoFetching;

impl boon::UrlLoader for NoFetching {
    fn load(&self, url: &str) -> Result<Value, Box<dyn std::error::Error>> {
        Err(format!("{url} would have to be fetched").into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn references_and_alternatives_are_followed() {
        let root = json!({
            "type": "object",
            "properties": {
                "priority": {"anyOf": [{"$ref": "#/$defs/Priority"}, {"type": "null"}]},
                "unit": {"oneOf": [{"const": "c"}, {"const": "f"}]},
                "title": {"type": "string"},
            },
            "required": ["title"],
            "$defs": {"Priority": {"description": "How urgent.", "enum": ["low", "high"]}},
        });
        let priority = property(&root, "priority").expect("is there");
        let strings = |list: &[&str]| list.iter().map(|&text| text.to_owned()).collect();
        assert_eq!(
            allowed_strings(&root, priority),
            Some(strings(&["low", "high"]))
        );
        assert_eq!(description(&root, priority), Some("How urgent."));
        let unit = property(&root, "unit").expect("is there");
        assert_eq!(allowed_strings(&root, unit), Some(strings(&["c", "f"])));
        assert_eq!(required(&root), strings(&["title"]));
        assert_eq!(allowed_strings(&root, &root["properties"]["title"]), None);
    }

    #[test]
    fn a_property_is_no_keyword() {
        let schema = json!({
            "properties": {
                "$ref": {"type": "string"},
                "limit": {"anyOf": [{"type": "integer", "format": "uint32"}, {"type": "null"}]},
            },
            "default": {"format": "uint8"},
        });
        let parts = parts(&schema);
        assert!(parts.iter().all(|part| part.get("$ref").is_none()));
        let formats = parts.iter().filter_map(|part| part["format"].as_str());
        assert_eq!(formats.collect::<Vec<_>>(), ["uint32"]);
    }

    #[test]
    fn a_reference_to_itself_ends() {
        let root = json!({"$ref": "#"});
        assert!(layers(&root, &root).len() <= DEPTH_LIMIT + 1);
    }

    #[test]
    fn a_value_that_does_not_fit_is_told_with_its_place() {
        let schema = json!({"type": "object", "properties": {"todo": {"type": "integer"}}});
        assert_eq!(validate(&schema, &json!({"todo": 1})), Ok(()));
        let told = validate(&schema, &json!({"todo": "1"})).expect_err("does not fit");
        assert!(told.contains("/todo"), "{told}");
    }

    #[test]
    fn nothing_is_fetched() {
        let told = validate(&json!({"$ref": "https://example.com/x.json"}), &json!(1));
        assert!(
            told.expect_err("refused")
                .contains("would have to be fetched")
        );
    }
}
