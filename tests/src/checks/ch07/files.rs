//! The files of the folder `packaging/`, and what Cargo says of the crate.

use std::path::PathBuf;

use serde_json::Value;

use crate::harness::{Context, Package, Verdict, Wrong, ensure, short, wrong};

/// What a template has where something is to be filled in.
const BLANK: &str = "___";

/// The crate as its files describe it.
pub(super) struct Packaging {
    /// What Cargo says.
    pub(super) package: Package,
}

impl Packaging {
    /// Reads the manifest of the crate.
    pub(super) fn of(ctx: &Context) -> Verdict<Self> {
        let package = ctx.package()?;
        Ok(Self { package })
    }

    fn path(&self, name: &str) -> PathBuf {
        self.package.folder.join("packaging").join(name)
    }

    /// The text of a file in which nothing is left to fill in.
    pub(super) fn text(&self, name: &str) -> Result<String, Wrong> {
        let shown = format!("packaging/{name}");
        let text = std::fs::read_to_string(self.path(name));
        let text = text.map_err(|error| {
            wrong(format!("{shown} cannot be read."))
                .sent(shown.clone())
                .expected("the file that the chapter came with, filled in")
                .got(error.to_string())
        })?;
        // In a solution the template stands beside what it was filled with.
        let blank = text
            .lines()
            .find(|line| line.contains(BLANK) && !line.contains(" STARTER "));
        ensure(blank.is_none(), || {
            wrong(format!("{shown} still has a blank."))
                .sent(shown.clone())
                .expected(format!("something in the place of each {BLANK}"))
                .got(short::line(blank.unwrap_or_default().trim()))
        })?;
        Ok(text)
    }

    /// The text of a file as it is; nothing of one that cannot be read.
    pub(super) fn raw(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap_or_default()
    }

    /// The JSON of a file in which nothing is left to fill in.
    pub(super) fn json(&self, name: &str) -> Result<Value, Wrong> {
        serde_json::from_str(&self.text(name)?).map_err(|error| {
            wrong(format!("packaging/{name} is not JSON."))
                .sent(format!("packaging/{name}"))
                .expected("one JSON object")
                .got(error.to_string())
        })
    }
}

/// Demands something of a place in a file.
pub(super) struct Demand<'a> {
    /// The file, such as `packaging/manifest.json`.
    pub(super) file: &'a str,
}

impl Demand<'_> {
    /// `place` must be as `expected` says.
    pub(super) fn that(
        &self,
        holds: bool,
        what: &str,
        place: &str,
        expected: impl Into<String>,
        got: impl Into<String>,
    ) -> Result<(), Wrong> {
        ensure(holds, || {
            wrong(what)
                .sent(format!("{}, {place}", self.file))
                .expected(expected)
                .got(got)
        })
    }

    /// The value at a JSON pointer must be as `expected` says.
    pub(super) fn value(
        &self,
        of: &Value,
        pointer: &str,
        expected: &str,
        holds: impl Fn(&Value) -> bool,
    ) -> Result<(), Wrong> {
        let value = of.pointer(pointer).unwrap_or(&Value::Null);
        let place = pointer.trim_start_matches('/').replace('/', ".");
        self.that(
            holds(value),
            &format!("`{place}` is not right."),
            &format!("`{place}`"),
            expected,
            match value {
                Value::Null => "nothing there".to_owned(),
                value => short::json(value),
            },
        )
    }
}

/// Whether it is a text with something in it.
pub(super) fn is_text(value: &Value) -> bool {
    value.as_str().is_some_and(|text| !text.trim().is_empty())
}
