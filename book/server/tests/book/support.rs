//! A small book in a temporary folder, to be changed file by file and built.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use workbook::{Mode, Report, build};

/// The page that tests change most.
pub(crate) const PAGE: &str = "book/src/ch01-hello-world/greet.md";

/// A checkout with a book of two pages, one chapter and one exercise. As it is, it can be built.
pub(crate) struct TestBook {
    root: PathBuf,
    /// Removed at the end.
    _folder: Option<TempDir>,
}

impl TestBook {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let book = Self {
            root: folder.path().to_owned(),
            _folder: Some(folder),
        };
        book.filled()
    }

    /// In a folder that stays: what was built there need not be built again.
    pub(crate) fn at(root: &Path) -> Self {
        let book = Self {
            root: root.to_owned(),
            _folder: None,
        };
        book.filled()
    }

    fn filled(self) -> Self {
        GOOD_BOOK
            .iter()
            .fold(self, |book, (path, text)| book.file(path, text))
    }

    /// Writes a file.
    pub(crate) fn file(self, path: &str, text: &str) -> Self {
        self.write(path, text);
        self
    }

    /// Removes a file.
    pub(crate) fn without(self, path: &str) -> Self {
        fs::remove_file(self.root().join(path)).expect("the file was there");
        self
    }

    /// Puts text at the end of the page with the exercise.
    pub(crate) fn with(self, text: &str) -> Self {
        let page = format!("{}\n{text}\n", self.read(PAGE));
        self.file(PAGE, &page)
    }

    /// Replaces words in a file.
    pub(crate) fn replace(self, path: &str, find: &str, replacement: &str) -> Self {
        let text = self.read(path);
        assert!(text.contains(find), "{find} is not in {path}");
        self.file(path, &text.replace(find, replacement))
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn out(&self) -> PathBuf {
        self.root().join("target/book")
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.root().join(path);
        let folder = path.parent().expect("a file is in a folder");
        fs::create_dir_all(folder).expect("the folder can be made");
        fs::write(&path, text).expect("the file can be written");
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    pub(crate) fn build(&self) -> anyhow::Result<Report> {
        build(self.root(), &self.out(), Mode::Strict)
    }

    /// What the author reads when the book cannot be built.
    pub(crate) fn problems(&self) -> String {
        match self.build() {
            Ok(_) => "the book was built".to_owned(),
            Err(error) => format!("{error:#}\n"),
        }
    }

    /// What `text`, put at the end of the page with the exercise, becomes.
    pub(crate) fn rendered(self, text: &str) -> String {
        let body = self.with(&format!("<hr class=\"here\">\n\n{text}")).body();
        let (_, added) = body
            .split_once("<hr class=\"here\">")
            .expect("text was put at the end");
        added.trim().to_owned() + "\n"
    }

    /// The content of the page with the exercise.
    pub(crate) fn body(&self) -> String {
        self.build().unwrap_or_else(|error| panic!("{error:#}"));
        let html = self.read("target/book/ch01-hello-world/greet.html");
        let (_, rest) = html.split_once("<main>").expect("a page has a main part");
        let (body, _) = rest.split_once("</main>").expect("the main part ends");
        body.trim().to_owned() + "\n"
    }
}

const GOOD_BOOK: [(&str, &str); 7] = [
    (
        "book/book.toml",
        "[book]\ntitle = \"A book\"\n[output.html.playground]\nrunnable = false\n[output.html.print]\nenable = false\n",
    ),
    (
        "book/workbook.toml",
        r#"[[chapter]]
id = "ch01"
name = "ch01-hello-world"
title = "How an MCP server works"

[[chapter.exercise]]
id = "1.1"
title = "Say who you are"
goal = "The server gives its own `name`."
needs = "the page before it"
minutes = 5
page = "greet.md"
hints = ["Look at `name`.", "It returns a string & no more."]
"#,
    ),
    (
        "book/src/SUMMARY.md",
        "# Summary\n\n[Introduction](introduction.md)\n\n- [Greet](ch01-hello-world/greet.md)\n",
    ),
    (
        "book/src/introduction.md",
        "# Introduction\n\nTo [the first page](ch01-hello-world/greet.md#greet).\n",
    ),
    (PAGE, "# Greet\n\n{{#exercise 1.1}}\n"),
    (
        "solutions/ch01-hello-world/src/server.rs",
        r#"//! The server.

use ch01_hello_world_solution::hello;

/// Its name.
#[must_use]
pub fn name() -> &'static str {
    // STARTER 1.1: "nobody"
    // ANCHOR: ex-1-1
    let name = "ada";

    name
    // ANCHOR_END: ex-1-1
}

/// Greets.
pub fn greet(name: &str) -> String {
    format!("{}, {name} <3", hello())
}
"#,
    ),
    (
        "solutions/ch01-hello-world/Cargo.toml",
        "[package]\nname = \"ch01-hello-world-solution\"\n",
    ),
];
