//! Cards: from not started to ok, and everything on the way.

use anyhow::{Result, ensure};
use serde_json::json;

use super::Scene;
use crate::page::Page;
use crate::stage::Stage;

const PAGE: &str = "ch01-hello-world/identity.html";
const FILE: &str = "ch01-hello-world/src/server.rs";
const CARD: &str = "[data-exercise='1.1']";
const STATE: &str = "[data-exercise='1.1'] .card-state";
const PANEL: &str = "[data-exercise='1.1'] .card-panel";
/// The starter with a comment: no longer untouched, and still wrong.
const WRONG: [&str; 2] = [
    "        // Not written yet.",
    "        ServerConfig::new(capabilities)",
];

pub(super) fn scenes() -> Vec<Scene> {
    vec![
        Scene::new(
            "a card waits, fails, and turns ok at a save",
            from_start_to_ok,
        ),
        Scene::new("the compiler's words stand in the card", compile_error),
        Scene::new("hints come one by one", hints),
        Scene::new("the solution is shown to whoever asks twice", solution),
        Scene::new("compare, start over, undo", start_over),
        Scene::new("two windows see the same", two_windows),
        Scene::new("a window is closed while it checks", closed_window),
        Scene::new("a foreign page starts nothing", foreign_page),
    ]
}

async fn is_ok(page: &Page) -> Result<()> {
    let script = "return document.querySelector(arguments[0])?.dataset.state === 'ok';";
    page.until("exercise 1.1 ok", script, vec![json!(CARD)])
        .await
}

async fn from_start_to_ok(page: Page, stage: Stage) -> Result<()> {
    page.visit(PAGE).await?;
    page.see("h1", "Say who you are").await?;
    page.see(STATE, "not started").await?;
    stage.write("1.1", &WRONG)?;
    page.press(CARD, "Check").await?;
    page.see(STATE, "not right yet").await?;
    let failure = format!("{CARD} .card-failure");
    for words in ["sent", "expected", "got", "why", "where", "next"] {
        page.see(&failure, words).await?;
    }
    page.see(&failure, FILE).await?;
    stage.solve("1.1")?;
    is_ok(&page).await?;
    page.see(".sidebar .page-states", "exercise 1.1 ok").await?;
    page.visit("exercises.html").await?;
    page.see("[data-progress]", "1 of").await?;
    page.see("[data-state-of='1.1']", "solved").await
}

async fn compile_error(page: Page, stage: Stage) -> Result<()> {
    page.visit(PAGE).await?;
    page.see(STATE, "not started").await?;
    stage.write("1.1", &["        ServerConfig::old(capabilities)"])?;
    page.see(STATE, "does not compile").await?;
    page.see(&format!("{CARD} .card-failure"), "error[E0599]")
        .await?;
    page.see(&format!("{CARD} .card-failure"), FILE).await
}

async fn hints(page: Page, _: Stage) -> Result<()> {
    page.visit(PAGE).await?;
    page.see(STATE, "not started").await?;
    ensure!(
        !page.shows(&format!("{CARD} .exercise-hint")).await?,
        "a hint is there before anybody asked"
    );
    page.press(CARD, "Hint 1 of 3").await?;
    page.see(&format!("{CARD} .exercise-hint[open]"), "Hint 1 of 3")
        .await?;
    page.press(CARD, "Hint 2 of 3").await?;
    page.see(&format!("{CARD} .exercise-hint[open]"), "Hint 2 of 3")
        .await?;
    // Counted by the workbook, not by the page.
    page.reload().await?;
    page.see(&format!("{CARD} .card-tools"), "Hint 3 of 3")
        .await
}

async fn solution(page: Page, _: Stage) -> Result<()> {
    page.visit(PAGE).await?;
    page.see(STATE, "not started").await?;
    page.click(&format!("{CARD} .exercise-solution > summary"))
        .await?;
    page.see(PANEL, "1.1 is not solved yet").await?;
    page.press(PANEL, "Show the solution").await?;
    page.see(
        &format!("{CARD} .exercise-solution[open] code"),
        "with_server_info",
    )
    .await
}

async fn start_over(page: Page, stage: Stage) -> Result<()> {
    let starter = stage.read(FILE)?;
    stage.solve("1.1")?;
    let solved = stage.read(FILE)?;
    page.visit(PAGE).await?;
    page.press(CARD, "Compare").await?;
    page.see(PANEL, "the same as the reference").await?;
    page.press(CARD, "Start over").await?;
    page.see(PANEL, "Your lines are kept").await?;
    ensure!(
        stage.read(FILE)? == solved,
        "changed before it was agreed to"
    );
    page.press(PANEL, "Put the starter back").await?;
    page.see(PANEL, "1.1 is as it came").await?;
    ensure!(stage.read(FILE)? == starter, "not the starter");
    page.press(PANEL, "Undo").await?;
    page.see(PANEL, "1.1 is as it was before").await?;
    ensure!(stage.read(FILE)? == solved, "not what was there before");
    Ok(())
}

async fn two_windows(page: Page, stage: Stage) -> Result<()> {
    page.visit(PAGE).await?;
    page.see(STATE, "not started").await?;
    let [first, second] = page.second_window().await?;
    page.visit(PAGE).await?;
    page.see(STATE, "not started").await?;
    stage.solve("1.1")?;
    is_ok(&page).await?;
    page.switch_to(&first).await?;
    is_ok(&page).await?;
    page.switch_to(&second).await?;
    page.press(CARD, "Check").await?;
    page.see(STATE, "ok").await
}

async fn closed_window(page: Page, stage: Stage) -> Result<()> {
    page.visit(PAGE).await?;
    page.see(STATE, "not started").await?;
    let [first, second] = page.second_window().await?;
    page.visit(PAGE).await?;
    page.see(STATE, "not started").await?;
    stage.write("1.1", &WRONG)?;
    page.press(CARD, "Check").await?;
    page.close_window().await?;
    page.switch_to(&first).await?;
    page.see(STATE, "not right yet").await?;
    // Whoever comes later finds what was found.
    let [_, third] = page.second_window().await?;
    ensure!(third != second, "the closed window is back");
    page.visit(PAGE).await?;
    page.see(STATE, "not right yet").await?;
    stage.solve("1.1")?;
    is_ok(&page).await
}

/// About an exercise that no other scene touches: what stands on its card is of this scene.
async fn foreign_page(page: Page, stage: Stage) -> Result<()> {
    page.go("data:text/html,<title>elsewhere</title>").await?;
    for mode in ["cors", "no-cors"] {
        let script = format!(
            "const done = arguments[arguments.length - 1];
             fetch('{}/api/check', {{ method: 'POST', mode: '{mode}', body: '{{\"exercise\":\"2.1\"}}' }})
                .then((answer) => done(`answered: ${{answer.type}} ${{answer.status}}`), () => done('blocked'));",
            stage.url()
        );
        let seen = page.run_until_called(&script).await?;
        // A page may not read what it gets without leave; that nothing began is looked at below.
        let harmless = [json!("blocked"), json!("answered: opaque 0")];
        ensure!(harmless.contains(&seen), "a foreign page was {seen}");
    }
    page.visit("ch02-first-server/tool.html").await?;
    let card = "[data-exercise='2.1']";
    page.see(&format!("{card} .card-state"), "not started")
        .await?;
    ensure!(
        !page
            .shows(&format!("{card} .card-verdict *, {card} .card-work"))
            .await?,
        "something was checked"
    );
    Ok(())
}
