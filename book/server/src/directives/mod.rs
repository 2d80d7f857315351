//! The directives of the book: lines such as `{{#exercise 1.3}}` that become exercises, code and recorded exchanges.

mod diagram;
mod exchange;
mod exercise;
mod exercises;
mod fence;
mod measured;
mod quiz;
mod specification;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use self::fence::{Fences, Line};
use crate::code::{Library, slashed};
use crate::html;
use crate::item;
use crate::problem::{Fault, Problem};

const NAMES: [&str; 14] = [
    "exercise",
    "exercises",
    "starter",
    "solution",
    "item",
    "file",
    "snippet",
    "exchange",
    "compile-error",
    "specification",
    "console",
    "diagram",
    "measured",
    "quiz",
];

/// What the pages have shown so far.
#[derive(Debug, Default)]
pub(crate) struct Shown {
    /// The places of each exercise's card: page and line.
    pub(crate) exercises: BTreeMap<String, Vec<(String, usize)>>,
    /// Files of book/src/ that a directive has put on a page, from book/src/.
    pub(crate) files: BTreeSet<String>,
}

/// Replaces the directives of all pages and collects what is wrong with them.
pub(crate) struct Expander<'a> {
    pub(crate) library: Library<'a>,
    pub(crate) shown: Shown,
    pub(crate) problems: Vec<Problem>,
}

/// Where a directive stands.
struct Place<'p> {
    /// The page's path from book/src/, with `/`.
    page: &'p str,
    /// The page's folder from book/src/, with `/` at its end; empty for the first level.
    folder: &'p str,
    line: usize,
}

impl<'a> Expander<'a> {
    pub(crate) fn new(library: Library<'a>) -> Self {
        Self {
            library,
            shown: Shown::default(),
            problems: Vec::new(),
        }
    }

    /// The page with its directives replaced. A directive that fails leaves a visible box and a problem.
    pub(crate) fn page(&mut self, path: &Path, text: &str) -> String {
        let page = slashed(path);
        let folder = page.rfind('/').map_or("", |slash| &page[..=slash]);
        let mut expanded = String::with_capacity(text.len() * 2);
        let mut fences = Fences::default();
        for (index, line) in text.lines().enumerate() {
            let place = Place {
                page: &page,
                folder,
                line: index + 1,
            };
            let kind = fences.line(line);
            // Code stays code, whatever is wrong with it: only a line of text gives way to a block or a box.
            let is_text = matches!(kind, Line::Text);
            match self.line(&place, line, kind) {
                Ok(Some(block)) => {
                    // Indentation is kept: a directive may belong to a list item.
                    let indent = &line[..line.len() - line.trim_start().len()];
                    expanded.push_str(&format!("\n{indent}{block}\n"));
                }
                Ok(None) => expanded.push_str(&line.replace("\\{{#", "{{#")),
                Err(fault) => {
                    let problem = fault.at(format!("book/src/{page}"), Some(place.line));
                    match is_text {
                        true => expanded.push_str(&format!("\n{}\n", problem_box(&problem))),
                        false => expanded.push_str(line),
                    }
                    self.problems.push(problem);
                }
            }
            expanded.push('\n');
        }
        expanded
    }

    /// The block that replaces a line, if it is a directive.
    fn line(
        &mut self,
        place: &Place<'_>,
        line: &str,
        kind: Line<'_>,
    ) -> Result<Option<String>, Fault> {
        if let Some(fault) = fence::typed(kind, line) {
            return Err(fault);
        }
        if line.starts_with("<<<<<<< ") || line.starts_with(">>>>>>> ") {
            return Err(Fault::new(
                "a merge was not finished: two versions of the text stand here",
                "keep one of them, and take away the lines that begin with <<<<<<<, ======= and >>>>>>>",
            ));
        }
        let unescaped = line.replace("\\{{#", "");
        if !unescaped.contains("{{#") {
            return Ok(None);
        }
        if !matches!(kind, Line::Text) {
            return Err(Fault::new(
                "a directive stands inside a block of code, where it is not replaced",
                "a directive makes its own block: take the fence away, or write \\{{# to show it as it is",
            ));
        }
        let call = line.trim();
        let inside = call
            .strip_prefix("{{#")
            .and_then(|rest| rest.strip_suffix("}}"));
        let Some(inside) = inside.filter(|inside| !inside.contains("{{") && !inside.contains("}}"))
        else {
            return Err(Fault::new(
                "a directive must stand alone on its line",
                "give it a line of its own, or write \\{{# to show it as it is",
            ));
        };
        let words = words(inside)?;
        let Some((name, arguments)) = words.split_first() else {
            return Err(Fault::new(
                "a directive has no name",
                format!("directives are {}", NAMES.join(", ")),
            ));
        };
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        self.directive(place, name, &arguments).map(Some)
    }

