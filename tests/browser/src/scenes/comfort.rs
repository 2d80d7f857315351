//! For everybody: the keyboard alone, a phone, light and dark, and what axe-core finds.

use std::fs;

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};

use super::Scene;
use crate::driver::Look;
use crate::page::Page;
use crate::stage::Stage;
use crate::{WIDE, variable};

/// Pages of each kind.
const PAGES: [&str; 6] = [
    "introduction.html",
    "ch01-hello-world/identity.html",
    "ch01-hello-world/console.html",
    "ch01-hello-world/quiz.html",
    "ch03-advanced-tools/asking.html",
    "exercises.html",
];
const TAB: char = '\u{e004}';
const ENTER: char = '\u{e007}';
/// So many stops are enough to reach a card from the top of its page.
const STOPS: usize = 120;

pub(super) fn scenes() -> Vec<Scene> {
    let phone = Look { width: 500, ..WIDE };
    let dark = Look { dark: true, ..WIDE };
    vec![
        Scene::new("the keyboard alone checks an exercise", keyboard),
        Scene::new("nothing sticks out on a narrow window", narrow).looking(phone),
        Scene::new("axe-core finds nothing, light", axe),
        Scene::new("axe-core finds nothing, dark", axe_dark).looking(dark),
    ]
}

async fn keyboard(page: Page, _: Stage) -> Result<()> {
    page.visit("ch01-hello-world/identity.html").await?;
    page.see("[data-exercise='1.1'] .card-state", "not started")
        .await?;
    let focused = "const now = document.activeElement;
        const style = getComputedStyle(now);
        return [now.innerText?.trim() ?? '', style.outlineStyle !== 'none' || style.boxShadow !== 'none'];";
    for _ in 0..STOPS {
        page.key(TAB).await?;
        let seen = page.run(focused, Vec::new()).await?;
        if seen[0] == "Check" {
            ensure!(seen[1] == Value::Bool(true), "the focus is not visible");
            page.key(ENTER).await?;
            return page
                .see("[data-exercise='1.1'] .card-verdict", "Nothing is wrong")
                .await;
        }
    }
    bail!("{STOPS} stops do not reach the button");
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

async fn axe(page: Page, _: Stage) -> Result<()> {
    let path = variable(
        "AXE",
        "it names axe.min.js; `npm pack axe-core` brings a package that has it",
    )?;
    let axe = fs::read_to_string(&path).with_context(|| format!("{path} cannot be read"))?;
    for path in PAGES {
        page.visit(path).await?;
        if path.ends_with("identity.html") {
            page.see("[data-exercise='1.1'] .card-state", "not started")
                .await?;
        }
        page.run(&axe, Vec::new()).await?;
        let found = page
            .run_until_called(
                "const done = arguments[arguments.length - 1];
                 axe.run(document).then((found) => done(found.violations.map((one) =>
                    `${one.id}: ${one.nodes.map((node) => node.target.join(' ')).slice(0, 3).join(', ')}`)),
                    (error) => done([String(error)]));",
            )
            .await?;
        ensure!(found == json!([]), "{path}: {found}");
    }
    Ok(())
}

async fn axe_dark(page: Page, stage: Stage) -> Result<()> {
    page.visit("introduction.html").await?;
    let dark = "return matchMedia('(prefers-color-scheme: dark)').matches
        && document.documentElement.classList.contains('navy');";
    page.until("a dark page", dark, Vec::new()).await?;
    axe(page, stage).await
}
