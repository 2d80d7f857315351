//! For everybody: the keyboard alone, a phone, light and dark, and what axe-core finds.

use std::fs;

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};
use xtask::sources::files_below;

use super::Scene;
use crate::driver::Look;
use crate::page::Page;
use crate::stage::Stage;
use crate::{WIDE, variable};

/// Pages of each kind.
const PAGES: [&str; 13] = [
    "introduction.html",
    "ch01-hello-world/one-request.html",
    "ch01-hello-world/identity.html",
    "ch01-hello-world/console.html",
    "ch01-hello-world/quiz.html",
    "ch02-first-server/hints.html",
    "ch03-advanced-tools/asking.html",
    "ch05-prompts/console.html",
    "ch06-secured/transport.html",
    "ch06-secured/signing-in.html",
    "ch06-secured/rules.html",
    "ch06-secured/console.html",
    "exercises.html",
];
const TAB: char = '\u{e004}';
const ENTER: char = '\u{e007}';
const DOWN: char = '\u{e015}';
/// So many stops are enough to reach a card, or a part of the console, from the top of the text.
const STOPS: usize = 60;

pub(super) fn scenes() -> Vec<Scene> {
    let phone = Look { width: 500, ..WIDE };
    let dark = Look {
        dark: true,
        ..phone
    };
    vec![
        Scene::new("the keyboard alone checks an exercise", keyboard),
        Scene::new("the keyboard alone calls a tool", keyboard_calls),
        Scene::new(
            "the search and the colours of code come by themselves",
            later,
        ),
        Scene::new("nothing sticks out on a narrow window", narrow).looking(phone),
        Scene::new("axe-core finds nothing on any page, light", axe),
        Scene::new("axe-core finds nothing, dark and narrow", axe_dark).looking(dark),
    ]
}

async fn keyboard(page: Page, _: Stage) -> Result<()> {
    page.visit("ch01-hello-world/identity.html").await?;
    page.see("[data-exercise='1.1'] .card-state", "not started")
        .await?;
    skip(&page).await?;
    go_to(&page, "Check").await?;
    page.key(ENTER).await?;
    page.see("[data-exercise='1.1'] .card-verdict", "Nothing is wrong")
        .await
}

async fn keyboard_calls(page: Page, _: Stage) -> Result<()> {
    page.visit("ch01-hello-world/console.html").await?;
    page.see(".console-state", "not started").await?;
    skip(&page).await?;
    go_to(&page, "yours").await?;
    page.key(DOWN).await?;
    go_to(&page, "Start the server").await?;
    page.key(ENTER).await?;
    page.see(".console-state", "runs, modern era").await?;
    page.see(".console-items", "greet").await?;
    go_to(&page, "greet").await?;
    page.key(ENTER).await?;
    // The form is made when the tool is unfolded, which is a moment after the key.
    page.see(".console-items details[open]", "name").await?;
    go_to(&page, "name").await?;
    page.type_keys("Ada").await?;
    go_to(&page, "Call").await?;
    page.key(ENTER).await?;
    page.see(".console-result", "Hello, Ada!").await?;
    // From the wire, its lines are reached too.
    go_to(&page, "tools/call greet").await?;
    page.key(ENTER).await?;
    page.see(".wire-body", "\"method\": \"tools/call\"").await
}

/// Takes the first stop of a page, which leads past the list of chapters.
async fn skip(page: &Page) -> Result<()> {
    page.key(TAB).await?;
    let first = "return document.activeElement.innerText";
    let first = page.run(first, Vec::new()).await?;
    ensure!(first == "Skip to the text", "the first stop is {first}");
    page.key(ENTER).await
}