    fn directive(
        &mut self,
        place: &Place<'_>,
        name: &str,
        arguments: &[&str],
    ) -> Result<String, Fault> {
        match (name, arguments) {
            ("exercise", [id]) => exercise::card(self, place, id),
            ("exercises", []) => Ok(exercises::table(&self.library, place)),
            ("starter", [id]) => exercise::starter(&self.library, id),
            ("solution", [id]) => exercise::solution(&self.library, id),
            ("item", [chapter, path, words]) => {
                let text = self.library.starter_file(chapter, path)?;
                let item =
                    item::find(&text, words).map_err(|fault| in_file(fault, chapter, path))?;
                Ok(html::captioned(
                    &format!("chapters/{chapter}/{path}"),
                    &item,
                ))
            }
            ("file", [chapter, path]) => {
                let text = self.library.starter_file(chapter, path)?;
                Ok(html::captioned(
                    &format!("chapters/{chapter}/{path}"),
                    &text,
                ))
            }
            ("snippet", [path]) => {
                let path = format!("book/snippets/src/{path}");
                Ok(html::captioned(&path, &self.library.text(&path)?))
            }
            ("snippet", [path, words]) => {
                let path = format!("book/snippets/src/{path}");
                let item = item::find(&self.library.text(&path)?, words)
                    .map_err(|fault| Fault::new(format!("{path}: {}", fault.what), fault.next))?;
                Ok(html::captioned(&path, &item))
            }
            ("exchange", [chapter, recording]) => exchange::block(self, chapter, recording),
            ("compile-error", [case]) => compile_error(&self.library, case),
            ("specification", [path]) => specification::section(&self.library, path),
            ("specification", [path, id]) => specification::criterion(&self.library, path, id),
            ("console", [recording]) => {
                let file = format!("console/{recording}.txt");
                let output = self.library.text(&format!("book/src/{file}"))?;
                self.shown.files.insert(file);
                Ok(format!(
                    "<div class=\"console\">{}</div>",
                    html::pre("text", &output)
                ))
            }
            ("diagram", [picture, words]) => diagram::figure(self, place, picture, words),
            ("measured", [name]) => measured::block(self, place, name),
            ("quiz", []) => quiz::questions(self, place),
            _ => Err(wrong_call(name)),
        }
    }
}

/// A case of tests/compile-fail: the program, and what the compiler says to it.
fn compile_error(library: &Library<'_>, case: &str) -> Result<String, Fault> {
    let path = format!("tests/compile-fail/cases/{case}.rs");
    let program = library.text(&path)?;
    let output = library.text(&format!("tests/compile-fail/cases/{case}.stderr"))?;
    Ok(format!(
        "<div class=\"compile-error\">{}<figure class=\"code compiler\"><figcaption>The compiler says</figcaption>{}</figure></div>",
        html::captioned(&path, &program),
        html::pre("text", &output)
    ))
}

fn in_file(fault: Fault, chapter: &str, path: &str) -> Fault {
    let what = format!("solutions/{chapter}/{path}: {}", fault.what);
    Fault::new(
        what,
        format!(
            "{}; what only an answer has is shown with {{{{#solution …}}}}",
            fault.next
        ),
    )
}

fn wrong_call(name: &str) -> Fault {
    let form = match name {
        "exercise" | "starter" | "solution" => "1.3",
        "item" => "ch01-hello-world src/server.rs \"fn greet\"",
        "file" => "ch01-hello-world src/main.rs",
        "snippet" => "ownership.rs \"fn shared\"",
        "exchange" => "ch01-hello-world greet-modern",
        "compile-error" => "missing-json-schema",
        "specification" => "solutions/ch08-capstone/SPEC.md",
        "console" => "first-check",
        "diagram" => "request-path \"what the picture shows, in words\"",
        "measured" => "speed",
        "exercises" | "quiz" => "",
        "include" | "rustdoc_include" | "playground" | "playpen" => {
            return Fault::new(
                format!(
                    "mdBook's own {{{{#{name}}}}} is not used in this book: it prints a blank where a file is missing"
                ),
                "show code with {{#item …}}, {{#file …}}, {{#solution …}} or {{#snippet …}}",
            );
        }
        _ => {
            let next = match xtask::suggest::did_you_mean(name, NAMES) {
                Some(near) => format!("did you mean {{{{#{near}}}}}?"),
                None => format!("directives are {}", NAMES.join(", ")),
            };
            return Fault::new(format!("there is no directive {{{{#{name}}}}}"), next);
        }
    };
    let form = format!("#{name} {form}");
    Fault::new(
        format!("{{{{#{name}}}}} is not written as it should be"),
        format!("its form is {{{{{}}}}}", form.trim()),
    )
}

/// Words between spaces; double quotes hold several together.
fn words(text: &str) -> Result<Vec<String>, Fault> {
    let mut words = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let (word, after) = match rest.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').ok_or_else(|| {
                Fault::new("a quotation mark is not closed", "close it before }}")
            })?,
            None => rest.split_once(char::is_whitespace).unwrap_or((rest, "")),
        };
        words.push(word.to_owned());
        rest = after.trim_start();
    }
    Ok(words)
}

/// What a reader of a draft sees in place of a directive that failed.
fn problem_box(problem: &Problem) -> String {
    format!(
        "<div class=\"problem\"><pre>{}</pre></div>",
        html::escape(&problem.to_string())
    )
}
