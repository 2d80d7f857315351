//! The list of tools, read to its last page.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::finding::{Verdict, Wrong, ensure, wrong};
use super::server::Server;
use super::short;

/// More pages than this are taken for a list without an end.
const PAGE_LIMIT: usize = 100;

/// One tool, as the server lists it.
#[derive(Debug, Clone)]
pub struct Tool(Value);

impl Tool {
    /// The tool of this name among those that are listed.
    ///
    /// # Errors
    /// There is none.
    pub fn named<'a>(name: &str, tools: &'a [Self]) -> Result<&'a Self, Wrong> {
        tools
            .iter()
            .find(|tool| tool.name() == name)
            .ok_or_else(|| {
                wrong(format!("The tool `{name}` is not listed."))
                    .sent("tools/list")
                    .expected(format!("a tool named `{name}`"))
                    .got(format!(
                        "tools: {}",
                        short::list(tools.iter().map(Self::name))
                    ))
            })
    }

    /// Its name.
    pub fn name(&self) -> &str {
        self.0["name"].as_str().unwrap_or_default()
    }

    /// Its description; empty if it has none.
    pub fn description(&self) -> &str {
        self.0["description"].as_str().unwrap_or_default()
    }

    /// Its title, which stands beside the name or among the annotations.
    pub fn title(&self) -> Option<&str> {
        let places = [&self.0["title"], &self.0["annotations"]["title"]];
        places
            .into_iter()
            .find_map(Value::as_str)
            .filter(|title| !title.trim().is_empty())
    }

    /// The schema of its arguments.
    pub fn input_schema(&self) -> &Value {
        &self.0["inputSchema"]
    }

    /// The schema of its result, if it has one.
    pub fn output_schema(&self) -> Option<&Value> {
        self.0
            .get("outputSchema")
            .filter(|schema| !schema.is_null())
    }

    /// One of its hints, if it is set.
    pub fn hint(&self, name: &str) -> Option<bool> {
        self.0["annotations"][name].as_bool()
    }

    /// The annotations as they stand.
    pub fn annotations(&self) -> String {
        match &self.0["annotations"] {
            Value::Null => "no annotations".into(),
            annotations => format!("annotations {}", short::json(annotations)),
        }
    }

    /// All of it.
    pub fn json(&self) -> &Value {
        &self.0
    }

    /// Something is wrong with this tool.
    pub fn wrong(&self, what: impl Into<String>) -> Wrong {
        wrong(what).sent("tools/list").got(short::json(&self.0))
    }
}

impl Server {
    /// All tools, page by page.
    ///
    /// # Errors
    /// The list is refused, has no end, or is no list.
    pub async fn tools(&self) -> Verdict<Vec<Tool>> {
        let items = self.list("tools/list", "tools").await?;
        Ok(items.into_iter().map(Tool).collect())
    }

    /// The tool of this name.
    ///
    /// # Errors
    /// As [`Server::tools`], and if there is no such tool.
    pub async fn tool(&self, name: &str) -> Verdict<Tool> {
        let tools = self.tools().await?;
        Ok(Tool::named(name, &tools)?.clone())
    }

    /// All items of a list that comes in pages.
    ///
    /// # Errors
    /// As [`Server::tools`].
    pub async fn list(&self, method: &str, key: &str) -> Verdict<Vec<Value>> {
        let mut items = Vec::new();
        let mut seen = HashSet::new();
        let mut params = json!({});
        for _ in 0..PAGE_LIMIT {
            let reply = self.request(method, params).await?;
            let result = reply.result()?;
            let page = result[key].as_array().ok_or_else(|| {
                reply
                    .wrong(format!("The result of {method} has no list `{key}`."))
                    .expected(format!("result.{key}, a list"))
            })?;
            items.extend(page.iter().cloned());
            let Some(cursor) = result["nextCursor"].as_str() else {
                return Ok(items);
            };
            ensure(seen.insert(cursor.to_owned()), || {
                reply
                    .wrong(format!("{method} goes in a circle."))
                    .expected("a cursor that was not given before, or none on the last page")
            })?;
            params = json!({"cursor": cursor});
        }
        Err(wrong(format!("{method} has no end."))
            .sent(method)
            .expected(format!("at most {PAGE_LIMIT} pages"))
            .got("one more cursor")
            .into())
    }
}