/// Presses Tab until the focus is on what is called so, and can be seen there.
async fn go_to(page: &Page, name: &str) -> Result<()> {
    let focused = "const now = document.activeElement;
        const name = now.tagName === 'OL' ? 'a list' : (now.labels?.[0] ?? now).innerText?.trim() ?? '';
        // A field that is drawn by its label shows the focus there.
        const seen = [now, now.labels?.[0]?.querySelector('span')].filter(Boolean).map((one) => getComputedStyle(one))
            .some((style) => style.outlineStyle !== 'none' || style.boxShadow !== 'none');
        return [name, seen];";
    let mut names = Vec::new();
    for _ in 0..STOPS {
        page.key(TAB).await?;
        let seen = page.run(focused, Vec::new()).await?;
        let called = seen[0].as_str().unwrap_or_default();
        if called == name || called.contains(name) && name.contains('/') {
            ensure!(
                seen[1] == Value::Bool(true),
                "the focus on {name} is not visible"
            );
            return Ok(());
        }
        names.push(called.to_owned());
    }
    bail!("{STOPS} stops do not reach {name}, only {names:?}");
}

async fn later(page: Page, stage: Stage) -> Result<()> {
    let file = stage
        .book_on_disk()
        .join("ch01-hello-world/one-request.html");
    for address in [
        format!("{}/ch01-hello-world/one-request.html", stage.url()),
        format!("file://{}", file.display()),
    ] {
        page.go(&address).await?;
        let coloured =
            "return document.querySelector('code .hljs-keyword, code .hljs-attr') !== null;";
        page.until("coloured code", coloured, Vec::new()).await?;
        let loaded = "return [...document.scripts].some((one) => one.src.includes('elasticlunr'));";
        ensure!(
            page.run(loaded, Vec::new()).await? == Value::Bool(false),
            "{address}: the search is loaded before anybody asked"
        );
        page.key('/').await?;
        page.see("#mdbook-search-wrapper", "").await?;
        let focus = "return document.activeElement.id === 'mdbook-searchbar';";
        page.until("a field to search", focus, Vec::new()).await?;
        page.type_keys("lifecycle").await?;
        page.see("#mdbook-searchresults", "lifecycle").await?;
    }
    Ok(())
}

async fn narrow(page: Page, _: Stage) -> Result<()> {
    for path in PAGES {
        page.visit(path).await?;
        let width =
            "return document.documentElement.scrollWidth - document.documentElement.clientWidth;";
        let beyond = page.run(width, Vec::new()).await?;
        ensure!(beyond == json!(0), "{path} is {beyond} pixels too wide");
    }
    Ok(())
}

/// Every page of the book.
async fn axe(page: Page, stage: Stage) -> Result<()> {
    let book = stage.book_on_disk();
    // What mdBook makes besides: a copy of the first page, and the list of chapters for pages without JavaScript.
    let pages = files_below(&book)?
        .into_iter()
        .map(|path| path.display().to_string())
        .filter(|path| path.ends_with(".html") && path != "toc.html" && path != "index.html");
    find_nothing(&page, pages).await
}

async fn axe_dark(page: Page, _: Stage) -> Result<()> {
    page.visit("introduction.html").await?;
    let dark = "return matchMedia('(prefers-color-scheme: dark)').matches
        && document.documentElement.classList.contains('navy');";
    page.until("a dark page", dark, Vec::new()).await?;
    find_nothing(&page, PAGES.map(str::to_owned)).await
}

async fn find_nothing(page: &Page, paths: impl IntoIterator<Item = String>) -> Result<()> {
    let path = variable(
        "AXE",
        "it names axe.min.js; `npm pack axe-core` brings a package that has it",
    )?;
    let axe = fs::read_to_string(&path).with_context(|| format!("{path} cannot be read"))?;
    let mut problems = Vec::new();
    for path in paths {
        page.visit(&path).await?;
        // With everything that comes once the page is shown.
        let ready = "return document.querySelector('.skip') !== null
            && (document.querySelector('[data-live]') === null || document.querySelector('.card-state') !== null);";
        page.until("a page that is complete", ready, Vec::new())
            .await?;
        page.run(&axe, Vec::new()).await?;
        let found = page
            .run_until_called(
                "const done = arguments[arguments.length - 1];
                 axe.run(document).then((found) => done(found.violations.map((one) =>
                    `${one.id}: ${one.nodes.map((node) => node.target.join(' ')).slice(0, 3).join(', ')}`)),
                    (error) => done([String(error)]));",
            )
            .await?;
        if found != json!([]) {
            problems.push(format!("{path}: {found}"));
        }
    }
    ensure!(problems.is_empty(), "{}", problems.join("\n      "));
    Ok(())
}
